"""
Alarms: each on a metric that really exists, each telling a topic that lets it through.

`RUNBOOK` says for each what it means and what to do; docs/operations.md is made from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from troposphere import Export, GetAtt, Output, Ref, Sub, Template, cloudwatch, sns

from riskmill.cloud.encryption import key_arn
from riskmill.cloud.logs import TASK_NAMESPACE
from riskmill.cloud.queues import dead_letter_id, queue_id
from riskmill.cloud.references import (
    ACCOUNT,
    ENVIRONMENT,
    Value,
    allow,
    arn,
    document,
    export_name,
    imported,
    named,
    only_tls,
)
from riskmill.cloud.stages import STAGES
from riskmill.domain import NAMESPACE

WINDOW_SECONDS = 600
CRASHES_LEAST = 3
"""Fewer crashes in ten minutes than this raise no alarm, whatever their share."""
AGE_MARGIN = 2
"""A message may wait this many heartbeats before its age is alarming."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """One metric of an expression."""

    name: str
    namespace: str
    metric: str
    dimensions: Mapping[str, Value]
    stat: str = "Sum"


def add_alarms(template: Template) -> None:
    """Add the alarms on the workload's tasks, queues and runs."""
    _add_rates(template)
    _add_queue_alarms(template)
    _add_run_alarms(template)


def add_outer_alarms(template: Template) -> None:
    """Add the topic, and the alarms that hold without a workload, too."""
    _add_topic(template)
    _add_watch_alarms(template)


def _add_topic(template: Template) -> None:
    template.add_resource(
        sns.Topic(
            "AlarmTopic",
            TopicName=named("riskmill-alarms"),
            KmsMasterKeyId=key_arn(),
        )
    )
    alarms = allow(
        "sns:Publish",
        Ref("AlarmTopic"),
        sid="Alarms",
        principal={"Service": "cloudwatch.amazonaws.com"},
        conditions={
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": arn("cloudwatch", "alarm:ecs-*-${EnvironmentSuffix}")},
        },
    )
    template.add_resource(
        sns.TopicPolicy(
            "AlarmTopicPolicy",
            Topics=[Ref("AlarmTopic")],
            PolicyDocument=document(alarms, only_tls(Ref("AlarmTopic"), "sns:Publish")),
        )
    )
    template.add_resource(
        sns.SubscriptionResource(
            "AlarmMail",
            Condition="HasAlarmEmail",
            TopicArn=Ref("AlarmTopic"),
            Protocol="email",
            Endpoint=Ref("AlarmEmail"),
        )
    )
    template.add_output(
        Output(
            "AlarmTopicArn",
            Description="Topic of alarms and of the ends of runs",
            Value=Ref("AlarmTopic"),
            Export=Export(export_name("Topic")),
        )
    )


def _add_rates(template: Template) -> None:
    environment = {"Environment": ENVIRONMENT}
    _add(
        template,
        "TaskFailureAlarm",
        "task-failures",
        "Task failure rate exceeds its limit, 5% by default, over 10 minutes",
        [
            Watched(
                name="failed", namespace=NAMESPACE, metric="ItemsFailed", dimensions=environment
            ),
            Watched(
                name="done", namespace=NAMESPACE, metric="ItemsFinished", dimensions=environment
            ),
        ],
        "IF(failed+done>={least},100*failed/(failed+done),0)",
        above=Ref("FailureRatePercent"),
    )
    _add(
        template,
        "CrashRateAlarm",
        "crashed-tasks",
        "Too many tasks crashed in 10 minutes: above the limit, and at least 3",
        [
            _counted("crashed", "Crashed"),
            _counted("stopped", "Stopped"),
            Watched(
                name="running",
                namespace="ECS/ContainerInsights",
                metric="TaskCount",
                dimensions={"ClusterName": Ref("ECSCluster")},
                stat="Maximum",
            ),
        ],
        f"IF(crashed>={CRASHES_LEAST},100*crashed/(stopped+FILL(running,0)),0)",
        above=Ref("FailureRatePercent"),
    )


def _counted(name: str, what: str) -> Watched:
    return Watched(name=name, namespace=TASK_NAMESPACE, metric=what, dimensions={})


def _add_queue_alarms(template: Template) -> None:
    dead = [GetAtt(dead_letter_id(stage), "QueueName") for stage in STAGES]
    dead.append(named("undelivered-events"))
    waiting = [_queued(f"q{n}", "NumberOfMessagesVisible", one) for n, one in enumerate(dead)]
    _add(
        template,
        "DeadLetterAlarm",
        "dead-letters",
        "A message was given up after three attempts, or an event reached nobody",
        waiting,
        "+".join(f"FILL({one.name},0)" for one in waiting),
        above=0,
    )
    work = [GetAtt(queue_id(stage), "QueueName") for stage in STAGES]
    ages = [_queued(f"q{n}", "AgeOfOldestMessage", one) for n, one in enumerate(work)]
    shares = [
        f"FILL({one.name},0)/{AGE_MARGIN * stage.heartbeat_seconds}"
        for one, stage in zip(ages, STAGES, strict=True)
    ]
    _add(
        template,
        "QueueAgeAlarm",
        "queue-age",
        "A message waits for longer than its work may take",
        ages,
        f"MAX([{','.join(shares)}])",
        above=1,
    )


