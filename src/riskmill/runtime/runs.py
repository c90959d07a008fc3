"""Start, resume, repeat and check runs on this machine."""

import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from riskmill.domain import (
    ArtefactConflict,
    ArtefactMissing,
    InputRejected,
    RiskSpec,
    UsageError,
)
from riskmill.pipeline import (
    OTHER_FORMS,
    ObjectStore,
    Plan,
    RunSpec,
    RunSummary,
    Workspace,
    answer_refusal,
    check_superseded,
    decode_summary,
    default_partitions,
    encode_spec,
    intact_tasks,
    is_signed,
    load,
    load_manifest,
    load_record,
    plan,
    plan_key,
    put_same,
    quarantine_prefix,
    record_key,
    refuse_signed,
    report_key,
    source_key,
    spec_key,
)
from riskmill.pipeline import finished_tasks as tasks_done
from riskmill.runtime.answering import answer_unread
from riskmill.runtime.delivery import open_inbox, open_source, read_batch
from riskmill.runtime.events import Observer, RunFinished, RunStarted
from riskmill.runtime.lock import run_lock
from riskmill.runtime.pages import failures_catalogued, refresh_pages
from riskmill.runtime.previous import with_previous
from riskmill.runtime.runner import carry_out
from riskmill.runtime.settings import Settings, read_settings
from riskmill.runtime.stores import ObstoreStore
from riskmill.runtime.strays import sweep_strays
from riskmill.runtime.threads import task_threads
from riskmill.runtime.wiring import prepare_kernels, run_spec

REPORT = "report.html"


