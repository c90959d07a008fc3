"""Roles that a service calls others with: whether they may do what the service will do."""

from collections.abc import Iterator, Mapping

from riskmill.cloud.check.fargate import ROLE, containers, tasks
from riskmill.cloud.check.machines import levels, read_machines
from riskmill.cloud.check.policies import rights
from riskmill.cloud.check.rule import Found, Rule, Severity, found
from riskmill.cloud.check.values import Map, at, items, maps, shown
from riskmill.cloud.check.world import Resource, World

TARGETS: Mapping[str, tuple[str, ...]] = {
    "AWS::StepFunctions::StateMachine": ("states:startexecution",),
    "AWS::ECS::Cluster": ("ecs:runtask",),
    "AWS::Kinesis::Stream": ("kinesis:putrecord", "kinesis:putrecords"),
    "AWS::KinesisFirehose::DeliveryStream": ("firehose:putrecord", "firehose:putrecordbatch"),
    "AWS::Batch::JobQueue": ("batch:submitjob",),
    "AWS::Events::ApiDestination": ("events:invokeapidestination",),
    "AWS::CodeBuild::Project": ("codebuild:startbuild",),
    "AWS::SQS::Queue": ("sqs:sendmessage",),
    "AWS::SNS::Topic": ("sns:publish",),
    "AWS::Lambda::Function": ("lambda:invokefunction",),
}
"""Types of targets, and the rights of which their call takes one."""


def _role(world: World, value: object) -> Resource | None:
    return world.meant(value, ROLE) if isinstance(value, str) else None


def _target_role(world: World) -> Iterator[Found]:
    calls = [
        (rule, ("Targets", position), target)
        for rule in world.of_type("AWS::Events::Rule")
        for position, target in maps(rule.properties.get("Targets"))
    ]
    for schedule in world.of_type("AWS::Scheduler::Schedule"):
        target = schedule.properties.get("Target")
        calls += [(schedule, ("Target", 0), target)] if isinstance(target, Map) else []
    for owner, path, target in calls:
        role = _role(world, target.get("RoleArn"))
        called = world.meant(target.get("Arn"), *TARGETS)
        if role is None or called is None:
            continue
        needed = TARGETS[called.type]
        if rights(world, role).certainly_may_not(*needed):
            yield found(
                owner,
                path,
                f"calls {called.id} with {role.id}, which does not allow {needed[0]}",
                role.id,
            )


def _execution_role(world: World) -> Iterator[Found]:
    for task in tasks(world):
        role = _role(world, task.properties.get("ExecutionRoleArn"))
        if role is None:
            continue
        held = rights(world, role)
        for need, actions in _needs(task):
            if held.certainly_may_not(*actions):
                yield found(
                    task,
                    ("ExecutionRoleArn",),
                    f"{role.id} does not allow {actions[0]}, which {need} takes",
                    role.id,
                )


def _needs(task: Resource) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What starting a task takes of its execution role, each thing once."""
    needs: dict[str, tuple[str, ...]] = {}
    for _, container in containers(task):
        image = shown(container.get("Image"))
        if at(container, "LogConfiguration", "LogDriver") == "awslogs":
            needs["the awslogs driver"] = ("logs:putlogevents",)
        if ".dkr.ecr." in image or ".RepositoryUri}" in image:
            needs["pulling from ECR"] = ("ecr:batchgetimage",)
        if items(container.get("Secrets")):
            needs["reading a secret"] = (
                "secretsmanager:getsecretvalue", "ssm:getparameters", "ssm:getparameter",
            )  # fmt: skip
    yield from needs.items()


def _distributed(world: World) -> Iterator[Found]:
    for machine in read_machines(world):
        role = _role(world, machine.resource.properties.get("RoleArn"))
        if role is None or not rights(world, role).certainly_may_not("states:startexecution"):
            continue
        for level in levels(machine):
            for name, state in level.states():
                if at(state, "ItemProcessor", "ProcessorConfig", "Mode") == "DISTRIBUTED":
                    yield found(
                        machine.resource,
                        (*machine.path, *level.path, "States", name),
                        f"the distributed map {name} starts executions, and {role.id} does not "
                        "allow states:StartExecution",
                        role.id,
                    )


def _logging(world: World) -> Iterator[Found]:
    for machine in world.of_type("AWS::StepFunctions::StateMachine"):
        settings = machine.properties.get("LoggingConfiguration")
        role = _role(world, machine.properties.get("RoleArn"))
        if role is None or not items(at(settings, "Destinations")):
            continue
        if rights(world, role).certainly_may_not("logs:createlogdelivery"):
            yield found(
                machine,
                ("LoggingConfiguration",),
                f"{role.id} does not allow logs:CreateLogDelivery",
                role.id,
            )


RULES = (
    Rule(
        code="C139",
        title="an execution role that cannot start its task",
        reason="Images, logs and secrets are fetched and opened with the execution role. "
        "Without the "
        "right the task stops before its container runs.",
        source="Amazon ECS Developer Guide: Amazon ECS task execution IAM role",
        remedy="Attach AmazonECSTaskExecutionRolePolicy, or allow the action on the resource.",
        example="LogDriver: awslogs with an execution role that allows ecr actions only",
        find=_execution_role,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C159",
        title="a target whose role may not call it",
        reason="EventBridge and its scheduler call the target with the role. Where the role "
        "does not "
        "allow it the event is dropped at once: a missing right is not tried again.",
        source="Amazon EventBridge User Guide: Identity-based policies, accessing targets",
        remedy="Allow the action on the target in the role.",
        example="A state machine as target of a rule whose role allows ecs:RunTask only",
        find=_target_role,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C261",
        title="a distributed map that may not start its children",
        reason="Each batch of a distributed map is an execution of its own, which the workflow's "
        "role has to start; the state fails with AccessDenied.",
        source="AWS Step Functions Developer Guide: IAM policies for using Distributed Map states",
        remedy="Allow states:StartExecution on the state machine itself.",
        example="Mode: DISTRIBUTED with a role that allows sqs:SendMessage only",
        find=_distributed,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C262",
        title="a workflow that may not write its log",
        reason="Step Functions sets the delivery of logs up with the workflow's role; without "
        "logs:CreateLogDelivery and its companions creating the state machine fails.",
        source="AWS Step Functions Developer Guide: Logging using CloudWatch Logs",
        remedy="Allow the eight log-delivery actions of that page on *.",
        example="LoggingConfiguration with a role that allows sqs:SendMessage only",
        find=_logging,
        severity=Severity.ERROR,
    ),
)  # fmt: skip
