"""Figures of every portfolio: one column a figure, one row a portfolio."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from riskmill.domain import Figure, FloatArray, Hierarchy, MarketSnapshot, RiskSpec
from riskmill.risk.assurance import (
    classes_of,
    cross_checks,
    incremental_of,
    sensitive,
    uncertainty_of,
)
from riskmill.risk.measures import (
    MEASURES,
    exact_confidence,
    tail_weights,
    var_scenario,
    weighted_loss,
)
from riskmill.risk.par import par_sensitivities
from riskmill.risk.scenarios import Scenarios, bumps
from riskmill.risk.totals import Totals

SPARSE = frozenset({"delta", "gamma", "vega", "dv01", "par_dv01", "fx_delta", "fx_gamma"})
"""Measures with a key for each factor: where the value is zero the figure is left out."""
ROUNDING = 1e-9
"""Share of two opposite P&Ls below which their sum says nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Column:
    measure: str
    key: str
    values: FloatArray | npt.NDArray[np.int64]
    """Shape (portfolios,)."""


def portfolio_figures(
    books: Totals,
    totals: Totals,
    hierarchy: Hierarchy,
    scenarios: Scenarios,
    snapshot: MarketSnapshot,
    spec: RiskSpec,
    *,
    currency: str,
) -> tuple[Figure, ...]:
    """
    Every figure of every portfolio of *totals*, portfolios in their order.

    *totals* are *books* added up along *hierarchy*; the P&L of both runs over the combined
    scenarios, of which components refer to the firm's historical ones.
    """
    historical = len(scenarios.historical)
    pnl, names = totals.pnl[:, :historical], totals.names
    firm = pnl[names.index(hierarchy.firm)]
    confidences = measured_confidences(spec)
    sensitivities = (*_greek_columns(totals), *_bump_columns(totals, scenarios, snapshot))
    assured = (
        *uncertainty_of(pnl, confidences),
        *incremental_of(books, names, hierarchy, spec, historical),
        *cross_checks(
            sensitive(
                (column.measure, column.key, np.asarray(column.values, dtype=np.float64))
                for column in sensitivities
            ),
            scenarios,
            snapshot,
            spec.headline_var,
        ),
        *classes_of(totals, scenarios, spec),
    )
    columns = (
        _Column(measure="present_value", key="", values=totals.present_values),
        _Column(measure="positions", key="", values=totals.positions),
        *_tail_columns(pnl, firm, confidences),
        *(_Column(measure=name, key=key, values=values) for name, key, values in assured),
        *_stress_columns(totals, scenarios),
        *sensitivities,
        *_par_columns(sensitivities, snapshot),
    )
    return tuple(
        Figure(
            portfolio=name,
            measure=column.measure,
            key=column.key,
            value=value,
            unit="count" if column.measure == "positions" else currency,
        )
        for row, name in enumerate(totals.names)
        for column in columns
        if (value := float(column.values[row])) or column.measure not in SPARSE
    )


def measured_confidences(spec: RiskSpec) -> tuple[str, ...]:
    """Confidences of *spec*, its headlines among them, each once and ascending."""
    by_value: dict[Fraction, str] = {}
    for confidence in (*spec.confidences, spec.headline_var, spec.headline_es):
        by_value.setdefault(exact_confidence(confidence), confidence)
    return tuple(by_value[value] for value in sorted(by_value))


def _tail_columns(
    pnl: FloatArray, firm: FloatArray, confidences: tuple[str, ...]
) -> Iterator[_Column]:
    for measure, function in MEASURES.items():
        for key in confidences:
            values = np.array([function(vector, key) for vector in pnl])
            yield _Column(measure=measure, key=key, values=values)
    for key in confidences:
        values = 0.0 - pnl[:, var_scenario(firm, key)]
        yield _Column(measure="component_var", key=key, values=values)
    for key in confidences:
        values = weighted_loss(pnl, tail_weights(firm, key))
        yield _Column(measure="component_es", key=key, values=values)


def _stress_columns(totals: Totals, scenarios: Scenarios) -> Iterator[_Column]:
    start = len(scenarios.historical)
    for number, name in enumerate(scenarios.stress.labels):
        yield _Column(measure="stress", key=name, values=totals.pnl[:, start + number])


def _greek_columns(totals: Totals) -> Iterator[_Column]:
    """Theta of every portfolio, and the other greeks where the pricers gave any."""
    if ("theta", "") not in totals.greeks:
        yield _Column(measure="theta", key="", values=np.zeros(len(totals.names)))
    for (measure, key), values in totals.greeks.items():
        yield _Column(measure=measure, key=key, values=values)


def _bump_columns(
    totals: Totals, scenarios: Scenarios, snapshot: MarketSnapshot
) -> Iterator[_Column]:
    """A bump's own P&L, but for gamma: that of the rise and of the fall together."""
    start = len(scenarios.historical) + len(scenarios.stress)
    rises: dict[str, FloatArray] = {}
    for number, bump in enumerate(bumps(snapshot)):
        values = totals.pnl[:, start + number]
        if bump.measure == "fx_delta":
            rises[bump.key] = values
        if bump.measure == "fx_gamma":
            values = curvature(rises[bump.key], values)
        yield _Column(measure=bump.measure, key=bump.key, values=values)


def _par_columns(columns: Iterable[_Column], snapshot: MarketSnapshot) -> Iterator[_Column]:
    """Par buckets from the zero ones; what is less than rounding leaves of these is zero."""
    zero = {
        column.key: np.asarray(column.values, dtype=np.float64)
        for column in columns
        if column.measure == "dv01"
    }
    for key, values in par_columns(zero, snapshot).items():
        yield _Column(measure="par_dv01", key=key, values=values)


def par_columns(zero: Mapping[str, FloatArray], snapshot: MarketSnapshot) -> dict[str, FloatArray]:
    """Par buckets by node, each value of the zero ones for itself; rounding's rest is zero."""
    rounding = ROUNDING * sum(np.abs(values) for values in zero.values())
    return {
        key: np.where(np.abs(values) > rounding, values, 0.0)
        for key, values in par_sensitivities(zero, snapshot).items()
    }


def curvature(rise: FloatArray, fall: FloatArray) -> FloatArray:
    """Sum of both P&Ls; what is less than rounding leaves of two that cancel is zero."""
    both = rise + fall
    rounding = ROUNDING * (np.abs(rise) + np.abs(fall))
    return np.where(np.abs(both) > rounding, both, 0.0)
