"""
A stack that says CREATE_COMPLETE is no evidence: each service is asked for what it holds.

What the embedded AWS skips or loses is compared with the template itself, so that a new loss, and
one that is mended, are both seen.
"""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from riskmill.cli.main import run_command
from riskmill.cloud import TEMPLATES, render
from riskmill.cloud.laptop import EmbeddedAws
from riskmill.cloud.stages import STAGES
from tests.cloud.archives import archives
from tests.cloud.clients import client
from tests.cloud.deployment.conftest import Command, given, private_vpc
from tests.cloud.laptop.waiting import eventually

MAIL = "desk@example.com"
UNDER_CONDITIONS = {
    "foundation": set(),
    "workload": {"EndpointIngress", "StorageEgress", "WakeRule"},
}
"""What the parameters below leave out: endpoints, and a floor of zero."""
HELD_BY: dict[str, tuple[str, Callable[[Any, str], object]]] = {
    "AWS::KMS::Key": ("kms", lambda c, i: c.describe_key(KeyId=i)),
    "AWS::KMS::Alias": ("kms", lambda c, i: c.describe_key(KeyId=i)),
    "AWS::Logs::LogGroup": ("logs", lambda c, i: named(
        c.describe_log_groups(logGroupNamePrefix=i)["logGroups"], "logGroupName", i)),
    "AWS::Logs::MetricFilter": ("logs", lambda c, i: any(
        i.endswith(one["filterName"]) for one in c.describe_metric_filters()["metricFilters"])),
    "AWS::Logs::ResourcePolicy": ("logs", lambda c, i: named(
        c.describe_resource_policies()["resourcePolicies"], "policyName", i)),
    "AWS::ECR::Repository": ("ecr", lambda c, i: c.describe_repositories(repositoryNames=[i])),
    "AWS::S3::Bucket": ("s3", lambda c, i: c.head_bucket(Bucket=i)),
    "AWS::S3::BucketPolicy": ("s3", lambda c, i: c.get_bucket_policy(
        Bucket=i.removesuffix("-policy"))),
    "AWS::IAM::Role": ("iam", lambda c, i: c.get_role(RoleName=i)),
    "AWS::SQS::Queue": ("sqs", lambda c, i: c.get_queue_attributes(
        QueueUrl=i, AttributeNames=["All"])),
    "AWS::StepFunctions::StateMachine": ("stepfunctions", lambda c, i: c.describe_state_machine(
        stateMachineArn=i)),
    "AWS::Events::Rule": ("events", lambda c, i: c.list_targets_by_rule(
        Rule=i.split("|")[-1].split("/")[-1])["Targets"]),
    "AWS::Scheduler::Schedule": ("scheduler", lambda c, i: c.get_schedule(
        Name=i.split("/")[-1].split("|")[-1])),
    "AWS::SNS::Topic": ("sns", lambda c, i: c.get_topic_attributes(TopicArn=i)),
    "AWS::SNS::Subscription": ("sns", lambda c, i: any(
        one["Endpoint"] == MAIL for one in c.list_subscriptions()["Subscriptions"])),
    "AWS::CloudWatch::Alarm": ("cloudwatch", lambda c, i: c.describe_alarms(
        AlarmNames=[i.split(":")[-1]])["MetricAlarms"]),
    "AWS::CloudWatch::Dashboard": ("cloudwatch", lambda c, i: c.get_dashboard(DashboardName=i)),
    "AWS::Budgets::Budget": ("budgets", lambda c, i: c.describe_budget(
        AccountId="111122223333", BudgetName=i)),
    "AWS::ECS::Cluster": ("ecs", lambda c, i: c.describe_clusters(clusters=[i])["clusters"]),
    "AWS::ECS::TaskDefinition": ("ecs", lambda c, i: c.describe_task_definition(
        taskDefinition=i)["taskDefinition"]),
    "AWS::ECS::Service": ("ecs", lambda c, i: c.describe_services(
        cluster=i.split("/")[-2], services=[i.split("/")[-1]])["services"]),
    "AWS::EC2::SecurityGroup": ("ec2", lambda c, i: c.describe_security_groups(GroupIds=[i])),
    "AWS::ApplicationAutoScaling::ScalableTarget": (
        "application-autoscaling", lambda c, i: c.describe_scalable_targets(
            ServiceNamespace="ecs", ResourceIds=[i.split("|")[0]])["ScalableTargets"]),
    "AWS::ApplicationAutoScaling::ScalingPolicy": (
        "application-autoscaling", lambda c, i: named(c.describe_scaling_policies(
            ServiceNamespace="ecs")["ScalingPolicies"], "PolicyARN", i)),
}  # fmt: skip
"""Type, the service that holds it, and how that service is asked; policies of queues and topics are
asked for by their owner below."""
BY_THEIR_OWNER = {"AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"}


