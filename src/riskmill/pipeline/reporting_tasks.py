"""Tasks of reporting: the page with its model, then each further form."""

from dataclasses import replace

from riskmill.domain import (
    InputRow,
    PastDays,
    PositionDetail,
    RiskResult,
)
from riskmill.pipeline.artefacts import (
    load,
    load_manifest,
)
from riskmill.pipeline.codecs import (
    decode_value,
)
from riskmill.pipeline.earlier import (
    HISTORY,
    HISTORY_SCHEMA,
    RESULT,
    RESULT_SCHEMA,
)
from riskmill.pipeline.ingestion_tasks import ROWS, ROWS_SCHEMA
from riskmill.pipeline.layout import report_key
from riskmill.pipeline.plan import Plan, Task
from riskmill.pipeline.ports import ObjectStore
from riskmill.pipeline.result import attributed
from riskmill.pipeline.risk_tasks import ATTRIBUTION, ATTRIBUTION_SCHEMA, DETAILS, DETAILS_SCHEMA
from riskmill.pipeline.summary import encode_summary, summarise
from riskmill.pipeline.workspace import Outputs, Workspace
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
)

MODEL = "report.json"


def render_report(task: Task, workspace: Workspace) -> Outputs:
    """Publish the page, the model that every other form is made of, and the figures."""
    raw = workspace.read_only("risk", "measure")(RESULT)
    past = decode_value(workspace.read_only("risk", "measure")(HISTORY), PastDays, HISTORY_SCHEMA)
    measured = replace(decode_value(raw, RiskResult, RESULT_SCHEMA), past=past)
    result = _attributed(measured, workspace)
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
        decode_value(
            workspace.read_only("ingestion", "rows")(ROWS), tuple[InputRow, ...], ROWS_SCHEMA
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
