"""What follows from the table of stages: one queue, two roles, one service for each."""

import pytest

from riskmill.cloud import STAGES, Stage
from riskmill.domain import METRICS, NAMESPACE, SERVICES, WATCHES
from tests.cloud.templates import RESOURCES, STACKS, of_type, watched_metrics

EACH = pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)


def test_the_stages_are_those_of_the_plan() -> None:
    assert {stage.room: stage.name for stage in STAGES} == dict(SERVICES)


@EACH
def test_a_task_runs_as_the_seed_sized_it_and_hardened(stage: Stage) -> None:
    task = of_type("AWS::ECS::TaskDefinition")[f"{stage.prefix}TaskDefinition"]
    assert (task["Cpu"], task["Memory"]) == (str(stage.cpu), str(stage.memory))
    (container,) = task["ContainerDefinitions"]
    assert container["ReadonlyRootFilesystem"] is True
    assert container["User"].split(":")[0] not in ("0", "root")
    assert container["LinuxParameters"]["InitProcessEnabled"] is True
    assert container["StopTimeout"] == 120
    assert container["HealthCheck"]["StartPeriod"] == 120
    assert container["LogConfiguration"]["Options"]["mode"] == "blocking"
    assert container["Image"] == {"Ref": f"{stage.prefix}Image"}
    said = {one["Name"] for one in container["Environment"]}
    assert said >= {"DATA_BUCKET", "OUTPUT_BUCKET", "QUEUE_URL"}


@EACH
def test_messages_received_three_times_go_to_the_dead_letters(stage: Stage) -> None:
    queue = of_type("AWS::SQS::Queue")[f"{stage.prefix}Queue"]
    dead = {"Fn::GetAtt": [f"{stage.prefix}DeadLetterQueue", "Arn"]}
    assert queue["RedrivePolicy"] == {"deadLetterTargetArn": dead, "maxReceiveCount": 3}


@EACH
def test_the_backlog_alone_decides_to_scale_in(stage: Stage) -> None:
    policies = of_type("AWS::ApplicationAutoScaling::ScalingPolicy")
    how = "TargetTrackingScalingPolicyConfiguration"
    by_cpu = policies[f"{stage.prefix}ScalingPolicy"][how]
    by_backlog = policies[f"{stage.prefix}BacklogPolicy"][how]
    assert (by_cpu["TargetValue"], by_cpu["DisableScaleIn"]) == (70.0, True)
    assert "DisableScaleIn" not in by_backlog
    metrics = by_backlog["CustomizedMetricSpecification"]["Metrics"]
    assert [one["Id"] for one in metrics if one["ReturnData"]] == ["backlog"]


@EACH
def test_the_defaults_are_the_seeds(stage: Stage) -> None:
    parameters = STACKS["workload"]["Parameters"]
    assert parameters[f"{stage.prefix}MinCapacity"]["Default"] == stage.floor
    assert parameters[f"{stage.prefix}MaxCapacity"]["Default"] == stage.ceiling


def test_only_risk_may_run_on_spot_and_its_floor_never_does() -> None:
    services = of_type("AWS::ECS::Service")
    spot = {
        name: made["CapacityProviderStrategy"]
        for name, made in services.items()
        if any(
            one["CapacityProvider"] == "FARGATE_SPOT" for one in made["CapacityProviderStrategy"]
        )
    }
    ((name, strategy),) = spot.items()
    assert name == "RiskCalculationService"
    assert strategy[0]["Base"] == {"Ref": "RiskCalculationMinCapacity"}


def test_every_metric_of_riskmill_that_is_watched_is_declared() -> None:
    watched = set()
    for alarm in of_type("AWS::CloudWatch::Alarm").values():
        for metric in watched_metrics(alarm):
            if metric["Namespace"] == NAMESPACE:
                watched.add(metric["MetricName"])
    assert watched
    assert watched <= {*METRICS, *WATCHES}


def test_a_heartbeat_outlasts_the_wait_for_tasks_and_for_the_messages_before() -> None:
    for stage in STAGES:
        assert stage.heartbeat_seconds >= 600 + stage.backlog * stage.item_seconds
        assert stage.limit_seconds > stage.heartbeat_seconds
        visible_again = RESOURCES[f"{stage.prefix}Queue"]["Properties"]["VisibilityTimeout"]
        assert visible_again < stage.heartbeat_seconds
