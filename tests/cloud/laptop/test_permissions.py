"""A task is refused whatever its role does not allow, as AWS words and scopes it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from riskmill.cloud.laptop import EmbeddedAws
from riskmill.domain import CloudRefused
from tests.cloud.clients import allow, client, client_of, document, made, refusal, role

TASKS = "ecs-tasks.amazonaws.com"
DENIED = {"AccessDenied", "AccessDeniedException", "AccessDeniedFault", "KMS.AccessDeniedException"}


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """What a task may and may not reach."""

    clients: Callable[[str], Any]
    work: str
    other: str
    machine: str
    other_machine: str
    key: str
    other_key: str


@pytest.fixture(scope="module")
def world(aws: EmbeddedAws) -> World:
    s3, sqs, kms = (client(aws, service) for service in ("s3", "sqs", "kms"))
    place = {"LocationConstraint": aws.region}
    for name in ("mine", "yours"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration=place)
    for key in ("in/x", "else/x", "secret/x"):
        s3.put_object(Bucket="mine", Key=key, Body=b"x")
    work, other = (sqs.create_queue(QueueName=n)["QueueUrl"] for n in ("may-work", "may-not"))
    keys = [kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2)]
    machines = [machine(aws, name) for name in ("may-start", "may-not-start")]
    for group in ("/may", "/may-not"):
        client(aws, "logs").create_log_group(logGroupName=group)
        client(aws, "logs").create_log_stream(logGroupName=group, logStreamName="one")
    for cluster in ("may", "may-not"):
        client(aws, "ecs").create_cluster(clusterName=cluster)
    own = f"arn:aws:%s:{aws.region}:{aws.account}:%s"
    worker = role(
        aws,
        "worker",
        TASKS,
        allow("s3:GetObject", "arn:aws:s3:::mine/in/*"),
        allow("s3:PutObject", "arn:aws:s3:::mine/out/*"),
        allow("s3:ListBucket", "arn:aws:s3:::mine", StringLike={"s3:prefix": ["in/*"]}),
        allow("s3:*", "arn:aws:s3:::mine/secret/*"),
        {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::mine/secret/*"},
        allow("sqs:ReceiveMessage", own % ("sqs", "may-work")),
        allow("states:StartExecution", machines[0]),
        allow("states:SendTaskSuccess", machines[0]),
        allow("kms:Decrypt", keys[0]),
        allow("logs:PutLogEvents", own % ("logs", "log-group:/may:*")),
        allow("cloudwatch:PutMetricData", StringEquals={"cloudwatch:namespace": "Riskmill"}),
        allow("ecs:ListTasks", ArnEquals={"ecs:cluster": own % ("ecs", "cluster/may")}),
    )
    return World(
        clients=lambda service: client_of(aws, worker, service),
        work=work,
        other=other,
        machine=machines[0],
        other_machine=machines[1],
        key=keys[0],
        other_key=keys[1],
    )


def machine(aws: EmbeddedAws, name: str) -> str:
    definition = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
    made_ = client(aws, "stepfunctions").create_state_machine(
        name=name,
        definition=json.dumps(definition),
        roleArn=role(aws, f"states-{name}", "states.amazonaws.com"),
    )
    return str(made_["stateMachineArn"])


CALLS: dict[str, tuple[bool, str, Callable[[Any, World, EmbeddedAws], object]]] = {
    "read an object below the prefix": (
        True, "s3", lambda c, w, a: c.get_object(Bucket="mine", Key="in/x")),
    "read an object elsewhere": (
        False, "s3", lambda c, w, a: c.get_object(Bucket="mine", Key="else/x")),
    "write below the prefix": (
        True, "s3", lambda c, w, a: c.put_object(Bucket="mine", Key="out/x", Body=b"1")),
    "write where it may read only": (
        False, "s3", lambda c, w, a: c.put_object(Bucket="mine", Key="in/y", Body=b"1")),
    "write into another bucket": (
        False, "s3", lambda c, w, a: c.put_object(Bucket="yours", Key="out/x", Body=b"1")),
    "delete what it wrote": (
        False, "s3", lambda c, w, a: c.delete_object(Bucket="mine", Key="out/x")),
    "read what is denied": (
        False, "s3", lambda c, w, a: c.get_object(Bucket="mine", Key="secret/x")),
    "list below the prefix": (
        True, "s3", lambda c, w, a: c.list_objects_v2(Bucket="mine", Prefix="in/")),
    "list everything": (
        False, "s3", lambda c, w, a: c.list_objects_v2(Bucket="mine")),
    "start a part upload": (
        True, "s3", lambda c, w, a: c.create_multipart_upload(Bucket="mine", Key="out/m")),
    "receive from its queue": (
        True, "sqs", lambda c, w, a: c.receive_message(QueueUrl=w.work)),
    "receive from another queue": (
        False, "sqs", lambda c, w, a: c.receive_message(QueueUrl=w.other)),
    "send to its queue": (
        False, "sqs", lambda c, w, a: c.send_message(QueueUrl=w.work, MessageBody="x")),
    "start its state machine": (
        True, "stepfunctions",
        lambda c, w, a: c.start_execution(stateMachineArn=w.machine, name="one")),
    "start another state machine": (
        False, "stepfunctions",
        lambda c, w, a: c.start_execution(stateMachineArn=w.other_machine, name="one")),
    "decrypt with its key": (
        True, "kms", lambda c, w, a: c.decrypt(CiphertextBlob=encrypted(a, w.key))),
    "decrypt with another key": (
        False, "kms", lambda c, w, a: c.decrypt(CiphertextBlob=encrypted(a, w.other_key))),
    "write to its log group": (
        True, "logs", lambda c, w, a: logged(c, "/may")),
    "write to another log group": (
        False, "logs", lambda c, w, a: logged(c, "/may-not")),
    "put a metric into its namespace": (
        True, "cloudwatch", lambda c, w, a: measured(c, "Riskmill")),
    "put a metric into another namespace": (
        False, "cloudwatch", lambda c, w, a: measured(c, "Other")),
    "list tasks of its cluster": (
        True, "ecs", lambda c, w, a: c.list_tasks(cluster="may")),
    "list tasks of another cluster": (
        False, "ecs", lambda c, w, a: c.list_tasks(cluster="may-not")),
    "make a role": (
        False, "iam", lambda c, w, a: c.create_role(RoleName="x", AssumeRolePolicyDocument="{}")),
}  # fmt: skip


def encrypted(aws: EmbeddedAws, key: str) -> bytes:
    told = client(aws, "kms").encrypt(KeyId=key, Plaintext=b"x")
    return bytes(told["CiphertextBlob"])


def logged(logs: Any, group: str) -> object:
    event = {"timestamp": 1_700_000_000_000, "message": "m"}
    return logs.put_log_events(logGroupName=group, logStreamName="one", logEvents=[event])


def measured(cloudwatch: Any, namespace: str) -> object:
    return cloudwatch.put_metric_data(
        Namespace=namespace, MetricData=[{"MetricName": "Any", "Value": 1}]
    )


@pytest.mark.parametrize("what", CALLS)
def test_a_task_may_do_what_its_role_says_and_nothing_else(
    aws: EmbeddedAws, world: World, what: str
) -> None:
    allowed, service, call = CALLS[what]
    code = refusal(lambda: call(world.clients(service), world, aws))
    assert (code == "") if allowed else (code in DENIED), code


def test_credentials_of_a_role_that_does_not_exist_are_refused(aws: EmbeddedAws) -> None:
    with pytest.raises(CloudRefused) as told:
        aws.environment_of(f"arn:aws:iam::{aws.account}:role/nobody")
    assert told.value.code == "E802"


def test_a_task_knows_itself_by_its_role(aws: EmbeddedAws, world: World) -> None:
    arn = world.clients("sts").get_caller_identity()["Arn"]
    assert arn.startswith(f"arn:aws:sts::{aws.account}:assumed-role/worker/")


def test_a_session_without_its_token_is_nobody(aws: EmbeddedAws, world: World) -> None:
    credentials = world.clients("s3")._request_signer._credentials.get_frozen_credentials()
    for token in (None, "another"):
        without = made(aws, "sqs", credentials.access_key, credentials.secret_key, token)
        assert refusal(lambda one=without: one.list_queues()) != ""


def test_a_bucket_policy_that_denies_wins_over_the_role(aws: EmbeddedAws, world: World) -> None:
    s3 = client(aws, "s3")
    everyone = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject"}
    s3.put_bucket_policy(
        Bucket="mine", Policy=document(everyone | {"Resource": "arn:aws:s3:::mine/in/*"})
    )
    call = world.clients("s3")
    assert refusal(lambda: call.get_object(Bucket="mine", Key="in/x")) == "AccessDenied"
    s3.delete_bucket_policy(Bucket="mine")
    assert refusal(lambda: call.get_object(Bucket="mine", Key="in/x")) == ""


def test_the_denial_of_plain_http_in_our_bucket_policies_lets_tasks_in(
    aws: EmbeddedAws, world: World
) -> None:
    s3 = client(aws, "s3")
    plain = {
        "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::mine/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }  # fmt: skip
    s3.put_bucket_policy(Bucket="mine", Policy=document(plain))
    call = world.clients("s3")
    assert refusal(lambda: call.get_object(Bucket="mine", Key="in/x")) == ""
    s3.delete_bucket_policy(Bucket="mine")
