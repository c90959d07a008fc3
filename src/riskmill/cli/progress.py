"""
A run as it is watched: a bar on a terminal, else one JSON line per stage on standard error.

What a task computed is never shown here, only its name and how it ended.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from riskmill.cli.output import talks_to_a_terminal, write_json_line, write_talk
from riskmill.domain import RunFailed, StoreError
from riskmill.runtime import (
    Event,
    Observer,
    RunFinished,
    RunStarted,
    StageFinished,
    StageStarted,
    TaskFailed,
    TaskFinished,
)


@contextmanager
def watched(out: Path) -> Iterator[Observer]:
    """
    Give an observer that shows a run's progress for as long as the block lasts.

    An error that ends a run once it has started gets a note on how to go on. Rejected
    input gets none: its own remedy says what to deliver.
    """
    with _shown() as show:
        watcher = Watcher(show)
        try:
            yield watcher
        except (RunFailed, StoreError) as error:
            if watcher.run_id:
                error.add_note(f"riskmill logs {watcher.run_id} --out {out} shows each attempt")
                error.add_note(f"riskmill rerun {watcher.run_id} --out {out} goes on with the rest")
            raise


class Watcher:
    """An observer that remembers which run it watches."""

    def __init__(self, show: Observer) -> None:
        self._show = show
        self.run_id = ""

    def __call__(self, event: Event) -> None:
        """Pass the event on."""
        if isinstance(event, RunStarted):
            self.run_id = event.run_id
        self._show(event)


@contextmanager
def _shown() -> Iterator[Observer]:
    if not talks_to_a_terminal():
        yield tell_in_json
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Bar(progress)


class Bar:
    """An observer that moves one bar through all tasks of a run."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._row = progress.add_task("starting", total=None)

    def __call__(self, event: Event) -> None:
        """Move the bar; a failed task gets a line of its own above it."""
        match event:
            case RunStarted():
                self._progress.update(self._row, total=event.tasks, completed=event.done)
            case StageStarted(stage="replay"):
                self._progress.update(self._row, total=event.tasks, description="past days")
            case StageStarted():
                self._progress.update(self._row, description=f"{event.stage}: {event.wave}")
            case TaskFinished():
                self._progress.advance(self._row)
            case TaskFailed():
                said = f"{event.task_id}, attempt {event.attempt}: {event.message}"
                self._progress.console.print(escape(said), highlight=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class StageLine:
    """A finished wave of a stage, as one JSON line."""

    event: str = "stage finished"
    stage: str
    wave: str
    tasks: int
    seconds: float
    """Wall time, rounded to milliseconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FailureLine:
    """A failed attempt, as one JSON line."""

    event: str = "task failed"
    task_id: str
    stage: str
    wave: str
    attempt: int
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RunLine:
    """A run that began or ended, as one JSON line."""

    event: str
    run_id: str
    status: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NextLine:
    """What the reader may do next, as one JSON line."""

    event: str = "next step"
    message: str


def tell_in_json(event: Event) -> None:
    """Write the events that a log should keep, one JSON line each."""
    match event:
        case RunStarted():
            line: object = RunLine(event="run started", run_id=event.run_id, status="running")
        case StageFinished():
            line = StageLine(
                stage=event.stage,
                wave=event.wave,
                tasks=event.tasks,
                seconds=round(event.seconds, 3),
            )
        case TaskFailed():
            line = FailureLine(
                task_id=event.task_id,
                stage=event.stage,
                wave=event.wave,
                attempt=event.attempt,
                message=event.message,
            )
        case RunFinished():
            line = RunLine(event="run finished", run_id=event.run_id, status=event.status)
        case _:
            return
    write_json_line(line, sys.stderr)


def suggest(message: str) -> None:
    """Say what to do next: a sentence on a terminal, else one more JSON line."""
    if talks_to_a_terminal():
        write_talk(f"\nNext: {message}")
    else:
        write_json_line(NextLine(message=message), sys.stderr)
