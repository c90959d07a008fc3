"""
What a task does: load what it names, call one room, hand back the results.

A handler returns bytes; `perform` stores them and writes the task's manifest
last. Nothing here knows how often or where a task runs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from riskmill.domain import (
    BatchFile,
    BatchManifest,
    Failure,
    InputRejected,
    RiskResult,
    Severity,
    UsageError,
)
from riskmill.ingestion import StagedFile, ingest_file, quarantine_csv, reconcile
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
    TaskManifest,
    finished_tasks,
    load,
    load_manifest,
    put_same,
    store_outputs,
)
from riskmill.pipeline.codecs import decode_value, encode_value
from riskmill.pipeline.deliveries import delivered_file, with_amendment
from riskmill.pipeline.early import taken_up
from riskmill.pipeline.layout import quarantine_key, report_key
from riskmill.pipeline.plan import Plan, Task
from riskmill.pipeline.ports import ObjectStore
from riskmill.pipeline.result import assemble_result
from riskmill.pipeline.run_spec import RunSpec
from riskmill.pipeline.staged import (
    Read,
    decode_batch,
    decode_staged,
    encode_batch,
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
    ValuedBlocks,
    build_scenarios,
    combined,
    contributions,
    measure,
    partition,
    top_contributions,
    value,
)

VALUED_SCHEMA = "riskmill.valued-blocks/1"
RESULT_SCHEMA = "riskmill.risk-result/1"


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

    def deliver(self, entry: BatchFile) -> bytes:
        """Give the bytes of a file that the batch names, its own or a carried one."""
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
        artefacts=outputs.artefacts,
        published=outputs.published,
    )


def ingest(task: Task, workspace: Workspace) -> Outputs:
    """Check one delivered file and keep its good rows and its failures."""
    batch = workspace.spec.batch
    entry = _entry(batch, task.subject)
    raw, code = workspace.deliver(entry), workspace.spec.code_version
    staged = taken_up(entry, raw, batch, code, workspace.store) or ingest_file(entry, raw, batch)
    return Outputs(artefacts=encode_staged(with_amendment(staged, batch, workspace.deliver)))


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
        artefacts=encode_batch(accepted), published={**rejected, quarantine_key(spec, ACK): used}
    )


def value_partition(task: Task, workspace: Workspace) -> Outputs:
    """Revalue one partition of the positions under every scenario."""
    batch = decode_batch(workspace.read_only("ingestion", "reconcile"))
    scenarios = build_scenarios(batch.market, workspace.spec.risk)
    valued = value(
        partition(batch.positions, task.index, task.of),
        batch.market,
        combined(scenarios),
        currency=workspace.spec.batch.reporting_currency,
        without_history=scenarios.without_history,
        spec=workspace.spec.risk,
    )
    return Outputs(artefacts={"valued.msgpack": encode_value(valued, VALUED_SCHEMA)})


def measure_run(task: Task, workspace: Workspace) -> Outputs:
    """Add the partitions up, measure every portfolio and attribute the tail."""
    spec = workspace.spec
    currency = spec.batch.reporting_currency
    batch = decode_batch(workspace.read_only("ingestion", "reconcile"))
    scenarios = build_scenarios(batch.market, spec.risk)
    partitions = workspace.plan.of_wave("risk", "value")
    valued = [_valued(workspace.read(part)) for part in partitions]
    failures = [failure for part in valued for failure in part.failures]
    if refusal := too_little_valued(spec.batch, batch, failures):
        return Outputs(refusal=refusal)
    measured = measure(
        valued,
        scenarios,
        batch.market,
        batch.hierarchy,
        batch.limits,
        spec.risk,
        currency=currency,
    )
    parts = (
        contributions(
            partition(batch.positions, part.index, part.of),
            batch.market,
            scenarios,
            measured.es_weights,
            currency=currency,
            priced=blocks.position_ids.tolist(),
            spec=spec.risk,
        )
        for part, blocks in zip(partitions, valued, strict=True)
    )
    result = assemble_result(
        spec,
        batch,
        scenarios,
        measured,
        contributions=top_contributions(parts),
        failures=failures,
    )
    return Outputs(artefacts={"result.msgpack": encode_value(result, RESULT_SCHEMA)})


def render_report(task: Task, workspace: Workspace) -> Outputs:
    """Publish the report in every format."""
    raw = workspace.read_only("risk", "measure")("result.msgpack")
    result = decode_value(raw, RiskResult, RESULT_SCHEMA)
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
    ("risk", "measure"): measure_run,
    ("reporting", "render"): render_report,
}


def _entry(batch: BatchManifest, name: str) -> BatchFile:
    return next(file for file in batch.files if file.name == name)


def _staged_files(workspace: Workspace) -> list[StagedFile]:
    batch = workspace.spec.batch
    return [
        decode_staged(_entry(batch, task.subject), workspace.read(task))
        for task in workspace.plan.of_wave("ingestion", "file")
    ]


def _valued(read: Read) -> ValuedBlocks:
    return decode_value(read("valued.msgpack"), ValuedBlocks, VALUED_SCHEMA)


def _quarantine(failures: Sequence[Failure], workspace: Workspace) -> dict[str, bytes]:
    """Rejected rows of each file as delivered, and every failure with its reason."""
    spec = workspace.spec
    published = {}
    for entry in spec.batch.files:
        rejected = [f for f in failures if f.file == entry.name and f.severity is Severity.ERROR]
        if any(failure.record for failure in rejected):
            raw = workspace.deliver(entry)
            published[quarantine_key(spec, entry.name)] = quarantine_csv(entry, raw, rejected)
    return {**published, **rejects(spec, failures)}
