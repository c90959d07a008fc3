"""
Tasks that wait for their token: heartbeats, tokens of their own, and refusals of late answers.

A state with HeartbeatSeconds fails with States.HeartbeatTimeout when no heartbeat comes in that
time; each attempt has a token of its own; and one that is no longer waited for is refused with
TaskTimedOut. MiniStack ignores HeartbeatSeconds, gives every attempt the same token, and goes on
waiting for tokens of an execution that was stopped.
"""

import contextvars
import secrets
import threading
import time
from typing import Any

from ministack.services import stepfunctions

from .running_executions import AT_THE_END, current_execution, current_machine

_MACHINES: dict[str, str] = {}
"""Token to the ARN of the state machine that waits for it."""
_EXECUTIONS: dict[str, str] = {}
"""Token to the ARN of the execution that waits for it."""
_OF_RETRIES: set[str] = set()
TICK = 0.05


def apply() -> None:
    """Give each attempt its token, watch its heartbeat, and end it with its execution."""
    waited_before = stepfunctions._invoke_with_callback
    stopped_before = stepfunctions._stop_execution
    for name in ("_apply_jsonata_arguments", "_apply_parameters"):
        setattr(stepfunctions, name, _with_own_token(getattr(stepfunctions, name)))

    def waited(resource: str, data: Any, token: str, state: Any) -> Any:
        _MACHINES[token], _EXECUTIONS[token] = current_machine(), current_execution()
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
            _EXECUTIONS.pop(token, None)
            _OF_RETRIES.discard(token)

    def stopped(request: Any) -> Any:
        answer = stopped_before(request)
        _give_up(str(request.get("executionArn")))
        return answer

    stepfunctions._invoke_with_callback = waited
    stepfunctions._stop_execution = stopped
    AT_THE_END.append(_give_up)


def _with_own_token(arguments_of: Any) -> Any:
    """Let the arguments of a retry be made with a token that no attempt had."""

    def arguments(state: Any, given: Any, context: Any = None) -> Any:
        task = (context or {}).get("Task")
        retried = ((context or {}).get("State") or {}).get("RetryCount")
        if task and retried and task["Token"] not in _OF_RETRIES:
            token = secrets.token_urlsafe(48)
            _OF_RETRIES.add(token)
            context["Task"] = {"Token": token}
        return arguments_of(state, given, context)

    return arguments


def _give_up(execution: str) -> None:
    """End every task that an execution waits for."""
    for token, waiting in list(_EXECUTIONS.items()):
        if waiting == execution:
            _fail(token, "States.Aborted")


def _fail(token: str, error: str) -> None:
    waiting = stepfunctions._task_tokens.get(token)
    if waiting is not None:
        waiting["error"] = {"Error": error, "Cause": ""}
        waiting["event"].set()


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
            _fail(token, "States.HeartbeatTimeout")
            return
        time.sleep(TICK)
