"""
Backtests of a run: today's positions under past moves, and the P&L of past days as lived.

docs/methodology/backtests.md says what each can and cannot tell.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from riskmill.domain import (
    BacktestResult,
    Failure,
    FailureReason,
    FloatArray,
    PastDays,
    PastPnl,
    PnlVectors,
    RiskSpec,
    Severity,
)
from riskmill.risk.measures import Backtest, backtest, rolling_var, scenarios_needed
from riskmill.risk.past_days import KINDS, Pairs, held_against

DAYS = 250
"""Days that are looked at, where there are so many."""
FEWEST_DAYS = 2
FEWEST_OWN_DAYS = 10
"""Days from which P&L that was not delivered is tested: fewer say nothing."""


def backtests_of(
    vectors: PnlVectors,
    kind: str,
    past: PastDays,
    past_pnl: Sequence[PastPnl],
    spec: RiskSpec,
) -> tuple[tuple[BacktestResult, ...], tuple[Failure, ...]]:
    """
    Every backtest that *vectors* and *past* allow, at the headline confidence of VaR.

    *kind* names the scenario set of *vectors*; *past_pnl* is what this batch delivered of
    *past*. Delivered P&L of fewer than two days with a VaR is warned about (W371); what runs
    computed by themselves is tested from ten days on.
    """
    brought = {(one.portfolio, one.kind): 0 for one in past_pnl}
    for one in past_pnl:
        brought[one.portfolio, one.kind] += 1
    ordered = _is_a_history(vectors, kind, spec)
    found: list[BacktestResult] = []
    warnings: list[Failure] = []
    for portfolio, pnl in zip(vectors.portfolios, vectors.values, strict=True):
        if ordered:
            found += _static(portfolio, pnl, vectors.scenarios, spec.headline_var)
        for lived in KINDS:
            number = brought.get((portfolio, lived), 0)
            days, pairs = held_against(past, portfolio, lived)
            if len(days) >= (FEWEST_DAYS if number else FEWEST_OWN_DAYS):
                found.append(_lived(portfolio, lived, days[-DAYS:], pairs, spec))
            elif number:
                warnings.append(_untested(portfolio, lived, number, len(days)))
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


def _lived(
    portfolio: str, kind: str, days: Sequence[str], pairs: Pairs, spec: RiskSpec
) -> BacktestResult:
    pnl, ceilings = (series[-DAYS:] for series in pairs)
    tested = backtest(pnl, ceilings, spec.headline_var, dates=days)
    return _result(portfolio, kind, spec.headline_var, days, tested)


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
