"""What the checks look at: a delivery's market data, and the moves of its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from riskmill.domain import (
    DEFAULT_SHOCKS,
    Factor,
    FactorHistory,
    FloatArray,
    MarketSnapshot,
    RiskClass,
    ShockKind,
    parse_factor,
)
from riskmill.ingestion.delivery import Delivery
from riskmill.ingestion.factors import class_of

LEAST_MOVES = 20
"""Moves of a factor from which its usual size of move can be told."""
NORMAL = 1.4826
"""A normal variable's standard deviation over its median absolute deviation."""

NOISE = 1e-9
"""Share of the standard deviation below which a robust one is the rounding of equal moves."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QuoteRows:
    """The good rows of a market file, as the checks of single quotes see them."""

    file: str
    frame: pl.DataFrame
    """Columns `factor`, `as_of` and `source` as text, and each row's record and line."""
    business_date: date
    frozen: str
    """UTC instant the inputs were frozen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moves:
    """Day-to-day moves of a history, each in the kind of shock of its factor's class."""

    values: FloatArray
    """Shape (dates - 1, factors); row n leads to date n + 1."""
    centres: FloatArray
    """Median of each factor's moves that are not zero; nought where there are few."""
    deviations: FloatArray
    """Robust deviation of each factor's moves; NaN where it cannot be told."""
    kinds: tuple[str, ...]

    @property
    def distances(self) -> FloatArray:
        """Each move less the factor's median move, in its robust deviations, with its sign."""
        with np.errstate(all="ignore"):
            away: FloatArray = (self.values - self.centres) / self.deviations
        return away

    def distance(self, place: int, before: float, after: float) -> float:
        """The same of one more move of the factor at *place*, without its sign."""
        move = _move(np.array([before, after]), self.kinds[place])[0]
        with np.errstate(all="ignore"):
            return float(np.abs(move - self.centres[place]) / self.deviations[place])


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """The market data of one batch."""

    delivery: Delivery
    moves: Moves
    places: Mapping[str, int]
    """Column of each factor of the history."""
    rows: Mapping[str, int]
    """Row of each factor of the snapshot in the market file's content."""

    @property
    def snapshot(self) -> MarketSnapshot:
        """The values of the business date."""
        return self.delivery.snapshot

    @property
    def history(self) -> FactorHistory:
        """The values of past dates."""
        return self.delivery.history

    @property
    def history_file(self) -> str:
        """Name of the history's file."""
        return self.delivery.file("history").entry.name

    def where(self, factor: str) -> tuple[str, int, int | None]:
        """File, record and line of a factor of the snapshot."""
        file, row = self.delivery.file("market"), self.rows[factor]
        return file.entry.name, int(file.records[row]), int(file.lines[row]) or None

    def quoted(self, risk_class: RiskClass) -> list[tuple[Factor, float]]:
        """The snapshot's factors of one class, taken apart, and their values."""
        return [
            (parse_factor(factor), value)
            for factor, value in self.snapshot.quotes.items()
            if factor.startswith(f"{risk_class}:")
        ]


def examine(delivery: Delivery) -> Examined:
    """Prepare a delivery for its checks."""
    return Examined(
        delivery=delivery,
        moves=moves_of(delivery.history),
        places={factor: place for place, factor in enumerate(delivery.history.factors)},
        rows={factor: row for row, factor in enumerate(delivery.snapshot.quotes)},
    )


def moves_of(history: FactorHistory) -> Moves:
    """
    Moves of every factor, and the robust deviation of each factor's own.

    That is 1.4826 times the median distance from the median of the moves that are not
    zero, so that days without news narrow nothing. A factor with fewer than 20 such
    moves, or whose moves are nearly all the same step, has the standard deviation of
    all its moves instead; one that never moves, or has fewer than 20 moves, has none.
    """
    shocks = dict(DEFAULT_SHOCKS)
    kinds = tuple(shocks[class_of(factor)] for factor in history.factors)
    values = np.empty((max(len(history.dates) - 1, 0), len(kinds)))
    for kind in sorted(set(kinds)):
        columns = [place for place, own in enumerate(kinds) if own == kind]
        values[:, columns] = _move(history.values[:, columns], kind)
    if len(values) < LEAST_MOVES:
        unknown = np.full(len(kinds), np.nan)
        return Moves(values=values, centres=unknown, deviations=unknown, kinds=kinds)
    centres, robust = _robust(values)
    with np.errstate(all="ignore"):
        plain = values.std(axis=0)
    deviations = np.where(robust > NOISE * plain, robust, np.where(plain > 0.0, plain, np.nan))
    return Moves(values=values, centres=centres, deviations=deviations, kinds=kinds)


def _robust(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Centre and robust deviation of each column's moves; nought where too few are not zero."""
    centres, deviations = np.zeros(values.shape[1]), np.zeros(values.shape[1])
    moved = values != 0.0
    for place in np.flatnonzero(moved.sum(axis=0) >= LEAST_MOVES).tolist():
        own = values[moved[:, place], place]
        with np.errstate(all="ignore"):
            centres[place] = np.median(own)
            deviations[place] = NORMAL * np.median(np.abs(own - centres[place]))
    return centres, deviations


def business_days_after(start: date, end: date) -> int:
    """Weekdays after *start* up to and including *end*; no calendar of holidays is known here."""
    day = timedelta(days=1)
    return max(int(np.busday_count(start + day, end + day)), 0)


def weekdays_between(dates: Sequence[date]) -> npt.NDArray[np.int64]:
    """Weekdays that lie between each date and the next, neither of them counted."""
    days = np.array(dates, dtype="datetime64[D]") + 1
    gaps: npt.NDArray[np.int64] = np.maximum(np.busday_count(days[:-1], days[1:]), 0) - 1
    return gaps


def _move(levels: FloatArray, kind: str) -> FloatArray:
    """Moves between consecutive levels along the first axis."""
    before, after = levels[:-1], levels[1:]
    with np.errstate(all="ignore"):
        if kind == ShockKind.LOG:
            moves: FloatArray = np.log(after / before)
        elif kind == ShockKind.RELATIVE:
            moves = after / before - 1.0
        else:
            moves = after - before
    return moves