@dataclass(frozen=True, kw_only=True, slots=True)
class RunOptions:
    """How a run is carried out; only `spec` can change a number."""

    partitions: int | None = None
    """Parts the positions are cut into; none for one that fits their number."""
    workers: int | None = None
    """Tasks at a time; none for one a processor."""
    force: bool = False
    """Calculate a finished run again beside itself and compare every byte."""
    spec: RiskSpec = field(default_factory=RiskSpec)
    forms: tuple[str, ...] = OTHER_FORMS
    """Forms of the report that are made beside its page."""
    previous: str | None = None
    """Run to compare with; none to find the one before, empty to compare with none. It can
    change what a run says, so it is part of its spec."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunOutcome:
    """What a run came to."""

    run_id: str
    batch_id: str
    state: str
    """`finished` now, `already finished` before, or `recalculated` with equal bytes."""
    report: Path
    """The HTML report; the other formats lie beside it."""
    files: tuple[Path, ...]
    """Everything that was published of the report, by path."""
    summary: RunSummary


def start_run(
    source: Path, out: Path, options: RunOptions, observe: Observer = lambda event: None
) -> RunOutcome:
    """
    Run the batch in *source* to a report below *out*, or finish what a run left.

    The same batch, code and options are the same run: where it is finished
    already nothing is done. Raises `UsageError` for paths and options that
    cannot be, `InputRejected` for a batch that cannot be used, `RunFailed` and
    `StoreError` for a run that cannot be completed; what it finished is kept.
    """
    settings = read_settings()
    delivered = open_source(source)
    try:
        spec = run_spec(read_batch(delivered, source), options.spec, settings)
    except InputRejected as refusal:
        answer_unread(delivered, out, refusal)
        raise
    places = _places(source, delivered, out, spec)
    spec = with_previous(spec, places.store, delivered, places.inbox, options.previous)
    return carry_run(spec, places, options, settings, observe)


def rerun(
    out: Path, run_id: str, options: RunOptions, observe: Observer = lambda event: None
) -> RunOutcome:
    """
    Finish run *run_id* below *out*: its tasks without a manifest are tried again.

    Raises `UsageError` (E612) for a run that is not there and (E613) for one that
    other code or another processor began, whose bytes could differ.
    """
    settings = read_settings()
    store = open_runs(out, run_id)
    began = read_spec(store, run_id)
    source = Path(msgspec.json.decode(store.get(source_key(run_id)), type=str))
    delivered = open_source(source)
    spec = replace(
        run_spec(read_batch(delivered, source), began.risk, settings), previous=began.previous
    )
    if spec != began:
        raise UsageError(
            "E613",
            f"run {run_id} was begun on other input, by other code or on another processor",
            place=f"{out}/{spec_key(run_id)}",
            remedy=f"Start it as a run of its own: riskmill run {source} --out {out}",
        )
    return carry_run(spec, _places(source, delivered, out, spec), options, settings, observe)


def open_runs(out: Path, run_id: str) -> ObjectStore:
    """Open the directory that holds run *run_id*; `UsageError` (E612) where there is none."""
    if not out.is_dir():
        raise UsageError(
            "E612",
            f"there is no run '{run_id}', nor a directory of runs",
            place=str(out),
            remedy="Name the directory that was given to riskmill run as --out.",
        )
    return ObstoreStore.in_directory(out)


def read_spec(store: ObjectStore, run_id: str) -> RunSpec:
    """Return the spec of a run; `UsageError` (E612) where there is no such run."""
    try:
        return load_record(store, spec_key(run_id), RunSpec)
    except ArtefactMissing as cause:
        raise UsageError(
            "E612",
            f"there is no run '{run_id}'",
            place=cause.place,
            remedy="List the runs with: riskmill status --out DIR",
        ) from cause


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """Where a run reads and writes."""

    source: Path
    """Directory of the batch."""
    delivered: ObjectStore
    store: ObjectStore
    out: Path
    inbox: ObjectStore | None
    earlier: ObjectStore | None = None
    """Where the run before lies; none for the store itself."""


def _places(source: Path, delivered: ObjectStore, out: Path, spec: RunSpec) -> Places:
    return Places(
        source=source,
        delivered=delivered,
        store=ObstoreStore.in_directory(out),
        out=out,
        inbox=open_inbox(source, spec.batch),
    )


def carry_run(
    spec: RunSpec, places: Places, options: RunOptions, settings: Settings, observe: Observer
) -> RunOutcome:
    """Carry out the run of *spec*, or what is left of it; raises what `start_run` does."""
    with failures_catalogued(places.out):
        outcome = finish_run(spec, places, options, settings, observe)
    refresh_pages(places.out, spec.run_id)
    return outcome


def finish_run(
    spec: RunSpec, places: Places, options: RunOptions, settings: Settings, observe: Observer
) -> RunOutcome:
    """Do what is left of the run of *spec*, and leave the pages of all runs as they are."""
    finished = _finished(places.store, spec)
    if finished and not options.force:
        return _outcome(spec, places.out, finished, "already finished")
    if not finished:
        refuse_signed(places.store, spec.run_id)
    prepare_kernels(settings)
    with run_lock(places.out, spec.run_id):
        if not is_signed(places.store, spec.run_id):
            sweep_strays(places.out, spec)
        if finished:
            _recalculate(spec, places, options, settings, observe)
            return _outcome(spec, places.out, finished, "recalculated")
        summary = _carry(spec, places, options, settings, observe)
        return _outcome(spec, places.out, summary, "finished")


def _carry(
    spec: RunSpec, places: Places, options: RunOptions, settings: Settings, observe: Observer
) -> RunSummary:
    store = places.store
    put_same(store, spec_key(spec.run_id), encode_spec(spec))
    store.put_new(
        source_key(spec.run_id), msgspec.json.encode(str(places.source.resolve())) + b"\n"
    )
    laid_out = settled_plan(store, spec, options)
    workspace = Workspace(
        spec=spec,
        plan=laid_out,
        source=places.delivered,
        store=store,
        inbox=places.inbox,
        earlier=places.earlier,
    )
    total = sum(1 for _ in laid_out.tasks())
    observe(
        RunStarted(
            run_id=spec.run_id,
            batch_id=spec.batch.batch_id,
            tasks=total,
            done=len(intact_tasks(store, spec.run_id)),
        )
    )
    try:
        check_superseded(spec.batch, places.inbox)
        workers = options.workers or settings.processors
        with task_threads(workers, f"riskmill-{spec.run_id}") as executor:
            carry_out(workspace, executor, observe)
    except InputRejected as refusal:
        answer_refusal(workspace, refusal)
        refusal.add_note(f"the sender's answer: {places.out}/{quarantine_prefix(spec)}")
        raise
    summary = conclude(workspace.store, workspace.plan)
    observe(RunFinished(run_id=spec.run_id, status=summary.status))
    return summary


def settled_plan(store: ObjectStore, spec: RunSpec, options: RunOptions) -> Plan:
    """Make the plan, or take up the one that an earlier start of this run settled on."""
    partitions = options.partitions
    if partitions is None:
        partitions = default_partitions(spec)
    laid_out = plan(spec, partitions, options.forms)
    key = plan_key(spec.run_id)
    if store.put_new(key, msgspec.json.encode(laid_out) + b"\n"):
        return laid_out
    return load_record(store, key, Plan)


def conclude(store: ObjectStore, laid_out: Plan) -> RunSummary:
    """Write the run's record, last of all: with it the run is finished."""
    (render,) = laid_out.of_wave("reporting", "render")
    manifest = load_manifest(store, laid_out.run_id, render.task_id)
    raw = load(store, manifest.artefact("summary.json"))
    put_same(store, record_key(laid_out.run_id), raw)
    return decode_summary(raw)


