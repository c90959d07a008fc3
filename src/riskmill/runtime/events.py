"""What happens in a run, as values: for progress bars, log lines and tests."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class RunStarted:
    """The plan is made; some of its tasks may be done from before."""

    run_id: str
    batch_id: str
    tasks: int
    done: int


@dataclass(frozen=True, kw_only=True, slots=True)
class StageStarted:
    """A wave begins with this many tasks left to do."""

    stage: str
    wave: str
    tasks: int


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskFinished:
    """A task has its manifest."""

    task_id: str
    stage: str
    wave: str
    done: int
    """Tasks of this wave done in this run so far."""
    tasks: int


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskFailed:
    """One attempt at a task failed."""

    task_id: str
    stage: str
    wave: str
    attempt: int
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StageFinished:
    """A wave is over, all of its tasks done."""

    stage: str
    wave: str
    tasks: int
    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class RunFinished:
    """Nothing is left to do, or nothing more can be done."""

    run_id: str
    status: str
    """`complete`, `complete with failures` or `failed`."""


Event = RunStarted | StageStarted | TaskFinished | TaskFailed | StageFinished | RunFinished
Observer = Callable[[Event], None]
"""Called in the thread that started the run, one event after another."""