def named(found: list[dict[str, Any]], key: str, value: str) -> bool:
    return any(one[key] == value for one in found)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    directory = tmp_path_factory.mktemp("images")
    return directory, archives(directory)


@pytest.fixture(scope="module")
def wanted(own: EmbeddedAws) -> dict[str, str]:
    return {**private_vpc(own, "10.1"), "AlarmEmail": MAIL, "MonthlyBudget": "100"}


@pytest.fixture(scope="module")
def deployed(own: EmbeddedAws, images: tuple[Path, dict[str, str]], wanted: dict[str, str]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        for name, value in own.environment().items():
            patched.setenv(name, value)
        patched.setattr("riskmill.cloud.deployment.stacks.PAUSE_SECONDS", 0.05)
        assert run_command(["cloud", "deploy", "--images", str(images[0]), *given(wanted)]) == 0


def held(own: EmbeddedAws, template: str) -> dict[str, tuple[str, str]]:
    pages = client(own, "cloudformation").get_paginator("list_stack_resources")
    return {
        one["LogicalResourceId"]: (one["ResourceType"], one["PhysicalResourceId"])
        for page in pages.paginate(StackName=f"riskmill-{template}-dev")
        for one in page["StackResourceSummaries"]
    }


def resources(template: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(render(template))["Resources"]
    return found


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_stack_holds_every_resource_of_its_template(
    deployed: None, own: EmbeddedAws, template: str
) -> None:
    missing = resources(template).keys() - held(own, template).keys()
    conditional = {name for name in missing if "Condition" in resources(template)[name]}
    assert missing == conditional
    assert missing == UNDER_CONDITIONS[template] & resources(template).keys()


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_proposal_of_a_first_deployment_is_what_the_stack_then_holds(
    deployed: None, cloud: Command, own: EmbeddedAws, template: str,
    images: tuple[Path, dict[str, str]], wanted: dict[str, str],
) -> None:  # fmt: skip
    options = given({**wanted, "MonthlyBudget": "100"})
    proposed = cloud("diff", "--json", "--environment", "new", "--images", images[0], *options)
    assert {one["action"] for one in proposed.json} == {"Add"}
    added = {one["resource"] for one in proposed.json if one["stack"] == f"riskmill-{template}-new"}
    assert added == set(held(own, template))


def test_lines_of_tasks_are_shown_oldest_first_and_by_run(
    deployed: None, cloud: Command, own: EmbeddedAws
) -> None:
    logs = client(own, "logs")
    group = "/ecs/risk-calculation-dev"
    logs.create_log_stream(logGroupName=group, logStreamName="worker/main/0123456789abcdef")
    now = int(time.time() * 1000)
    logs.put_log_events(
        logGroupName=group,
        logStreamName="worker/main/0123456789abcdef",
        logEvents=[
            {"timestamp": now - 2000, "message": "about run-1\x1b[31m"},
            {"timestamp": now - 1000, "message": "about run-2"},
        ],
    )
    shown = cloud("logs", "risk-calculation").out.splitlines()
    assert [line.split(" ", 2)[2] for line in shown] == ["about run-1\\x1b[31m", "about run-2"]
    chosen = cloud("logs", "risk-calculation", "--run", "run-2", "--json").out.splitlines()
    assert [json.loads(line)["message"] for line in chosen] == ["about run-2"]
    assert cloud("logs", "risk-calculation", "--since", "yesterday").code == 2
    assert cloud("logs", "risk-calculation", "--environment", "none").code == 6


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_service_holds_what_the_stack_says(
    deployed: None, own: EmbeddedAws, template: str
) -> None:
    absent = []
    for name, (kind, physical) in held(own, template).items():
        if kind in BY_THEIR_OWNER:
            continue
        service, ask = HELD_BY[kind]
        if not ask(client(own, service), physical):
            absent.append(name)
    assert absent == []


def test_queues_are_as_the_template_has_them(deployed: None, own: EmbeddedAws) -> None:
    sqs = client(own, "sqs")
    key = client(own, "kms").describe_key(KeyId="alias/ecs-logs-dev")["KeyMetadata"]["Arn"]
    for stage in STAGES:
        told = attributes(sqs, f"{stage.name}-dev")
        properties = resources("workload")[f"{stage.prefix}Queue"]["Properties"]
        assert told["VisibilityTimeout"] == str(properties["VisibilityTimeout"])
        assert told["MessageRetentionPeriod"] == str(properties["MessageRetentionPeriod"])
        assert told["KmsMasterKeyId"] == key
        redrive = json.loads(told["RedrivePolicy"])
        letters = attributes(sqs, f"{stage.name}-dead-letters-dev")
        assert redrive["deadLetterTargetArn"] == letters["QueueArn"]
        assert int(redrive["maxReceiveCount"]) == 3


def attributes(sqs: Any, name: str) -> dict[str, str]:
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    found: dict[str, str] = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])[
        "Attributes"
    ]
    return found


