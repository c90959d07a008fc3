"""The days before a run, and the run as one more day of them (docs/methodology/backtests.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from riskmill.domain import FloatArray, PastDays, PastPnl, RiskSpec

MOST_DAYS = 500
"""Days that are handed on: twice the backtest's."""
STATED = "value_at_risk"
"""Kind of past P&L that is no P&L but the VaR stated for that day."""
KINDS = ("hypothetical", "actual")

Pairs: TypeAlias = tuple[FloatArray, FloatArray]
"""P&L and VaR, one of each a day."""

_COLUMNS = ("value_at_risk", "expected_shortfall", "stated", "hypothetical", "actual")
_OF_KIND = {STATED: "stated", "hypothetical": "hypothetical", "actual": "actual"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Today:
    """What a run adds to the days before it."""

    date: date
    portfolios: tuple[str, ...]
    value_at_risk: FloatArray
    """At the headline confidence; shape (portfolios,)."""
    expected_shortfall: FloatArray
    hypothetical: Mapping[str, float]
    """P&L of yesterday's positions by portfolio; empty where no run was before."""
    span: int
    """Business days over which it arose; 0 where no run was before."""


def with_today(
    past: PastDays | None,
    today: Today,
    delivered: Sequence[PastPnl],
    spec: RiskSpec,
    *,
    currency: str,
) -> PastDays:
    """
    Add a run's own day to the days before it, and what was delivered of any of them.

    Portfolios are those of today. VaR of another confidence is dropped and that over more
    than a day held against nothing; both are said. A day's P&L is held against the VaR of the
    close before it. Delivered figures take the place of computed ones.
    """
    days = {today.date, *(one.date for one in delivered), *(past.dates if past else ())}
    dates = tuple(sorted(days))[-MOST_DAYS:]
    table = _Table(dates, today.portfolios)
    notes = table.take(past, spec) if past else []
    notes += table.close(today, spec)
    notes += table.deliver([one for one in delivered if one.date in table.row])
    return PastDays(
        currency=currency,
        confidence=spec.headline_var,
        es_confidence=spec.headline_es,
        dates=dates,
        spans=tuple(table.spans),
        portfolios=today.portfolios,
        delivered=table.delivered,
        notes=tuple(notes),
        **table.columns,
    )


def held_against(past: PastDays, portfolio: str, kind: str) -> tuple[list[str], Pairs]:
    """
    Days of *past* whose P&L of *kind* has a VaR to be held against; ISO dates, P&L and VaR.

    Computed P&L counts where it arose over a single business day.
    """
    column = past.portfolios.index(portfolio)
    pnl = past.hypothetical[:, column] if kind == "hypothetical" else past.actual[:, column]
    stated = past.stated[:, column]
    usable = np.isfinite(pnl) & np.isfinite(stated)
    if kind == "hypothetical":
        usable &= past.delivered[:, column] | (np.array(past.spans) == 1)
    rows = np.flatnonzero(usable)
    return [past.dates[row].isoformat() for row in rows.tolist()], (pnl[rows], stated[rows])


class _Table:
    """Columns of past days while they are filled."""

    def __init__(self, dates: tuple[date, ...], portfolios: tuple[str, ...]) -> None:
        shape = (len(dates), len(portfolios))
        self.row = {day: row for row, day in enumerate(dates)}
        self._column = {name: column for column, name in enumerate(portfolios)}
        self.columns = {name: np.full(shape, np.nan) for name in _COLUMNS}
        self.delivered: npt.NDArray[np.bool_] = np.zeros(shape, dtype=np.bool_)
        self.spans = [0] * len(dates)

    def take(self, past: PastDays, spec: RiskSpec) -> list[str]:
        """Copy what earlier runs said, of the portfolios that are there still."""
        old = [row for row, day in enumerate(past.dates) if day in self.row]
        new = [self.row[past.dates[row]] for row in old]
        shared = [name for name in past.portfolios if name in self._column]
        from_ = np.ix_(old, [past.portfolios.index(name) for name in shared])
        to = np.ix_(new, [self._column[name] for name in shared])
        dropped = {
            *(("value_at_risk", "stated") if past.confidence != spec.headline_var else ()),
            *(("expected_shortfall",) if past.es_confidence != spec.headline_es else ()),
        }
        for name in _COLUMNS:
            if name not in dropped:
                self.columns[name][to] = getattr(past, name)[from_]
        self.delivered[to] = past.delivered[from_]
        for row, place in zip(old, new, strict=True):
            self.spans[place] = past.spans[row]
        if not dropped:
            return []
        return ["Earlier runs state VaR or ES at another confidence; it is not shown here."]

    def close(self, today: Today, spec: RiskSpec) -> list[str]:
        """Fill in the run's own day, its P&L against the VaR of the last run before it."""
        row = self.row[today.date]
        self.columns["value_at_risk"][row] = today.value_at_risk
        self.columns["expected_shortfall"][row] = today.expected_shortfall
        self.spans[row] = today.span
        for name, pnl in today.hypothetical.items():
            if name in self._column:
                self.columns["hypothetical"][row, self._column[name]] = pnl
        if not today.span:
            return []
        if spec.holding_days != 1:
            return [
                f"VaR is over {spec.holding_days} business days: the P&L of a single one is not "
                "held against it."
            ]
        before = [r for r in range(row) if np.isfinite(self.columns["value_at_risk"][r]).any()]
        if before:
            self.columns["stated"][row] = self.columns["value_at_risk"][before[-1]]
        return []

    def deliver(self, delivered: Sequence[PastPnl]) -> list[str]:
        """Let delivered figures take the place of what is there."""
        replaced: dict[str, set[date]] = {}
        for one in delivered:
            column = self._column.get(one.portfolio)
            if column is None:
                continue
            place, kind = (self.row[one.date], column), _OF_KIND[one.kind]
            if kind != "actual" and np.isfinite(self.columns[kind][place]):
                replaced.setdefault(one.kind, set()).add(one.date)
            self.columns[kind][place] = one.value
            if kind == "hypothetical":
                self.delivered[place] = True
        return [
            f"{_WORDS[kind]} of {len(days):,} day(s) was delivered and takes the place of what "
            "runs computed."
            for kind, days in sorted(replaced.items())
        ]


_WORDS = {"hypothetical": "Hypothetical P&L", STATED: "VaR"}