def _finished(store: ObjectStore, spec: RunSpec) -> RunSummary | None:
    """
    Return the record of a finished run whose published files are all there, and unchanged.

    A file that has gone since is written again by the task that published it; one that
    has other bytes is `ArtefactConflict` (E503).
    """
    run_id = spec.run_id
    try:
        summary = load_record(store, record_key(run_id), RunSummary)
    except ArtefactMissing:
        return None
    return summary if intact_tasks(store, run_id) == tasks_done(store, run_id) else None


def _recalculate(
    spec: RunSpec, places: Places, options: RunOptions, settings: Settings, observe: Observer
) -> None:
    """Run it all in a scratch directory beside the run and compare every published byte."""
    scratch = Path(tempfile.mkdtemp(prefix=f"recalculation-{spec.run_id}-", dir=places.out))
    beside = Places(
        source=places.source,
        delivered=places.delivered,
        store=ObstoreStore.in_directory(scratch),
        out=scratch,
        inbox=places.inbox,
        earlier=places.store,
    )
    _carry(spec, beside, options, settings, observe)
    for key in beside.store.keys("reports") + beside.store.keys("quarantine"):
        if beside.store.get(key) != places.store.get(key):
            raise ArtefactConflict(
                "E501",
                "the recalculation gave other bytes than the run",
                place=f"{places.out}/{key}",
                remedy=f"Both are kept; compare with {scratch}/{key}",
            )
    shutil.rmtree(scratch)


def _outcome(spec: RunSpec, out: Path, summary: RunSummary, state: str) -> RunOutcome:
    return RunOutcome(
        run_id=spec.run_id,
        batch_id=spec.batch.batch_id,
        state=state,
        report=out / report_key(spec, REPORT),
        files=_published(out, spec),
        summary=summary,
    )


def _published(out: Path, spec: RunSpec) -> tuple[Path, ...]:
    """What the run's reporting tasks published, as their manifests name it."""
    store = ObstoreStore.in_directory(out)
    reporting = (task for task in tasks_done(store, spec.run_id) if task.startswith("reporting-"))
    refs = (ref for task in reporting for ref in load_manifest(store, spec.run_id, task).published)
    return tuple(sorted(out / ref.key for ref in refs))
