"""EventBridge: what reaches a target, and what is lost on the way."""

import re
from collections.abc import Iterator

from riskmill.cloud.check.fargate import RULE
from riskmill.cloud.check.rule import Found, Rule, Severity, found
from riskmill.cloud.check.values import (
    Map,
    Path,
    Seq,
    Value,
    at,
    holes,
    items,
    known,
    maps,
    shown,
    texts,
    truth,
)
from riskmill.cloud.check.world import Resource, World, is_hole

BUCKET = "AWS::S3::Bucket"
MOST_TARGETS = 5
S3_DETAIL_TYPES = frozenset(
    {
        "Object Created", "Object Deleted", "Object Restore Initiated", "Object Restore Completed",
        "Object Restore Expired", "Object Storage Class Changed", "Object Access Tier Changed",
        "Object ACL Updated", "Object Tags Added", "Object Tags Deleted",
        "AWS API Call via CloudTrail", "AWS Service Event via CloudTrail",
    }
)  # fmt: skip
"""Detail types of aws.s3 (Amazon S3 User Guide, Using EventBridge)."""
ECS_DETAIL_TYPES = frozenset(
    {
        "ECS Task State Change", "ECS Container Instance State Change", "ECS Service Action",
        "ECS Deployment State Change", "ECS Service Deployment State Change",
        "AWS API Call via CloudTrail", "AWS Service Event via CloudTrail",
    }
)  # fmt: skip
"""Detail types of aws.ecs (Amazon ECS Developer Guide, Amazon ECS events)."""
DETAIL_TYPES = {"aws.s3": S3_DETAIL_TYPES, "aws.ecs": ECS_DETAIL_TYPES}
NEED_A_ROLE = (
    ":states:",
    ":kinesis:",
    ":firehose:",
    ":ecs:",
    ":batch:",
    ":codebuild:",
    ":codepipeline:",
)
ROLE_TYPES = (
    "AWS::StepFunctions::StateMachine", "AWS::Kinesis::Stream",
    "AWS::KinesisFirehose::DeliveryStream", "AWS::ECS::Cluster", "AWS::Batch::JobQueue",
    "AWS::CodeBuild::Project", "AWS::Events::ApiDestination", "AWS::CodePipeline::Pipeline",
)  # fmt: skip
"""Types of targets that EventBridge needs a role for; the others have policies of their own."""


def _targets(world: World) -> Iterator[tuple[Resource, Path, Map]]:
    for rule in world.of_type(RULE):
        if rule.properties.get("State") != "DISABLED":
            for position, target in maps(rule.properties.get("Targets")):
                yield rule, ("Targets", position), target


def _pattern(rule: Resource) -> Map | None:
    pattern = rule.properties.get("EventPattern")
    return pattern if isinstance(pattern, Map) else None


def _listens_to_objects(rule: Resource) -> bool:
    pattern = _pattern(rule)
    return "aws.s3" in items(at(pattern, "source")) and "Object Created" in items(
        at(pattern, "detail-type")
    )


def _blind_task(world: World) -> Iterator[Found]:
    for rule, path, target in _targets(world):
        told = [name for name in ("Input", "InputPath", "InputTransformer") if name in target]
        if target.get("EcsParameters") and _pattern(rule) and not told and not target.open:
            yield found(
                rule,
                path,
                "starts a task per event and tells it nothing of the event",
                target.get("Id"),
            )


def _silent_bucket(world: World) -> Iterator[Found]:
    for rule in world.of_type(RULE):
        if not _listens_to_objects(rule) or rule.properties.get("State") == "DISABLED":
            continue
        for name in items(at(_pattern(rule), "detail", "bucket", "name")):
            bucket = world.meant(name, BUCKET)
            if bucket is not None and not _sends(bucket):
                yield found(
                    bucket,
                    ("NotificationConfiguration",),
                    f"rule {rule.id} waits for its events, and it sends none to EventBridge",
                    bucket.properties.get("NotificationConfiguration"),
                )
            elif bucket is None and _is_unvouched(world, name):
                yield found(
                    rule,
                    ("EventPattern", "detail", "bucket", "name"),
                    f"waits for events of {shown(name)}, a bucket from elsewhere that sends none "
                    "unless somebody switched EventBridge on for it",
                    name,
                )


def _sends(bucket: Resource) -> bool:
    settings = bucket.properties.get("NotificationConfiguration")
    if bucket.properties.open or is_hole(settings) or getattr(settings, "open", False):
        return True
    bridge = at(settings, "EventBridgeConfiguration")
    return isinstance(bridge, Map) and truth(bridge.get("EventBridgeEnabled", True)) is not False