def _queued(name: str, metric: str, queue: Value) -> Watched:
    return Watched(
        name=name,
        namespace="AWS/SQS",
        metric=f"Approximate{metric}",
        dimensions={"QueueName": queue},
        stat="Maximum",
    )


def _add_watch_alarms(template: Template) -> None:
    for logical_id, name, about, metric in (
        ("BatchMissingAlarm", "batch-missing", "No batch by the cut-off", "BatchesMissing"),
        ("RunLateAlarm", "run-late", "A run goes on beyond its deadline", "RunsLate"),
    ):
        _add_single(
            template,
            logical_id,
            name,
            about,
            Watched(
                name="said",
                namespace=NAMESPACE,
                metric=metric,
                dimensions={"Environment": ENVIRONMENT},
                stat="Maximum",
            ),
            above=0,
            # It stays as it is until the next answer.
            missing="ignore",
        )
    _add_single(
        template,
        "WatchFailedAlarm",
        "watch-failed",
        "Deadline or cut-off are not watched: the watch itself failed",
        _ended("Failed", "WatchWorkflow"),
        above=0,
    )


def _add_run_alarms(template: Template) -> None:
    endings = [_ended(ending, "RunWorkflow") for ending in ("Failed", "Aborted")]
    total = "+".join(f"FILL({one.name},0)" for one in endings)
    _add(template, "RunFailedAlarm", "run-failed", "A run failed", endings, total, above=0)
    _add_single(
        template,
        "DeploymentFailedAlarm",
        "deployment-failed",
        "A service went back to what it ran before: the new tasks did not stay up",
        _counted("failed", "DeploymentFailed"),
        above=0,
    )


def _ended(ending: str, machine: str) -> Watched:
    return Watched(
        name=ending.lower(),
        namespace="AWS/States",
        metric=f"Executions{ending}",
        dimensions={"StateMachineArn": Ref(machine)},
    )


def _add_single(
    template: Template,
    logical_id: str,
    name: str,
    about: str,
    watched: Watched,
    *,
    above: Value,
    missing: str = "notBreaching",
) -> None:
    template.add_resource(
        cloudwatch.Alarm(
            logical_id,
            **_said(template, name, about, above, missing),
            Namespace=watched.namespace,
            MetricName=_metric_name(watched),
            Dimensions=_dimensions(watched),
            Statistic=watched.stat,
            Period=300,
        )
    )


def _add(
    template: Template,
    logical_id: str,
    name: str,
    about: str,
    watched: list[Watched],
    expression: str,
    *,
    above: Value,
) -> None:
    said: Value = expression
    if "{least}" in expression:
        said = Sub(expression.replace("{least}", "${FailureMinimumItems}"))
    rate = cloudwatch.MetricDataQuery(Id="result", Expression=said, ReturnData=True)
    template.add_resource(
        cloudwatch.Alarm(
            logical_id,
            **_said(template, name, about, above, "notBreaching"),
            Metrics=[rate, *(_query(one) for one in watched)],
        )
    )


def _said(
    template: Template, name: str, about: str, above: Value, missing: str
) -> dict[str, Value]:
    own = "AlarmTopic" in template.resources
    topic = Ref("AlarmTopic") if own else imported("Topic")
    return {
        "AlarmName": named(f"ecs-{name}"),
        "AlarmDescription": about,
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": above,
        "EvaluationPeriods": 1,
        "TreatMissingData": missing,
        "AlarmActions": [topic],
    }


def _query(watched: Watched) -> cloudwatch.MetricDataQuery:
    return cloudwatch.MetricDataQuery(
        Id=watched.name,
        MetricStat=cloudwatch.MetricStat(
            Metric=cloudwatch.Metric(
                Namespace=watched.namespace,
                MetricName=_metric_name(watched),
                Dimensions=_dimensions(watched),
            ),
            Period=WINDOW_SECONDS,
            Stat=watched.stat,
        ),
        ReturnData=False,
    )


def _metric_name(watched: Watched) -> Value:
    """The counts of metric filters know no dimension, so their names tell the environment."""
    return named(watched.metric) if watched.namespace == TASK_NAMESPACE else watched.metric


def _dimensions(watched: Watched) -> list[cloudwatch.MetricDimension]:
    return [
        cloudwatch.MetricDimension(Name=name, Value=value)
        for name, value in watched.dimensions.items()
    ]
