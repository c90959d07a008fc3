"""What runs rely on of Step Functions: tokens, heartbeats, retries, maps over items in S3."""

import json
from typing import Any

import pytest

from riskmill.cloud.laptop import EmbeddedAws
from tests.cloud.clients import allow, client, refusal, role
from tests.cloud.laptop.test_objects_and_queues import bucket, queue, received
from tests.cloud.laptop.waiting import eventually

STATES = "states.amazonaws.com"


class Machine:
    """A state machine, its queue of work, and what a worker does with both."""

    def __init__(self, aws: EmbeddedAws, name: str, states: dict[str, Any], **more: Any) -> None:
        self.sqs, self.url, self.queue = queue(aws, f"work-of-{name}", VisibilityTimeout="60")
        self.states = client(aws, "stepfunctions")
        self.role = role(
            aws,
            f"states-of-{name}",
            STATES,
            allow("sqs:SendMessage", self.queue),
            *more.pop("may", ()),
        )
        text = json.dumps(
            {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), **more} | {"States": states}
        ).replace("$QUEUE", self.url)
        self.arn = self.states.create_state_machine(name=name, definition=text, roleArn=self.role)[
            "stateMachineArn"
        ]

    def start(self, name: str = "one", **given: Any) -> str:
        told = self.states.start_execution(
            stateMachineArn=self.arn, name=name, input=json.dumps(given)
        )
        return str(told["executionArn"])

    def work(self) -> dict[str, Any]:
        (message,) = received(self.sqs, self.url, 10)
        self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        found: dict[str, Any] = json.loads(message["Body"])
        return found

    def ended(self, execution: str) -> dict[str, Any]:
        def look() -> dict[str, Any]:
            told = self.states.describe_execution(executionArn=execution)
            return {} if told["status"] == "RUNNING" else told

        return eventually(look)


def task(**more: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Arguments": {
            "QueueUrl": "$QUEUE",
            "MessageBody": {
                "token": "{% $states.context.Task.Token %}",
                "item": "{% $states.input.item %}",
            },
        },
        "TimeoutSeconds": 60,
        "End": True,
    } | more


def test_a_task_ends_with_what_the_holder_of_its_token_sends(aws: EmbeddedAws) -> None:
    machine = Machine(aws, "plain", {"Do": task(Output="{% $states.result %}")})
    execution = machine.start(item="risk/1")
    work = machine.work()
    assert work["item"] == "risk/1"
    machine.states.send_task_success(taskToken=work["token"], output='{"done": 1}')
    told = machine.ended(execution)
    assert (told["status"], json.loads(told["output"])) == ("SUCCEEDED", {"done": 1})
    late = refusal(lambda: machine.states.send_task_success(taskToken=work["token"], output="{}"))
    assert late in {"TaskTimedOut", "TaskDoesNotExist"}


def test_no_token_is_invented(aws: EmbeddedAws) -> None:
    states = client(aws, "stepfunctions")
    assert refusal(lambda: states.send_task_success(taskToken="x" * 40, output="{}")) in {
        "InvalidToken", "TaskDoesNotExist", "TaskTimedOut",
    }  # fmt: skip


def test_a_failure_is_caught_by_the_name_that_the_worker_gave_it(aws: EmbeddedAws) -> None:
    caught = [{"ErrorEquals": ["InputRejected"], "Next": "Caught",
               "Output": "{% $states.errorOutput %}"}]  # fmt: skip
    states = {"Do": task(Catch=caught), "Caught": {"Type": "Succeed"}}
    machine = Machine(aws, "caught", states)
    execution = machine.start(item=1)
    machine.states.send_task_failure(
        taskToken=machine.work()["token"], error="InputRejected", cause="E001: no manifest"
    )
    told = machine.ended(execution)
    assert told["status"] == "SUCCEEDED"
    output = json.loads(told["output"])
    assert (output["Error"], output["Cause"]) == ("InputRejected", "E001: no manifest")


def test_each_attempt_has_a_token_of_its_own(aws: EmbeddedAws) -> None:
    retry = [{"ErrorEquals": ["StoreUnavailable"], "IntervalSeconds": 1, "MaxAttempts": 2}]
    machine = Machine(aws, "retried", {"Do": task(Retry=retry, Output={})})
    execution = machine.start(item=1)
    first = machine.work()["token"]
    machine.states.send_task_failure(taskToken=first, error="StoreUnavailable")
    second = machine.work()["token"]
    assert first != second
    stale = refusal(lambda: machine.states.send_task_success(taskToken=first, output="{}"))
    assert stale in {"TaskTimedOut", "TaskDoesNotExist"}
    machine.states.send_task_success(taskToken=second, output="{}")
    assert machine.ended(execution)["status"] == "SUCCEEDED"


def test_a_silent_heartbeat_ends_the_attempt_and_its_token(aws: EmbeddedAws) -> None:
    machine = Machine(aws, "silent", {"Do": task(HeartbeatSeconds=1)})
    execution = machine.start(item=1)
    token = machine.work()["token"]
    told = machine.ended(execution)
    assert (told["status"], told["error"]) == ("FAILED", "States.HeartbeatTimeout")
    late = refusal(lambda: machine.states.send_task_heartbeat(taskToken=token))
    assert late in {"TaskTimedOut", "TaskDoesNotExist"}


