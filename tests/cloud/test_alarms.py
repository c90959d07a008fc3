"""Alarms: on metrics that exist, told to somebody, explained to whoever is told."""

import re

import pytest

from riskmill.cloud import STAGES
from tests.architecture.sources import REPOSITORY
from tests.cloud.templates import of_type, watched_metrics

ALARMS = of_type("AWS::CloudWatch::Alarm")
RUNBOOK = (REPOSITORY / "docs" / "operations.md").read_text(encoding="utf-8")
EACH = pytest.mark.parametrize("alarm", sorted(ALARMS))
KNOWN = {
    "AWS/SQS": {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"},
    "AWS/States": {"ExecutionsFailed", "ExecutionsAborted"},
    "ECS/ContainerInsights": {"TaskCount"},
}
"""Metrics that AWS itself publishes."""


@EACH
def test_an_alarm_tells_the_topic(alarm: str) -> None:
    (action,) = ALARMS[alarm]["AlarmActions"]
    imported = {"Fn::ImportValue": {"Fn::Sub": "riskmill-${EnvironmentSuffix}-Topic"}}
    assert action in ({"Ref": "AlarmTopic"}, imported)


@EACH
def test_an_alarm_is_allowed_to_publish_by_its_name(alarm: str) -> None:
    assert ALARMS[alarm]["AlarmName"]["Fn::Sub"].startswith("ecs-")


@EACH
def test_the_runbook_says_what_an_alarm_means_and_what_to_do(alarm: str) -> None:
    section = RUNBOOK.split(f"\n### {alarm}\n")[1].split("\n#")[0]
    for part in ("**It means**", "**Look at**", "**Do**"):
        assert part in section


def test_the_runbook_knows_no_alarm_that_is_not_there() -> None:
    assert set(re.findall(r"\n### (\w+Alarm)\n", RUNBOOK)) == set(ALARMS)


@EACH
def test_a_metric_of_aws_exists_in_its_namespace(alarm: str) -> None:
    for metric in watched_metrics(ALARMS[alarm]):
        if metric["Namespace"] in KNOWN:
            assert metric["MetricName"] in KNOWN[metric["Namespace"]]
        else:
            assert metric["Namespace"] in ("Riskmill", "Riskmill/Tasks")


@EACH
def test_an_expression_is_made_of_metrics_that_are_there_and_gives_the_only_result(
    alarm: str,
) -> None:
    metrics = ALARMS[alarm].get("Metrics")
    if metrics:
        (result,) = [one for one in metrics if one["ReturnData"]]
        said = result["Expression"]
        said = said if isinstance(said, str) else said["Fn::Sub"]
        named = set(re.findall(r"(?<![A-Za-z{])[a-z][a-z0-9]*", said))
        assert named == {one["Id"] for one in metrics} - {result["Id"]}


@pytest.mark.parametrize(
    ("failed", "done", "alarming"),
    [(0, 100, False), (5, 95, False), (6, 94, True), (5, 5, False), (20, 0, True), (1, 18, False)],
)
def test_more_than_five_percent_of_enough_tasks_raise_the_failure_alarm(
    failed: int, done: int, alarming: bool
) -> None:
    alarm = ALARMS["TaskFailureAlarm"]
    rate = next(one for one in alarm["Metrics"] if one["ReturnData"])["Expression"]["Fn::Sub"]
    condition, share, otherwise = (
        rate.replace("${FailureMinimumItems}", "20")
        .removeprefix("IF(")
        .removesuffix(")")
        .rsplit(",", 2)
    )
    names = {"failed": failed, "done": done}
    value = eval(share, {}, names) if eval(condition, {}, names) else float(otherwise)
    assert alarm["Threshold"] == {"Ref": "FailureRatePercent"}
    assert (value > 5) is alarming
    assert {one["MetricStat"]["Period"] for one in alarm["Metrics"] if "MetricStat" in one} == {600}


def test_an_age_is_alarming_only_beyond_the_heartbeat_of_its_stage() -> None:
    said = next(one for one in ALARMS["QueueAgeAlarm"]["Metrics"] if one["ReturnData"])[
        "Expression"
    ]
    limits = [int(number) for number in re.findall(r"/(\d+)", said)]
    assert all(limit > stage.heartbeat_seconds for limit, stage in zip(limits, STAGES, strict=True))


def test_crashes_are_told_from_tasks_that_scaling_stops() -> None:
    filters = of_type("AWS::Logs::MetricFilter")
    crashed = filters["CrashedTaskFilter"]["FilterPattern"]
    assert set(re.findall(r'"(\w+)"', crashed)) == {"EssentialContainerExited", "TaskFailedToStart"}
    names = {made["MetricTransformations"][0]["MetricName"]["Fn::Sub"] for made in filters.values()}
    watched = {
        one["MetricStat"]["Metric"]["MetricName"]["Fn::Sub"]
        for one in ALARMS["CrashRateAlarm"]["Metrics"]
        if one.get("MetricStat", {}).get("Metric", {}).get("Namespace") == "Riskmill/Tasks"
    }
    assert watched <= names


def test_the_dashboard_shows_runs_cost_and_alarms_of_both_stacks() -> None:
    body = of_type("AWS::CloudWatch::Dashboard")["Dashboard"]["DashboardBody"]["Fn::Sub"][0]
    for said in ("run_id", "status", "code_version", "manifest_sha256", "Fargate, USD an hour"):
        assert said in body
    shown = set(re.findall(r"\$\{Alarm\}-([a-z-]+)-\$", body))
    names = {re.sub(r"^ecs-|-\$.*$", "", made["AlarmName"]["Fn::Sub"]) for made in ALARMS.values()}
    assert shown <= names
    assert len(shown) >= 8
