"""Queues, topics, functions and keys: whether the service that sends to them is let in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from riskmill.cloud.check.policies import Statement, admits, statements
from riskmill.cloud.check.rule import Found, Rule, Severity, found
from riskmill.cloud.check.values import Map, Path, Value, at, items, known, maps
from riskmill.cloud.check.world import Resource, World, is_hole

QUEUE, TOPIC, FUNCTION, KEY = (
    "AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::Lambda::Function", "AWS::KMS::Key",
)  # fmt: skip
FUNCTIONS = (FUNCTION, "AWS::Serverless::Function")
POLICY_OF: Mapping[str, tuple[str, str, str]] = {
    QUEUE: ("AWS::SQS::QueuePolicy", "Queues", "sqs:sendmessage"),
    TOPIC: ("AWS::SNS::TopicPolicy", "Topics", "sns:publish"),
}
"""For queue and topic: the type of its policy, the property that names it, the action needed."""
OWN_KEYS = ("alias/aws/sqs", "alias/aws/sns")
"""Keys of AWS whose policy cannot be changed, so that no service can be let in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sending:
    """A service that will send something to a resource of the template."""

    sender: Resource
    path: Path
    service: str
    target: Resource


def _sendings(world: World) -> Iterator[Sending]:
    for rule in world.of_type("AWS::Events::Rule"):
        for position, target in maps(rule.properties.get("Targets")):
            place: Path = ("Targets", position)
            if not target.get("RoleArn"):  # with a role it is the role's rights that count
                yield from _to(world, rule, (*place, "Arn"), "events", target.get("Arn"))
            letters = at(target, "DeadLetterConfig", "Arn")
            yield from _to(world, rule, (*place, "DeadLetterConfig"), "events", letters)
    for bucket in world.of_type("AWS::S3::Bucket"):
        yield from _notifications(world, bucket)
    for alarm in world.of_type("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"):
        for name in ("AlarmActions", "OKActions", "InsufficientDataActions"):
            for arn in items(alarm.properties.get(name)):
                yield from _to(world, alarm, (name,), "cloudwatch", arn)
    for subscription in world.of_type("AWS::SNS::Subscription"):
        if subscription.properties.get("Protocol") in ("sqs", "lambda"):
            endpoint = subscription.properties.get("Endpoint")
            yield from _to(world, subscription, ("Endpoint",), "sns", endpoint)
    for budget in world.of_type("AWS::Budgets::Budget"):
        yield from _subscribers(world, budget)
    for topic in world.of_type(TOPIC):
        for position, entry in maps(topic.properties.get("Subscription")):
            if entry.get("Protocol") in ("sqs", "lambda"):
                path = ("Subscription", position)
                yield from _to(world, topic, path, "sns", entry.get("Endpoint"))


def _subscribers(world: World, budget: Resource) -> Iterator[Sending]:
    for position, notification in maps(budget.properties.get("NotificationsWithSubscribers")):
        for _, subscriber in maps(notification.get("Subscribers")):
            if subscriber.get("SubscriptionType") == "SNS":
                path: Path = ("NotificationsWithSubscribers", position)
                yield from _to(world, budget, path, "budgets", subscriber.get("Address"))


def _notifications(world: World, bucket: Resource) -> Iterator[Sending]:
    settings = bucket.properties.get("NotificationConfiguration")
    for name, key in (
        ("QueueConfigurations", "Queue"),
        ("TopicConfigurations", "Topic"),
        ("LambdaConfigurations", "Function"),
    ):
        for position, entry in maps(at(settings, name)):
            path = ("NotificationConfiguration", name, position)
            yield from _to(world, bucket, path, "s3", entry.get(key))


def _to(
    world: World, sender: Resource, path: Path, service: str, value: Value
) -> Iterator[Sending]:
    target = world.meant(value, QUEUE, TOPIC, *FUNCTIONS)
    if target is not None:
        yield Sending(sender=sender, path=path, service=service, target=target)


