"""
What a task does: load what it names, call one room, hand back the results.

A handler returns bytes; `perform` stores them and writes the task's manifest
last. Nothing here knows how often or where a task runs.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain

from riskmill.domain import (
    BatchFile,
    BatchManifest,
    Contribution,
    Failure,
    FloatArray,
    InputRejected,
    PastDays,
    RiskResult,
    Severity,
    UsageError,
)
from riskmill.ingestion import (
    StagedFile,
    ingest_blocks,
    quarantine_chunks,
    quarantine_name,
    reconcile,
)
from riskmill.pipeline.accepted import encode_batch
from riskmill.pipeline.answers import (
    ACK,
    REJECT,
    ack,
    encode_answer,
    put_answer,
    reject_checked,
    reject_staged,
    rejects,
)
from riskmill.pipeline.artefacts import (
    ArtefactRef,
    TaskManifest,
    finished_tasks,
    load,
    load_manifest,
    put_same,
    store_outputs,
)
from riskmill.pipeline.codecs import decode_value, encode_value
from riskmill.pipeline.deliveries import delivered_file, replaced_by
from riskmill.pipeline.earlier import (
    HISTORY,
    HISTORY_SCHEMA,
    RESULT,
    RESULT_SCHEMA,
    SETTLED,
    SETTLED_SCHEMA,
    Finished,
    compared_segments,
    earlier_of,
    finished_run,
    known_segments,
)
from riskmill.pipeline.early import taken_up
from riskmill.pipeline.layout import quarantine_key, report_key
from riskmill.pipeline.plan import Plan, Task
from riskmill.pipeline.ports import ObjectStore
from riskmill.pipeline.prepared import Prepared, prepared, tail_revaluation, two_days
from riskmill.pipeline.result import assemble_result
from riskmill.pipeline.reuse import valued_segment, valued_segments
from riskmill.pipeline.run_spec import RunSpec
from riskmill.pipeline.staged import (
    Read,
    amending,
    decode_staged,
    encode_staged,
)
from riskmill.pipeline.summary import encode_summary, summarise
from riskmill.pipeline.unvalued import too_little_valued
from riskmill.reporting import (
    build_report,
    render_figures,
    render_html,
    render_json,
    render_vectors,
)
from riskmill.risk import (
    Earlier,
    Settled,
    ValuedBlocks,
    measure,
    top_contributions,
)

WEIGHTS, WEIGHTS_SCHEMA = "weights.msgpack", "riskmill.es-weights/1"
CONTRIBUTIONS, CONTRIBUTIONS_SCHEMA = "contributions.msgpack", "riskmill.contributions/1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Workspace:
    """Where a run's tasks read and write."""

    spec: RunSpec
    plan: Plan
    source: ObjectStore
    """The delivered batch; keys are file names."""
    store: ObjectStore
    """Everything that riskmill writes."""
    inbox: ObjectStore | None = None
    """All delivered batches, by batch id and file name; none where the batch lies in no inbox."""
    earlier: ObjectStore | None = None
    """Where earlier runs lie; none for `store` itself."""

    def deliver(self, entry: BatchFile) -> Iterator[bytes]:
        """Give the bytes of a file that the batch names, its own or a carried one, in chunks."""
        return delivered_file(entry, self.source, self.inbox)

    def read(self, task: Task) -> Read:
        """Give the artefacts of a finished *task*, each checked against its hash."""
        manifest = load_manifest(self.store, self.spec.run_id, task.task_id)
        return lambda name: load(self.store, manifest.artefact(name))

    def read_only(self, stage: str, wave: str) -> Read:
        """Give the artefacts of a wave that has a single task."""
        (task,) = self.plan.of_wave(stage, wave)
        return self.read(task)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outputs:
    """What a handler found."""

    artefacts: Mapping[str, bytes] = field(default_factory=dict)
    """Name to bytes, for later tasks."""
    streamed: Iterable[tuple[str, bytes]] = ()
    """Further names and bytes, made and stored one by one, so that few are held at once."""
    kept: Iterable[ArtefactRef] = ()
    """Artefacts that the handler itself stores, where other runs find them too; made one by one."""
    published: Mapping[str, bytes] = field(default_factory=dict)
    """Key to bytes, for people."""
    refusal: InputRejected | None = None
    """Raised once what is published is stored: the batch cannot be used."""


Handler = Callable[[Task, Workspace], Outputs]


def perform(task: Task, workspace: Workspace) -> TaskManifest:
    """
    Do *task* and store its results, the manifest last.

    Safe to repeat, also at the same time elsewhere. Raises `InputRejected` where
    the batch cannot be used, `StoreError` where the store refuses, and
    `ArtefactConflict` where the same work has given other bytes.
    """
    handler = HANDLERS.get((task.stage, task.wave))
    if handler is None:
        raise UsageError(
            "E511",
            f"there is no handler for wave '{task.wave}' of stage '{task.stage}'",
            place=task.task_id,
            remedy="The plan was made by another version of riskmill: use that, or run again.",
        )
    outputs = handler(task, workspace)
    if outputs.refusal:
        for key, data in outputs.published.items():
            put = put_answer if key.endswith(f"/{REJECT}") else put_same
            put(workspace.store, key, data)
        raise outputs.refusal
    return store_outputs(
        workspace.store,
        run_id=workspace.spec.run_id,
        task_id=task.task_id,
        artefacts=chain(outputs.streamed, outputs.artefacts.items()),
        published=outputs.published,
        kept=outputs.kept,
    )


