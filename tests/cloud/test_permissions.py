"""Least privilege: what each role cannot do is asked as often as what it can."""

import pytest

from riskmill.cloud import STAGES, Stage
from tests.cloud.templates import as_list, of_type, statements

ROLES = sorted(of_type("AWS::IAM::Role"))
WITHOUT_RESOURCE = {
    "ecr:GetAuthorizationToken",
    "states:SendTaskFailure", "states:SendTaskHeartbeat", "states:SendTaskSuccess",
    "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies", "logs:GetLogDelivery", "logs:ListLogDeliveries",
    "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
    "xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
    "cloudwatch:PutMetricData",
}  # fmt: skip
"""Actions for which their service knows no resource."""
EACH = pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)


@pytest.mark.parametrize("role", ROLES)
def test_a_star_stands_only_where_the_service_knows_no_resource(role: str) -> None:
    for statement in statements(role):
        if "*" in as_list(statement["Resource"]):
            assert set(as_list(statement["Action"])) <= WITHOUT_RESOURCE


@pytest.mark.parametrize("role", ROLES)
def test_no_action_has_a_wildcard(role: str) -> None:
    for statement in statements(role):
        assert not [action for action in as_list(statement["Action"]) if "*" in action]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_assumed_by_one_service_for_resources_of_this_account(role: str) -> None:
    (trust,) = of_type("AWS::IAM::Role")[role]["AssumeRolePolicyDocument"]["Statement"]
    assert isinstance(trust["Principal"]["Service"], str)
    source = trust["Condition"]["ArnLike"]["aws:SourceArn"]
    assert "${AWS::AccountId}" in source["Fn::Sub"]


@pytest.mark.parametrize("role", ROLES)
def test_every_role_may_be_bounded(role: str) -> None:
    bounded = of_type("AWS::IAM::Role")[role]["PermissionsBoundary"]["Fn::If"]
    assert bounded[:2] == ["HasPermissionsBoundary", {"Ref": "PermissionsBoundaryArn"}]


@pytest.mark.parametrize("role", ROLES)
def test_a_key_is_used_by_way_of_named_services_only(role: str) -> None:
    for statement in statements(role):
        if any(action.startswith("kms:") for action in as_list(statement["Action"])):
            assert statement["Condition"]["StringEquals"]["kms:ViaService"]


def test_nobody_deletes_passes_roles_or_sets_access_lists() -> None:
    actions = {a for role in ROLES for s in statements(role) for a in as_list(s["Action"])}
    assert not [
        one for one in actions if one.endswith("Acl") or one.split(":")[1].startswith("DeleteObj")
    ]
    assert "iam:PassRole" not in actions
    assert "ecs:RunTask" not in actions


@EACH
def test_a_stage_receives_from_its_own_queue_only(stage: Stage) -> None:
    received = [
        statement["Resource"]["Fn::Sub"]
        for statement in statements(f"{stage.prefix}TaskRole")
        if "sqs:ReceiveMessage" in as_list(statement["Action"])
    ]
    assert [one.rsplit(":", 1)[1] for one in received] == [f"{stage.name}-${{EnvironmentSuffix}}"]


@EACH
def test_only_ingestion_reads_deliveries_and_nobody_writes_there(stage: Stage) -> None:
    found = {
        action
        for statement in statements(f"{stage.prefix}TaskRole")
        if any("DataBucketName" in str(one) for one in as_list(statement["Resource"]))
        for action in as_list(statement["Action"])
    }
    assert found == ({"s3:GetObject", "s3:ListBucket"} if stage.starts_runs else set())


@EACH
def test_a_stage_writes_under_its_own_prefixes_only(stage: Stage) -> None:
    written = {
        one["Fn::Sub"].split("/", 1)[1]
        for statement in statements(f"{stage.prefix}TaskRole")
        if "s3:PutObject" in as_list(statement["Action"])
        for one in as_list(statement["Resource"])
    }
    allowed = {
        f"{prefix}*"
        for grant in stage.grants
        if "write" in grant.verbs
        for prefix in grant.prefixes
    }
    assert written == allowed


def test_queues_topic_and_key_let_in_whoever_publishes_to_them() -> None:
    key = of_type("AWS::KMS::Key")["LogEncryptionKey"]["KeyPolicy"]["Statement"]
    publishers = {
        service
        for statement in key
        for service in as_list(statement["Principal"].get("Service", []))
        if isinstance(service, str)
    }
    assert {"cloudwatch.amazonaws.com", "events.amazonaws.com"} <= publishers
    topic = of_type("AWS::SNS::TopicPolicy")["AlarmTopicPolicy"]["PolicyDocument"]["Statement"]
    assert {"Service": "cloudwatch.amazonaws.com"} in [one["Principal"] for one in topic]
    queue = of_type("AWS::SQS::QueuePolicy")["DataIngestionQueuePolicy"]["PolicyDocument"][
        "Statement"
    ]
    assert {"Service": "events.amazonaws.com"} in [one["Principal"] for one in queue]
