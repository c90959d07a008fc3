"""Limits: what was measured against each, and whether it held."""

from dataclasses import dataclass

from riskmill.domain import LimitState
from riskmill.reporting.views import words
from riskmill.reporting.views.findings import Findings, tree
from riskmill.reporting.views.numbers import Number, money, percent

STATUSES = {"breach": "Breach", "warning": "Warning", "ok": "Within"}
"""States of a limit in words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LimitRow:
    """One limit."""

    limit_id: str
    portfolio: str
    level: str
    """Level of the portfolio, in words; empty where it is in no hierarchy."""
    measure: str
    """In words, with its confidence."""
    used: Number
    amount: Number
    headroom: Number
    """Limit less what is used; negative in a breach."""
    utilisation: Number
    warning: Number
    """Utilisation from which the limit warns."""
    status: str
    """`ok`, `warning` or `breach`."""
    status_text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LimitTable:
    """Every limit, by portfolio from the firm down."""

    caption: str
    rows: tuple[LimitRow, ...]
    empty: str
    """What to say instead of a table; empty where there is one."""


def limit_table(found: Findings) -> LimitTable:
    """Lay out the limits in the order of the hierarchy, then as delivered."""
    portfolios = tree(found.result)
    place = {portfolio.name: number for number, portfolio in enumerate(portfolios)}
    levels = {portfolio.name: words.LEVELS.get(portfolio.level, "") for portfolio in portfolios}
    ordered = sorted(found.result.limits, key=lambda s: place.get(s.portfolio, len(place)))
    return LimitTable(
        caption=(
            "Magnitude of each measure against its limit, losses positive. "
            "The bar's long mark is the limit, its short mark where the limit starts to warn."
        ),
        rows=tuple(_row(found, state, levels.get(state.portfolio, "")) for state in ordered),
        empty="" if ordered else "No limits were delivered with this batch; none was checked.",
    )


def _row(found: Findings, state: LimitState, level: str) -> LimitRow:
    return LimitRow(
        limit_id=state.limit_id,
        portfolio=state.portfolio,
        level=level,
        measure=words.measure(state.measure, state.confidence),
        used=money(state.value, state.currency, found.decimals),
        amount=money(state.amount, state.currency, found.decimals),
        headroom=money(state.amount - state.value, state.currency, found.decimals),
        utilisation=percent(state.utilisation),
        warning=percent(state.warning, 0),
        status=state.status,
        status_text=_status_text(found, state),
    )


def _status_text(found: Findings, state: LimitState) -> str:
    """The state in words, and how much of the portfolio it does not cover."""
    text = STATUSES.get(state.status, state.status)
    missing = dict(found.result.unvalued).get(state.portfolio, 0)
    return f"{text}, {missing:,} not valued" if missing else text