def _is_unvouched(world: World, name: Value) -> bool:
    """Whether nobody says that an outside bucket sends: no custom resource, no description."""
    if any(kind not in "ps" for kind, _, _ in holes(name)) or not isinstance(name, str):
        return False
    declared = [world.parameter_text(parameter) for _, parameter, _ in holes(name)]
    switches = any(
        r.type.startswith(("Custom::", "AWS::CloudFormation::CustomResource"))
        for r in world.resources.values()
    )
    return not switches and not any("eventbridge" in text.lower() for text in declared)


def _no_dead_letters(world: World) -> Iterator[Found]:
    for rule, path, target in _targets(world):
        if target.lacks("DeadLetterConfig") and not _is_a_log(world, target.get("Arn")):
            yield found(
                rule,
                path,
                "an event that this target refuses is dropped: no dead-letter queue"
                + ("" if target.get("RetryPolicy") else " and no retry policy"),
                target.get("Id"),
            )
    for schedule in world.of_type("AWS::Scheduler::Schedule"):
        called = schedule.properties.get("Target")
        if isinstance(called, Map) and called.lacks("DeadLetterConfig"):
            yield found(
                schedule,
                ("Target",),
                "a call that this target refuses is dropped: no dead-letter queue",
            )


def _is_a_log(world: World, arn: Value) -> bool:
    """Whether a target is a log group or another bus, which refuse nothing that matters."""
    written = shown(arn)
    meant = world.meant(arn, "AWS::Logs::LogGroup", "AWS::Events::EventBus")
    return meant is not None or ":log-group:" in written or ":event-bus/" in written


def _task_per_object(world: World) -> Iterator[Found]:
    for rule, path, target in _targets(world):
        filtered = at(_pattern(rule), "detail", "object", "key")
        if _listens_to_objects(rule) and target.get("EcsParameters") and not filtered:
            yield found(
                rule,
                path,
                "starts one task for each object of any key: no filter on detail.object.key",
                _pattern(rule),
            )


def _too_many_targets(world: World) -> Iterator[Found]:
    for rule in world.of_type(RULE):
        targets = items(rule.properties.get("Targets"))
        if len(targets) > MOST_TARGETS:
            yield found(rule, ("Targets",), f"{len(targets)} targets; a rule has at most 5")


def _no_role(world: World) -> Iterator[Found]:
    for rule, path, target in _targets(world):
        arn = target.get("Arn")
        needs = world.meant(arn, *ROLE_TYPES) or any(part in shown(arn) for part in NEED_A_ROLE)
        if needs and target.lacks("RoleArn"):
            yield found(rule, path, "this kind of target needs a RoleArn", arn)


def _pattern_without_lists(world: World) -> Iterator[Found]:
    for rule in world.of_type(RULE):
        pattern = _pattern(rule)
        if pattern is not None:
            yield from _bare_values(rule, ("EventPattern",), pattern)


def _bare_values(rule: Resource, path: Path, pattern: Map) -> Iterator[Found]:
    for key, value in pattern.items():
        if isinstance(value, Map):
            yield from _bare_values(rule, (*path, key), value)
        elif not isinstance(value, Seq) and not is_hole(value):
            yield found(
                rule, (*path, key), f"{key} is a value where a list of values is needed", value
            )


def _unknown_detail_type(world: World) -> Iterator[Found]:
    for rule in world.of_type(RULE):
        pattern = _pattern(rule)
        sources = list(texts(at(pattern, "source")))
        if len(sources) != 1 or sources[0] not in DETAIL_TYPES:
            continue
        for position, name in enumerate(items(at(pattern, "detail-type"))):
            if known(name) and name not in DETAIL_TYPES[sources[0]]:
                yield found(
                    rule,
                    ("EventPattern", "detail-type", position),
                    f"{sources[0]} sends no event of type {name!r}",
                    name,
                )


_RATE = re.compile(r"rate\((\d{1,9}) (minute|minutes|hour|hours|day|days)\)")
_CRON = re.compile(r"cron\((.*)\)")


def _odd_schedule(world: World) -> Iterator[Found]:
    for resource in world.of_type(RULE, "AWS::Scheduler::Schedule"):
        expression = known(resource.properties.get("ScheduleExpression"))
        fault = _fault_of_schedule(expression) if expression else ""
        if fault:
            yield found(resource, ("ScheduleExpression",), fault, expression)


def _fault_of_schedule(expression: str) -> str:
    if expression.startswith("at("):
        return ""
    rate = _RATE.fullmatch(expression)
    if rate:
        one = int(rate[1]) == 1
        if int(rate[1]) == 0 or one == rate[2].endswith("s"):
            return (
                f"{expression}: 1 goes with minute, hour, day; every other number with the plural"
            )
        return ""
    cron = _CRON.fullmatch(expression)
    if not cron:
        return f"{expression} is neither cron(...) nor rate(...)"
    fields = cron[1].split()
    if len(fields) != 6:
        return f"{expression} has {len(fields)} fields; AWS wants six, the last one the year"
    if (fields[2] == "?") == (fields[4] == "?"):
        return f"{expression}: exactly one of day of month and day of week has to be ?"
    return ""


