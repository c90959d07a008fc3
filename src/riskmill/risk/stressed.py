"""
Stressed VaR and ES: the same measures over one stretch of the past for all portfolios.

The stretch is given, or it is the one that makes the firm's measure greatest
(docs/methodology/stressed_period.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from numbers import Integral

import numpy as np

from riskmill.domain import (
    Figure,
    FloatArray,
    Hierarchy,
    PnlVectors,
    RiskSpec,
    StressedPeriod,
    StressedSpec,
    UsageError,
)
from riskmill.risk.figures import measured_confidences
from riskmill.risk.measures import MEASURES, Confidence, PnlInput
from riskmill.risk.measures.pnl import checked_pnl
from riskmill.risk.scenarios import Scenarios, observed_days
from riskmill.risk.tail import FactorMoves, worst_scenarios
from riskmill.risk.totals import Totals


@dataclass(frozen=True, kw_only=True, slots=True)
class StressedWindow:
    """A stretch of scenarios in a longer P&L vector."""

    first: str
    """Label of its first scenario; its number where the scenarios have no labels."""
    last: str
    """Label of its last scenario."""
    start: int
    """Number of its first scenario, from 0."""
    stop: int
    """Number behind its last scenario."""
    value: float
    """What the measure is over it, loss positive."""


def stressed_window(
    pnl: PnlInput,
    confidence: Confidence,
    *,
    length: int,
    measure: str = "expected_shortfall",
    labels: Sequence[str] = (),
) -> StressedWindow:
    """
    The *length* consecutive scenarios of *pnl* that make *measure* greatest.

    *pnl* is the P&L of today's positions under every scenario of a history, oldest first;
    *measure* is `value_at_risk` or `expected_shortfall`. Of equal stretches the earlier counts.
    Raises `UsageError`: E481 for an unknown measure, E483 for a length of which there is no
    stretch or labels that do not fit, E452 and E453 as the measures do.
    """
    values = checked_pnl(pnl)
    function = MEASURES.get(measure)
    if function is None:
        raise UsageError(
            "E481",
            f"'{measure}' is no measure of a stressed period",
            place="measure",
            remedy=f"Choose one of {', '.join(MEASURES)}.",
        )
    if (
        not isinstance(length, Integral)
        or not 1 <= length <= len(values)
        or len(labels) not in (0, len(values))
    ):
        raise UsageError(
            "E483",
            f"{length} of {len(values)} scenarios with {len(labels)} labels are no stretch",
            place="length, labels",
            remedy="Ask for a length of 1 up to the number of scenarios, and label all or none.",
        )
    names = labels or tuple(str(number) for number in range(len(values)))
    found = [
        function(values[start : start + length], confidence)
        for start in range(len(values) - length + 1)
    ]
    start = int(np.argmax(found))
    return StressedWindow(
        first=names[start],
        last=names[start + length - 1],
        start=start,
        stop=start + length,
        value=found[start],
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class StressedMeasures:
    """The stressed figures of every portfolio, and the period that they are over."""

    figures: tuple[Figure, ...]
    period: StressedPeriod


def stressed_measures(
    portfolios: Totals,
    scenarios: Scenarios,
    hierarchy: Hierarchy,
    moves: FactorMoves,
    dates: tuple[date, ...],
    spec: RiskSpec,
    *,
    currency: str,
) -> StressedMeasures | None:
    """
    Stressed VaR and ES of every portfolio at every confidence; none where none are asked for.

    P&L of *portfolios* runs over the combined scenarios. The period is found for the firm and
    holds for all, so that the parts can be compared; the worst scenario is the firm's among all
    that were looked at, told as in the tail. *dates* are those of the history.
    """
    past = scenarios.stressed
    if past is None or spec.stressed is None:
        return None
    pnl = portfolios.pnl[:, -len(past) :]
    vectors = PnlVectors(portfolios=portfolios.names, scenarios=past.labels, values=pnl)
    firm = pnl[portfolios.names.index(hierarchy.firm)]
    window = _period(firm, past.labels, spec.stressed, spec)
    found = spec.stressed.first_day is None
    worst = worst_scenarios(vectors, hierarchy, replace(moves, scenarios=past))[0]
    begins = dates.index(date.fromisoformat(worst.label)) - observed_days(spec)
    return StressedMeasures(
        figures=_figures(portfolios, pnl[:, window.start : window.stop], spec, currency),
        period=StressedPeriod(
            first=window.first,
            last=window.last,
            scenarios=window.stop - window.start,
            measure=spec.stressed.measure if found else "",
            confidence=_confidence(spec.stressed, spec) if found else "",
            searched=len(past),
            searched_first=past.labels[0],
            searched_last=past.labels[-1],
            worst=worst,
            worst_from=dates[begins].isoformat(),
        ),
    )


def _period(
    firm: FloatArray, labels: tuple[str, ...], chosen: StressedSpec, spec: RiskSpec
) -> StressedWindow:
    return stressed_window(
        firm,
        _confidence(chosen, spec),
        length=chosen.scenarios if chosen.first_day is None else len(firm),
        measure=chosen.measure,
        labels=labels,
    )


def _confidence(chosen: StressedSpec, spec: RiskSpec) -> str:
    return spec.headline_var if chosen.measure == "value_at_risk" else spec.headline_es


def _figures(
    portfolios: Totals, pnl: FloatArray, spec: RiskSpec, currency: str
) -> tuple[Figure, ...]:
    return tuple(
        Figure(
            portfolio=name,
            measure=f"stressed_{measure}",
            key=confidence,
            value=function(vector, confidence),
            unit=currency,
        )
        for name, vector in zip(portfolios.names, pnl, strict=True)
        for measure, function in MEASURES.items()
        for confidence in measured_confidences(spec)
    )
