"""Events: deliveries become messages, the fate of tasks becomes a log, the cut-off a question."""

from troposphere import If, Ref, Sub, Template, events, scheduler

from riskmill.cloud.logs import TASK_EVENTS
from riskmill.cloud.queues import queue_id, undelivered_arn
from riskmill.cloud.references import Value, arn, arn_of, named
from riskmill.cloud.roles import WATCH, machine_arn, role_arn
from riskmill.cloud.scaling import idle_floor
from riskmill.cloud.stages import BY_ROOM
from riskmill.domain import INBOX

_RETRIES, _AGE_SECONDS = 185, 86_400
"""As often and as long as EventBridge tries at most."""


def add_events(template: Template) -> None:
    """Add the rules on deliveries, and on waking the first worker."""
    _add_deliveries(template)
    _add_waking(template)


def add_outer_events(template: Template) -> None:
    """Add what goes on without the workload: its tasks' fate, and the question at the cut-off."""
    _add_task_events(template)
    _add_cut_off(template)


def _add_deliveries(template: Template) -> None:
    """Tell ingestion of each object in the inbox; folder markers have no bytes."""
    template.add_resource(
        events.Rule(
            "S3EventRule",
            Name=named("s3-object-created"),
            Description="Tell data ingestion of new data files in S3",
            EventPattern=_created([{"prefix": INBOX}]),
            State="ENABLED",
            Targets=[_target("DataIngestionQueue", arn_of(queue_id(BY_ROOM["ingestion"])))],
        )
    )


def _created(keys: list[Value]) -> dict[str, Value]:
    return {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {
            "bucket": {"name": [Ref("DataBucketName")]},
            "object": {"key": keys, "size": [{"numeric": [">", 0]}]},
        },
    }


def _add_task_events(template: Template) -> None:
    """Keep what ECS says of stopped tasks and failed deployments, for metric filters to count."""
    template.add_resource(
        events.Rule(
            "TaskEventRule",
            Name=named("ecs-task-events"),
            Description="Keep stopped tasks and deployments of the cluster in a log group",
            EventPattern={
                "source": ["aws.ecs"],
                "$or": [
                    {
                        "detail-type": ["ECS Task State Change"],
                        "detail": {
                            "clusterArn": [
                                arn("ecs", "cluster/batch-processing-${EnvironmentSuffix}")
                            ],
                            "lastStatus": ["STOPPED"],
                        },
                    },
                    {
                        "detail-type": ["ECS Deployment State Change"],
                        "resources": [
                            {"prefix": arn("ecs", "service/batch-processing-${EnvironmentSuffix}/")}
                        ],
                    },
                ],
            },
            State="ENABLED",
            Targets=[
                _target(
                    "TaskEventLogGroup",
                    arn("logs", f"log-group:{TASK_EVENTS}-${{EnvironmentSuffix}}"),
                )
            ],
        )
    )


def _add_waking(template: Template) -> None:
    """Where ingestion may stand at zero tasks: start one when a manifest arrives."""
    ingestion = BY_ROOM["ingestion"]
    template.add_resource(
        events.Rule(
            "WakeRule",
            Condition="MayBeAtZero",
            Name=named("wake-ingestion"),
            Description="Start the first worker of ingestion when a batch manifest arrives",
            EventPattern=_created([{"wildcard": f"{INBOX}*/manifest.json"}]),
            State="ENABLED",
            Targets=[
                _target(
                    "WatchWorkflow",
                    machine_arn(WATCH),
                    RoleArn=role_arn("EventBridgeRole"),
                    Input=Sub('{"watch":"wake","floor":${Floor}}', Floor=idle_floor(ingestion)),
                )
            ],
        )
    )


def _target(name: str, target: Value, **more: Value) -> events.Target:
    return events.Target(
        Id=name,
        Arn=target,
        DeadLetterConfig=events.DeadLetterConfig(Arn=undelivered_arn()),
        RetryPolicy=events.RetryPolicy(
            MaximumRetryAttempts=_RETRIES, MaximumEventAgeInSeconds=_AGE_SECONDS
        ),
        **more,
    )


def _add_cut_off(template: Template) -> None:
    template.add_resource(
        scheduler.Schedule(
            "CutOffSchedule",
            Name=named("cut-off"),
            Description="Ask whether the day's batch has come",
            State=If("HasCutOff", "ENABLED", "DISABLED"),
            ScheduleExpression=If("HasCutOff", Ref("CutOffTime"), "rate(1 day)"),
            ScheduleExpressionTimezone=Ref("TimeZone"),
            FlexibleTimeWindow=scheduler.FlexibleTimeWindow(Mode="OFF"),
            Target=scheduler.Target(
                Arn=Ref("WatchWorkflow"),
                RoleArn=arn_of("CutOffRole"),
                Input='{"watch":"cut-off","instant":"<aws.scheduler.scheduled-time>"}',
                DeadLetterConfig=scheduler.DeadLetterConfig(Arn=undelivered_arn()),
                RetryPolicy=scheduler.RetryPolicy(
                    MaximumRetryAttempts=_RETRIES, MaximumEventAgeInSeconds=_AGE_SECONDS
                ),
            ),
        )
    )
