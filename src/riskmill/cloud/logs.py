"""Log groups: a stage's own lines, what happens to tasks, and what the state machines do."""

import json
from collections.abc import Mapping

from troposphere import Ref, Sub, Template, logs

from riskmill.cloud.encryption import key_arn
from riskmill.cloud.references import (
    Value,
    allow,
    document,
    from_here,
    named,
)
from riskmill.cloud.stages import STAGES

TASK_EVENTS = "/aws/events/batch-processing"
"""EventBridge writes to groups of this beginning."""
WORKFLOW = "/aws/vendedlogs/states/batch-processing"
"""With this beginning, Step Functions adds nothing to the account's log policy per machine."""


TASK_NAMESPACE = "Riskmill/Tasks"
"""What the metric filters count; its metrics are named after the environment."""
FILTERS: Mapping[str, str] = {
    "Stopped": '{ $.detail.lastStatus = "STOPPED" }',
    "Crashed": '{ ($.detail.stopCode = "EssentialContainerExited")'
    ' || ($.detail.stopCode = "TaskFailedToStart") }',
    "DeploymentFailed": '{ $.detail.eventName = "SERVICE_DEPLOYMENT_FAILED" }',
}
"""What is counted in the log of task events; a task that scaling stops has another stop code."""


def group_name(logical_id: str) -> Value:
    """Name of a log group of the foundation, as the workload says it."""
    return named(GROUPS[logical_id])


GROUPS = {
    **{f"{stage.prefix}LogGroup": f"/ecs/{stage.name}" for stage in STAGES},
    "TaskEventLogGroup": TASK_EVENTS,
    "WorkflowLogGroup": WORKFLOW,
}
"""Logical id to the beginning of the name."""


def add_log_groups(template: Template) -> None:
    """Add every group, encrypted, kept for the days of the parameter, and retained."""
    for logical_id, beginning in GROUPS.items():
        template.add_resource(
            logs.LogGroup(
                logical_id,
                DeletionPolicy="Retain",
                UpdateReplacePolicy="Retain",
                LogGroupName=named(beginning),
                RetentionInDays=Ref("LogRetentionDays"),
                KmsKeyId=key_arn(),
            )
        )
    template.add_resource(
        logs.ResourcePolicy(
            "TaskEventLogPolicy",
            PolicyName=named("ecs-task-events"),
            PolicyDocument=_events_write(),
        )
    )
    for name, pattern in FILTERS.items():
        _add_filter(template, name, pattern)


def _add_filter(template: Template, name: str, pattern: str) -> None:
    template.add_resource(
        logs.MetricFilter(
            f"{name}TaskFilter",
            LogGroupName=Ref("TaskEventLogGroup"),
            FilterPattern=pattern,
            MetricTransformations=[
                logs.MetricTransformation(
                    MetricNamespace=TASK_NAMESPACE,
                    MetricName=named(name),
                    MetricValue="1",
                    DefaultValue=0,
                )
            ],
        )
    )


def _events_write() -> Value:
    """A log resource policy is a text, so the references in it are substituted."""
    here = "${AWS::Region}:${AWS::AccountId}"
    group = f"arn:${{AWS::Partition}}:logs:{here}:log-group:{TASK_EVENTS}-${{EnvironmentSuffix}}:*"
    rule = f"arn:${{AWS::Partition}}:events:{here}:rule/ecs-task-events-${{EnvironmentSuffix}}"
    policy = document(
        allow(
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            group,
            principal={"Service": ["events.amazonaws.com", "delivery.logs.amazonaws.com"]},
            conditions=from_here(rule),
        )
    )
    return Sub(json.dumps(policy, separators=(",", ":")))
