"""
What a task does: load what it names, call one room, hand back the results.

A handler returns bytes; `perform` stores them and writes the task's manifest
last. Nothing here knows how often or where a task runs.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

import numpy as np

from riskmill.domain import (
    BatchFile,
    BatchManifest,
    Failure,
    FloatArray,
    InputRejected,
    PositionDetail,
    PositionTable,
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
from riskmill.pipeline.codecs import (
    decode_positions,
    decode_value,
    encode_positions,
    encode_value,
)
from riskmill.pipeline.deliveries import delivered_file, delivered_rows, replaced_by
from riskmill.pipeline.early import taken_up
from riskmill.pipeline.layout import quarantine_key, report_key
from riskmill.pipeline.plan import Plan, Task
from riskmill.pipeline.ports import ObjectStore
from riskmill.pipeline.prepared import Prepared, prepared, tail_revaluation
from riskmill.pipeline.result import assemble_result, attributed
from riskmill.pipeline.reuse import content_of, valued_segment, valued_segments
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
    PLAIN,
    SECTIONS,
    Report,
    build_report,
    read_report,
    render_figures,
    render_form,
    render_html,
    render_json,
    render_vectors,
)
from riskmill.risk import (
    Attribution,
    ValuedBlocks,
    measure,
    merged,
    position_details,
)

MODEL = "report.json"
RESULT, RESULT_SCHEMA = "result.msgpack", "riskmill.risk-result/1"
WEIGHTS, WEIGHTS_SCHEMA = "weights.msgpack", "riskmill.es-weights/2"
ATTRIBUTION, ATTRIBUTION_SCHEMA = "attribution.msgpack", "riskmill.attribution/1"
LARGEST = "largest.parquet"
"""Positions of the contributions that a partition found."""
DETAILS, DETAILS_SCHEMA = "details.msgpack", "riskmill.position-details/1"


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

    def value(segment: PositionTable, content: str) -> ValuedBlocks:
        return ready.valuation.value(segment, keep_as=content)

    return Outputs(
        kept=(
            valued_segment(number, segment, ready.terms, store, value)
            for number, segment in enumerate(ready.batch.segments(task.index, task.of))
        )
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
    )
    failures += measured.failures
    result = assemble_result(spec, batch, scenarios, measured, failures=failures)
    return Outputs(
        artefacts={
            RESULT: encode_value(result, RESULT_SCHEMA),
            WEIGHTS: encode_value((measured.es_weights, measured.tail_scenarios), WEIGHTS_SCHEMA),
        }
    )


def attribute_partition(task: Task, workspace: Workspace) -> Outputs:
    """Find what the positions of one partition add to the firm's expected shortfall."""
    spec, ready = workspace.spec, _prepared(workspace)
    raw = workspace.read_only("risk", "measure")(WEIGHTS)
    weights, tail = decode_value(raw, tuple[FloatArray, tuple[int, ...]], WEIGHTS_SCHEMA)
    part = workspace.plan.of_wave("risk", "value")[task.index]
    refs = load_manifest(workspace.store, spec.run_id, part.task_id).artefacts
    segments = list(ready.batch.segments(task.index, task.of))
    found = tail_revaluation(spec, ready, weights, tail).attribution_of_segments(
        zip(map(content_of, refs), segments, valued_segments(refs, workspace.store), strict=True)
    )
    artefacts = {ATTRIBUTION: encode_value(found, ATTRIBUTION_SCHEMA)}
    if found.contributions:
        artefacts[LARGEST] = encode_positions(_named(segments, found))
    return Outputs(artefacts=artefacts)


