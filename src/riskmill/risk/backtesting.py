"""
Backtests of a run: today's positions under past moves, and the P&L of past days as delivered.

docs/methodology/backtests.md says what each can and cannot tell.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

import numpy as np

from riskmill.domain import (
    BacktestResult,
    Failure,
    FailureReason,
    FloatArray,
    PastPnl,
    PnlVectors,
    RiskSpec,
    Severity,
)
from riskmill.risk.measures import Backtest, backtest, rolling_var, scenarios_needed

DAYS = 250
"""Days that are looked at, where there are so many."""
FEWEST_DAYS = 2
STATED = "value_at_risk"
"""Kind of past P&L that is no P&L but the VaR stated for that day."""
DELIVERED = ("hypothetical", "actual")


def backtests_of(
    vectors: PnlVectors, kind: str, past_pnl: Sequence[PastPnl], spec: RiskSpec
) -> tuple[tuple[BacktestResult, ...], tuple[Failure, ...]]:
    """
    Every backtest that *vectors* and *past_pnl* allow, at the headline confidence of VaR.

    *kind* names the scenario set of *vectors*. Delivered P&L of fewer than two days with a
    VaR is warned about (W371).
    """
    by_portfolio: dict[str, list[PastPnl]] = {}
    for past in past_pnl:
        by_portfolio.setdefault(past.portfolio, []).append(past)
    ordered = _is_a_history(vectors, kind, spec)
    found: list[BacktestResult] = []
    warnings: list[Failure] = []
    for portfolio, pnl in zip(vectors.portfolios, vectors.values, strict=True):
        if ordered:
            found += _static(portfolio, pnl, vectors.scenarios, spec.headline_var)
        for delivered in DELIVERED:
            tested = _delivered(portfolio, delivered, by_portfolio.get(portfolio, []), spec)
            found += [one for one in tested if isinstance(one, BacktestResult)]
            warnings += [one for one in tested if isinstance(one, Failure)]
    return tuple(found), tuple(warnings)


def _is_a_history(vectors: PnlVectors, kind: str, spec: RiskSpec) -> bool:
    """Whether the scenarios are single days in their order, so that some precede others."""
    try:
        days = [date.fromisoformat(label) for label in vectors.scenarios]
    except ValueError:
        return False
    ascending = all(earlier < later for earlier, later in pairwise(days))
    return kind == "historical" and spec.holding_days == 1 and ascending


def _static(
    portfolio: str, pnl: FloatArray, labels: Sequence[str], confidence: str
) -> Iterator[BacktestResult]:
    """Hold the last days of *pnl* against the VaR of equally long windows before each."""
    days = min(DAYS, len(pnl) - scenarios_needed(confidence))
    if days < FEWEST_DAYS:
        return
    window = len(pnl) - days
    ceilings = rolling_var(pnl[:-1], window, confidence)
    tested = backtest(pnl[window:], ceilings, confidence, dates=labels[window:])
    yield _result(portfolio, "static", confidence, labels[window:], tested)


def _delivered(
    portfolio: str, kind: str, past: Sequence[PastPnl], spec: RiskSpec
) -> tuple[BacktestResult | Failure, ...]:
    results = {day.date: day.value for day in past if day.kind == kind}
    stated = {day.date: day.value for day in past if day.kind == STATED}
    days = sorted(results.keys() & stated.keys())[-DAYS:]
    if not results:
        return ()
    if len(days) < FEWEST_DAYS:
        return (_untested(portfolio, kind, len(results), len(days)),)
    pnl, ceilings = (np.array([series[day] for day in days]) for series in (results, stated))
    labels = [day.isoformat() for day in days]
    tested = backtest(pnl, ceilings, spec.headline_var, dates=labels)
    return (_result(portfolio, kind, spec.headline_var, labels, tested),)


def _untested(portfolio: str, kind: str, delivered: int, matched: int) -> Failure:
    return Failure(
        code="W371",
        reason=FailureReason.MISSING_VALUE,
        severity=Severity.WARNING,
        subject=portfolio,
        column="kind",
        value=kind,
        message=f"{kind.capitalize()} P&L of {delivered:,} day(s) was delivered, and VaR for "
        f"{matched:,} of them: a backtest needs at least {FEWEST_DAYS}.",
    )


def _result(
    portfolio: str, kind: str, confidence: str, labels: Sequence[str], tested: Backtest
) -> BacktestResult:
    independence = tested.christoffersen.independence
    coverage = tested.christoffersen.conditional_coverage
    return BacktestResult(
        portfolio=portfolio,
        kind=kind,
        confidence=confidence,
        first=labels[0],
        last=labels[-1],
        observations=tested.observations,
        expected=tested.expected,
        exceptions=tested.exceptions,
        kupiec=tested.kupiec.statistic,
        kupiec_p_value=tested.kupiec.p_value,
        independence=independence.statistic,
        independence_p_value=independence.p_value,
        conditional_coverage=coverage.statistic,
        conditional_coverage_p_value=coverage.p_value,
        zone=tested.traffic_light.zone,
        multiplier=tested.traffic_light.multiplier_2019,
    )
