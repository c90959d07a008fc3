"""The end of a run: its record, written last of all, and the pages that tell of it."""

from dataclasses import dataclass
from datetime import datetime

from riskmill.domain import RunFailed, WorkMessage
from riskmill.pipeline import (
    finished_tasks,
    past_run,
    plan_key,
    positions_of,
    record_key,
    remaining,
    write_catalogue,
)
from riskmill.runtime.aws.places import Places
from riskmill.runtime.aws.tasks import load_run
from riskmill.runtime.pages import renew_pages
from riskmill.runtime.runs import conclude

RUN_EVENT = "run-closed"
"""Name of the line that the dashboard's table of runs is made of."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Closed:
    """A run that has ended: with which code and data, and how."""

    run_id: str
    status: str
    """`complete`, `complete with failures` or `failed`."""
    batch_id: str
    code_version: str
    manifest_sha256: str
    positions: int
    """Positions whose value is in the report; 0 for a run that failed."""
    failures: int
    """Rows rejected and positions not valued."""
    breaches: int
    seconds: float
    """Since the run was laid out."""
    error: str = ""
    """Code of what it failed of, as far as a task was told it; empty for a run that did not."""


def close_run(message: WorkMessage, places: Places, now: datetime) -> Closed:
    """
    Close the run of *message*, or note that it failed; safe to repeat.

    Raises `RunFailed` (E861) for a run that is told finished while a task has no manifest.
    """
    spec, laid_out = load_run(message.run_id, places)
    store = places.output
    began = store.written(plan_key(spec.run_id))
    status, error, positions, failures, breaches = "failed", "", 0, 0, 0
    if message.outcome == "finished":
        if left := remaining(laid_out, finished_tasks(store, spec.run_id)):
            raise _unfinished(spec.run_id, left.tasks[0].task_id)
        summary = conclude(store, laid_out)
        renew_pages(store, spec.run_id)
        status, positions = summary.status, positions_of(laid_out, store)
        failures, breaches = summary.rejected + summary.unvalued, len(summary.breaches)
    else:
        write_catalogue(store)
        error = past_run(store, spec.run_id).reason.partition(":")[0]
    return Closed(
        run_id=spec.run_id,
        status=status,
        batch_id=spec.batch.batch_id,
        code_version=spec.code_version,
        manifest_sha256=spec.manifest_sha256,
        positions=positions,
        failures=failures,
        breaches=breaches,
        seconds=round((now - began).total_seconds(), 3),
        error=error,
    )


def _unfinished(run_id: str, task_id: str) -> RunFailed:
    return RunFailed(
        "E861",
        f"run {run_id} is told finished, and task {task_id} has no manifest",
        place=record_key(run_id),
        remedy="Start the next attempt of the run: only what is missing is done.",
    )
