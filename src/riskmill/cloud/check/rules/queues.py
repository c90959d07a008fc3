"""SQS: queues that lose messages, or cannot be made."""

import json
from collections.abc import Iterator

from riskmill.cloud.check.rule import Found, Rule, Severity, found
from riskmill.cloud.check.values import Map, at, known, number, truth
from riskmill.cloud.check.world import Resource, World

QUEUE = "AWS::SQS::Queue"
FOUR_DAYS = 345_600
THIRTY_SECONDS = 30
FUNCTIONS = ("AWS::Lambda::Function", "AWS::Serverless::Function")


def _fifo(queue: Resource) -> bool | None:
    value = queue.properties.get("FifoQueue", False)
    return truth(value)


def _letters_of(world: World, queue: Resource) -> Resource | None:
    policy = queue.properties.get("RedrivePolicy")
    if isinstance(policy, str):
        try:
            policy = Map() if known(policy) is None else None or json.loads(policy)
        except ValueError:
            return None
        if not isinstance(policy, dict):
            return None
        return world.meant(policy.get("deadLetterTargetArn"), QUEUE)
    return world.meant(at(policy, "deadLetterTargetArn"), QUEUE)


def _odd_name(world: World) -> Iterator[Found]:
    for kind, name_of in ((QUEUE, "QueueName"), ("AWS::SNS::Topic", "TopicName")):
        for resource in world.of_type(kind):
            flag = "FifoQueue" if kind == QUEUE else "FifoTopic"
            name = resource.properties.get(name_of)
            fifo = truth(resource.properties.get(flag, False))
            if not isinstance(name, str) or fifo is None or name.endswith("\ue001"):
                continue
            if fifo != name.endswith(".fifo"):
                what = "does not end in .fifo" if fifo else "ends in .fifo"
                yield found(
                    resource,
                    (name_of,),
                    f"the name {what}, and {flag} is {str(fifo).lower()}",
                    name,
                )


def _mixed_letters(world: World) -> Iterator[Found]:
    for queue in world.of_type(QUEUE):
        letters = _letters_of(world, queue)
        if (
            letters
            and None not in (_fifo(queue), _fifo(letters))
            and _fifo(queue) != _fifo(letters)
        ):
            yield found(
                queue,
                ("RedrivePolicy",),
                f"{queue.id} and {letters.id} are not of one kind",
                letters.id,
            )


def _short_memory(world: World) -> Iterator[Found]:
    for queue in world.of_type(QUEUE):
        letters = _letters_of(world, queue)
        if letters is None or _fifo(queue):
            continue
        kept = number(letters.properties.get("MessageRetentionPeriod", FOUR_DAYS))
        own = number(queue.properties.get("MessageRetentionPeriod", FOUR_DAYS))
        if kept is not None and own is not None and kept < own:
            yield found(
                letters,
                ("MessageRetentionPeriod",),
                f"keeps messages {kept:g} s, less than the {own:g} s of {queue.id}",
                kept,
            )


def _impatient_queue(world: World) -> Iterator[Found]:
    for mapping in world.of_type("AWS::Lambda::EventSourceMapping"):
        queue = world.meant(mapping.properties.get("EventSourceArn"), QUEUE)
        function = world.meant(mapping.properties.get("FunctionName"), *FUNCTIONS)
        if queue is None or function is None:
            continue
        hidden = number(queue.properties.get("VisibilityTimeout", THIRTY_SECONDS))
        needed = number(function.properties.get("Timeout", 3))
        if hidden is not None and needed is not None and hidden < needed:
            yield found(
                queue,
                ("VisibilityTimeout",),
                f"hides a message {hidden:g} s; {function.id} may take {needed:g} s",
                hidden,
            )


def _own_letters(world: World) -> Iterator[Found]:
    for queue in world.of_type(QUEUE):
        if _letters_of(world, queue) is queue:
            yield found(queue, ("RedrivePolicy",), "the queue is its own dead-letter queue")


RULES = (
    Rule(
        code="C240",
        title="a name that does not fit the kind of queue",
        reason="Names of FIFO queues and topics end in .fifo, and no others do; creating it fails.",
        source="Amazon SQS API Reference: CreateQueue, FifoQueue",
        remedy="Add or remove .fifo, or set FifoQueue.",
        example="FifoQueue: true, QueueName: work",
        find=_odd_name,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C241",
        title="a queue that hides messages for less than the work takes",
        reason="The message comes back while the function still works on it; Lambda refuses such a "
        "mapping.",
        source="AWS Lambda Developer Guide: Using Lambda with Amazon SQS",
        remedy="VisibilityTimeout at least the function's timeout, better six times as long.",
        example="VisibilityTimeout: 30 and Timeout: 60",
        find=_impatient_queue,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C242",
        title="a dead-letter queue of the other kind",
        reason="The dead-letter queue of a FIFO queue is a FIFO queue, that of a standard queue a "
        "standard one; setting it fails.",
        source="Amazon SQS Developer Guide: Using dead-letter queues in Amazon SQS",
        remedy="Make both of one kind.",
        example="FifoQueue: true with a standard dead-letter queue",
        find=_mixed_letters,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C243",
        title="dead letters that expire before anybody reads them",
        reason="A message keeps its first time stamp when it moves to the dead-letter queue, so it "
        "expires there by its age. With a shorter period it may be deleted at once.",
        source="Amazon SQS Developer Guide: Using dead-letter queues, retention periods",
        remedy="MessageRetentionPeriod: 1209600 (14 days) on the dead-letter queue.",
        example="Four days on the queue, one day on its dead-letter queue",
        find=_short_memory,
    ),
    Rule(
        code="C244",
        title="a queue that is its own dead-letter queue",
        reason="SQS refuses it, and CloudFormation finds a circle.",
        source="Amazon SQS API Reference: SetQueueAttributes, RedrivePolicy",
        remedy="Make a second queue.",
        example="deadLetterTargetArn of the queue itself",
        find=_own_letters,
        severity=Severity.ERROR,
    ),
)  # fmt: skip
