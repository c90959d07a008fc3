"""
Who may do what: a role for each stage's tasks and for their start, each state machine, each rule.

They belong to the foundation: whoever deploys the workload needs no right to make roles. What
they reach is named, since it comes later.
"""

from collections.abc import Iterator, Sequence

from troposphere import Join, Output, Ref, Sub, Template, iam

from riskmill.cloud.encryption import key_arn
from riskmill.cloud.logs import GROUPS
from riskmill.cloud.references import (
    Value,
    allow,
    arn,
    arn_of,
    assumed_by,
    document,
    list_or_one,
    when,
)
from riskmill.cloud.stages import BY_ROOM, STAGES, Grant, Stage
from riskmill.domain import NAMESPACE

Statements = list[dict[str, Value]]
RUN, WATCH = "batch-run", "batch-watch"
"""Beginnings of the names of the two state machines."""
_ENV = "${EnvironmentSuffix}"
CLUSTER = f"batch-processing-{_ENV}"
_ROLE_NAMES = {
    **{f"{stage.prefix}ExecutionRole": f"ecs-start-{stage.name}" for stage in STAGES},
    **{f"{stage.prefix}TaskRole": f"ecs-task-{stage.name}" for stage in STAGES},
    "RunWorkflowRole": f"states-{RUN}",
    "WatchWorkflowRole": f"states-{WATCH}",
    "EventBridgeRole": "eventbridge-wake-ingestion",
    "CutOffRole": "scheduler-cut-off",
}
"""Logical id to the beginning of the name."""


