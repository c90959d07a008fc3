"""Tasks of ingestion: a delivered file, then all of them against one another."""

from collections.abc import Iterable, Sequence
from functools import partial

from riskmill.domain import (
    BatchFile,
    BatchManifest,
    Failure,
    InputRejected,
    RiskResult,
    Severity,
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
    ack,
    encode_answer,
    reject_checked,
    reject_staged,
    rejects,
)
from riskmill.pipeline.artefacts import (
    finished_tasks,
)
from riskmill.pipeline.codecs import decode_value, encode_value
from riskmill.pipeline.deliveries import delivered_rows, replaced_by
from riskmill.pipeline.earlier import RESULT, RESULT_SCHEMA
from riskmill.pipeline.early import taken_up
from riskmill.pipeline.layout import quarantine_key
from riskmill.pipeline.plan import Task
from riskmill.pipeline.refusals import put_refusal, refusal_files
from riskmill.pipeline.risk_tasks import ATTRIBUTION, ATTRIBUTION_SCHEMA
from riskmill.pipeline.staged import (
    amending,
    decode_staged,
    encode_staged,
)
from riskmill.pipeline.workspace import Outputs, Workspace
from riskmill.risk import Attribution

ROWS, ROWS_SCHEMA = "rows.msgpack", "riskmill.input-rows/1"


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
    answer = reject_staged(spec, refusal, staged)
    put_refusal(workspace.store, refusal_files(spec, answer, _failures(staged.values())))


def reconcile_files(task: Task, workspace: Workspace) -> Outputs:
    """Check the files against one another; publish what was rejected and why."""
    spec = workspace.spec
    staged = _staged_files(workspace)
    try:
        accepted = reconcile(spec.batch, staged)
    except InputRejected as refusal:
        answer = reject_staged(spec, refusal, {file.entry.name: file for file in staged})
        files = refusal_files(spec, answer, _failures(staged))
        return Outputs(published=files, refusal=refusal)
    rejected = _quarantine(accepted.failures, workspace)
    found = (accepted.inputs, accepted.failures, rejected)
    if accepted.refusal:
        refused = reject_checked(spec, accepted.refusal, *found)
        files = refusal_files(spec, refused, accepted.failures)
        return Outputs(published={**rejected, **files}, refusal=accepted.refusal)
    used = encode_answer(ack(spec, *found))
    return Outputs(
        streamed=encode_batch(accepted), published={**rejected, quarantine_key(spec, ACK): used}
    )


def trace_rows(task: Task, workspace: Workspace) -> Outputs:
    """Find the delivered rows of the firm's largest contributors: only ingestion reads those."""
    found = decode_value(
        workspace.read_only("risk", "examine")(ATTRIBUTION), Attribution, ATTRIBUTION_SCHEMA
    )
    measured = decode_value(
        workspace.read_only("risk", "measure")(RESULT), RiskResult, RESULT_SCHEMA
    )
    rows = delivered_rows(
        [one.position_id for one in found.contributions],
        measured.failures,
        workspace.spec.batch,
        workspace.deliver,
    )
    return Outputs(artefacts={ROWS: encode_value(rows, ROWS_SCHEMA)})


def _failures(staged: Iterable[StagedFile]) -> list[Failure]:
    return [failure for file in staged for failure in file.failures]


def _entry(batch: BatchManifest, name: str) -> BatchFile:
    return next(file for file in batch.files if file.name == name)


def _staged_files(workspace: Workspace) -> list[StagedFile]:
    batch = workspace.spec.batch
    return [
        decode_staged(_entry(batch, task.subject), workspace.read(task))
        for task in workspace.plan.of_wave("ingestion", "file")
    ]


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