def examine_largest(task: Task, workspace: Workspace) -> Outputs:
    """Put together what the partitions found, and look at the firm's largest contributors."""
    spec, ready = workspace.spec, _prepared(workspace)
    parts = workspace.plan.of_wave("risk", "attribute")
    reads = {part: workspace.read(part) for part in parts}
    every = {
        part: decode_value(read(ATTRIBUTION), Attribution, ATTRIBUTION_SCHEMA)
        for part, read in reads.items()
    }
    found = merged(every.values())
    largest = [
        _named([decode_positions(reads[part](LARGEST))], found)
        for part, own in every.items()
        if own.contributions
    ]
    details: tuple[PositionDetail, ...] = ()
    if found.contributions:
        details = position_details(
            PositionTable.joined(largest),
            found.contributions,
            ready.batch.market,
            ready.scenarios,
            currency=spec.batch.reporting_currency,
            spec=spec.risk,
        )
    return Outputs(
        artefacts={
            ATTRIBUTION: encode_value(found, ATTRIBUTION_SCHEMA),
            DETAILS: encode_value(details, DETAILS_SCHEMA),
        }
    )


def _named(segments: Sequence[PositionTable], found: Attribution) -> PositionTable:
    """The positions among the contributions that were *found*, in order."""
    wanted = {one.position_id for one in found.contributions}
    return PositionTable.joined(
        [
            segment.take(np.flatnonzero([id_ in wanted for id_ in segment.position_id.tolist()]))
            for segment in segments
        ]
    )


def render_report(task: Task, workspace: Workspace) -> Outputs:
    """Publish the page, the model that every other form is made of, and the figures."""
    raw = workspace.read_only("risk", "measure")(RESULT)
    result = _attributed(decode_value(raw, RiskResult, RESULT_SCHEMA), workspace)
    report = build_report(result)
    files = {
        "vectors.parquet": render_vectors(
            result.vectors, result.hierarchy, currency=result.record.reporting_currency
        ),
        "figures.parquet": render_figures(result.figures, result.hierarchy),
        MODEL: render_json(report),
        "report.html": render_html(report),
    }
    return Outputs(
        artefacts={"summary.json": encode_summary(summarise(result))},
        published={report_key(workspace.spec, name): data for name, data in files.items()},
    )


def _attributed(measured: RiskResult, workspace: Workspace) -> RiskResult:
    """The result with what was found of its positions, and their delivered rows."""
    read = workspace.read_only("risk", "examine")
    found = decode_value(read(ATTRIBUTION), Attribution, ATTRIBUTION_SCHEMA)
    details = decode_value(read(DETAILS), tuple[PositionDetail, ...], DETAILS_SCHEMA)
    return attributed(
        measured,
        found,
        {one.position_id: one for one in details},
        delivered_rows(
            [one.position_id for one in found.contributions],
            measured.failures,
            workspace.spec.batch,
            workspace.deliver,
        ),
    )


def render_other_form(task: Task, workspace: Workspace) -> Outputs:
    """
    Publish one more form of the report that was published, made of its model.

    A task of its own: where a form fails, the page is out already, the run ends as failed and
    names it, and a rerun makes that form alone.
    """
    report = published_report(workspace.store, workspace.plan)
    files = render_form(task.subject, report, SECTIONS, PLAIN)
    return Outputs(published={report_key(workspace.spec, name): d for name, d in files.items()})


def published_report(store: ObjectStore, laid_out: Plan) -> Report:
    """
    Return the model of a run's published report.

    Raises `ArtefactMissing` where there is none yet, and `ArtefactConflict` for one that was
    changed (E503) or cannot be read (E720).
    """
    (render,) = laid_out.of_wave("reporting", "render")
    published = load_manifest(store, laid_out.run_id, render.task_id).published
    return read_report(load(store, next(ref for ref in published if ref.name == MODEL)))


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("ingestion", "file"): ingest,
    ("ingestion", "reconcile"): reconcile_files,
    ("risk", "value"): value_partition,
    ("risk", "measure"): measure_run,
    ("risk", "attribute"): attribute_partition,
    ("risk", "examine"): examine_largest,
    ("reporting", "render"): render_report,
    ("reporting", "forms"): render_other_form,
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
