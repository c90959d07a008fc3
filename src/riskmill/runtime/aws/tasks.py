"""The tasks of a run as a worker does them: the run's own conditions first, then its handler."""

from dataclasses import dataclass

from riskmill.domain import (
    CLOSING_TASK,
    ArtefactMissing,
    InputRejected,
    RunFailed,
    WorkMessage,
)
from riskmill.pipeline import (
    Plan,
    RunSpec,
    Task,
    Workspace,
    answer_refusal,
    is_intact,
    load_manifest,
    load_record,
    plan_key,
    refuse_signed,
    spec_key,
    valuations_of,
)
from riskmill.runtime.attempts import next_attempt
from riskmill.runtime.aws.places import Places
from riskmill.runtime.runner import attempt_once
from riskmill.runtime.settings import Settings
from riskmill.runtime.wiring import code_version, compute_path_at, prepare_kernels, runs_level

KEPT = 8
"""Runs whose spec and plan a worker keeps in mind."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What a task came to."""

    task: Task
    attempt: int
    """0 where it had been done before."""
    valuations: int


class RunTasks:
    """Does tasks of one stage, of whichever run a message names."""

    def __init__(self, room: str, places: Places, settings: Settings) -> None:
        self._room = room
        self._places = places
        self._settings = settings
        self._open: dict[str, Workspace] = {}
        self._level = ""

    def do(self, message: WorkMessage) -> Done:
        """
        Do the task that *message* names, unless it is done.

        Raises what the handler does, and `RunFailed`: E856 for a task that the run's plan
        does not have or that is another stage's, E859 for a run of other code, E860 for one
        whose processor level this machine, or this process, cannot take.
        """
        workspace = self._workspace(message.run_id)
        task = self._task(message, workspace.plan)
        store, run_id = workspace.store, message.run_id
        if is_intact(store, run_id, task.task_id):
            return Done(task=task, attempt=0, valuations=0)
        refuse_signed(store, run_id)
        self._check(workspace.spec)
        attempt = next_attempt(store, run_id, task)
        try:
            attempt_once(task, workspace)
        except InputRejected as refusal:
            if self._room == "ingestion":
                answer_refusal(workspace, refusal)
            raise
        manifest = load_manifest(store, run_id, task.task_id)
        return Done(task=task, attempt=attempt, valuations=valuations_of(task, manifest, store))

    def _workspace(self, run_id: str) -> Workspace:
        if run_id not in self._open:
            spec, laid_out = load_run(run_id, self._places)
            while len(self._open) >= KEPT:
                del self._open[next(iter(self._open))]
            self._open[run_id] = self._places.workspace(spec, laid_out)
        return self._open[run_id]

    def _task(self, message: WorkMessage, laid_out: Plan) -> Task:
        for task in laid_out.tasks():
            if task.task_id == message.task_id and task.stage == self._room:
                return task
        raise RunFailed(
            "E856",
            f"the plan of run {message.run_id} has no task '{message.task_id}' of this stage",
            place=plan_key(message.run_id),
            remedy="The message was made by another version of riskmill: start the run anew.",
        )

    def _check(self, spec: RunSpec) -> None:
        """
        Equal specs give equal bytes: so whoever works on a run is of its code and level.

        The image may be another, since each stage has its own.
        """
        level = spec.compute.split("/")[1]
        path = spec.compute.partition("/image-")[0]
        if spec.code_version != code_version() or path != compute_path_at(level):
            raise RunFailed(
                "E859",
                f"run {spec.run_id} was begun by riskmill {spec.code_version} with other "
                f"libraries or code than this worker's {code_version()}",
                place=spec_key(spec.run_id),
                remedy="Deploy one version of all images between runs, and deliver again.",
            )
        if not runs_level(self._settings, level) or self._level not in ("", level):
            raise RunFailed(
                "E860",
                f"run {spec.run_id} is for processor level {level}, which this worker does not run",
                place=spec_key(spec.run_id),
                remedy="Set RISKMILL_PROCESSOR_LEVEL to a level that every worker's machine has.",
            )
        if not self._level:
            prepare_kernels(self._settings, level)
            self._level = level


def load_run(run_id: str, places: Places) -> tuple[RunSpec, Plan]:
    """Return spec and plan of a run; `RunFailed` (E856) where there is no such run."""
    try:
        spec = load_record(places.output, spec_key(run_id), RunSpec)
        return spec, load_record(places.output, plan_key(run_id), Plan)
    except ArtefactMissing as cause:
        raise RunFailed(
            "E856",
            f"there is no run '{run_id}' that could be worked on",
            place=cause.place,
            remedy="Look at what was removed from the output bucket; deliver the batch again.",
        ) from cause


def closes(message: WorkMessage) -> bool:
    """Whether a message is the last of its run."""
    return message.task_id == CLOSING_TASK
