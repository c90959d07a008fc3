"""
EventBridge delivers to a queue that lets it, and else to the target's dead letters.

The policy of a queue must allow events.amazonaws.com to send, on behalf of the rule; without, AWS
delivers nothing. MiniStack delivers anyway, and knows no dead letters of targets.
"""

import contextvars
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.arn import parse_arn
from ministack.core.responses import get_account_id, get_region
from ministack.services import eventbridge, sqs

PUBLISHER = "events.amazonaws.com"
_IN_DELIVERY: contextvars.ContextVar[tuple[str, str]] = contextvars.ContextVar("in_delivery")
"""ARN of the rule, and of the queue of its target's dead letters; empty without one."""


def apply() -> None:
    """Ask the policy of each queue before an event is put into it."""
    invoked, dispatched = eventbridge._invoke_target, eventbridge._dispatch_to_sqs

    def invoke(target: Any, event: Any, rule: Any, view: Any = None) -> None:
        arn = eventbridge._rule_arn(rule["Name"], rule.get("EventBusName") or "default")
        letters = (target.get("DeadLetterConfig") or {}).get("Arn", "")
        mark = _IN_DELIVERY.set((arn, letters))
        try:
            invoked(target, event, rule, view)
        finally:
            _IN_DELIVERY.reset(mark)

    def dispatch(spec: Any, payload: str, parameters: Any = None) -> None:
        rule, letters = _IN_DELIVERY.get()
        if admits(str(spec), PUBLISHER, rule):
            dispatched(spec, payload, parameters)
        elif letters and admits(letters, PUBLISHER, rule):
            dispatched(parse_arn(letters), payload, parameters)
        else:
            print(f"{rule} may not send to {spec}", flush=True)

    eventbridge._invoke_target = invoke
    eventbridge._dispatch_to_sqs = dispatch


def admits(queue: str, publisher: str, source: str) -> bool:
    """Whether a queue exists and its policy lets *publisher* send on behalf of *source*."""
    found = sqs._queue_by_arn(queue)
    if found is None:
        return False
    context = iam_evaluator.EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action="sqs:SendMessage",
        resource_arn=queue,
        region=get_region(),
        source_ip="",
        secure_transport=True,
        service_context={"aws:sourcearn": source, "aws:sourceaccount": get_account_id()},
    )
    policy = (found.get("attributes") or {}).get("Policy")
    told = iam_evaluator.evaluate_resource_policy(policy, context, service=publisher)
    return bool(told.decision == "Allow")