def test_policies_of_queues_and_topic_are_there(deployed: None, own: EmbeddedAws) -> None:
    ingestion = attributes(client(own, "sqs"), "data-ingestion-dev")
    assert "events.amazonaws.com" in ingestion["Policy"]
    sns = client(own, "sns")
    topic = f"arn:aws:sns:{own.region}:{own.account}:riskmill-alarms-dev"
    policy = sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"]
    assert "cloudwatch.amazonaws.com" in policy


def test_task_definitions_are_as_the_template_has_them(
    deployed: None, own: EmbeddedAws, images: tuple[Path, dict[str, str]]
) -> None:
    ecs = client(own, "ecs")
    for stage in STAGES:
        _, arn = held(own, "workload")[f"{stage.prefix}TaskDefinition"]
        told = ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"]
        assert (told["cpu"], told["memory"]) == (str(stage.cpu), str(stage.memory))
        assert told["taskRoleArn"].endswith(f"role/ecs-task-{stage.name}-dev-{own.region}")
        (container,) = told["containerDefinitions"]
        assert container["image"].endswith(f"/{stage.name}-dev@{images[1][stage.name]}")
        assert container["readonlyRootFilesystem"] is True
        assert int(container["stopTimeout"]) == 120
        assert container["user"] not in ("", "0", "root")


def test_services_want_their_floor_in_private_subnets(
    deployed: None, own: EmbeddedAws, wanted: dict[str, str]
) -> None:
    ecs = client(own, "ecs")
    names = [f"{stage.name}-service-dev" for stage in STAGES]
    told = ecs.describe_services(cluster="batch-processing-dev", services=names)["services"]
    assert [one["desiredCount"] for one in told] == [stage.floor for stage in STAGES]
    for one in told:
        network = one["networkConfiguration"]["awsvpcConfiguration"]
        assert network["assignPublicIp"] == "DISABLED"
        assert set(network["subnets"]) == {wanted[f"PrivateSubnet{n}"] for n in (1, 2, 3)}


def test_buckets_are_closed_versioned_and_encrypted(deployed: None, own: EmbeddedAws) -> None:
    s3 = client(own, "s3")
    name = f"riskmill-data-dev-{own.account}-{own.region}"
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    access = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    assert all(access.values())
    rules = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    told = s3.get_bucket_notification_configuration(Bucket=name)
    assert "EventBridgeConfiguration" in told


