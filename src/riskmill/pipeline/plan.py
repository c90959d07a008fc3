"""
The plan of a run: which tasks there are, and which of them come next.

Pure: a plan follows from the run spec and a number of partitions, and what is
left to do follows from the plan and the task manifests that exist.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass

from riskmill.domain import WAVES, Per, UsageError
from riskmill.pipeline.run_spec import RunSpec
from riskmill.reporting import FORMS

PLAN_SCHEMA = "riskmill.plan/1"
MAX_PARTITIONS = 10_000
ROWS_PER_PARTITION = 8_192
"""As many as a part of the stored positions has, so that few parts are read twice."""
MIN_PARTITIONS = 4
"""So that a small book, too, keeps a few processors busy."""
OTHER_FORMS = tuple(form for form in FORMS if form != "html")
"""Forms of the report that are made of its model, once the page is out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """Do this partition of this wave; doing it twice changes nothing."""

    stage: str
    """`ingestion`, `risk` or `reporting`."""
    wave: str
    """Name of the wave within the stage; with the stage it names the handler."""
    index: int = 0
    """0-based partition."""
    of: int = 1
    """Number of partitions of the wave."""
    subject: str = ""
    """Delivered file, or form of the report, that the task is about; empty for other tasks."""

    @property
    def task_id(self) -> str:
        """Such as `risk-value-0003-of-0016`: unique in a plan, and a valid key segment."""
        base = f"{self.stage}-{self.wave}"
        return base if self.of == 1 else f"{base}-{self.index + 1:04d}-of-{self.of:04d}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Wave:
    """Tasks that may run together, once all waves before are done."""

    stage: str
    name: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """Waves in order."""

    schema: str = PLAN_SCHEMA
    run_id: str
    partitions: int
    waves: tuple[Wave, ...]

    def tasks(self) -> Iterator[Task]:
        """Every task, in order."""
        for wave in self.waves:
            yield from wave.tasks

    def of_wave(self, stage: str, name: str) -> tuple[Task, ...]:
        """Tasks of one wave, by partition."""
        return next((w.tasks for w in self.waves if (w.stage, w.name) == (stage, name)), ())


def plan(spec: RunSpec, partitions: int, forms: tuple[str, ...] = OTHER_FORMS) -> Plan:
    """
    Lay out the run that *spec* describes, positions cut into *partitions*.

    The number of partitions changes who computes what, never a result; *forms* are those of the
    report that are made beside its page, which can be made of its model at any later time. Raises
    `UsageError` (E510) outside 1 to 10,000.
    """
    if not 1 <= partitions <= MAX_PARTITIONS:
        raise UsageError(
            "E510",
            f"{partitions} partitions are not possible",
            place="partitions",
            remedy=f"Choose between 1 and {MAX_PARTITIONS:,}.",
        )
    partitioned = ("",) * partitions
    subjects = {
        Per.FILE: tuple(file.name for file in spec.batch.files),
        Per.PARTITION: partitioned,
        Per.EARLIER: partitioned if spec.previous else (),
        Per.RUN: ("",),
        Per.FORM: forms,
    }
    waves = tuple(
        _wave(shape.stage, shape.name, subjects[shape.per])
        for shape in WAVES
        if subjects[shape.per]
    )
    return Plan(run_id=spec.run_id, partitions=partitions, waves=waves)


def default_partitions(spec: RunSpec) -> int:
    """Partitions for a batch of this announced size: one for each 8,192 rows, at least four."""
    rows = sum(file.rows for file in spec.batch.files if file.dataset == "positions")
    return max(MIN_PARTITIONS, min(MAX_PARTITIONS, -(-rows // ROWS_PER_PARTITION)))


def remaining(laid_out: Plan, done: Set[str]) -> Wave | None:
    """
    Return what can run now: the first wave with tasks not *done*, those tasks only.

    *done* holds the ids of tasks that have a manifest. None means the run is
    complete. "Resume?", "retry?" and "next wave?" are all this question.
    """
    for wave in laid_out.waves:
        left = tuple(task for task in wave.tasks if task.task_id not in done)
        if left:
            return Wave(stage=wave.stage, name=wave.name, tasks=left)
    return None


def _wave(stage: str, name: str, subjects: tuple[str, ...]) -> Wave:
    tasks = tuple(
        Task(stage=stage, wave=name, index=index, of=len(subjects), subject=subject)
        for index, subject in enumerate(subjects)
    )
    return Wave(stage=stage, name=name, tasks=tasks)
