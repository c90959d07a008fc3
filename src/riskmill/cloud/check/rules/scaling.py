"""Application Auto Scaling, as the service checks it."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from riskmill.cloud.check.fargate import POLICY, SERVICE, TARGET
from riskmill.cloud.check.rule import Found, Rule, Severity, found
from riskmill.cloud.check.values import (
    Map,
    Path,
    Value,
    at,
    holes,
    known,
    maps,
    number,
    shown,
    without_holes,
)
from riskmill.cloud.check.world import Resource, World

DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "ecs": ("ecs:service:DesiredCount",),
    "ec2": ("ec2:spot-fleet-request:TargetCapacity",),
    "dynamodb": (
        "dynamodb:table:ReadCapacityUnits", "dynamodb:table:WriteCapacityUnits",
        "dynamodb:index:ReadCapacityUnits", "dynamodb:index:WriteCapacityUnits",
    ),
    "rds": ("rds:cluster:ReadReplicaCount",),
    "lambda": ("lambda:function:ProvisionedConcurrency",),
    "appstream": ("appstream:fleet:DesiredCapacity",),
    "kafka": ("kafka:broker-storage:VolumeSize",),
    "cassandra": ("cassandra:table:ReadCapacityUnits", "cassandra:table:WriteCapacityUnits"),
}  # fmt: skip
"""Service namespaces and their dimensions (API Reference, RegisterScalableTarget)."""
SHAPES: Mapping[str, str] = {
    "ecs": r"service/[^/]+/[^/]+",
    "dynamodb": r"table/[^/]+(/index/[^/]+)?",
    "rds": r"cluster:.+",
    "lambda": r"function:[^:]+:[^:]+",
}
"""Service namespaces and the shape of their resource ids, holes written as X."""
PREDEFINED: Mapping[str, str] = {
    "ECSServiceAverageCPUUtilization": "ecs",
    "ECSServiceAverageMemoryUtilization": "ecs",
    "ALBRequestCountPerTarget": "ecs ec2 sagemaker",
    "DynamoDBReadCapacityUtilization": "dynamodb",
    "DynamoDBWriteCapacityUtilization": "dynamodb",
    "EC2SpotFleetRequestAverageCPUUtilization": "ec2",
    "LambdaProvisionedConcurrencyUtilization": "lambda",
    "RDSReaderAverageCPUUtilization": "rds",
    "RDSReaderAverageDatabaseConnections": "rds",
}
"""Predefined metrics and the namespaces they belong to."""
ORDERED: Mapping[str, tuple[tuple[str, str], ...]] = {
    TARGET: (("MinCapacity", "MaxCapacity"),),
    "AWS::AutoScaling::AutoScalingGroup": (
        ("MinSize", "MaxSize"), ("DesiredCapacity", "MaxSize"), ("MinSize", "DesiredCapacity"),
    ),
    "AWS::EC2::SecurityGroupIngress": (("FromPort", "ToPort"),),
    "AWS::EC2::SecurityGroupEgress": (("FromPort", "ToPort"),),
}  # fmt: skip
"""Pairs of properties of which the first may not be above the second."""


def _min_above_max(world: World) -> Iterator[Found]:
    for kind, pairs in ORDERED.items():
        for resource in world.of_type(kind):
            for low, high in pairs:
                least, most = (number(resource.properties.get(name)) for name in (low, high))
                if least is not None and most is not None and least > most and least >= 0:
                    yield found(
                        resource,
                        (low,),
                        f"{low} {least:g} is above {high} {most:g}",
                        resource.properties.get(low),
                    )


def _nested_min_above_max(world: World) -> Iterator[Found]:
    """Look at scheduled actions, rules inside security groups and bounds of parameters."""
    for target in world.of_type(TARGET):
        for position, action in maps(target.properties.get("ScheduledActions")):
            path = ("ScheduledActions", position, "ScalableTargetAction")
            inner = action.get("ScalableTargetAction")
            yield from _compared(target, path, inner, "MinCapacity", "MaxCapacity")
    for group in world.of_type("AWS::EC2::SecurityGroup"):
        for name in ("SecurityGroupIngress", "SecurityGroupEgress"):
            for position, rule in maps(group.properties.get(name)):
                yield from _compared(group, (name, position), rule, "FromPort", "ToPort")


def _compared(
    resource: Resource, path: Path, holder: Value, low: str, high: str
) -> Iterator[Found]:
    least, most = number(at(holder, low)), number(at(holder, high))
    if least is not None and most is not None and least > most:
        yield found(resource, path, f"{low} {least:g} is above {high} {most:g}", holder)


def _any_min_above_max(world: World) -> Iterator[Found]:
    yield from _min_above_max(world)
    yield from _nested_min_above_max(world)


def _namespace(resource: Resource) -> str | None:
    return known(resource.properties.get("ServiceNamespace"))


def _wrong_dimension(world: World) -> Iterator[Found]:
    for resource in world.of_type(TARGET, POLICY):
        namespace = _namespace(resource) or ""
        dimension = known(resource.properties.get("ScalableDimension"))
        if dimension and namespace in DIMENSIONS and dimension not in DIMENSIONS[namespace]:
            yield found(
                resource,
                ("ScalableDimension",),
                f"{namespace} has no dimension {dimension}; it has "
                f"{', '.join(DIMENSIONS[namespace])}",
                dimension,
            )


def _wrong_resource(world: World) -> Iterator[Found]:
    for resource in world.of_type(TARGET, POLICY):
        name = resource.properties.get("ResourceId")
        shape = SHAPES.get(_namespace(resource) or "")
        if not isinstance(name, str) or not shape or _hides_its_shape(name):
            continue
        if not re.fullmatch(shape, without_holes(name, "X")):
            yield found(
                resource,
                ("ResourceId",),
                f"ResourceId {shown(name)} has not the shape {shape}",
                name,
            )


def _hides_its_shape(name: str) -> bool:
    """Whether a hole may hold more than one part of the id."""
    return any(kind in "piua" or kind == "r" for kind, _, _ in holes(name)) and (
        without_holes(name, "") == "" or any(kind in "iu" for kind, _, _ in holes(name))
    )


def _service_by_arn(world: World) -> Iterator[Found]:
    for target in world.of_type(TARGET, POLICY):
        name = target.properties.get("ResourceId")
        for kind, resource, attribute in holes(name):
            meant = world.resources.get(resource)
            if kind == "r" and meant and meant.type == SERVICE and not attribute:
                yield found(
                    target,
                    ("ResourceId",),
                    f"the Ref of {resource} is an ARN; ResourceId needs service/cluster/name",
                    name,
                )


def _race(world: World) -> Iterator[Found]:
    for target in world.of_type(TARGET):
        name = target.properties.get("ResourceId")
        service = world.meant(name, SERVICE)
        if service is None and isinstance(name, str):
            tail = name.rpartition("/")[2]
            service = next(
                (s for s in world.of_type(SERVICE) if s.properties.get("ServiceName") == tail), None
            )
        if service is None or any(resource == service.id for _, resource, _ in holes(name)):
            continue
        if service.id not in target.depends_on():
            yield found(
                target,
                ("ResourceId",),
                f"names {service.id} by text and does not depend on it",
                name,
            )


def _foreign_metric(world: World) -> Iterator[Found]:
    for policy in world.of_type(POLICY):
        metric = known(
            at(
                policy.properties,
                "TargetTrackingScalingPolicyConfiguration",
                "PredefinedMetricSpecification",
                "PredefinedMetricType",
            )
        )
        target = world.meant(policy.properties.get("ScalingTargetId"), TARGET)
        namespace = _namespace(target or policy)
        if (
            metric is not None
            and metric in PREDEFINED
            and namespace
            and namespace not in PREDEFINED[metric].split()
        ):
            yield found(
                policy,
                ("TargetTrackingScalingPolicyConfiguration",),
                f"{metric} is no metric of {namespace}",
                metric,
            )


def _overlapping_steps(world: World) -> Iterator[Found]:
    for policy in world.of_type(POLICY):
        steps = at(policy.properties, "StepScalingPolicyConfiguration", "StepAdjustments")
        bounds = sorted(
            (
                number(step.get("MetricIntervalLowerBound"))
                if "MetricIntervalLowerBound" in step
                else float("-inf"),
                number(step.get("MetricIntervalUpperBound"))
                if "MetricIntervalUpperBound" in step
                else float("inf"),
            )
            for _, step in maps(steps)
            if _bounds_known(step)
        )
        for (_, upper), (lower, _) in pairwise(bounds):
            if upper is not None and lower is not None and upper != lower:
                word = "overlap" if upper > lower else "leave a gap"
                yield found(
                    policy,
                    ("StepScalingPolicyConfiguration", "StepAdjustments"),
                    f"two steps {word} between {min(lower, upper):g} and {max(lower, upper):g}",
                    steps,
                )


def _bounds_known(step: Map) -> bool:
    names = ("MetricIntervalLowerBound", "MetricIntervalUpperBound")
    return all(number(step[name]) is not None for name in names if name in step)


RULES = (
    Rule(
        code="C150",
        title="a minimum above its maximum",
        reason="The service refuses a minimum that is larger than the maximum.",
        source="Application Auto Scaling API Reference: RegisterScalableTarget",
        remedy="Exchange the two, or correct the defaults of the parameters behind them.",
        example="MinCapacity: 10, MaxCapacity: 2",
        find=_any_min_above_max,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C151",
        title="a dimension that the service does not have",
        reason="Each service namespace has dimensions of its own; another is refused.",
        source="Application Auto Scaling API Reference: RegisterScalableTarget, ScalableDimension",
        remedy="For an ECS service: ecs:service:DesiredCount.",
        example="ServiceNamespace: ecs, ScalableDimension: ecs:service:RunningCount",
        find=_wrong_dimension,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C152",
        title="a resource id of the wrong shape",
        reason="ResourceId is no ARN: it is service/cluster/name for ECS and table/name for "
        "DynamoDB.",
        source="Application Auto Scaling API Reference: RegisterScalableTarget, ResourceId",
        remedy="Join the parts: !Sub service/${Cluster}/${Service.Name}",
        example="ResourceId: cluster/batch/worker",
        find=_wrong_resource,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C153",
        title="scaling that may be created before its service",
        reason="A name that is written as text makes no dependency. CloudFormation may register "
        "the "
        "target before the service exists, and ECS then says that there is none.",
        source="AWS CloudFormation User Guide: DependsOn attribute",
        remedy="Use ${Service.Name} in ResourceId, or add DependsOn.",
        example="ResourceId: !Sub service/${Cluster}/worker-${Env} without DependsOn",
        find=_race,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C154",
        title="a predefined metric of another service",
        reason="A predefined metric belongs to one namespace; the policy is refused.",
        source="Application Auto Scaling API Reference: PredefinedMetricSpecification",
        remedy="Choose a metric of the target's own service.",
        example="DynamoDBReadCapacityUtilization on a target of ecs",
        find=_foreign_metric,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C155",
        title="an ARN where the name of a service is needed",
        reason="Ref of an ECS service is its ARN, which has slashes of its own; the id is refused.",
        source="AWS CloudFormation User Guide: AWS::ECS::Service, return values",
        remedy="Use ${Service.Name}.",
        example="ResourceId: !Sub service/${Cluster}/${Service}",
        find=_service_by_arn,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C156",
        title="scaling steps that overlap or leave a gap",
        reason="The ranges of step adjustments have to meet: neither overlap nor gap is accepted.",
        source="Application Auto Scaling User Guide: Step scaling policies",
        remedy="Let each upper bound be the next lower bound.",
        example="Steps from 0 to 10 and from 20 on",
        find=_overlapping_steps,
        severity=Severity.ERROR,
    ),
)  # fmt: skip
