"""Stressed VaR and ES by portfolio, the period they are over, and the worst past scenario."""

from dataclasses import dataclass

from riskmill.domain import LEVELS, Portfolio, StressedPeriod
from riskmill.reporting.views import words
from riskmill.reporting.views.findings import Findings, tree
from riskmill.reporting.views.numbers import Number, confidence, multiple, ratio
from riskmill.reporting.views.tail import TailRow, tail_row


@dataclass(frozen=True, kw_only=True, slots=True)
class StressedRow:
    """One portfolio over the stressed period, beside the figures of the run."""

    portfolio: str
    level: str
    """In words."""
    depth: int
    """0 for the firm, 3 for a book."""
    stressed_var: Number
    var_times: Number
    """Stressed VaR as a multiple of VaR."""
    stressed_es: Number
    es_times: Number
    """Stressed ES as a multiple of ES."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StressedView:
    """The stressed figures, portfolios each above its parts."""

    caption: str
    period: str
    """In a sentence: which stretch of the past, and how it was chosen."""
    reverse: str
    """In a sentence: among which scenarios the worst was looked for."""
    var: str
    """Heading, with its confidence."""
    es: str
    """Heading, with its confidence."""
    rows: tuple[StressedRow, ...]
    worst: tuple[TailRow, ...]
    """Reverse stress: the one scenario in which the firm loses most."""
    empty: str


def stressed_view(found: Findings) -> StressedView:
    """Set stressed VaR and ES against those of the run; empty where none were asked for."""
    result = found.result
    period = result.stressed
    return StressedView(
        caption=f"{found.currency}. Losses positive, not additive; one period for all portfolios.",
        period=_period(period) if period else "",
        reverse=_reverse(period) if period else "",
        var=f"VaR {confidence(result.headline_var)}",
        es=f"ES {confidence(result.headline_es)}",
        rows=tuple(_row(found, portfolio) for portfolio in tree(result)) if period else (),
        worst=(tail_row(found, period.worst),) if period else (),
        empty="" if period else "No stressed figures were asked for in this run.",
    )


def _row(found: Findings, portfolio: Portfolio) -> StressedRow:
    name, var, es = portfolio.name, found.result.headline_var, found.result.headline_es
    stressed_var = found.value(name, "stressed_value_at_risk", var)
    stressed_es = found.value(name, "stressed_expected_shortfall", es)
    return StressedRow(
        portfolio=name,
        level=words.LEVELS.get(portfolio.level, portfolio.level),
        depth=LEVELS.index(portfolio.level) if portfolio.level in LEVELS else 0,
        stressed_var=found.money(stressed_var),
        var_times=multiple(ratio(stressed_var, found.value(name, "value_at_risk", var))),
        stressed_es=found.money(stressed_es),
        es_times=multiple(ratio(stressed_es, found.value(name, "expected_shortfall", es))),
    )


def _period(period: StressedPeriod) -> str:
    stretch = (
        f"{words.quantity(period.scenarios, 'scenario')} that ended from {period.first} to "
        f"{period.last}"
    )
    if not period.measure:
        return f"The period was given: {stretch}."
    greatest = words.measure(period.measure, period.confidence)
    return f"The {stretch}: the stretch of the past in which the firm's {greatest} is greatest."


def _reverse(period: StressedPeriod) -> str:
    return (
        f"Of {words.quantity(period.searched, 'past scenario')} that ended from "
        f"{period.searched_first} to {period.searched_last}, today's positions lose most in the "
        f"moves from {period.worst_from} to {period.worst.label}."
    )
