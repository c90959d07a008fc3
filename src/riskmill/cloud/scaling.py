"""Scaling: processors decide when to grow, the backlog decides when to grow and when to shrink."""

from troposphere import GetAtt, If, Ref, Sub, Template
from troposphere import applicationautoscaling as scaling

from riskmill.cloud.queues import queue_id
from riskmill.cloud.references import Value, named
from riskmill.cloud.services import service_name
from riskmill.cloud.stages import COOLDOWN_SECONDS, CPU_TARGET, STAGES, Stage


def add_scaling(template: Template) -> None:
    """Add for each stage the target with its schedule, and both policies."""
    for stage in STAGES:
        template.add_resource(_target(stage))
        template.add_resource(_by_cpu(stage))
        template.add_resource(_by_backlog(stage))


def idle_floor(stage: Stage) -> Value:
    """Tasks that stay when no run goes on: the floor, or that of idle hours if there are any."""
    return If("HasIdleHours", Ref("IdleCapacity"), Ref(f"{stage.prefix}MinCapacity"))


def _target(stage: Stage) -> scaling.ScalableTarget:
    return scaling.ScalableTarget(
        f"{stage.prefix}ScalableTarget",
        MinCapacity=Ref(f"{stage.prefix}MinCapacity"),
        MaxCapacity=Ref(f"{stage.prefix}MaxCapacity"),
        ResourceId=Sub(
            f"service/${{ECSCluster}}/${{{stage.prefix}Service.Name}}",
        ),
        ScalableDimension="ecs:service:DesiredCount",
        ServiceNamespace="ecs",
        ScheduledActions=If(
            "HasIdleHours",
            [
                _scheduled("busy", "BusySchedule", Ref(f"{stage.prefix}MinCapacity")),
                _scheduled("idle", "IdleSchedule", Ref("IdleCapacity")),
            ],
            Ref("AWS::NoValue"),
        ),
    )


def _scheduled(name: str, schedule: str, floor: Value) -> scaling.ScheduledAction:
    """Move the floor only: what is busy goes on, and the backlog policy takes the rest away."""
    return scaling.ScheduledAction(
        ScheduledActionName=name,
        Schedule=Ref(schedule),
        Timezone=Ref("TimeZone"),
        ScalableTargetAction=scaling.ScalableTargetAction(MinCapacity=floor),
    )


def _by_cpu(stage: Stage) -> scaling.ScalingPolicy:
    return _policy(
        stage,
        f"{stage.prefix}ScalingPolicy",
        f"{stage.name}-cpu-scaling",
        PredefinedMetricSpecification=scaling.PredefinedMetricSpecification(
            PredefinedMetricType="ECSServiceAverageCPUUtilization"
        ),
        TargetValue=float(CPU_TARGET),
        # A worker that waits for a message is idle, and still may be needed in a second.
        DisableScaleIn=True,
    )


def _by_backlog(stage: Stage) -> scaling.ScalingPolicy:
    return _policy(
        stage,
        f"{stage.prefix}BacklogPolicy",
        f"{stage.name}-backlog-scaling",
        CustomizedMetricSpecification=scaling.CustomizedMetricSpecification(
            Metrics=_backlog_per_task(stage)
        ),
        TargetValue=float(stage.backlog),
    )


def _policy(stage: Stage, logical_id: str, name: str, **how: Value) -> scaling.ScalingPolicy:
    return scaling.ScalingPolicy(
        logical_id,
        PolicyName=named(name),
        PolicyType="TargetTrackingScaling",
        ScalingTargetId=Ref(f"{stage.prefix}ScalableTarget"),
        TargetTrackingScalingPolicyConfiguration=scaling.TargetTrackingScalingPolicyConfiguration(
            ScaleInCooldown=COOLDOWN_SECONDS, ScaleOutCooldown=COOLDOWN_SECONDS, **how
        ),
    )


def _backlog_per_task(stage: Stage) -> list[scaling.TargetTrackingMetricDataQuery]:
    """
    Messages that wait or are worked on, for each running task.

    Container Insights says nothing of a service without tasks: that counts as one.
    """
    queue = {"QueueName": GetAtt(queue_id(stage), "QueueName")}
    service = {"ClusterName": Ref("ECSCluster"), "ServiceName": service_name(stage)}
    return [
        _metric("waiting", "AWS/SQS", "ApproximateNumberOfMessagesVisible", queue),
        _metric("busy", "AWS/SQS", "ApproximateNumberOfMessagesNotVisible", queue),
        _metric("tasks", "ECS/ContainerInsights", "RunningTaskCount", service),
        scaling.TargetTrackingMetricDataQuery(
            Id="backlog",
            Expression="(waiting+busy)/IF(FILL(tasks,0)>1,FILL(tasks,1),1)",
            ReturnData=True,
        ),
    ]


def _metric(
    name: str, namespace: str, metric: str, dimensions: dict[str, Value]
) -> scaling.TargetTrackingMetricDataQuery:
    return scaling.TargetTrackingMetricDataQuery(
        Id=name,
        MetricStat=scaling.TargetTrackingMetricStat(
            Metric=scaling.TargetTrackingMetric(
                Namespace=namespace,
                MetricName=metric,
                Dimensions=[
                    scaling.TargetTrackingMetricDimension(Name=key, Value=value)
                    for key, value in dimensions.items()
                ],
            ),
            Stat="Average",
        ),
        ReturnData=False,
    )
