"""What the store and the queues of tasks rely on: conditional writes, events, visibility."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from riskmill.cloud.laptop import EmbeddedAws
from tests.cloud.clients import allow, client, document, refusal


def bucket(aws: EmbeddedAws, name: str) -> Any:
    s3 = client(aws, "s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": aws.region})
    return s3


def queue(aws: EmbeddedAws, name: str, **attributes: str) -> tuple[Any, str, str]:
    sqs = client(aws, "sqs")
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return sqs, url, told["Attributes"]["QueueArn"]


def received(sqs: Any, url: str, seconds: int = 0) -> list[Any]:
    told = sqs.receive_message(
        QueueUrl=url,
        WaitTimeSeconds=seconds,
        MaxNumberOfMessages=10,
        MessageSystemAttributeNames=["ApproximateReceiveCount"],
    )
    return list(told.get("Messages", []))


def test_the_first_of_many_writers_at_once_wins(aws: EmbeddedAws) -> None:
    s3 = bucket(aws, "race")

    def put(writer: int) -> str:
        body = str(writer).encode()
        return refusal(
            lambda: s3.put_object(Bucket="race", Key="one", Body=body, IfNoneMatch="*")
        ) or str(writer)

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(put, range(32)))
    (winner,) = [outcome for outcome in outcomes if outcome.isdigit()]
    assert set(outcomes) - {winner} <= {"PreconditionFailed", "ConditionalRequestConflict"}
    assert s3.get_object(Bucket="race", Key="one")["Body"].read() == winner.encode()


def test_a_write_over_other_bytes_than_those_read_is_refused(aws: EmbeddedAws) -> None:
    s3 = bucket(aws, "swap")
    first = s3.put_object(Bucket="swap", Key="page", Body=b"1")["ETag"]
    s3.put_object(Bucket="swap", Key="page", Body=b"2", IfMatch=first)
    again = refusal(lambda: s3.put_object(Bucket="swap", Key="page", Body=b"3", IfMatch=first))
    assert again == "PreconditionFailed"
    assert s3.get_object(Bucket="swap", Key="page")["Body"].read() == b"2"


def test_objects_lie_on_disk(aws: EmbeddedAws) -> None:
    s3 = bucket(aws, "on-disk")
    s3.put_object(Bucket="on-disk", Key="a/b.bin", Body=b"a quite unusual content")
    held = [
        path
        for path in (aws.log.parent / "s3").rglob("*")
        if path.is_file() and b"a quite unusual content" in path.read_bytes()
    ]
    assert held


@pytest.mark.parametrize("key", ["in/day=1 é+%&.csv", "a//b", "..", "x/../y", "in/" + "k" * 900])
def test_any_key_comes_back_as_it_was_put(aws: EmbeddedAws, key: str) -> None:
    s3 = client(aws, "s3")
    if refusal(lambda: s3.head_bucket(Bucket="keys")):
        bucket(aws, "keys")
    s3.put_object(Bucket="keys", Key=key, Body=key.encode())
    assert s3.get_object(Bucket="keys", Key=key)["Body"].read() == key.encode()
    listed = [one["Key"] for one in s3.list_objects_v2(Bucket="keys")["Contents"]]
    assert key in listed
    outside = [p for p in aws.log.parent.iterdir() if p.name not in ("s3", "aws.log", "tmp")]
    assert outside == []


def test_an_object_that_lands_is_told_to_the_queue_that_lets_events_in(aws: EmbeddedAws) -> None:
    s3 = bucket(aws, "landing")
    s3.put_bucket_notification_configuration(
        Bucket="landing", NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    open_to = rule_to_queue(aws, "open", "landing", lets_in=True)
    closed = rule_to_queue(aws, "closed", "landing", lets_in=False)
    s3.put_object(Bucket="landing", Key="in/2018-12-31/a b+é.csv", Body=b"123")
    sqs = client(aws, "sqs")
    (message,) = received(sqs, open_to, 10)
    event = json.loads(message["Body"])
    assert event["source"] == "aws.s3"
    assert event["detail-type"] == "Object Created"
    assert event["account"] == aws.account
    assert event["region"] == aws.region
    assert event["resources"] == ["arn:aws:s3:::landing"]
    detail = event["detail"]
    assert detail["bucket"] == {"name": "landing"}
    assert detail["object"]["key"] == "in/2018-12-31/a b+é.csv"
    assert detail["object"]["size"] == 3
    assert detail["object"]["etag"] == "202cb962ac59075b964b07152d234b70"
    assert {"sequencer"} <= detail["object"].keys()
    assert detail["reason"] == "PutObject"
    assert received(sqs, closed) == []


def rule_to_queue(aws: EmbeddedAws, name: str, source: str, *, lets_in: bool) -> str:
    sqs, url, arn = queue(aws, f"events-{name}")
    events = client(aws, "events")
    pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": [source]}}}
    rule = events.put_rule(Name=f"rule-{name}", EventPattern=json.dumps(pattern))["RuleArn"]
    if lets_in:
        statement = allow("sqs:SendMessage", arn, ArnEquals={"aws:SourceArn": rule})
        statement["Principal"] = {"Service": "events.amazonaws.com"}
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": document(statement)})
    events.put_targets(Rule=f"rule-{name}", Targets=[{"Id": "1", "Arn": arn}])
    return str(url)


def test_a_queue_policy_for_another_rule_lets_nothing_in(aws: EmbeddedAws) -> None:
    s3 = bucket(aws, "elsewhere")
    s3.put_bucket_notification_configuration(
        Bucket="elsewhere", NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    sqs, url, arn = queue(aws, "for-another")
    statement = allow("sqs:SendMessage", arn, ArnEquals={"aws:SourceArn": arn})
    statement["Principal"] = {"Service": "events.amazonaws.com"}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": document(statement)})
    witness = rule_to_queue(aws, "witness", "elsewhere", lets_in=True)
    events = client(aws, "events")
    events.put_rule(Name="other-rule", EventPattern=json.dumps({"source": ["aws.s3"]}))
    events.put_targets(Rule="other-rule", Targets=[{"Id": "1", "Arn": arn}])
    s3.put_object(Bucket="elsewhere", Key="k", Body=b"1")
    assert received(sqs, witness, 10)
    assert received(sqs, url) == []


def test_a_message_in_work_is_nobody_elses_until_its_time_is_over(aws: EmbeddedAws) -> None:
    sqs, url, _ = queue(aws, "in-work", VisibilityTimeout="30")
    sqs.send_message(QueueUrl=url, MessageBody="work")
    (first,) = received(sqs, url)
    assert received(sqs, url) == []
    sqs.change_message_visibility(
        QueueUrl=url, ReceiptHandle=first["ReceiptHandle"], VisibilityTimeout=0
    )
    (again,) = received(sqs, url)
    assert again["MessageId"] == first["MessageId"]
    assert again["Attributes"]["ApproximateReceiveCount"] == "2"
    sqs.delete_message(QueueUrl=url, ReceiptHandle=again["ReceiptHandle"])
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert told["ApproximateNumberOfMessages"] == "0"
    assert told["ApproximateNumberOfMessagesNotVisible"] == "0"


def test_time_in_work_can_be_made_longer(aws: EmbeddedAws) -> None:
    sqs, url, _ = queue(aws, "longer", VisibilityTimeout="1")
    sqs.send_message(QueueUrl=url, MessageBody="work")
    (first,) = received(sqs, url)
    sqs.change_message_visibility(
        QueueUrl=url, ReceiptHandle=first["ReceiptHandle"], VisibilityTimeout=30
    )
    assert received(sqs, url, 2) == []


def test_a_message_given_back_too_often_is_a_dead_letter(aws: EmbeddedAws) -> None:
    sqs, dead, dead_arn = queue(aws, "dead")
    redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 3})
    _, url, _ = queue(aws, "poisoned", VisibilityTimeout="0", RedrivePolicy=redrive)
    sqs.send_message(QueueUrl=url, MessageBody="poison")
    times = [len(received(sqs, url)) for _ in range(4)]
    assert times == [1, 1, 1, 0]
    (letter,) = received(sqs, dead, 5)
    assert letter["Body"] == "poison"


def test_a_long_poll_ends_as_soon_as_there_is_a_message(aws: EmbeddedAws) -> None:
    sqs, url, _ = queue(aws, "long")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(received, sqs, url, 20)
        sqs.send_message(QueueUrl=url, MessageBody="work")
        assert waiting.result(10)


def test_nothing_of_a_bucket_lies_outside_its_directory(aws: EmbeddedAws) -> None:
    s3 = bucket(aws, "outside")
    s3.put_object(Bucket="outside", Key="../../../escaped", Body=b"x")
    assert not Path(aws.log.parent / "escaped").exists()
    assert not Path(aws.log.parent.parent / "escaped").exists()


def test_an_event_that_may_not_be_delivered_is_a_dead_letter_of_its_target(
    aws: EmbeddedAws,
) -> None:
    sqs, url, arn = queue(aws, "closed-to-events")
    _, letters, letters_arn = queue(aws, "letters-of-events")
    events = client(aws, "events")
    rule = events.put_rule(Name="letters", EventPattern='{"source": ["mine"]}')["RuleArn"]
    statement = allow("sqs:SendMessage", letters_arn, ArnEquals={"aws:SourceArn": rule})
    statement["Principal"] = {"Service": "events.amazonaws.com"}
    sqs.set_queue_attributes(QueueUrl=letters, Attributes={"Policy": document(statement)})
    target = {"Id": "1", "Arn": arn, "DeadLetterConfig": {"Arn": letters_arn}}
    events.put_targets(Rule="letters", Targets=[target])
    entry = {"Source": "mine", "DetailType": "Any", "Detail": '{"what": 1}'}
    events.put_events(Entries=[entry])
    (letter,) = received(sqs, letters, 10)
    assert json.loads(letter["Body"])["detail"] == {"what": 1}
    assert received(sqs, url) == []
