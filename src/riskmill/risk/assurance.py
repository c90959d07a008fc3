"""
How far the headline figures can be relied on, and what they would be without a part.

Intervals and errors, incremental figures, risk classes by themselves, and VaR from
sensitivities as a cross-check of full revaluation.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from riskmill.domain import (
    Failure,
    FailureReason,
    FloatArray,
    Hierarchy,
    MarketSnapshot,
    RiskSpec,
    Severity,
    UsageError,
)
from riskmill.risk.factor_moves import FIRST_ORDER, ONE_SIDED, SECOND_ORDER, moves_of
from riskmill.risk.measures import (
    DELTA_GAMMA_CONVENTIONS,
    exact_confidence,
    expected_shortfall,
    expected_shortfall_error,
    product,
    quadratic_moments,
    scenarios_needed,
    summed,
    value_at_risk,
    value_at_risk_interval,
)
from riskmill.risk.scenarios import Scenarios
from riskmill.risk.totals import Totals

Values = tuple[str, str, FloatArray]
"""Measure, key, and a value for each portfolio."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sensitive:
    """First-order sensitivities of portfolios with what they bend by."""

    keys: tuple[tuple[str, str], ...]
    """Measure and key."""
    deltas: FloatArray
    """Shape (keys, portfolios)."""
    gammas: FloatArray
    """Shape (keys, portfolios); zero where nothing says how a sensitivity changes."""


def uncertainty_of(pnl: FloatArray, confidences: Sequence[str]) -> Iterator[Values]:
    """Interval of VaR and error of ES at each confidence that the scenarios suffice for."""
    for key in confidences:
        try:
            intervals = [value_at_risk_interval(vector, key) for vector in pnl]
        except UsageError:
            continue
        yield "value_at_risk_lower", key, np.array([found.lower for found in intervals])
        yield "value_at_risk_upper", key, np.array([found.upper for found in intervals])
    for key in confidences:
        if pnl.shape[1] * (1 - exact_confidence(key)) > 1:
            errors = np.array([expected_shortfall_error(vector, key) for vector in pnl])
            yield "expected_shortfall_error", key, errors


def too_few_scenarios(scenarios: int, confidences: Sequence[str]) -> tuple[Failure, ...]:
    """A warning for each confidence whose tail does not hold one whole scenario."""
    return tuple(
        Failure(
            code="W370",
            reason=FailureReason.MISSING_MARKET_DATA,
            severity=Severity.WARNING,
            subject=f"confidence {key}",
            value=key,
            message=f"VaR and ES at {key} are the worst of {scenarios:,} scenarios: at least "
            f"{scenarios_needed(key):,} are needed for one in the tail.",
        )
        for key in confidences
        if scenarios * (1 - exact_confidence(key)) < 1
    )


def incremental_of(
    books: Totals, names: Sequence[str], hierarchy: Hierarchy, spec: RiskSpec, historical: int
) -> Iterator[Values]:
    """The firm's headline VaR and ES less those without each portfolio, at other books' P&L."""
    rows = {book: row for row, book in enumerate(books.names)}
    pnl = books.pnl[:, :historical]
    rest = [_without(pnl, [rows[book] for book in hierarchy.books_of(name)]) for name in names]
    whole = summed(pnl)
    for name, measure, key in (
        ("incremental_var", value_at_risk, spec.headline_var),
        ("incremental_es", expected_shortfall, spec.headline_es),
    ):
        firm = measure(whole, key)
        yield name, key, np.array([firm - measure(others, key) for others in rest])


def _without(pnl: FloatArray, rows: list[int]) -> FloatArray:
    return summed(np.delete(pnl, rows, axis=0))


def classes_of(totals: Totals, scenarios: Scenarios, spec: RiskSpec) -> Iterator[Values]:
    """Headline VaR and ES of every portfolio when only one class of factors moves."""
    start = len(scenarios.historical) + len(scenarios.stress) + len(scenarios.sensitivity)
    for one in scenarios.by_class:
        pnl = totals.pnl[:, start : start + len(one)]
        start += len(one)
        var = [value_at_risk(vector, spec.headline_var) for vector in pnl]
        shortfall = [expected_shortfall(vector, spec.headline_es) for vector in pnl]
        yield "class_var", one.name, np.array(var)
        yield "class_es", one.name, np.array(shortfall)


def sensitive(columns: Iterable[Values]) -> Sensitive:
    """Pick the sensitivities that a cross-check is made from out of *columns*."""
    values = {(measure, key): array for measure, key, array in columns}
    keys = tuple(place for place in values if place[0] in FIRST_ORDER and values[place].any())
    width = len(next(iter(values.values()), ()))
    still = np.zeros(width)
    bends = [values.get((SECOND_ORDER.get(measure, ""), key), still) for measure, key in keys]
    slopes = [
        values[place] - 0.5 * bend if place[0] in ONE_SIDED else values[place]
        for place, bend in zip(keys, bends, strict=True)
    ]
    return Sensitive(
        keys=keys,
        deltas=np.array(slopes).reshape(len(keys), width),
        gammas=np.array(bends).reshape(len(keys), width),
    )


def cross_checks(
    found: Sensitive, scenarios: Scenarios, snapshot: MarketSnapshot, confidence: str
) -> Iterator[Values]:
    """
    Parametric and delta-gamma VaR of every portfolio, zero where it has no sensitivity.

    Factor moves are those of the historical scenarios, in the units of the sensitivities,
    taken as normal with their covariance around zero.
    """
    if not found.keys:
        return
    axis = scenarios.historical
    levels = dict(zip(axis.factors, axis.levels, strict=True))
    moves = moves_of(found.keys, snapshot.quotes, levels)
    covariance = product(moves, moves.T) / moves.shape[1]
    linear, curved = [], []
    for deltas, gammas in zip(found.deltas.T, found.gammas.T, strict=True):
        held = np.flatnonzero(deltas)
        if not len(held):
            linear.append(0.0)
            curved.append(0.0)
            continue
        own = covariance[np.ix_(held, held)]
        still = np.zeros((len(held), len(held)))
        flat = quadratic_moments(deltas[held], still, own)
        bent = quadratic_moments(deltas[held], np.diag(gammas[held]), own)
        linear.append(DELTA_GAMMA_CONVENTIONS["normal"](flat, confidence))
        curved.append(DELTA_GAMMA_CONVENTIONS["cornish_fisher"](bent, confidence))
    yield "parametric_var", confidence, np.array(linear)
    yield "delta_gamma_var", confidence, np.array(curved)
