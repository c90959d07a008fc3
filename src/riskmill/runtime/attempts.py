"""The record of every attempt at a task: what `logs` and `status` read."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from riskmill.pipeline import ObjectStore, Task, attempt_key, load_record, run_prefix

ATTEMPT_SCHEMA = "riskmill.attempt/1"


@dataclass(frozen=True, kw_only=True, slots=True)
class LogRecord:
    """One try at one task. It decides nothing: task manifests say what is done."""

    schema: str = ATTEMPT_SCHEMA
    instant: str
    """UTC instant at which the attempt ended, ISO 8601."""
    task_id: str
    stage: str
    wave: str
    attempt: int
    """1 for the first."""
    outcome: str
    """`done` or `failed`."""
    seconds: float
    message: str = ""
    """Code and message of the error; empty when done."""
    process: str = ""
    """Host and process id of the worker."""


def next_attempt(store: ObjectStore, run_id: str, task: Task) -> int:
    """Number of the next attempt at *task*."""
    return len(store.keys(f"{run_prefix(run_id)}/attempts/{task.task_id}")) + 1


def write_attempt(store: ObjectStore, run_id: str, record: LogRecord) -> None:
    """Keep *record* under its own number, or the next that is free."""
    data = msgspec.json.encode(record) + b"\n"
    attempt = record.attempt
    while not store.put_new(attempt_key(run_id, record.task_id, attempt), data):
        attempt += 1


def read_attempts(store: ObjectStore, run_id: str) -> Iterator[LogRecord]:
    """Give every attempt of a run, by the instant at which it ended."""
    keys = store.keys(f"{run_prefix(run_id)}/attempts")
    records = [load_record(store, key, LogRecord) for key in keys]
    yield from sorted(records, key=lambda record: (record.instant, record.task_id))