def ingest(task: Task, workspace: Workspace) -> Outputs:
    """Check one delivered file and keep its good rows and its failures."""
    batch = workspace.spec.batch
    entry = _entry(batch, task.subject)
    deliver, code = workspace.deliver, workspace.spec.code_version
    staged = taken_up(entry, deliver(entry), batch, code, workspace.store)
    artefacts = staged or encode_staged(ingest_blocks(entry, deliver(entry), batch))
    if entry.amends:
        artefacts = amending(artefacts, partial(replaced_by, entry, batch, deliver))
    return Outputs(streamed=artefacts)


def answer_refusal(workspace: Workspace, refusal: InputRejected) -> None:
    """
    Store the answer to a batch that is refused before or after its files are reconciled.

    A refusal by reconciliation itself has been answered by that task.
    """
    spec, plan = workspace.spec, workspace.plan
    done = finished_tasks(workspace.store, spec.run_id)
    tasks = plan.of_wave("ingestion", "file")
    staged = {
        task.subject: decode_staged(_entry(spec.batch, task.subject), workspace.read(task))
        for task in tasks
        if task.task_id in done
    }
    (reconciling,) = plan.of_wave("ingestion", "reconcile")
    if len(staged) == len(tasks) and reconciling.task_id not in done:
        return
    answer = encode_answer(reject_staged(spec, refusal, staged))
    put_answer(workspace.store, quarantine_key(spec, REJECT), answer)


def reconcile_files(task: Task, workspace: Workspace) -> Outputs:
    """Check the files against one another; publish what was rejected and why."""
    spec = workspace.spec
    staged = _staged_files(workspace)
    try:
        accepted = reconcile(spec.batch, staged)
    except InputRejected as refusal:
        answer = reject_staged(spec, refusal, {file.entry.name: file for file in staged})
        return Outputs(
            published={quarantine_key(spec, REJECT): encode_answer(answer)}, refusal=refusal
        )
    rejected = _quarantine(accepted.failures, workspace)
    found = (accepted.inputs, accepted.failures, rejected)
    if accepted.refusal:
        refused = encode_answer(reject_checked(spec, accepted.refusal, *found))
        return Outputs(
            published={**rejected, quarantine_key(spec, REJECT): refused}, refusal=accepted.refusal
        )
    used = encode_answer(ack(spec, *found))
    return Outputs(
        streamed=encode_batch(accepted), published={**rejected, quarantine_key(spec, ACK): used}
    )


def value_partition(task: Task, workspace: Workspace) -> Outputs:
    """Revalue one partition of the positions under every scenario."""
    ready, store = _prepared(workspace), workspace.store
    return Outputs(
        kept=(
            valued_segment(number, segment, ready.terms, store, ready.valuation.value)
            for number, segment in enumerate(ready.batch.segments(task.index, task.of))
        )
    )


def compare_partition(task: Task, workspace: Workspace) -> Outputs:
    """Value one partition of yesterday's positions for today's run."""
    before = _before(workspace)
    if before is None:
        return Outputs()
    ready, store = _prepared(workspace), workspace.store
    days = two_days(workspace.spec, ready, before.spec, before.prepared())
    values = workspace.plan.of_wave("risk", "value")
    known = known_segments(_kept(values, workspace))
    found = tuple(compared_segments(days, ready.terms, known, store, index=task.index, of=task.of))
    settled = tuple(settlement for _, settlement in found)
    return Outputs(
        artefacts={SETTLED: encode_value(settled, SETTLED_SCHEMA)},
        kept=[ref for refs, _ in found for ref in refs],
    )


def measure_run(task: Task, workspace: Workspace) -> Outputs:
    """Add the partitions up and measure every portfolio."""
    spec, ready = workspace.spec, _prepared(workspace)
    batch, scenarios = ready.batch, ready.scenarios
    segments = [
        segment
        for part in workspace.plan.of_wave("risk", "value")
        for segment in _valued(part, workspace)
    ]
    failures = [failure for segment in segments for failure in segment.failures]
    if refusal := too_little_valued(spec.batch, batch, failures):
        return Outputs(refusal=refusal)
    measured = measure(
        segments,
        scenarios,
        batch.market,
        batch.hierarchy,
        batch.limits,
        spec.risk,
        currency=spec.batch.reporting_currency,
        past_pnl=batch.past_pnl,
        earlier=_earlier(workspace, ready),
    )
    failures += measured.failures
    result = assemble_result(spec, batch, scenarios, measured, failures=failures)
    return Outputs(
        artefacts={
            RESULT: encode_value(result, RESULT_SCHEMA),
            WEIGHTS: encode_value(measured.es_weights, WEIGHTS_SCHEMA),
            HISTORY: encode_value(measured.past, HISTORY_SCHEMA),
        }
    )


