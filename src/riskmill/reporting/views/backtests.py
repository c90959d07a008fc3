"""Backtests: how often losses exceeded VaR, and what tests say of it."""

from dataclasses import dataclass

from riskmill.domain import BacktestResult
from riskmill.reporting.views import words
from riskmill.reporting.views.findings import Findings, desks
from riskmill.reporting.views.numbers import Number, confidence, count, fixed

KINDS = {
    "static": "Static: today's positions",
    "hypothetical": "Hypothetical P&L",
    "actual": "Actual P&L",
}
"""Kinds of backtest in words."""
TONES = {"green": "ok", "yellow": "warning", "red": "breach"}
EXCEPTIONS_SHOWN = 12
ZONE_DAYS = 250
"""Days that Basel's zones are made for."""
NO_BACKTEST = "No backtest: too few scenarios in daily order, and no P&L with its VaR delivered."


@dataclass(frozen=True, kw_only=True, slots=True)
class StatisticText:
    """A test statistic with its p-value."""

    statistic: float
    p_value: float
    text: str
    """Such as `3.91 (p 0.048)`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BacktestRow:
    """One backtest of one portfolio."""

    portfolio: str
    kind: str
    """In words."""
    days: Number
    expected: Number
    exceptions: Number
    zone: str
    tone: str
    """Tone of the zone: `ok`, `warning` or `breach`."""
    multiplier: str
    """Of the 2019 framework; empty where there is none."""
    kupiec: StatisticText
    independence: StatisticText
    conditional_coverage: StatisticText


@dataclass(frozen=True, kw_only=True, slots=True)
class ExceptionRow:
    """A day on which the firm lost more than its VaR."""

    kind: str
    """In words."""
    date: str
    pnl: Number
    value_at_risk: Number


@dataclass(frozen=True, kw_only=True, slots=True)
class BacktestTrack:
    """How the firm's exceptions added up over the days of one backtest."""

    title: str
    """Kind of backtest, exceptions and zone, in words."""
    first: str
    last: str
    exceptions: tuple[str, ...]
    """Their dates, in order."""
    description: str
    """The same in a sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BacktestView:
    """Backtests of the firm and of each desk, and the firm's exceptions."""

    caption: str
    rows: tuple[BacktestRow, ...]
    tracks: tuple[BacktestTrack, ...]
    """One a kind; of the firm."""
    exceptions: tuple[ExceptionRow, ...]
    """Latest first, the first dozen."""
    more: str
    """What is said of exceptions that are not shown; empty where all are."""
    empty: str


def backtest_view(found: Findings) -> BacktestView:
    """Tell the firm's and the desks' backtests; books' stand in the result only."""
    told = (found.firm, *desks(found.result))
    tests = [test for test in found.result.backtests if test.portfolio in told]
    tests.sort(key=lambda test: (told.index(test.portfolio), [*KINDS].index(test.kind)))
    exceptions = [
        ExceptionRow(
            kind=KINDS[test.kind],
            date=exception.date,
            pnl=found.money(exception.pnl),
            value_at_risk=found.money(exception.value_at_risk),
        )
        for test in tests
        if test.portfolio == found.firm
        for exception in reversed(test.exceptions)
    ]
    hidden = len(exceptions) - EXCEPTIONS_SHOWN
    return BacktestView(
        caption=_caption(tests),
        rows=tuple(_row(test) for test in tests),
        tracks=tuple(_track(test) for test in tests if test.portfolio == found.firm),
        exceptions=tuple(exceptions[:EXCEPTIONS_SHOWN]),
        more=f"{hidden:,} earlier ones are not shown." if hidden > 0 else "",
        empty="" if tests else NO_BACKTEST,
    )


def _zone(test: BacktestResult) -> str:
    """The zone in words; of fewer days than Basel asks for there is none yet."""
    if test.observations >= ZONE_DAYS:
        return test.zone
    return f"{test.observations} of {ZONE_DAYS} days"


def _track(test: BacktestResult) -> BacktestTrack:
    hits = words.quantity(len(test.exceptions), "exception")
    zone = f"{test.zone} zone" if test.observations >= ZONE_DAYS else "no zone yet"
    dates = [exception.date for exception in test.exceptions]
    on = f", on {words.listed(dates, most=12)}" if dates else ""
    return BacktestTrack(
        title=f"{KINDS[test.kind]}, {hits}, {zone}",
        first=test.first,
        last=test.last,
        exceptions=tuple(dates),
        description=f"{hits} in {words.quantity(test.observations, 'day')} from {test.first} to "
        f"{test.last}{on}; {fixed(test.expected, 1)} were to be expected. {zone.capitalize()}.",
    )


def _caption(tests: list[BacktestResult]) -> str:
    if not tests:
        return ""
    first, last = min(test.first for test in tests), max(test.last for test in tests)
    return (
        f"Losses above VaR {confidence(tests[0].confidence)}, {first} to {last}. Static: each "
        "day's move on today's positions against VaR of the moves before it. Tests reject below "
        "p 0.05."
    )


def _row(test: BacktestResult) -> BacktestRow:
    return BacktestRow(
        portfolio=test.portfolio,
        kind=KINDS[test.kind],
        days=count(test.observations),
        expected=Number(value=test.expected, text=fixed(test.expected, 1), unit="count"),
        exceptions=count(len(test.exceptions)),
        zone=_zone(test),
        tone=TONES[test.zone] if test.observations >= ZONE_DAYS else "none",
        multiplier="" if test.multiplier is None else fixed(test.multiplier, 2),
        kupiec=_statistic(test.kupiec, test.kupiec_p_value),
        independence=_statistic(test.independence, test.independence_p_value),
        conditional_coverage=_statistic(
            test.conditional_coverage, test.conditional_coverage_p_value
        ),
    )


def _statistic(statistic: float, p_value: float) -> StatisticText:
    return StatisticText(
        statistic=statistic,
        p_value=p_value,
        text=f"{fixed(statistic, 2)} (p {fixed(p_value, 3)})",
    )