def role_arn(logical_id: str) -> Value:
    """ARN of a role of the foundation, as the workload says it."""
    name = f"{_ROLE_NAMES[logical_id]}-{_ENV}-${{AWS::Region}}"
    return Sub(f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{name}")


def execution_role_id(stage: Stage) -> str:
    """Logical id of the role that starts the stage's tasks."""
    return f"{stage.prefix}ExecutionRole"


def task_role_id(stage: Stage) -> str:
    """Logical id of the role that the stage's own code has."""
    return f"{stage.prefix}TaskRole"


def add_roles(template: Template) -> None:
    """Add every role, and the ARNs of the stages' roles as outputs."""
    tasks = assumed_by("ecs-tasks", arn("ecs", "*"))
    for stage in STAGES:
        _add(template, execution_role_id(stage), tasks, _starting(stage))
        _add(template, task_role_id(stage), tasks, list(_working(stage)))
    _add(template, "RunWorkflowRole", _machine(RUN), _running())
    _add(template, "WatchWorkflowRole", _machine(WATCH), _watching())
    starts_watch = [allow("states:StartExecution", machine_arn(WATCH))]
    waking = assumed_by("events", arn("events", f"rule/wake-ingestion-{_ENV}"))
    _add(template, "EventBridgeRole", waking, starts_watch)
    undelivered = allow("sqs:SendMessage", arn("sqs", f"undelivered-events-{_ENV}"))
    asking = assumed_by("scheduler", arn("scheduler", "schedule-group/default"))
    _add(template, "CutOffRole", asking, [*starts_watch, undelivered])
    for output, about, role in (
        ("TaskExecutionRoleArn", "Task Execution Role ARN of each stage", execution_role_id),
        ("TaskRoleArn", "Task Role ARN of each stage", task_role_id),
    ):
        arns = [arn_of(role(stage)) for stage in STAGES]
        template.add_output(Output(output, Description=about, Value=Join(",", arns)))


def _add(template: Template, logical_id: str, trust: Value, statements: Statements) -> None:
    template.add_resource(
        iam.Role(
            logical_id,
            RoleName=Sub(f"{_ROLE_NAMES[logical_id]}-{_ENV}-${{AWS::Region}}"),
            AssumeRolePolicyDocument=trust,
            PermissionsBoundary=when("HasPermissionsBoundary", Ref("PermissionsBoundaryArn")),
            Policies=[iam.Policy(PolicyName="own", PolicyDocument=document(*statements))],
        )
    )


def _starting(stage: Stage) -> Statements:
    """Pull the stage's image and write the stage's log; the registry's token knows no resource."""
    group = GROUPS[f"{stage.prefix}LogGroup"]
    return [
        allow("ecr:GetAuthorizationToken", "*"),
        allow(
            ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            arn("ecr", f"repository/{stage.name}-{_ENV}"),
        ),
        allow(
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            arn("logs", f"log-group:{group}-{_ENV}:log-stream:*"),
        ),
    ]


def _working(stage: Stage) -> Iterator[dict[str, Value]]:
    for grant in stage.grants:
        yield from _in_bucket(grant)
    yield _with_keys("s3", "sqs")
    yield allow(
        ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"], _queue(stage)
    )
    # Task tokens know no resource: whoever holds the token may answer it.
    yield allow(
        ["states:SendTaskFailure", "states:SendTaskHeartbeat", "states:SendTaskSuccess"], "*"
    )
    yield allow(
        ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"], arn("ecs", f"task/{CLUSTER}/*")
    )
    if stage.starts_runs:
        yield allow("states:StartExecution", machine_arn(RUN))


def _in_bucket(grant: Grant) -> Iterator[dict[str, Value]]:
    actions = {"read": "s3:GetObject", "write": "s3:PutObject"}
    found = [actions[verb] for verb in grant.verbs if verb in actions]
    yield allow(found, _objects(grant.bucket, *grant.prefixes))
    if "list" in grant.verbs:
        yield _listing(grant.bucket, *grant.prefixes)


def _bucket(kind: str) -> str:
    return f"arn:${{AWS::Partition}}:s3:::${{{kind.capitalize()}BucketName}}"


def _objects(kind: str, *prefixes: str) -> Value:
    return list_or_one([Sub(f"{_bucket(kind)}/{prefix}*") for prefix in prefixes])


def _listing(kind: str, *prefixes: str) -> dict[str, Value]:
    """Return leave to list a bucket under these prefixes only."""
    return allow(
        "s3:ListBucket",
        Sub(_bucket(kind)),
        conditions={"StringLike": {"s3:prefix": [f"{prefix}*" for prefix in prefixes]}},
    )


def _with_keys(*services: str) -> dict[str, Value]:
    """Return leave to use the keys for what these services encrypt, and for nothing else."""
    through = [Sub(f"{one}.${{AWS::Region}}.${{AWS::URLSuffix}}") for one in services]
    return allow(
        ["kms:Decrypt", "kms:GenerateDataKey"],
        [key_arn(), when("HasBucketKey", Ref("BucketKeyArn"))],
        conditions={"StringEquals": {"kms:ViaService": list_or_one(through)}},
    )


def _queue(stage: Stage) -> Value:
    return arn("sqs", f"{stage.name}-{_ENV}")


def machine_arn(name: str) -> Value:
    """ARN of a state machine by the beginning of its name."""
    return arn("states", f"stateMachine:{name}-{_ENV}")


def _machine(name: str) -> Value:
    return assumed_by("states", machine_arn(name))


def _running() -> Statements:
    executions = [arn("states", f"execution:{RUN}-{_ENV}{mark}*") for mark in ":/"]
    return [
        allow("sqs:SendMessage", [_queue(stage) for stage in STAGES]),
        allow("s3:GetObject", _objects("output", "runs/*/items/")),
        allow("s3:PutObject", _objects("output", "runs/*/executions/")),
        _with_keys("s3", "sns", "sqs"),
        allow("sns:Publish", arn("sns", f"riskmill-alarms-{_ENV}")),
        # Each item of a distributed map is an execution of the machine itself.
        allow("states:StartExecution", [machine_arn(RUN), machine_arn(WATCH)]),
        allow(["states:DescribeExecution", "states:StopExecution"], executions),
        *_floors(STAGES),
        *_telling(),
    ]


def _watching() -> Statements:
    counts = {"StringEquals": {"cloudwatch:namespace": NAMESPACE}}
    return [
        allow("states:DescribeExecution", arn("states", f"execution:{RUN}-{_ENV}:*")),
        _listing("output", "runs/"),
        allow("cloudwatch:PutMetricData", "*", conditions=counts),
        *_floors((BY_ROOM["ingestion"],)),
        *_telling(),
    ]


def _floors(stages: Sequence[Stage]) -> Statements:
    """Move the floors of services: scaling asks the service in the caller's name."""
    services = [arn("ecs", f"service/{CLUSTER}/{stage.name}-service-{_ENV}") for stage in stages]
    dimension = {
        "application-autoscaling:service-namespace": "ecs",
        "application-autoscaling:scalable-dimension": "ecs:service:DesiredCount",
    }
    return [
        allow(
            "application-autoscaling:RegisterScalableTarget",
            arn("application-autoscaling", "scalable-target/*"),
            conditions={"StringEquals": dimension},
        ),
        allow(["ecs:DescribeServices", "ecs:UpdateService"], list_or_one(services)),
    ]


def _telling() -> Statements:
    """
    What a state machine needs to write its log and its traces.

    None of these actions knows a resource.
    """
    delivery = (
        "CreateLogDelivery", "DeleteLogDelivery", "DescribeLogGroups", "DescribeResourcePolicies",
        "GetLogDelivery", "ListLogDeliveries", "PutResourcePolicy", "UpdateLogDelivery",
    )  # fmt: skip
    traces = (
        "GetSamplingRules", "GetSamplingTargets", "PutTelemetryRecords", "PutTraceSegments",
    )  # fmt: skip
    actions = [f"logs:{one}" for one in delivery] + [f"xray:{one}" for one in traces]
    return [allow(actions, "*")]
