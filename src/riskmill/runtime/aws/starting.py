"""Start the run of a closed batch: once, whatever comes how often."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from riskmill.domain import WAVES, ArtefactMissing, RiskSpec, RunRequest
from riskmill.pipeline import (
    MANIFEST,
    Plan,
    Run,
    RunSpec,
    encode_spec,
    items_key,
    load_record,
    put_same,
    run_prefix,
    source_key,
    spec_key,
    start_key,
)
from riskmill.runtime.aws.places import Places
from riskmill.runtime.aws.workflow import Workflow
from riskmill.runtime.previous import with_previous
from riskmill.runtime.runs import RunOptions, settled_plan
from riskmill.runtime.settings import Settings
from riskmill.runtime.wiring import read_delivery, run_spec

FIRST = 1
"""Attempt that an event starts; further ones are asked for by people."""
PATIENCE = timedelta(hours=1)
"""A later day waits no longer than this for an earlier one that was started and says nothing."""


class Progress(StrEnum):
    """How far the run of a batch is, of which there is no record yet."""

    NEW = "new"
    UNDER_WAY = "under way"
    GIVEN_UP = "given up"
    """It failed, or has been silent for too long: nobody waits for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Started:
    """A run that was asked for."""

    run_id: str
    new: bool
    """Whether it had not been asked for before."""


def startable(runs: Iterable[Run], progress: Mapping[str, Progress]) -> tuple[Run, ...]:
    """
    Choose the runs that may begin now, *progress* being told by batch id.

    A run compares itself with the one before. While that of an earlier date of the same
    snapshot is to begin, or is under way, it waits: so the order of arrival decides nothing.
    """
    ordered = tuple(runs)
    open_ = [run.batch_id for run in ordered if progress[run.batch_id] is not Progress.GIVEN_UP]
    return tuple(run for run in ordered if not any(_before(one, run.batch_id) for one in open_))


def _before(one: str, other: str) -> bool:
    (day, snapshot, _), (later, same, _) = one.split("/"), other.split("/")
    return snapshot == same and day < later


class Starter:
    """Starts runs, and knows what became of those that were started."""

    def __init__(self, places: Places, workflow: Workflow, settings: Settings) -> None:
        self._places = places
        self._workflow = workflow
        self._settings = settings

    def progress(self, run: Run, now: datetime) -> Progress:
        """Say how far the run of a batch is that has no record."""
        store = self._places.output
        key = self._start_key(self._spec(run))
        try:
            spec = load_record(store, key, RunSpec)
        except ArtefactMissing:
            return Progress.NEW
        failed = store.keys(f"{run_prefix(spec.run_id)}/executions")
        silent = now - store.written(key) > PATIENCE
        return Progress.GIVEN_UP if failed or silent else Progress.UNDER_WAY

    def start(self, run: Run) -> Started:
        """
        Lay the run out in the output bucket, and start its execution.

        The first who comes decides which run before it is compared with; all others take
        that, and start the same execution, which is started once.
        """
        spec, new = self._settled(self._spec(run), run.batch_id)
        store = self._places.output
        put_same(store, spec_key(spec.run_id), encode_spec(spec))
        source = f"{self._places.named}/{run.batch_id}"
        store.put_new(source_key(spec.run_id), msgspec.json.encode(source) + b"\n")
        laid_out = settled_plan(store, spec, RunOptions())
        self._put_items(laid_out)
        request = RunRequest(
            run_id=spec.run_id,
            batch_id=spec.batch.batch_id,
            files=len(spec.batch.files),
            partitions=laid_out.partitions,
        )
        self._workflow.start(request, FIRST)
        return Started(run_id=spec.run_id, new=new)

    def _spec(self, run: Run) -> RunSpec:
        """Spec of the run, as yet compared with none."""
        raw = self._places.inbox.get(f"{run.batch_id}/{MANIFEST}")
        return run_spec(read_delivery(raw), RiskSpec(), self._settings)

    def _settled(self, spec: RunSpec, batch_id: str) -> tuple[RunSpec, bool]:
        store, key = self._places.output, self._start_key(spec)
        try:
            return load_record(store, key, RunSpec), False
        except ArtefactMissing:
            batch = self._places.batch(batch_id)
            found = with_previous(spec, store, batch, self._places.inbox, None)
        if store.put_new(key, encode_spec(found)):
            return found, True
        return load_record(store, key, RunSpec), False

    def _put_items(self, laid_out: Plan) -> None:
        """Write the tasks of every wave as the state machine reads them; of some there are none."""
        for wave in WAVES:
            tasks = laid_out.of_wave(wave.stage, wave.name)
            items = msgspec.json.encode([{"task_id": task.task_id} for task in tasks]) + b"\n"
            put_same(self._places.output, items_key(laid_out.run_id, wave.stage, wave.name), items)

    @staticmethod
    def _start_key(spec: RunSpec) -> str:
        return start_key(spec.manifest_sha256, spec.sha256[:12])
