"""Step Functions: task tokens are answered, and executions of a run are started."""

from typing import Any

import msgspec

from riskmill.domain import CloudRefused, RunRequest, execution_name
from riskmill.runtime.aws.clients import error_code, refusals

DEAD = frozenset({"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"})
"""Answers to a token that nobody waits for any more."""
STARTED = "ExecutionAlreadyExists"
CAUSE = 1_000
"""Characters of a cause: enough for code, message and place."""


class Workflow:
    """The state machine of a run, and the tokens that it gave out."""

    def __init__(self, client: Any, machine: str) -> None:
        self._client = client
        self._machine = machine

    def beat(self, token: str) -> bool:
        """Say that the task goes on; false where nobody waits for it any more."""
        return self._told("send_task_heartbeat", taskToken=token)

    def succeed(self, token: str) -> bool:
        """Say that the task is done; false where nobody waits for it any more."""
        return self._told("send_task_success", taskToken=token, output="{}")

    def fail(self, token: str, error: str, cause: str) -> bool:
        """Say that the task failed, by the name of its *error*; false where nobody waits."""
        return self._told("send_task_failure", taskToken=token, error=error, cause=cause[:CAUSE])

    def start(self, request: RunRequest, attempt: int) -> None:
        """Start an attempt of a run; one that was started before is left as it is."""
        name = execution_name(request.run_id, attempt)
        try:
            with refusals("E853", "the run could not be started", name):
                self._client.start_execution(
                    stateMachineArn=self._machine,
                    name=name,
                    input=msgspec.json.encode(request).decode(),
                )
        except CloudRefused as refusal:
            if error_code(refusal) != STARTED:
                raise

    def _told(self, call: str, **said: str) -> bool:
        try:
            with refusals("E854", "a task token could not be answered", self._machine):
                getattr(self._client, call)(**said)
        except CloudRefused as refusal:
            if error_code(refusal) in DEAD:
                return False
            raise
        return True