def attribute_partition(task: Task, workspace: Workspace) -> Outputs:
    """Find what the positions of one partition add to the firm's expected shortfall."""
    ready = _prepared(workspace)
    raw = workspace.read_only("risk", "measure")(WEIGHTS)
    weights = decode_value(raw, FloatArray, WEIGHTS_SCHEMA)
    tail = tail_revaluation(workspace.spec, ready, weights)
    part = workspace.plan.of_wave("risk", "value")[task.index]
    valued = _valued(part, workspace)
    found = tail.contributions(
        ready.batch.partition(task.index, task.of),
        worst={
            id_: loss
            for segment in valued
            for id_, loss in zip(
                segment.position_ids.tolist(), segment.position_worst.tolist(), strict=True
            )
        },
    )
    return Outputs(artefacts={CONTRIBUTIONS: encode_value(found, CONTRIBUTIONS_SCHEMA)})


def render_report(task: Task, workspace: Workspace) -> Outputs:
    """Publish the report in every format."""
    raw = workspace.read_only("risk", "measure")(RESULT)
    measured = decode_value(raw, RiskResult, RESULT_SCHEMA)
    parts = (
        decode_value(
            workspace.read(part)(CONTRIBUTIONS), tuple[Contribution, ...], CONTRIBUTIONS_SCHEMA
        )
        for part in workspace.plan.of_wave("risk", "attribute")
    )
    past = decode_value(workspace.read_only("risk", "measure")(HISTORY), PastDays, HISTORY_SCHEMA)
    result = replace(measured, contributions=top_contributions(parts), past=past)
    report = build_report(result)
    files = {
        "vectors.parquet": render_vectors(
            result.vectors, result.hierarchy, currency=result.record.reporting_currency
        ),
        "figures.parquet": render_figures(result.figures, result.hierarchy),
        "report.json": render_json(report),
        "report.html": render_html(report),
    }
    return Outputs(
        artefacts={"summary.json": encode_summary(summarise(result))},
        published={report_key(workspace.spec, name): data for name, data in files.items()},
    )


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("ingestion", "file"): ingest,
    ("ingestion", "reconcile"): reconcile_files,
    ("risk", "value"): value_partition,
    ("risk", "compare"): compare_partition,
    ("risk", "measure"): measure_run,
    ("risk", "attribute"): attribute_partition,
    ("reporting", "render"): render_report,
}


def _prepared(workspace: Workspace) -> Prepared:
    (task,) = workspace.plan.of_wave("ingestion", "reconcile")
    return prepared(workspace.spec, task.task_id, workspace.store)


def _entry(batch: BatchManifest, name: str) -> BatchFile:
    return next(file for file in batch.files if file.name == name)


def _staged_files(workspace: Workspace) -> list[StagedFile]:
    batch = workspace.spec.batch
    return [
        decode_staged(_entry(batch, task.subject), workspace.read(task))
        for task in workspace.plan.of_wave("ingestion", "file")
    ]


def _before(workspace: Workspace) -> Finished | None:
    previous = workspace.spec.previous
    return finished_run(previous, workspace.earlier or workspace.store) if previous else None


def _earlier(workspace: Workspace, ready: Prepared) -> Earlier | None:
    """The run before with what the comparing tasks found; none where there is no such run."""
    before = _before(workspace)
    if before is None:
        return None
    tasks = workspace.plan.of_wave("risk", "compare")
    return earlier_of(
        before,
        workspace.spec,
        two_days(workspace.spec, ready, before.spec, before.prepared()),
        [ref for ref in _kept(tasks, workspace) if ref.name != SETTLED],
        [
            one
            for task in tasks
            for one in decode_value(
                workspace.read(task)(SETTLED), tuple[Settled, ...], SETTLED_SCHEMA
            )
        ],
        workspace.store,
        headline=len(ready.scenarios.historical),
    )


def _kept(tasks: Sequence[Task], workspace: Workspace) -> list[ArtefactRef]:
    """Artefacts of *tasks*, in order."""
    run_id = workspace.spec.run_id
    return [
        ref
        for task in tasks
        for ref in load_manifest(workspace.store, run_id, task.task_id).artefacts
    ]


def _valued(task: Task, workspace: Workspace) -> tuple[ValuedBlocks, ...]:
    manifest = load_manifest(workspace.store, workspace.spec.run_id, task.task_id)
    return tuple(valued_segments(manifest.artefacts, workspace.store))


def _quarantine(failures: Sequence[Failure], workspace: Workspace) -> dict[str, bytes]:
    """Rejected rows of each file as delivered, and every failure with its reason."""
    spec = workspace.spec
    published = {}
    for entry in spec.batch.files:
        rejected = [f for f in failures if f.file == entry.name and f.severity is Severity.ERROR]
        if any(failure.record for failure in rejected):
            chunks = workspace.deliver(entry)
            key = quarantine_key(spec, quarantine_name(entry))
            published[key] = b"".join(quarantine_chunks(entry, chunks, rejected))
    return {**published, **rejects(spec, failures)}
