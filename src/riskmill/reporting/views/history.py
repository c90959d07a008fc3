"""VaR, ES and P&L of the firm through past days, and how exceptions added up."""

from dataclasses import dataclass

import numpy as np

from riskmill.domain import FloatArray, PastDays
from riskmill.reporting.views import words
from riskmill.reporting.views.findings import Findings
from riskmill.reporting.views.numbers import MISSING, SPACE, confidence, present, signed

FEWEST_DAYS = 2
"""Days from which there is something to draw."""
SHOWN = 250
"""Latest days that are drawn and listed; the whole table is handed from run to run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryView:
    """The firm's past days in order, one entry a day; a gap where nothing is known."""

    caption: str
    var: str
    """Measure of the VaR series, such as `VaR 99 %`."""
    es: str
    dates: tuple[str, ...]
    value_at_risk: tuple[float | None, ...]
    """Stated at the close of the day."""
    expected_shortfall: tuple[float | None, ...]
    stated: tuple[float | None, ...]
    """VaR that the P&L of the day is held against."""
    pnl: tuple[float | None, ...]
    """Hypothetical P&L of the day."""
    actual: tuple[float | None, ...]
    exceptions: tuple[int, ...]
    """Days on which the hypothetical P&L lost more than VaR, by their place."""
    description: str
    """The same in a sentence."""
    notes: tuple[str, ...]
    empty: str


def history_view(found: Findings) -> HistoryView:
    """Lay the firm's days out; empty where there is only this one."""
    past = found.result.past
    known = past is not None and found.firm in past.portfolios
    days = len(past.dates) if past and known else 0
    if past is None or days < FEWEST_DAYS:
        return _nothing(found, past)
    column = past.portfolios.index(found.firm)
    pnl, stated = past.hypothetical[-SHOWN:, column], past.stated[-SHOWN:, column]
    whole = past.delivered[-SHOWN:, column] | (np.array(past.spans[-SHOWN:]) == 1)
    hits = tuple(np.flatnonzero(whole & (pnl < -stated)).tolist())
    tested = int((whole & np.isfinite(pnl) & np.isfinite(stated)).sum())
    dates = tuple(day.isoformat() for day in past.dates[-SHOWN:])
    values = _series(past.value_at_risk[-SHOWN:, column])
    return HistoryView(
        caption=f"{found.firm}, {found.currency}, a day a run: VaR and ES as stated at its close, "
        "hypothetical P&L since the close before it.",
        var=f"VaR {confidence(past.confidence)}",
        es=f"ES {confidence(past.es_confidence)}",
        dates=dates,
        value_at_risk=values,
        expected_shortfall=_series(past.expected_shortfall[-SHOWN:, column]),
        stated=_series(stated),
        pnl=_series(pnl),
        actual=_series(past.actual[-SHOWN:, column]),
        exceptions=hits,
        description=_description(found, dates, values, len(hits), tested),
        notes=past.notes,
        empty="",
    )


def _nothing(found: Findings, past: PastDays | None) -> HistoryView:
    return HistoryView(
        caption="",
        var="",
        es="",
        dates=(),
        value_at_risk=(),
        expected_shortfall=(),
        stated=(),
        pnl=(),
        actual=(),
        exceptions=(),
        description="",
        notes=past.notes if past else (),
        empty="This is the first day that is known of: VaR and P&L of past days are handed on "
        "from run to run. " + found.result.no_comparison,
    )


def _series(values: FloatArray) -> tuple[float | None, ...]:
    return tuple(present(value) for value in values.tolist())


def _description(
    found: Findings,
    dates: tuple[str, ...],
    values: tuple[float | None, ...],
    exceptions: int,
    tested: int,
) -> str:
    known = [(value, day) for value, day in zip(values, dates, strict=True) if value is not None]
    if not known:
        return f"{words.quantity(len(dates), 'day')} without a VaR."
    (low, low_day), (high, high_day), (last, _) = min(known), max(known), known[-1]
    first = known[0][0]
    moved = signed(100.0 * (last / first - 1.0), 1) if first else MISSING
    return (
        f"From {dates[0]} to {dates[-1]} VaR went from {found.compact(first).text} to "
        f"{found.compact(last).text} ({moved}{SPACE}%), lowest {found.compact(low).text} on "
        f"{low_day}, highest {found.compact(high).text} on {high_day}. The hypothetical P&L of "
        f"{words.quantity(tested, 'day')} exceeded it {words.quantity(exceptions, 'time')}."
    )