def _policies(world: World, target: Resource) -> list[Statement] | None:
    """Statements of every policy of a queue or topic; None where there may be others."""
    kind, names, _ = POLICY_OF[target.type]
    found_statements: list[Statement] = []
    for policy in world.of_type(kind, kind.replace("Policy", "InlinePolicy")):
        listed = policy.properties.get(names, policy.properties.get(names.removesuffix("s")))
        meant = [world.meant(name, target.type) for name in items(listed)]
        if target in meant:
            document = policy.properties.get("PolicyDocument")
            if not isinstance(document, Map):
                return None
            found_statements += statements(policy, document, ("PolicyDocument",))
        elif None in meant:
            return None
    return found_statements


def _not_admitted(world: World, kind: str) -> Iterator[Found]:
    action = POLICY_OF[kind][2]
    for sending in _sendings(world):
        if sending.target.type != kind or world.adds_policies:
            continue
        policies = _policies(world, sending.target)
        if policies is None or (kind == TOPIC and not policies and sending.service == "cloudwatch"):
            continue
        target = sending.target
        covering = [s for s in policies if _is_about(world, s, target)]
        if not admits(covering, sending.service, lambda s: s.acts(action) or not s.actions):
            yield found(
                sending.sender,
                sending.path,
                f"{sending.service}.amazonaws.com may not send to {sending.target.id}: "
                + ("its policy does not name it" if policies else "it has no policy"),
                sending.target.id,
            )


def _is_about(world: World, statement: Statement, target: Resource) -> bool:
    """Whether a statement of a queue's or topic's policy may be about it, not about another."""
    meant = [world.meant(resource, target.type) for resource in statement.resources]
    return not meant or target in meant or None in meant


def _queue_refuses(world: World) -> Iterator[Found]:
    return _not_admitted(world, QUEUE)


def _topic_refuses(world: World) -> Iterator[Found]:
    return _not_admitted(world, TOPIC)


def _key_refuses(world: World) -> Iterator[Found]:
    for sending in _sendings(world):
        name = "KmsMasterKeyId"
        value = sending.target.properties.get(name)
        if sending.target.type in FUNCTIONS or not value:
            continue
        if known(value) in OWN_KEYS:
            yield found(
                sending.target,
                (name,),
                f"{sending.service}.amazonaws.com cannot use the key of AWS that encrypts it",
                value,
            )
            continue
        key = _key_of(world, value)
        if key is None:
            continue
        policies = list(statements(key, key.properties.get("KeyPolicy"), ("KeyPolicy",)))
        if policies and not admits(
            policies, sending.service, lambda s: s.acts("kms:generatedatakey") or not s.actions
        ):
            yield found(
                key,
                ("KeyPolicy",),
                f"encrypts {sending.target.id} and does not let {sending.service}.amazonaws.com "
                f"use it, by which {sending.sender.id} sends",
                sending.target.id,
            )


def _key_of(world: World, value: Value) -> Resource | None:
    key = world.meant(value, KEY)
    alias = world.meant(value, "AWS::KMS::Alias") if key is None else None
    return world.meant(alias.properties.get("TargetKeyId"), KEY) if alias else key


def _function_refuses(world: World) -> Iterator[Found]:
    if world.adds_policies:
        return
    permissions = world.of_type("AWS::Lambda::Permission")
    for sending in _sendings(world):
        if sending.target.type not in FUNCTIONS:
            continue
        granted = [p for p in permissions if _may_be_for(world, p, sending.target)]
        if not any(_admits_service(p, sending.service) for p in granted):
            yield found(
                sending.sender,
                sending.path,
                f"{sending.service}.amazonaws.com may not invoke {sending.target.id}: "
                "no AWS::Lambda::Permission says so",
                sending.target.id,
            )