def test_an_alarm_on_an_expression_is_raised_by_its_metrics_alone(
    deployed: None, own: EmbeddedAws
) -> None:
    cloudwatch = client(own, "cloudwatch")
    environment = [{"Name": "Environment", "Value": "dev"}]

    def put(failed: int, done: int, where: list[dict[str, str]]) -> None:
        data = [
            {"MetricName": name, "Value": value, "Dimensions": where}
            for name, value in (("ItemsFailed", failed), ("ItemsFinished", done))
        ]
        cloudwatch.put_metric_data(Namespace="Riskmill", MetricData=data)

    def state() -> str:
        told = cloudwatch.describe_alarms(AlarmNames=["ecs-task-failures-dev"])["MetricAlarms"]
        return str(told[0]["StateValue"])

    put(4, 96, environment)
    put(90, 10, [{"Name": "Environment", "Value": "another"}])
    assert state() == "OK"
    put(4, 0, environment)
    assert eventually(lambda: state() == "ALARM", 5)


def test_the_state_machine_of_the_template_runs_to_its_end(
    deployed: None, own: EmbeddedAws
) -> None:
    s3, states = client(own, "s3"), client(own, "stepfunctions")
    output = f"riskmill-output-dev-{own.account}-{own.region}"
    arn = f"arn:aws:states:{own.region}:{own.account}:stateMachine:batch-run-dev"
    waves = json.loads(render("workload"))["Resources"]["RunWorkflow"]["Properties"]["Definition"]
    names = [part.split("'")[0] for part in waves["States"]["Waves"]["Items"].split("'name':'")[1:]]
    for wave in names:
        items = json.dumps([{"task_id": f"{wave}/{n}"} for n in range(2)])
        s3.put_object(Bucket=output, Key=f"runs/r1/items/{wave}.json", Body=items)
    given_input = {"run_id": "r1", "batch_id": "b1", "files": 8, "partitions": 8}
    execution = states.start_execution(
        stateMachineArn=arn, name="r1", input=json.dumps(given_input)
    )["executionArn"]
    seen = [work["task_id"] for work in worked(own, execution)]
    assert sorted(seen) == sorted([*(f"{w}/{n}" for w in names for n in range(2)), "run-close"])
    told = states.describe_execution(executionArn=execution)
    assert told["status"] == "SUCCEEDED"
    scaling = client(own, "application-autoscaling")
    targets = scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
    floors = {one["ResourceId"].split("/")[-1]: one["MinCapacity"] for one in targets}
    assert floors == {f"{stage.name}-service-dev": stage.floor for stage in STAGES}


def worked(own: EmbeddedAws, execution: str) -> Iterator[dict[str, Any]]:
    """Do whatever the queues ask for until the execution ends, in the order of the waves."""
    sqs, states = client(own, "sqs"), client(own, "stepfunctions")
    urls = [sqs.get_queue_url(QueueName=f"{stage.name}-dev")["QueueUrl"] for stage in STAGES]
    deadline = time.monotonic() + 60
    while states.describe_execution(executionArn=execution)["status"] == "RUNNING":
        assert time.monotonic() < deadline, states.get_execution_history(executionArn=execution)
        for url in urls:
            for message in sqs.receive_message(
                QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0
            ).get("Messages", []):
                work = json.loads(message["Body"])
                yield work
                states.send_task_success(taskToken=work["token"], output="{}")
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def test_deploying_again_changes_nothing(
    deployed: None, cloud: Command, images: tuple[Path, dict[str, str]], wanted: dict[str, str]
) -> None:
    again = cloud("deploy", "--json", "--images", images[0])
    assert (again.code, again.json["changes"]) == (0, [])
    assert [one["new"] for one in again.json["pushed"]] == [False, False, False]


