"""Batch work on ECS: what starts a stage, what feeds it, and what stops it."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from riskmill.cloud.check.fargate import (
    POLICY,
    TARGET,
    answers_requests,
    containers,
    environment,
    is_stopped,
    launched_elsewhere,
    role_of,
    scales,
    services,
    services_of,
    task_of,
    tasks,
)
from riskmill.cloud.check.policies import Rights, Statement, rights
from riskmill.cloud.check.rule import Found, Rule, Severity, found
from riskmill.cloud.check.values import at, known, plain, shown
from riskmill.cloud.check.world import Resource, World

TAKING_WORK = (
    "sqs:receivemessage", "kinesis:getrecords", "kinesis:subscribetoshard",
    "dynamodb:getrecords", "states:getactivitytask", "kafka-cluster:readdata", "ecs:poll",
)  # fmt: skip
"""Actions by which a process takes work that waits for it."""
SOURCES_OF_WORK = (
    "QUEUE", "STREAM", "TOPIC", "BROKER", "KAFKA", "REDIS", "AMQP", "RABBIT", "URL", "HOST",
    "ENDPOINT", "DATABASE", "DB_", "SCHEDULE", "CRON", "ARN", "TOKEN",
)  # fmt: skip
"""Parts of names of environment variables that say where work may come from."""
CPU_METRICS = ("ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization")


def _restarted_for_ever(world: World) -> Iterator[Found]:
    for service in services(world):
        task = task_of(world, service)
        if task and not is_stopped(service) and _has_nothing_to_wait_for(world, service, task):
            yield found(
                service,
                ("TaskDefinition",),
                f"keeps {task.id} running, which has nothing to wait for: no port, no queue, "
                "no stream",
                service.properties.get("DesiredCount"),
            )


def _has_nothing_to_wait_for(world: World, service: Resource, task: Resource) -> bool:
    role = role_of(world, task)
    if role is None or service.properties.get("SchedulingStrategy") == "DAEMON":
        return False
    if answers_requests(world, service) or _names_a_source(task):
        return False
    return rights(world, role).certainly_may_not(*TAKING_WORK)


def _names_a_source(task: Resource) -> bool:
    """Whether a task seems to keep itself busy: it is told of a source, or has a command."""
    for _, container in containers(task):
        names = [name.upper() for name, _ in environment(container)]
        told = any(word in name for name in names for word in SOURCES_OF_WORK)
        if told or container.get("Command") or container.get("EntryPoint") or not names:
            return True
        if container.get("Secrets") or container.get("HealthCheck") or container.open:
            return True
    return False


def _no_hand_off(world: World) -> Iterator[Found]:
    shared: dict[str, list[Resource]] = {}
    for task in tasks(world):
        role = role_of(world, task)
        if role is not None and services_of(world, task):
            shared.setdefault(role.id, []).append(task)
    for name, stages in shared.items():
        held = rights(world, world.resources[name])
        idle = [stage for stage in stages if not launched_elsewhere(world, stage)]
        if len(stages) > 1 and idle and held.certainly_may_not(*TAKING_WORK):
            yield from _cut_off(world, held, stages, idle)


def _cut_off(
    world: World, held: Rights, stages: list[Resource], idle: list[Resource]
) -> Iterator[Found]:
    read, written = _places(held, "s3:getobject"), _places(held, "s3:putobject")
    if not read or not written or any(_meets(one, two) for one in read for two in written):
        return
    names = ", ".join(stage.id for stage in stages)
    yield found(
        held.role,
        ("Policies",),
        f"{names} share this role, which can read only {_list(read)} and write only "
        f"{_list(written)}: no stage can read what the stage before it wrote",
    )
    for stage in idle:
        for service in services_of(world, stage):
            yield found(
                service,
                ("TaskDefinition",),
                f"nothing starts or feeds {stage.id}: no rule, state machine or queue",
            )


def _places(held: Rights, action: str) -> set[str]:
    return {
        resource
        for statement in held.statements
        if statement.allows and statement.acts(action)
        for resource in statement.resources
        if "/" in resource or "*" in resource
    }


def _meets(one: str, other: str) -> bool:
    bucket, second = one.partition("/")[0], other.partition("/")[0]
    return fnmatchcase(bucket, second) or fnmatchcase(second, bucket)


def _list(places: set[str]) -> str:
    return ", ".join(sorted(shown(place) for place in places))


def _twice(world: World) -> Iterator[Found]:
    for service in services(world):
        task = task_of(world, service)
        rule = launched_elsewhere(world, task) if task else None
        if task and rule and not is_stopped(service):
            yield found(
                service,
                ("TaskDefinition",),
                f"keeps {task.id} running, which {rule.id} starts as well",
                rule.properties.get("Name"),
            )


def _cpu_alone(world: World) -> Iterator[Found]:
    for service in services(world):
        target = scales(world, service)
        if target is None or task_of(world, service) is None or answers_requests(world, service):
            continue
        policies = _policies(world, target)
        measured = [_predefined(policy) for policy in policies]
        if measured and all(name in CPU_METRICS for name in measured):
            for policy in policies:
                yield found(
                    policy,
                    ("TargetTrackingScalingPolicyConfiguration",),
                    f"{service.id} takes no requests, and processor or memory use is the only "
                    "signal that scales it",
                    _predefined(policy),
                )


def _policies(world: World, target: Resource) -> list[Resource]:
    wanted = target.properties.get("ResourceId")
    return [
        policy
        for policy in world.of_type(POLICY)
        if world.meant(policy.properties.get("ScalingTargetId"), TARGET) is target
        or (wanted and policy.properties.get("ResourceId") == wanted)
    ]


def _predefined(policy: Resource) -> str | None:
    return known(
        at(
            policy.properties, "TargetTrackingScalingPolicyConfiguration",
            "PredefinedMetricSpecification", "PredefinedMetricType",
        )
    )  # fmt: skip


def _killed_at_work(world: World) -> Iterator[Found]:
    for task in tasks(world):
        scaled = [
            s
            for s in services_of(world, task)
            if scales(world, s) and not answers_requests(world, s)
        ]
        if not scaled or _may_protect(world, task):
            continue
        for path, container in containers(task):
            if container.lacks("StopTimeout") and container.get("Essential") is not False:
                yield found(
                    task,
                    path,
                    f"{scaled[0].id} scales in, and this container has 30 s to finish its work: "
                    "no StopTimeout, and no right to protect a busy task",
                    container.get("Name"),
                )


def _may_protect(world: World, task: Resource) -> bool:
    role = role_of(world, task)
    return role is None or not rights(world, role).certainly_may_not("ecs:updatetaskprotection")


def _no_key_rights(world: World) -> Iterator[Found]:
    for task in tasks(world):
        role = role_of(world, task)
        if role is None:
            continue
        held = rights(world, role)
        if held.certainly_may_not("kms:decrypt", "kms:generatedatakey"):
            for statement in held.statements:
                yield from _objects_of_unknown_key(world, role, statement)


def _objects_of_unknown_key(world: World, role: Resource, statement: Statement) -> Iterator[Found]:
    if not statement.allows or not any(statement.acts(a) for a in ("s3:getobject", "s3:putobject")):
        return
    for place in statement.resources:
        bucket = world.meant(place.partition("/")[0], "AWS::S3::Bucket")
        if "/" not in place or (bucket and not _has_own_key(bucket)):
            continue
        if bucket is None and not world.is_outside(place):
            continue
        which = f"bucket {bucket.id}, which has a KMS key," if bucket else "a bucket from elsewhere"
        yield Found(
            resource=role.id if statement.owner is role else statement.owner.id,
            path=("Properties", *statement.path, "Action"),
            message=f"reads or writes {which} without any right to use a KMS key",
            evidence=shown(plain(place) if known(place) else place),
        )
        return


def _has_own_key(bucket: Resource) -> bool:
    rule = at(bucket.properties, "BucketEncryption", "ServerSideEncryptionConfiguration", 0)
    settings = at(rule, "ServerSideEncryptionByDefault")
    return at(settings, "SSEAlgorithm") in ("aws:kms", "aws:kms:dsse") and bool(
        at(settings, "KMSMasterKeyID")
    )


RULES = (
    Rule(
        code="F3",
        title="batch work under a service",
        reason="An ECS service keeps its tasks running: one that ends with exit code 0 is started "
        "again at once, for ever, and billed. A task that has no port, no queue and no stream has "
        "nothing to wait for and ends.",
        source="Amazon ECS Developer Guide: Amazon ECS services, task scheduling",
        remedy="Let the container take work from a queue until it is told to stop, or start it per "
        "job from Step Functions, EventBridge or AWS Batch.",
        example="A service whose container has neither PortMappings nor a right to receive "
        "messages",
        find=_restarted_for_ever,
        severity=Severity.ERROR,
    ),
    Rule(
        code="F5",
        title="stages without a hand-off",
        reason="Nothing starts the later stages, and the role that all of them share can only read "
        "where none of them writes, so no stage can take over from the one before it.",
        source="AWS Step Functions Developer Guide: Run Amazon ECS or Fargate tasks",
        remedy="Pass work from stage to stage through queues or a state machine, and let each "
        "stage's own role read what the stage before it wrote.",
        example="Three services with one role: s3:GetObject on bucket a, s3:PutObject on bucket b",
        find=_no_hand_off,
        severity=Severity.ERROR,
    ),
    Rule(
        code="H7",
        title="the same work as a service and per event",
        reason="The service's tasks and the tasks that each event starts do the same work at the "
        "same time; nothing keeps them from taking the same object.",
        source="Amazon EventBridge User Guide: Amazon ECS tasks as a target",
        remedy="Choose one: a service that takes from a queue, or a task per event.",
        example="A service and a rule's EcsParameters that name one task definition",
        find=_twice,
    ),
    Rule(
        code="H8",
        title="processor use as the only signal for workers",
        reason="Workers that take from a backlog use their processor fully while there is work, so "
        "the service goes to its maximum for any backlog, and scales in between two items, "
        "ending tasks at work.",
        source="Application Auto Scaling User Guide: Target tracking with metric math, backlog",
        remedy="Scale on backlog per task (messages waiting divided by running tasks) and switch "
        "scale-in off in the policy on processor use.",
        example="Only ECSServiceAverageCPUUtilization for a service without a load balancer",
        find=_cpu_alone,
    ),
    Rule(
        code="H9",
        title="busy tasks are killed after 30 seconds",
        reason="Scaling in and deployments send SIGTERM and, 30 s later, SIGKILL, to any task, "
        "busy "
        "or not, unless the task has protected itself.",
        source="Amazon ECS Developer Guide: Protect your Amazon ECS tasks from scale-in events",
        remedy="Set StopTimeout (at most 120 on Fargate) and let the task role call "
        "ecs:UpdateTaskProtection while it works.",
        example="A scaled service whose container has no StopTimeout",
        find=_killed_at_work,
    ),
    Rule(
        code="H14",
        title="objects of an encrypted bucket without rights on its key",
        reason="Reading an object that is encrypted with a KMS key needs kms:Decrypt, writing one "
        "needs kms:GenerateDataKey as well. Without them S3 answers AccessDenied at the first "
        "object.",
        source="Amazon S3 User Guide: Using server-side encryption with AWS KMS keys",
        remedy="Allow kms:Decrypt and kms:GenerateDataKey on the bucket's key, with the condition "
        "kms:ViaService s3; for a bucket from elsewhere take the key as a parameter.",
        example="s3:GetObject on a bucket given as a parameter, and no statement about kms",
        find=_no_key_rights,
    ),
)  # fmt: skip
