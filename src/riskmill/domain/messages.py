"""
What is said between the parts of the cloud: small, by reference, never a position or price.

The state machine writes a `WorkMessage` for each task, and a worker answers its token.
"""

from dataclasses import dataclass

WORK_SCHEMA = "riskmill.work/1"
RUN_REQUEST_SCHEMA = "riskmill.run-request/1"
INBOX = "in/"
"""Where deliveries land in the data bucket: `in/2018-12-31/EOD/v001/positions.csv`."""
CLOSING_TASK = "run-close"
"""Task id of the last message of a run: write its record, and renew the catalogue."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkMessage:
    """One message of a stage's queue: do this task of this run, and answer the token."""

    schema: str = WORK_SCHEMA
    run_id: str
    task_id: str
    """A task of the run's plan, or `CLOSING_TASK`."""
    execution: str
    """Name of the execution that asks: run id and attempt."""
    outcome: str = ""
    """`finished` or `failed` in the closing message; empty for a task of the plan."""
    token: str
    """Goes back with success, failure and heartbeat."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunRequest:
    """Input of an execution; the plan and its items lie in the output bucket."""

    schema: str = RUN_REQUEST_SCHEMA
    run_id: str
    batch_id: str
    files: int
    """Tasks of a wave that has one for each file."""
    partitions: int
    """Tasks of a wave that has one for each partition."""


def execution_name(run_id: str, attempt: int) -> str:
    """
    Name of the execution that carries out this attempt (from 1) of a run.

    Starting the same execution twice starts it once, however often an event is delivered.
    """
    return f"{run_id}-{attempt:04d}"
