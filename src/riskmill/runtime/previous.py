"""Which run was before: the finished one of the latest earlier business date."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby

from riskmill.domain import ArtefactConflict, ArtefactMissing, UsageError
from riskmill.pipeline import (
    ObjectStore,
    PreviousRun,
    RunSpec,
    RunSummary,
    load_record,
    record_key,
    spec_key,
)
from riskmill.runtime.delivery import firm_of

RUNS = "runs"
DATE_DIGITS = 10
"""A run id begins with its business date."""


def with_previous(
    spec: RunSpec,
    store: ObjectStore,
    delivered: ObjectStore,
    inbox: ObjectStore | None,
    asked: str | None,
) -> RunSpec:
    """
    Complete *spec* by the run before: the one that is *asked* for, or the one that is found.

    An empty text asks for none. Raises what `named_previous` does.
    """
    if asked == "":
        return spec
    firm = firm_of(delivered, spec.batch, inbox)
    if asked:
        return replace(spec, previous=named_previous(store, spec, firm, asked))
    return replace(spec, previous=find_previous(store, spec, firm))


def named_previous(store: ObjectStore, spec: RunSpec, firm: str, run_id: str) -> PreviousRun:
    """
    The run *run_id*, to be compared with the one of *spec*.

    Raises `UsageError`: E620 where there is no such finished run of *firm*, E621 where it is
    not of an earlier date, or is in another currency.
    """
    found = _finished(store, run_id, firm)
    if found is None:
        raise UsageError(
            "E620",
            f"there is no finished run '{run_id}' to compare with",
            place=record_key(run_id),
            remedy="List the runs with: riskmill status --out DIR",
        )
    if found.batch.business_date >= spec.batch.business_date or (
        found.batch.reporting_currency != spec.batch.reporting_currency
    ):
        raise UsageError(
            "E621",
            f"run '{run_id}' is of {found.batch.business_date} in "
            f"{found.batch.reporting_currency}, the batch of {spec.batch.business_date} in "
            f"{spec.batch.reporting_currency}: they cannot be compared",
            place="--previous",
            remedy="Name a run of an earlier business date in the same currency.",
        )
    return PreviousRun(run_id=run_id, spec_sha256=found.sha256)


def find_previous(store: ObjectStore, spec: RunSpec, firm: str) -> PreviousRun | None:
    """
    Find the run before the one of *spec*: finished, of the same snapshot, *firm* and currency.

    It is of the latest business date before its own that has one; of several, a batch that
    no other finished one corrects, then the latest version, what was asked for the same
    risk figures, made by the same code, and knows its own predecessor.
    """
    today = spec.batch.business_date
    for _, runs in groupby(_earlier_runs(store, today), key=lambda id_: id_[:DATE_DIGITS]):
        found = (_finished(store, id_, firm) for id_ in runs)
        fitting = [run for run in found if run and _fits(run, spec)]
        if fitting:
            best = max(_current(fitting), key=lambda run: _rank(run, spec))
            return PreviousRun(run_id=best.run_id, spec_sha256=best.sha256)
    return None


def _earlier_runs(store: ObjectStore, today: date) -> Iterator[str]:
    """Ids of runs of earlier dates, latest first."""
    day = today.isoformat()
    return (id_ for id_ in reversed(store.folders(RUNS)) if id_[:DATE_DIGITS] < day)


def _finished(store: ObjectStore, run_id: str, firm: str) -> RunSpec | None:
    """Spec of a finished run of *firm*; none for one that is not, or has damaged records."""
    try:
        summary = load_record(store, record_key(run_id), RunSummary)
        spec = load_record(store, spec_key(run_id), RunSpec)
    except (ArtefactMissing, ArtefactConflict):
        return None
    return spec if spec.run_id == run_id and summary.firm == firm else None


def _fits(run: RunSpec, spec: RunSpec) -> bool:
    theirs, ours = run.batch, spec.batch
    return (theirs.snapshot, theirs.reporting_currency) == (ours.snapshot, ours.reporting_currency)


def _current(runs: list[RunSpec]) -> list[RunSpec]:
    """Those whose batch is corrected by none of the others."""
    corrected = {run.batch.superseded_id for run in runs}
    return [run for run in runs if run.batch.batch_id not in corrected] or runs


def _rank(run: RunSpec, spec: RunSpec) -> tuple[object, ...]:
    return (
        run.batch.version,
        run.risk == spec.risk,
        (run.code_version, run.compute) == (spec.code_version, spec.compute),
        run.previous is not None,
        run.run_id,
    )