def test_heartbeats_keep_an_attempt_alive(aws: EmbeddedAws) -> None:
    machine = Machine(aws, "beating", {"Do": task(HeartbeatSeconds=2, Output={})})
    execution = machine.start(item=1)
    token = machine.work()["token"]
    for _ in range(4):
        machine.states.send_task_heartbeat(taskToken=token)
        assert received(machine.sqs, machine.url, 1) == []
    machine.states.send_task_success(taskToken=token, output="{}")
    assert machine.ended(execution)["status"] == "SUCCEEDED"


def test_one_name_is_one_execution(aws: EmbeddedAws) -> None:
    machine = Machine(aws, "once", {"Do": task(Output={})})
    first = machine.start("run-1", item=1)
    assert machine.start("run-1", item=1) == first
    assert refusal(lambda: machine.start("run-1", item=2)) == "ExecutionAlreadyExists"
    machine.states.send_task_success(taskToken=machine.work()["token"], output="{}")
    assert machine.ended(first)["status"] == "SUCCEEDED"
    assert refusal(lambda: machine.start("run-1", item=1)) == "ExecutionAlreadyExists"
    assert received(machine.sqs, machine.url) == []


@pytest.mark.parametrize("name", ["a b", "a/b", "a:b", "x" * 81, "é"])
def test_a_name_that_aws_does_not_take_is_refused(aws: EmbeddedAws, name: str) -> None:
    states = client(aws, "stepfunctions")
    machines = states.list_state_machines()["stateMachines"]
    arn = machines[0]["stateMachineArn"] if machines else Machine(aws, "names", {
        "Do": {"Type": "Succeed"}}).arn  # fmt: skip
    assert refusal(lambda: states.start_execution(stateMachineArn=arn, name=name)) == "InvalidName"


def test_a_machine_ends_at_its_deadline(aws: EmbeddedAws) -> None:
    machine = Machine(aws, "late", {"Do": task()}, TimeoutSeconds=1)
    execution = machine.start(item=1)
    token = machine.work()["token"]
    assert machine.ended(execution)["status"] == "TIMED_OUT"
    gone = {"TaskTimedOut", "TaskDoesNotExist"}
    send = machine.states.send_task_heartbeat
    assert eventually(lambda: refusal(lambda: send(taskToken=token)) in gone, 5)


def test_a_machine_does_only_what_its_role_allows(aws: EmbeddedAws) -> None:
    machine = Machine(aws, "forbidden", {"Do": task()})
    client(aws, "iam").delete_role_policy(RoleName="states-of-forbidden", PolicyName="only")
    told = machine.ended(machine.start(item=1))
    assert told["status"] == "FAILED"
    assert "not authorized to perform: sqs:SendMessage" in told["cause"]
    assert received(machine.sqs, machine.url) == []


def test_a_map_hands_out_the_items_of_an_object_within_its_bound(aws: EmbeddedAws) -> None:
    s3 = bucket(aws, "items")
    s3.put_object(Bucket="items", Key="all.json", Body=json.dumps([{"id": n} for n in range(5)]))
    inner = task(Output={}) | {
        "Arguments": {
            "QueueUrl": "$QUEUE",
            "MessageBody": {
                "token": "{% $states.context.Task.Token %}",
                "item": "{% $states.input.id %}",
            },
        }
    }
    states = {
        "All": {
            "Type": "Map",
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "JSON"},
                "Arguments": {"Bucket": "items", "Key": "{% $states.input.key %}"},
            },
            "ItemSelector": {"id": "{% $states.context.Map.Item.Value.id %}"},
            "MaxConcurrency": "{% 1 + 1 %}",
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Do",
                "States": {"Do": inner},
            },
            "Output": {},
            "End": True,
        }
    }
    machine = Machine(aws, "mapped", states, may=[allow("s3:GetObject", "arn:aws:s3:::items/*")])
    execution = machine.start(key="all.json")
    seen = []
    waiting: list[Any] = []
    while len(seen) < 5:
        waiting += received(machine.sqs, machine.url, 5)
        assert waiting
        assert len(waiting) <= 2
        message = waiting.pop(0)
        machine.sqs.delete_message(QueueUrl=machine.url, ReceiptHandle=message["ReceiptHandle"])
        work = json.loads(message["Body"])
        seen.append(work["item"])
        machine.states.send_task_success(taskToken=work["token"], output="{}")
    assert sorted(seen) == [0, 1, 2, 3, 4]
    assert machine.ended(execution)["status"] == "SUCCEEDED"


def test_a_map_over_an_object_that_is_not_there_fails(aws: EmbeddedAws) -> None:
    if "nothing" not in [b["Name"] for b in client(aws, "s3").list_buckets()["Buckets"]]:
        bucket(aws, "nothing")
    states = {
        "All": {
            "Type": "Map",
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "JSON"},
                "Arguments": {"Bucket": "nothing", "Key": "absent.json"},
            },
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Do",
                "States": {"Do": {"Type": "Succeed"}},
            },
            "End": True,
        }
    }
    told = (machine := Machine(aws, "absent", states)).ended(machine.start())
    assert told["status"] == "FAILED"


def test_an_execution_can_be_stopped_and_says_so(aws: EmbeddedAws) -> None:
    machine = Machine(aws, "stopped", {"Do": task()})
    execution = machine.start(item=1)
    token = machine.work()["token"]
    machine.states.stop_execution(executionArn=execution, error="Cancelled", cause="by a person")
    assert machine.ended(execution)["status"] == "ABORTED"
    late = refusal(lambda: machine.states.send_task_success(taskToken=token, output="{}"))
    assert late in {"TaskTimedOut", "TaskDoesNotExist"}
