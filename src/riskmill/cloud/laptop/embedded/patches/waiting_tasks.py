"""
Tasks that wait for their token: heartbeats, tokens of their own, and refusals of late answers.

A state with HeartbeatSeconds fails with States.HeartbeatTimeout when no heartbeat comes in that
time; each attempt has a token of its own; and one that is no longer waited for is refused with
TaskTimedOut. MiniStack ignores HeartbeatSeconds.
"""

import contextvars
import threading
import time
from typing import Any

from ministack.services import stepfunctions

from .running_executions import current_machine

_MACHINES: dict[str, str] = {}
"""Token to the ARN of the state machine that waits for it."""
TICK = 0.05


def apply() -> None:
    """Watch the heartbeat of each task that waits."""
    waited_before = stepfunctions._invoke_with_callback

    def waited(resource: str, data: Any, token: str, state: Any) -> Any:
        _MACHINES[token] = current_machine()
        if "HeartbeatSeconds" in state:
            inherited = contextvars.copy_context()
            seconds = float(state["HeartbeatSeconds"])
            watch = threading.Thread(
                target=inherited.run, args=(_watched, token, seconds), daemon=True
            )
            watch.start()
        try:
            return waited_before(resource, data, token, state)
        finally:
            _MACHINES.pop(token, None)

    stepfunctions._invoke_with_callback = waited


def machine_of(token: str) -> str:
    """Return the ARN of the state machine that waits for *token*; empty where none does."""
    return _MACHINES.get(token, "")


def _watched(token: str, seconds: float) -> None:
    """Fail the task when its heartbeat has been silent for so long."""
    last = time.monotonic()
    while token in _MACHINES:
        waiting = stepfunctions._task_tokens.get(token)
        if waiting is not None and waiting.get("heartbeat"):
            waiting["heartbeat"] = None
            last = time.monotonic()
        if waiting is not None and time.monotonic() - last > seconds:
            waiting["error"] = {"Error": "States.HeartbeatTimeout", "Cause": ""}
            waiting["event"].set()
            return
        time.sleep(TICK)
