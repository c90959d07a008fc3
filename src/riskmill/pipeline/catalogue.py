"""The run catalogue of a store: read from the records of every run, written as two pages."""

import re
from collections.abc import Iterator
from datetime import date

from riskmill.domain import ArtefactConflict, ArtefactMissing
from riskmill.pipeline.answers import Reject
from riskmill.pipeline.artefacts import TaskManifest, finished_tasks, load_record
from riskmill.pipeline.attempted import attempts_of
from riskmill.pipeline.layout import (
    CATALOGUE_MODEL,
    CATALOGUE_PAGE,
    COMPARISONS,
    SIGNATURE_PAGE,
    manifest_key,
    quarantine_prefix,
    record_key,
    report_prefix,
    spec_key,
)
from riskmill.pipeline.ports import ObjectStore, PageStore
from riskmill.pipeline.refusals import REJECT_PAGE
from riskmill.pipeline.run_spec import RunSpec
from riskmill.pipeline.signatures import read_chain
from riskmill.pipeline.summary import RunSummary
from riskmill.reporting import (
    Catalogue,
    GivenSignature,
    PastRisk,
    PastRun,
    PublishedFile,
    build_catalogue,
    read_catalogue,
    render_catalogue_html,
    render_catalogue_json,
)

RENDER = "reporting-render"
"""Task that publishes the report."""
REPORTS = "reports/"
_REFUSAL = re.compile(r"reject(-[0-9]+)?\.json")


def write_catalogue(store: PageStore) -> Catalogue:
    """
    Make the model of all runs anew, then the page from it, and return what they say.

    Each page is read and written under the store's own guard, so that of any number of
    writers, in any order, the last one has seen every run.
    """
    said: list[Catalogue] = []

    def model() -> bytes:
        said.append(catalogue_of(store))
        return render_catalogue_json(said[-1])

    store.rewrite(CATALOGUE_MODEL, model)
    store.rewrite(
        CATALOGUE_PAGE, lambda: render_catalogue_html(read_catalogue(store.get(CATALOGUE_MODEL)))
    )
    return said[-1]


def catalogue_of(store: PageStore) -> Catalogue:
    """Say which runs a store holds, from a few small objects of each."""
    return build_catalogue(tuple(past_runs(store)), frozenset(_compared(store)))


def past_runs(store: PageStore) -> Iterator[PastRun]:
    """Give every run of a store by its id; one whose records cannot be read is `damaged`."""
    for run_id in store.folders("runs"):
        try:
            yield past_run(store, run_id)
        except (ArtefactConflict, ArtefactMissing) as damage:
            day = _date_of(run_id)
            if day:
                yield _damaged(run_id, day, f"{damage.code}: {damage.message} ({damage.place})")


def past_run(store: ObjectStore, run_id: str) -> PastRun:
    """
    Say what the records of one run say.

    Raises `ArtefactMissing` or `ArtefactConflict` where one of them is gone or cannot be read.
    """
    spec = load_record(store, spec_key(run_id), RunSpec)
    try:
        summary = load_record(store, record_key(run_id), RunSummary)
    except ArtefactMissing:
        return _unfinished(store, spec)
    prefix = report_prefix(run_id)
    files = tuple(
        PublishedFile(name=key.removeprefix(f"{prefix}/"), place=key.removeprefix(REPORTS))
        for key in _report_files(store, run_id)
    )
    given = tuple(
        GivenSignature(signer=link.signature.signer, instant=link.signature.instant)
        for link in read_chain(store, run_id)
    )
    page = f"{prefix.removeprefix(REPORTS)}/{SIGNATURE_PAGE}"
    return _run(
        spec, summary.status, risk=_risk(spec, summary), files=files, signatures=given, page=page
    )


def _report_files(store: ObjectStore, run_id: str) -> Iterator[str]:
    """Keys of the report in all its forms, the page first; tables in folders are left out."""
    forms = (name for name in finished_tasks(store, run_id) if name.startswith("reporting-"))
    for name in (RENDER, *(form for form in forms if form != RENDER)):
        for ref in load_record(store, manifest_key(run_id, name), TaskManifest).published:
            if ref.key.rpartition("/")[0] == report_prefix(run_id):
                yield ref.key


def _run(
    spec: RunSpec,
    status: str,
    *,
    reason: str = "",
    risk: PastRisk | None = None,
    files: tuple[PublishedFile, ...] = (),
    signatures: tuple[GivenSignature, ...] = (),
    page: str = "",
) -> PastRun:
    batch = spec.batch
    return PastRun(
        run_id=spec.run_id,
        batch_id=batch.batch_id,
        business_date=batch.business_date,
        snapshot=batch.snapshot,
        version=batch.version,
        supersedes=batch.superseded_id,
        status=status,
        reason=reason,
        risk=risk,
        files=files,
        signatures=signatures,
        page=page,
    )


def _risk(spec: RunSpec, summary: RunSummary) -> PastRisk:
    return PastRisk(
        currency=summary.reporting_currency,
        value_at_risk=summary.value_at_risk,
        expected_shortfall=summary.expected_shortfall,
        headline_var=summary.headline_var,
        headline_es=summary.headline_es,
        holding_days=spec.risk.holding_days,
        breaches=summary.breaches,
        warnings=summary.warnings,
        rejected=summary.rejected,
        unvalued=summary.unvalued,
    )


def _unfinished(store: ObjectStore, spec: RunSpec) -> PastRun:
    """A run without a record: refused, failed or neither, and why."""
    kept = store.keys(quarantine_prefix(spec))
    if answers := [key for key in kept if _REFUSAL.fullmatch(key.rpartition("/")[2])]:
        answer = max(answers, key=lambda key: (len(key), key))
        reject = load_record(store, answer, Reject)
        page = f"{answer.removesuffix('.json')}.html"
        files = (PublishedFile(name=REJECT_PAGE, place=f"../{page}"),) if page in kept else ()
        return _run(spec, "refused", reason=f"{reject.code}: {reject.message}", files=files)
    attempts = attempts_of(store, spec.run_id)
    done = finished_tasks(store, spec.run_id)
    last = {one.task_id: one for one in sorted(attempts, key=lambda one: one.instant)}
    failed = [
        last[task] for task in sorted(last) if last[task].outcome == "failed" and task not in done
    ]
    if failed:
        return _run(spec, "failed", reason=failed[0].message)
    return _run(spec, "unfinished")


def _compared(store: ObjectStore) -> Iterator[tuple[str, str]]:
    """Pairs of runs that a page compares."""
    for key in store.keys(COMPARISONS):
        before, between, after = key.rpartition("/")[2].removesuffix(".html").partition("--")
        if between and key.endswith(".html"):
            yield before, after


def _damaged(run_id: str, day: date, reason: str) -> PastRun:
    return PastRun(
        run_id=run_id,
        batch_id="",
        business_date=day,
        snapshot="",
        version="",
        supersedes="",
        status="damaged",
        reason=reason,
    )


def _date_of(run_id: str) -> date | None:
    """Date that a run id begins with; none for a directory that is no run's."""
    try:
        return date.fromisoformat(run_id[:10])
    except ValueError:
        return None
