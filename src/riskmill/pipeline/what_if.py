"""What trades would add to the risk of a finished run, from the vectors that it stored."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from riskmill.domain import (
    BatchFile,
    Failure,
    FloatArray,
    Hierarchy,
    InputRejected,
    PositionTable,
    RiskResult,
    Severity,
    UsageError,
)
from riskmill.ingestion import ingest_file, position_table
from riskmill.pipeline.artefacts import finished_tasks, load, load_manifest
from riskmill.pipeline.codecs import decode_value
from riskmill.pipeline.earlier import RESULT, RESULT_SCHEMA
from riskmill.pipeline.plan import Plan
from riskmill.pipeline.ports import ObjectStore
from riskmill.pipeline.prepared import Prepared, prepared
from riskmill.pipeline.run_spec import RunSpec
from riskmill.risk import MEASURES, Repricing, Valuation

COSTLY = frozenset({"american_option"})
"""Instruments that take long without a compiler."""
MOST_COSTLY = 30
"""So many of them take as long as starting it."""
MOST_ON_ARRAYS = 500
"""Trades up to which starting a compiler costs more than it saves."""
MOST_NOTES = 20
"""Further failures that a refusal tells one by one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WhatIfFigure:
    """One measure of one portfolio without the trades and with them."""

    portfolio: str
    measure: str
    """`value_at_risk` or `expected_shortfall`, losses positive."""
    confidence: str
    before: float
    """As the run reported it, in the reporting currency, as the other figures are."""
    after: float
    change: float
    """The incremental measure: after less before."""
    trades_alone: float
    """Measure of the portfolio's trades by themselves."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WhatIf:
    """What trades would change."""

    run_id: str
    currency: str
    trades: int
    present_value: float
    """Of all trades together."""
    figures: tuple[WhatIfFigure, ...]
    """Of every portfolio that the trades are in, the firm first."""


def what_if(spec: RunSpec, plan: Plan, name: str, raw: bytes, store: ObjectStore) -> WhatIf:
    """
    Value trades on the market and the scenarios of a finished run, and add them to its vectors.

    *raw* is a file of positions, called *name*: what is bought is positive, and a position
    of the run is closed by its opposite. Raises `InputRejected` where a row cannot be used
    (E540), is of a book that the run does not have (E541) or cannot be valued (E542), and
    `UsageError` (E543) for a run that has not been measured.
    """
    result = _result(spec, plan, store)
    trades = _trades(name, raw, spec)
    _check_books(name, trades, result.hierarchy)
    (reconciling,) = plan.of_wave("ingestion", "reconcile")
    ready = prepared(spec, reconciling.task_id, store)
    valuation = _valuation(spec, ready, trades)
    valued = {book: valuation.value(own) for book, own in _by_book(trades)}
    _check_valued(name, [failure for part in valued.values() for failure in part.failures])
    count = len(ready.scenarios.historical)
    moves = {book: part.pnl[:, :count].sum(axis=0) for book, part in valued.items()}
    return WhatIf(
        run_id=spec.run_id,
        currency=spec.batch.reporting_currency,
        trades=len(trades),
        present_value=float(sum(part.present_values.sum() for part in valued.values())),
        figures=tuple(_figures(result, moves)),
    )


def _valuation(spec: RunSpec, ready: Prepared, trades: PositionTable) -> Valuation | Repricing:
    """The run's valuation, or for a few trades one that starts no compiler."""
    costly = sum(word in COSTLY for word in trades.texts["instrument"].texts())
    if costly > MOST_COSTLY or len(trades) > MOST_ON_ARRAYS:
        return ready.valuation
    return Repricing(
        ready.batch.market,
        ready.scenarios.historical,
        currency=spec.batch.reporting_currency,
        without_history=ready.scenarios.without_history,
        spec=spec.risk,
        path="numpy",
    )


def _result(spec: RunSpec, plan: Plan, store: ObjectStore) -> RiskResult:
    (measuring,) = plan.of_wave("risk", "measure")
    if measuring.task_id not in finished_tasks(store, spec.run_id):
        raise UsageError(
            "E543",
            f"run {spec.run_id} has no measured result to add trades to",
            place=f"runs/{spec.run_id}",
            remedy=f"Finish it first: riskmill rerun {spec.run_id}",
        )
    manifest = load_manifest(store, spec.run_id, measuring.task_id)
    raw = load(store, manifest.artefact(RESULT))
    return decode_value(raw, RiskResult, RESULT_SCHEMA)


def _trades(name: str, raw: bytes, spec: RunSpec) -> PositionTable:
    """The trades by book and instrument; a single bad row refuses them all."""
    entry = BatchFile(
        name=name,
        dataset="positions",
        sha256=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        rows=-1,
    )
    staged = ingest_file(entry, raw, spec.batch)
    bad = [failure for failure in staged.failures if failure.severity is Severity.ERROR]
    if bad:
        raise _refusal("E540", "cannot be used", name, bad)
    return position_table(staged)


def _check_books(name: str, trades: PositionTable, hierarchy: Hierarchy) -> None:
    unknown = sorted(set(trades.texts["book"].texts()) - set(hierarchy.books))
    if unknown:
        raise InputRejected(
            "E541",
            f"the run has no book '{unknown[0]}'",
            place=name,
            remedy=f"Its books are {', '.join(hierarchy.books[:20])}.",
        )


def _check_valued(name: str, failures: Sequence[Failure]) -> None:
    if failures:
        raise _refusal("E542", "cannot be valued on the run's market", name, failures)


def _refusal(code: str, says: str, name: str, failures: Sequence[Failure]) -> InputRejected:
    first, *others = failures
    refusal = InputRejected(
        code,
        f"{len({failure.subject for failure in failures})} of the trades {says}; the first: "
        f"{first.code}, {first.message.rstrip('.')}",
        place=f"{name}, {first.subject}" + (f", line {first.line}" if first.line else ""),
        remedy="Correct what is said of each; a what-if is of all trades or of none.",
    )
    for failure in others[:MOST_NOTES]:
        refusal.add_note(f"{failure.subject}: {failure.code}: {failure.message}")
    return refusal


def _by_book(trades: PositionTable) -> Iterator[tuple[str, PositionTable]]:
    """The trades of each book, equal instruments side by side."""
    books = np.array(trades.texts["book"].texts())
    instruments = np.array(trades.texts["instrument"].texts())
    for book in sorted(set(books.tolist())):
        own = np.flatnonzero(books == book)
        yield book, trades.take(own[np.argsort(instruments[own], kind="stable")])


def _figures(result: RiskResult, moves: Mapping[str, FloatArray]) -> Iterator[WhatIfFigure]:
    """Measures of each portfolio that holds a book of *moves*, portfolios in delivered order."""
    place = {name: row for row, name in enumerate(result.vectors.portfolios)}
    for portfolio in (one.name for one in result.hierarchy.portfolios):
        own = [moves[book] for book in result.hierarchy.books_of(portfolio) if book in moves]
        if not own:
            continue
        before, trades = result.vectors.values[place[portfolio]], np.sum(own, axis=0)
        for measure, function in MEASURES.items():
            for confidence in result.confidences:
                was, will = function(before, confidence), function(before + trades, confidence)
                yield WhatIfFigure(
                    portfolio=portfolio,
                    measure=measure,
                    confidence=confidence,
                    before=was,
                    after=will,
                    change=will - was,
                    trades_alone=function(trades, confidence),
                )
