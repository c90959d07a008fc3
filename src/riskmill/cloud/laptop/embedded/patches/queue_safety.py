"""
No message of a queue is lost when two write to it at once.

MiniStack makes the list of a queue's messages anew at each deletion, on the thread that serves
requests, while executions of state machines append to it on threads of their own: what is appended
in between is gone. Here whoever changes a queue does so alone.
"""

import functools
import threading
from collections.abc import Callable
from typing import Any

from ministack.services import eventbridge, sns, sqs

CHANGING = (
    "_act_send_message", "_act_send_message_batch", "_act_delete_message",
    "_act_delete_message_batch", "_act_purge_queue", "_act_change_visibility",
    "_act_change_visibility_batch", "_expire_retained", "_dlq_sweep", "_collect_msgs",
    "_collect_fifo", "_refresh_counts",
)  # fmt: skip
"""Functions that read and write the messages of a queue."""
_ALONE = threading.RLock()


def apply() -> None:
    """Let one thread at a time into the functions that change queues."""
    for name in CHANGING:
        changed = _alone(getattr(sqs, name))
        for action, handler in list(sqs._HANDLERS.items()):
            if handler is getattr(sqs, name):
                sqs._HANDLERS[action] = changed
        setattr(sqs, name, changed)
    eventbridge._dispatch_to_sqs = _alone(eventbridge._dispatch_to_sqs)
    for name in [
        name for name in vars(sns) if name.startswith(("_deliver_to_sqs", "_deliver_sqs"))
    ]:
        setattr(sns, name, _alone(getattr(sns, name)))


def _alone(change: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(change)
    def alone(*arguments: Any, **named: Any) -> Any:
        with _ALONE:
            return change(*arguments, **named)

    return alone
