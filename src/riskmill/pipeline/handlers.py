"""
What a task does: load what it names, call one room, hand back the results.

A handler returns bytes; `perform` stores them and writes the task's manifest
last. Nothing here knows how often or where a task runs.
"""

from collections.abc import Callable, Mapping
from itertools import chain

from riskmill.domain import (
    UsageError,
)
from riskmill.pipeline.answers import put_answer
from riskmill.pipeline.artefacts import (
    TaskManifest,
    put_same,
    store_outputs,
)
from riskmill.pipeline.ingestion_tasks import ingest, reconcile_files, trace_rows
from riskmill.pipeline.plan import Task
from riskmill.pipeline.refusals import is_refusal
from riskmill.pipeline.reporting_tasks import render_other_form, render_report
from riskmill.pipeline.risk_tasks import (
    attribute_partition,
    compare_partition,
    examine_largest,
    measure_run,
    value_partition,
)
from riskmill.pipeline.workspace import Outputs, Workspace

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
            put = put_answer if is_refusal(key) else put_same
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


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("ingestion", "file"): ingest,
    ("ingestion", "reconcile"): reconcile_files,
    ("risk", "value"): value_partition,
    ("risk", "compare"): compare_partition,
    ("risk", "measure"): measure_run,
    ("risk", "attribute"): attribute_partition,
    ("risk", "examine"): examine_largest,
    ("ingestion", "rows"): trace_rows,
    ("reporting", "render"): render_report,
    ("reporting", "forms"): render_other_form,
}
