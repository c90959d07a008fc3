"""How far runs are: read from task manifests and attempts, never from a database."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from riskmill.domain import ArtefactConflict, ArtefactMissing
from riskmill.pipeline import (
    ObjectStore,
    Plan,
    RunSummary,
    finished_tasks,
    load_record,
    plan_key,
    record_key,
    report_key,
)
from riskmill.runtime.attempts import LogRecord, read_attempts
from riskmill.runtime.lock import is_running
from riskmill.runtime.runs import REPORT, open_runs, read_spec
from riskmill.runtime.stores import ObstoreStore

DAMAGED = "damaged"


@dataclass(frozen=True, kw_only=True, slots=True)
class StageStatus:
    """How far a wave is."""

    stage: str
    wave: str
    done: int
    tasks: int
    failed: int
    """Tasks without a manifest whose last attempt failed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunStatus:
    """How far a run is."""

    run_id: str
    batch_id: str
    status: str
    """`running`, `incomplete`, `failed`, `complete`, `complete with failures` or `damaged`."""
    done: int
    tasks: int
    stages: tuple[StageStatus, ...]
    report: str
    """Path of the HTML report; empty while there is none."""
    superseded_by: str = ""
    """Batch whose finished run corrects this one's; empty where none does."""


def list_runs(out: Path) -> tuple[RunStatus, ...]:
    """Status of every run below *out*, by run id; empty where there is none."""
    if not out.is_dir():
        return ()
    store = ObstoreStore.in_directory(out)
    suffix = "/spec.json"
    run_ids = [key.split("/")[1] for key in store.keys("runs") if key.endswith(suffix)]
    runs = [_status_or_damage(store, out, run_id) for run_id in run_ids]
    corrected = {
        read_spec(store, run.run_id).batch.superseded_id: run.batch_id
        for run in runs
        if run.status.startswith("complete")
    }
    return tuple(replace(run, superseded_by=corrected.get(run.batch_id, "")) for run in runs)


def run_status(out: Path, run_id: str) -> RunStatus:
    """Status of one run; `UsageError` (E612) where there is no such run."""
    read_spec(open_runs(out, run_id), run_id)
    return next(run for run in list_runs(out) if run.run_id == run_id)


def read_log(out: Path, run_id: str) -> Iterator[LogRecord]:
    """Every attempt of a run, oldest first; `UsageError` (E612) where there is no such run."""
    store = open_runs(out, run_id)
    read_spec(store, run_id)
    return read_attempts(store, run_id)


def _status_or_damage(store: ObjectStore, out: Path, run_id: str) -> RunStatus:
    """Status of a run; one whose records cannot be read does not hide the others."""
    try:
        return _status(store, out, run_id)
    except ArtefactConflict as damage:
        return RunStatus(
            run_id=run_id,
            batch_id=damage.place,
            status=DAMAGED,
            done=0,
            tasks=0,
            stages=(),
            report="",
        )


def _status(store: ObjectStore, out: Path, run_id: str) -> RunStatus:
    spec = read_spec(store, run_id)
    done = finished_tasks(store, run_id)
    last = {record.task_id: record.outcome for record in read_attempts(store, run_id)}
    failed = {task for task, outcome in last.items() if outcome == "failed"} - done
    stages = _stages(_plan(store, run_id), done, failed)
    status = _word(store, out, run_id, failed)
    complete = status.startswith("complete")
    return RunStatus(
        run_id=run_id,
        batch_id=spec.batch.batch_id,
        status=status,
        done=sum(stage.done for stage in stages),
        tasks=sum(stage.tasks for stage in stages),
        stages=stages,
        report=str(out / report_key(spec, REPORT)) if complete else "",
    )


def _plan(store: ObjectStore, run_id: str) -> Plan | None:
    try:
        return load_record(store, plan_key(run_id), Plan)
    except ArtefactMissing:
        return None


def _stages(
    laid_out: Plan | None, done: frozenset[str], failed: set[str]
) -> tuple[StageStatus, ...]:
    stages = []
    for wave in laid_out.waves if laid_out else ():
        count = Counter(
            "done" if task.task_id in done else "failed" if task.task_id in failed else "left"
            for task in wave.tasks
        )
        stages.append(
            StageStatus(
                stage=wave.stage,
                wave=wave.name,
                done=count["done"],
                tasks=len(wave.tasks),
                failed=count["failed"],
            )
        )
    return tuple(stages)


def _word(store: ObjectStore, out: Path, run_id: str, failed: set[str]) -> str:
    try:
        return load_record(store, record_key(run_id), RunSummary).status
    except ArtefactMissing:
        if is_running(out, run_id):
            return "running"
        return "failed" if failed else "incomplete"