RULES = (
    Rule(
        code="F4",
        title="a task that is not told which event started it",
        reason="EventBridge hands an ECS task nothing of the event unless Input or "
        "InputTransformer "
        "puts it into the container's overrides. The task cannot know which object arrived.",
        source="Amazon EventBridge User Guide: Amazon ECS tasks as a target",
        remedy="Add an InputTransformer that writes the values into containerOverrides, or send "
        "events to a queue that the tasks read.",
        example="EcsParameters without InputTransformer under a rule with an EventPattern",
        find=_blind_task,
        severity=Severity.ERROR,
    ),
    Rule(
        code="H4",
        title="a bucket that sends nothing to EventBridge",
        reason="S3 sends events to EventBridge only where the bucket's notification configuration "
        "says so; it is off by default. The rule never fires, and nothing tells. Switching it on "
        "from outside replaces the bucket's whole notification configuration.",
        source="Amazon S3 User Guide: Enabling Amazon EventBridge",
        remedy="Set NotificationConfiguration.EventBridgeConfiguration on the bucket; for a bucket "
        "from elsewhere say in the parameter's Description that EventBridge has to be on.",
        example="A rule on aws.s3 for a bucket without EventBridgeConfiguration",
        find=_silent_bucket,
    ),
    Rule(
        code="H5",
        title="events without dead letters",
        reason="What a target refuses for good (a missing right, a deleted resource) is dropped at "
        "once, and what it refuses for a while is dropped when the tries are used up. Without a "
        "dead-letter queue it is gone and nobody knows.",
        source="Amazon EventBridge User Guide: Using dead-letter queues to process undelivered "
        "events",
        remedy="Add DeadLetterConfig with a queue whose policy admits events.amazonaws.com, a "
        "RetryPolicy, and an alarm on the queue.",
        example="A target with Arn and Id only",
        find=_no_dead_letters,
    ),
    Rule(
        code="H6",
        title="one task for each object, whatever its name",
        reason="Every object starts a task: a thousand files a thousand tasks, beyond the launch "
        "rate of Fargate; folder markers, temporary files and repeated events as well. Events come "
        "at least once, so the same object may be done twice.",
        source="Amazon EventBridge User Guide: Event delivery; Amazon S3 User Guide: Using "
        "EventBridge",
        remedy="Filter on detail.object.key (a manifest that closes a delivery), and put a queue "
        "between the events and the tasks.",
        example="An EventPattern with a bucket's name and EcsParameters",
        find=_task_per_object,
    ),
    Rule(
        code="C160",
        title="more targets than a rule can have",
        reason="A rule takes five targets; PutTargets refuses the sixth.",
        source="Amazon EventBridge User Guide: Amazon EventBridge quotas",
        remedy="Make a second rule with the same pattern.",
        example="Six entries in Targets",
        find=_too_many_targets,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C161",
        title="a target without the role it needs",
        reason="ECS, Step Functions, Kinesis, Firehose, Batch, CodeBuild and API destinations are "
        "called with a role that the target names; without one the rule is refused or cannot call.",
        source="Amazon EventBridge User Guide: Identity-based policies, accessing targets",
        remedy="Set RoleArn to a role that trusts events.amazonaws.com.",
        example="A state machine as target without RoleArn",
        find=_no_role,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C166",
        title="an event pattern with a bare value",
        reason="Every leaf of an event pattern is a list; a bare value makes the pattern invalid.",
        source="Amazon EventBridge User Guide: Creating Amazon EventBridge event patterns",
        remedy='Write a list: source: ["aws.s3"]',
        example="source: aws.s3",
        find=_pattern_without_lists,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C167",
        title="an event that the source never sends",
        reason="The detail type has to be spelt as the service sends it. One that does not exist "
        "matches nothing, for ever and silently.",
        source="Amazon S3 User Guide: Using EventBridge; Amazon ECS Developer Guide: events",
        remedy="For new objects: detail-type: [Object Created].",
        example="detail-type: [ObjectCreated:Put] with source aws.s3",
        find=_unknown_detail_type,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C168",
        title="a schedule that AWS does not understand",
        reason="Schedules are rate(n unit) or cron with six fields, of which exactly one of day of "
        "month and day of week is ?.",
        source="Amazon EventBridge User Guide: Schedule expressions",
        remedy="rate(1 day), rate(5 minutes), cron(0 18 ? * MON-FRI *)",
        example="cron(0 18 * * * *)",
        find=_odd_schedule,
        severity=Severity.ERROR,
    ),
)  # fmt: skip
