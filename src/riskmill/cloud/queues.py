"""Queues: work for each stage, the letters nobody could deliver, and events that never arrived."""

from troposphere import Ref, Template, sqs

from riskmill.cloud.references import (
    Value,
    allow,
    arn,
    arn_of,
    document,
    from_here,
    imported,
    list_or_one,
    named,
    only_tls,
)
from riskmill.cloud.stages import ATTEMPTS, STAGES, Stage

VISIBILITY_SECONDS = 300
"""A dead worker's message is seen again after this; a live one extends it."""
_FOURTEEN_DAYS = 1_209_600
UNDELIVERED = "UndeliveredEventsQueue"


def queue_id(stage: Stage) -> str:
    """Logical id of the stage's queue."""
    return f"{stage.prefix}Queue"


def dead_letter_id(stage: Stage) -> str:
    """Logical id of the queue of the stage's dead letters."""
    return f"{stage.prefix}DeadLetterQueue"


def add_queues(template: Template) -> None:
    """Add the queues of each stage and what each lets in."""
    for stage in STAGES:
        template.add_resource(_dead_letters(stage))
        template.add_resource(_work(stage))
    _add_policies(template)


def add_undelivered(template: Template) -> None:
    """
    Add the queue of events that reached nobody.

    The queue service encrypts it with a key of its own: an event that the stack's key refuses
    must still find a place.
    """
    reason = "What the customer's key refuses must still arrive here; SSE-SQS encrypts it."
    template.add_resource(
        sqs.Queue(
            UNDELIVERED,
            DeletionPolicy="Delete",
            UpdateReplacePolicy="Delete",
            Metadata={"checkov": {"skip": [{"id": "CKV_AWS_27", "comment": reason}]}},
            QueueName=named("undelivered-events"),
            SqsManagedSseEnabled=True,
            MessageRetentionPeriod=_FOURTEEN_DAYS,
        )
    )
    rules = ("s3-object-created", "ecs-task-events", "wake-ingestion")
    undelivered = [only_tls(arn_of(UNDELIVERED), "sqs:*"), _from_rules(UNDELIVERED, rules)]
    _add_policy(template, UNDELIVERED, [UNDELIVERED], undelivered)


def undelivered_arn() -> Value:
    """ARN of the queue of events that reached nobody, as both stacks say it."""
    return arn("sqs", "undelivered-events-${EnvironmentSuffix}")


def _work(stage: Stage) -> sqs.Queue:
    return sqs.Queue(
        queue_id(stage),
        QueueName=named(stage.name),
        KmsMasterKeyId=imported("KeyArn"),
        ReceiveMessageWaitTimeSeconds=20,
        VisibilityTimeout=VISIBILITY_SECONDS,
        MessageRetentionPeriod=_FOURTEEN_DAYS,
        RedrivePolicy=sqs.RedrivePolicy(
            deadLetterTargetArn=arn_of(dead_letter_id(stage)), maxReceiveCount=ATTEMPTS
        ),
    )


def _dead_letters(stage: Stage) -> sqs.Queue:
    return sqs.Queue(
        dead_letter_id(stage),
        QueueName=named(f"{stage.name}-dead-letters"),
        KmsMasterKeyId=imported("KeyArn"),
        MessageRetentionPeriod=_FOURTEEN_DAYS,
        RedriveAllowPolicy={
            "redrivePermission": "byQueue",
            "sourceQueueArns": [arn("sqs", f"{stage.name}-${{EnvironmentSuffix}}")],
        },
    )


def _add_policies(template: Template) -> None:
    """One policy for all queues that no rule writes to: it holds for whichever it lies on."""
    plain = []
    for stage in STAGES:
        plain.append(dead_letter_id(stage))
        if stage.starts_runs:
            queue = queue_id(stage)
            said = [only_tls(arn_of(queue), "sqs:*"), _from_rules(queue, ("s3-object-created",))]
            _add_policy(template, queue, [queue], said)
        else:
            plain.append(queue_id(stage))
    _add_policy(template, "Queues", plain, [only_tls("*", "sqs:*")])


def _add_policy(
    template: Template, name: str, queues: list[str], statements: list[dict[str, Value]]
) -> None:
    template.add_resource(
        sqs.QueuePolicy(
            f"{name}Policy",
            Queues=[Ref(queue) for queue in queues],
            PolicyDocument=document(*statements),
        )
    )


def _from_rules(queue: str, rules: tuple[str, ...]) -> dict[str, Value]:
    """Rules by name, since a rule needs its queue before the queue can name the rule."""
    sources = [arn("events", f"rule/{rule}-${{EnvironmentSuffix}}") for rule in rules]
    return allow(
        "sqs:SendMessage",
        arn_of(queue),
        sid="Events",
        principal={"Service": "events.amazonaws.com"},
        conditions=from_here(list_or_one(sources)),
    )