def test_a_changed_parameter_changes_what_depends_on_it_and_keeps_the_others(
    deployed: None, cloud: Command, own: EmbeddedAws
) -> None:
    proposed = cloud("diff", "--json", "--parameter", "RiskCalculationMaxCapacity=30")
    assert "RiskCalculationScalableTarget" in {one["resource"] for one in proposed.json}
    assert {one["stack"] for one in proposed.json} == {"riskmill-workload-dev"}
    scaling = client(own, "application-autoscaling")

    def most() -> int:
        told = scaling.describe_scalable_targets(
            ServiceNamespace="ecs",
            ResourceIds=["service/batch-processing-dev/risk-calculation-service-dev"],
        )["ScalableTargets"]
        return int(told[0]["MaxCapacity"])

    assert most() == 20
    assert cloud("deploy", "--parameter", "RiskCalculationMaxCapacity=30").code == 0
    assert most() == 30
    assert cloud("deploy", "--parameter", "LogRetentionDays=90").code == 0
    assert most() == 30
    assert cloud("deploy", "--parameter", "RiskCalculationMaxCapacity=20").code == 0
    topic = client(own, "budgets").describe_budget(
        AccountId=own.account, BudgetName=f"riskmill-dev-{own.region}"
    )
    assert topic["Budget"]["BudgetLimit"]["Amount"] == "100"


def test_new_images_are_what_the_services_run(
    deployed: None, cloud: Command, own: EmbeddedAws, tmp_path: Path
) -> None:
    newer = archives(tmp_path / "newer", b"second")
    assert cloud("push-images", tmp_path / "newer").code == 0
    before = cloud("status", "--json").json["images"]
    assert cloud("deploy", "--parameter", "CostCentre=other").code == 0
    assert cloud("status", "--json").json["images"] == before
    assert cloud("deploy", "--images", tmp_path / "newer").code == 0
    told = cloud("status", "--json").json
    assert {image.split("@")[1] for image in told["images"]} == set(newer.values())


def test_draining_stops_the_tasks_and_resuming_brings_them_back(
    deployed: None, cloud: Command, own: EmbeddedAws
) -> None:
    sqs = client(own, "sqs")
    url = sqs.get_queue_url(QueueName="risk-calculation-dev")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="{}")
    busy = cloud("drain", "--minutes", 0)
    assert (busy.code, "E830" in busy.err, "1 messages of risk-calculation" in busy.err) == (
        6, True, True,
    )  # fmt: skip
    sqs.purge_queue(QueueUrl=url)
    assert cloud("drain", "--json").json == {"environment": "dev", "rules": "disabled", "tasks": 0}
    events = client(own, "events")
    assert events.describe_rule(Name="s3-object-created-dev")["State"] == "DISABLED"
    resumed = cloud("drain", "--resume", "--json").json
    assert resumed == {"environment": "dev", "rules": "enabled", "tasks": 4}
    assert events.describe_rule(Name="s3-object-created-dev")["State"] == "ENABLED"


def test_what_is_removed_is_gone_and_the_data_stays(
    deployed: None, cloud: Command, own: EmbeddedAws
) -> None:
    output = f"riskmill-output-dev-{own.account}-{own.region}"
    s3 = client(own, "s3")
    s3.put_object(Bucket=output, Key="reports/kept.html", Body=b"kept")
    before = {template: held(own, template) for template in TEMPLATES}
    gone = cloud("destroy", "--foundation", "--yes", "--json")
    assert gone.code == 0, gone.err
    assert gone.json["removed"] == ["riskmill-workload-dev", "riskmill-foundation-dev"]
    retained = {
        physical
        for template in TEMPLATES
        for name, (_, physical) in before[template].items()
        if resources(template)[name].get("DeletionPolicy") == "Retain"
    }
    assert {one.split(" ", 1)[1] for one in gone.json["kept"]} == retained
    assert s3.get_object(Bucket=output, Key="reports/kept.html")["Body"].read() == b"kept"
    assert still_there(own, before) == retained
    assert cloud("status").code == 6


def still_there(own: EmbeddedAws, before: dict[str, dict[str, tuple[str, str]]]) -> set[str]:
    """Ask each service for what the stacks held; a refusal or nothing means that it is gone."""
    from botocore.exceptions import ClientError

    found = set()
    for resources_ in before.values():
        for kind, physical in resources_.values():
            if kind in BY_THEIR_OWNER or kind == "AWS::ECS::TaskDefinition":
                continue
            service, ask = HELD_BY[kind]
            try:
                if ask(client(own, service), physical):
                    found.add(physical)
            except ClientError:
                continue
    return found
