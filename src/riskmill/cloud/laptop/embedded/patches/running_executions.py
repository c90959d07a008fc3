"""
Executions: named once, within bounds, until their deadline.

StartExecution with the name and input of a running execution answers as the first time, and the
TimeoutSeconds of a state machine ends its executions. MiniStack refuses the one, ignores the
other, takes names and inputs that AWS does not, and goes on with a map whose execution has ended.
"""

import contextvars
import json
import re
import threading
from collections.abc import Callable
from typing import Any

from ministack.core.responses import (
    error_response_json,
    get_account_id,
    get_region,
    json_response,
    now_iso,
)
from ministack.services import stepfunctions

LARGEST_INPUT = 262_144
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,80}")
_EXECUTION: contextvars.ContextVar[str] = contextvars.ContextVar("execution", default="")
_MACHINE: contextvars.ContextVar[str] = contextvars.ContextVar("machine", default="")


AT_THE_END: list[Callable[[str], None]] = []
"""Called with the ARN of each execution whose time is over."""


class Ended(BaseException):
    """The execution was stopped, or its time is over: nothing catches this but its own thread."""


def apply() -> None:
    """Check what an execution is started with, and end it at its deadline or when it is stopped."""
    ran_before, started_before = stepfunctions._run_execution, stepfunctions._start_execution
    done_before = stepfunctions._execute_task

    def run(arn: str) -> Any:
        machine = str((stepfunctions._executions.get(arn) or {}).get("stateMachineArn") or "")
        _MACHINE.set(machine)
        _EXECUTION.set(arn)
        seconds = _deadline(machine)
        if seconds:
            expire = threading.Timer(seconds, contextvars.copy_context().run, (_expired, arn))
            expire.daemon = True
            expire.start()
        try:
            return ran_before(arn)
        except Ended:
            return None

    def do(state: Any, given: Any, execution: Any, context: Any) -> Any:
        _go_on()
        try:
            return done_before(state, given, execution, context)
        finally:
            _go_on()

    def start(request: Any) -> Any:
        return _refused(request) or _running(request) or started_before(request)

    stepfunctions._run_execution = run
    stepfunctions._start_execution = start
    stepfunctions._execute_task = do


def current_machine() -> str:
    """Return the ARN of the state machine that this thread runs; empty outside one."""
    return _MACHINE.get()


def current_execution() -> str:
    """Return the ARN of the execution that this thread belongs to; empty outside one."""
    return _EXECUTION.get()


def _go_on() -> None:
    execution = stepfunctions._executions.get(_EXECUTION.get())
    if execution is not None and execution["status"] != "RUNNING":
        raise Ended


def _deadline(machine: str) -> float:
    found = stepfunctions._state_machines.get(machine) or {}
    return float(json.loads(found.get("definition") or "{}").get("TimeoutSeconds") or 0)


def _expired(arn: str) -> None:
    execution = stepfunctions._executions.get(arn)
    if execution and execution["status"] == "RUNNING":
        execution.update(status="TIMED_OUT", stopDate=now_iso())
        number = len(execution["events"]) + 1
        execution["events"].append(
            {"id": number, "type": "ExecutionTimedOut", "timestamp": now_iso()}
        )
        stepfunctions._emit_execution_status_event(execution)
        for told in AT_THE_END:
            told(arn)


def _refused(request: Any) -> Any:
    name, given = request.get("name"), request.get("input") or "{}"
    if name is not None and not _NAME.fullmatch(name):
        return error_response_json("InvalidName", f"Invalid Name: '{name}'", 400)
    if len(given.encode()) > LARGEST_INPUT:
        return error_response_json("InvalidExecutionInput", "input exceeds 262144 bytes", 400)
    try:
        json.loads(given)
    except ValueError as wrong:
        return error_response_json("InvalidExecutionInput", f"Invalid input: '{wrong}'", 400)
    return None


def _running(request: Any) -> Any:
    """Answer as the first time where the same execution still runs."""
    machine = stepfunctions._state_machines.get(request.get("stateMachineArn", ""))
    if not machine or not request.get("name"):
        return None
    arn = (
        f"arn:aws:states:{get_region()}:{get_account_id()}:execution:"
        f"{machine['name']}:{request['name']}"
    )
    found = stepfunctions._executions.get(arn)
    same = found and found["status"] == "RUNNING" and found["input"] == request.get("input", "{}")
    return json_response({"executionArn": arn, "startDate": found["startDate"]}) if same else None