def _may_be_for(world: World, permission: Resource, function: Resource) -> bool:
    name = permission.properties.get("FunctionName")
    meant = world.meant(name, *FUNCTIONS, "AWS::Lambda::Alias", "AWS::Lambda::Version")
    return meant is function or meant is None or meant.type not in FUNCTIONS


def _admits_service(permission: Resource, service: str) -> bool:
    principal = permission.properties.get("Principal")
    return is_hole(principal) or str(principal).startswith(f"{service}.") or principal == "*"


def _unencrypted_transport(world: World) -> Iterator[Found]:
    for subscription in world.of_type("AWS::SNS::Subscription"):
        if subscription.properties.get("Protocol") == "http":
            yield found(subscription, ("Protocol",), "messages travel in clear text", "http")


def _unconfirmed_key(world: World) -> Iterator[Found]:
    for alias in world.of_type("AWS::KMS::Alias"):
        name = known(alias.properties.get("AliasName"))
        if name is not None and (not name.startswith("alias/") or name.startswith("alias/aws/")):
            yield found(alias, ("AliasName",), f"{name} is no name for an alias of your own", name)


RULES = (
    Rule(
        code="C162",
        title="a queue that refuses its sender",
        reason="A service sends to a queue only where the queue's own policy admits it. "
        "EventBridge "
        "drops the event, S3 refuses the notification, SNS drops the message; a dead-letter queue "
        "of a rule needs the same.",
        source="Amazon SQS Developer Guide: Basic examples of Amazon SQS policies",
        remedy="AWS::SQS::QueuePolicy with sqs:SendMessage for the service and a condition on "
        "aws:SourceArn.",
        example="A rule with a queue as target and no AWS::SQS::QueuePolicy",
        find=_queue_refuses,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C163",
        title="a topic that refuses its sender",
        reason="A topic's policy has to admit the service that publishes. An own policy "
        "replaces the "
        "default one, by which alarms of the account could publish.",
        source="Amazon SNS Developer Guide: Example cases for Amazon SNS access control",
        remedy="AWS::SNS::TopicPolicy with sns:Publish for the service and a condition on "
        "aws:SourceArn.",
        example="A topic policy for events.amazonaws.com only, and an alarm with the topic as "
        "action",
        find=_topic_refuses,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C164",
        title="a key that keeps the sender out",
        reason="To send to an encrypted queue or topic the service needs kms:GenerateDataKey and "
        "kms:Decrypt from the key's policy. Without it alarms and events are dropped silently. "
        "The policy of a key of AWS (alias/aws/sns) cannot be changed.",
        source="Amazon SNS Developer Guide: Managing Amazon SNS encryption keys and costs",
        remedy="Use a key of your own and admit the service in its KeyPolicy; for a queue "
        "SqsManagedSseEnabled also works.",
        example="An alarm that publishes to a topic with KmsMasterKeyId: alias/aws/sns",
        find=_key_refuses,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C165",
        title="a function that refuses its caller",
        reason="EventBridge, S3 and SNS invoke a function only where a permission of the function "
        "admits them; the event is lost, or S3 refuses the notification.",
        source="AWS Lambda Developer Guide: Viewing resource-based IAM policies in Lambda",
        remedy="AWS::Lambda::Permission with the service as Principal and a SourceArn.",
        example="A rule with a function as target and no AWS::Lambda::Permission",
        find=_function_refuses,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C169",
        title="messages in clear text",
        reason="A subscription by http sends every message, and what it says, unencrypted.",
        source="Amazon SNS Developer Guide: Security best practices, enforce encryption in transit",
        remedy="Protocol: https",
        example="Protocol: http",
        find=_unencrypted_transport,
    ),
    Rule(
        code="C214",
        title="an alias that KMS does not accept",
        reason="Aliases begin with alias/, and alias/aws/ belongs to AWS.",
        source="AWS Key Management Service API Reference: CreateAlias",
        remedy="AliasName: alias/name",
        example="AliasName: batch-key",
        find=_unconfirmed_key,
        severity=Severity.ERROR,
    ),
)  # fmt: skip
