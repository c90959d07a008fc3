"""Carry a plan out: wave after wave, tasks side by side, each attempt recorded."""

import os
import platform
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime

import stamina

from riskmill.domain import RiskmillError, RunFailed
from riskmill.pipeline import Task, Wave, Workspace, intact_tasks, perform, remaining
from riskmill.runtime.attempts import LogRecord, next_attempt, write_attempt
from riskmill.runtime.events import (
    Observer,
    StageFinished,
    StageStarted,
    TaskFailed,
    TaskFinished,
)
from riskmill.runtime.threads import is_ending

ATTEMPTS = 3
"""Tries at a task whose error says that trying again can help."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FailedTask:
    """A task that used up its attempts, and why the last one failed."""

    task: Task
    error: RiskmillError


def carry_out(workspace: Workspace, executor: Executor, observe: Observer) -> None:
    """
    Do every task of the plan that has no manifest yet, or whose published files have gone.

    Stops after a wave in which a task failed, its other tasks finished, and
    raises that task's error; with several, the first in the order of the plan.
    """
    done = set(intact_tasks(workspace.store, workspace.spec.run_id))
    while wave := remaining(workspace.plan, done):
        started = time.perf_counter()
        observe(StageStarted(stage=wave.stage, wave=wave.name, tasks=len(wave.tasks)))
        failed = _run_wave(wave, workspace, executor, observe)
        if failed:
            raise _first(failed)
        done.update(task.task_id for task in wave.tasks)
        seconds = time.perf_counter() - started
        observe(
            StageFinished(stage=wave.stage, wave=wave.name, tasks=len(wave.tasks), seconds=seconds)
        )


def _run_wave(
    wave: Wave, workspace: Workspace, executor: Executor, observe: Observer
) -> list[FailedTask]:
    running = {executor.submit(attempt_task, task, workspace): task for task in wave.tasks}
    failed = []
    try:
        for count, (task, error) in enumerate(_outcomes(running), start=1):
            if error:
                failed.append(FailedTask(task=task, error=error))
                observe(_failure(task, error))
            else:
                observe(_success(task, count - len(failed), len(wave.tasks)))
    finally:
        for future in running:
            future.cancel()
    return sorted(failed, key=lambda failure: failure.task.index)


def _first(failed: list[FailedTask]) -> RiskmillError:
    """The first task's error, with a note on each of the others."""
    error = failed[0].error
    for other in failed[1:]:
        error.add_note(f"Also: {other.error}")
    return error


def _outcomes(
    running: dict[Future[RiskmillError | None], Task],
) -> Iterator[tuple[Task, RiskmillError | None]]:
    for future in as_completed(running):
        yield running[future], future.result()


def attempt_task(task: Task, workspace: Workspace) -> RiskmillError | None:
    """Try *task* as often as it can help, recording each try; give the error that stayed."""
    try:
        for attempt in stamina.retry_context(on=_can_help, attempts=ATTEMPTS, timeout=None):
            with attempt:
                attempt_once(task, workspace)
    except RiskmillError as error:
        return error
    return None


def _can_help(error: Exception) -> bool:
    return isinstance(error, RiskmillError) and error.retryable


def attempt_once(task: Task, workspace: Workspace) -> None:
    """
    Try *task* once and record how that ended; an unforeseen error becomes E606.

    What fails because the process ends is no failure of the task.
    """
    started = time.perf_counter()
    try:
        perform(task, workspace)
    except RiskmillError as error:
        _record_failure(task, workspace, started, error)
        raise
    except Exception as cause:
        if is_ending():
            raise
        unexpected = _unexpected(task, cause)
        _record_failure(task, workspace, started, unexpected)
        raise unexpected from cause
    _record(task, workspace, started, outcome="done", message="")


def _record_failure(task: Task, workspace: Workspace, started: float, error: RiskmillError) -> None:
    """Record a failed try; where even that fails, the first error is the one to tell."""
    try:
        _record(task, workspace, started, outcome="failed", message=str(error))
    except RiskmillError as second:
        error.add_note(f"The attempt could not be recorded either: {second}")


def _record(
    task: Task, workspace: Workspace, started: float, *, outcome: str, message: str
) -> None:
    run_id = workspace.spec.run_id
    record = LogRecord(
        instant=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        task_id=task.task_id,
        stage=task.stage,
        wave=task.wave,
        attempt=next_attempt(workspace.store, run_id, task),
        outcome=outcome,
        seconds=round(time.perf_counter() - started, 3),
        message=message,
        process=f"{platform.node()}:{os.getpid()}",
    )
    write_attempt(workspace.store, run_id, record)


def _unexpected(task: Task, cause: Exception) -> RunFailed:
    return RunFailed(
        "E606",
        f"the task stopped with an error that riskmill does not know: "
        f"{type(cause).__name__}: {cause}",
        place=task.task_id,
        remedy="Run again with --debug and send us the traceback; finished tasks are kept.",
    )


def _failure(task: Task, error: RiskmillError) -> TaskFailed:
    return TaskFailed(
        task_id=task.task_id,
        stage=task.stage,
        wave=task.wave,
        attempt=ATTEMPTS if error.retryable else 1,
        message=str(error),
    )


def _success(task: Task, done: int, tasks: int) -> TaskFinished:
    return TaskFinished(
        task_id=task.task_id, stage=task.stage, wave=task.wave, done=done, tasks=tasks
    )
