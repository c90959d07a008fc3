"""The published history under the factor ids of riskmill, and what is measured on it."""

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Self

import polars as pl

from builder.curves import Curve

STOCKS = (
    "AAPL", "AMD", "BAC", "BBY", "CVX", "GE", "HD", "JNJ", "JPM", "KO",
    "LLY", "MRK", "MSFT", "PEP", "PFE", "PG", "RRC", "UNH", "WMT", "XOM",
)  # fmt: skip
PAIRS = ("EURUSD", "GBPUSD", "USDJPY", "USDCHF", "AUDUSD", "USDCAD")
YEAR_OF_DAYS = 250
"""Returns over which a realised volatility is measured."""
EWMA_DECAY = 0.94
"""Weight of yesterday's variance in the running one, RiskMetrics' figure for daily data."""
EWMA_START = 30
"""Returns that seed the running variance; its changes are used only after them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """Daily values by factor id, oldest first, complete."""

    dates: tuple[date, ...]
    values: Mapping[str, tuple[float, ...]]
    """Factor id to one value a date, in riskmill's unit of the factor."""

    @classmethod
    def of(cls, published: pl.DataFrame) -> Self:
        """Rename the published columns to factor ids; VIX points become a decimal."""
        names = [name for name in published.columns if name != "date"]
        values = {factor_of(name): tuple(published[name].to_list()) for name in names}
        values["VOL:VIX"] = tuple(round(points / 100.0, 6) for points in values["VOL:VIX"])
        return cls(dates=tuple(published["date"].cast(pl.Date).to_list()), values=values)

    @property
    def valuation_date(self) -> date:
        """The last date."""
        return self.dates[-1]

    def last(self, factor: str) -> float:
        """Value on the valuation date."""
        return self.values[factor][-1]

    def on(self, factor: str, day: date) -> float:
        """Value on *day*, or on the last business date before it."""
        return self.values[factor][self._row(day)]

    def curve(self, currency: str, day: date) -> Curve:
        """Zero curve of *currency* on *day*, or on the last business date before it."""
        row = self._row(day)
        nodes = {f: v[row] for f, v in self.values.items() if f.startswith(f"IR:{currency}:")}
        return Curve.of(nodes)

    def realised_volatility(self, factor: str) -> float:
        """Standard deviation of the last 250 log returns, a year having 252."""
        returns = self._returns(factor)[-YEAR_OF_DAYS:]
        mean = sum(returns) / len(returns)
        squares = sum((x - mean) ** 2 for x in returns)
        return math.sqrt(squares / (len(returns) - 1) * 252.0)

    def volatility_beta(self, factor: str) -> float:
        """
        Slope of changes of the factor's own volatility on those of SPX's, whole history.

        Both are daily log changes of the exponentially weighted volatility: how
        much of a relative move in index volatility this factor's volatility shows.
        """
        own, index = self._volatility_changes(factor), self._volatility_changes("EQ:SPX")
        own_mean, index_mean = sum(own) / len(own), sum(index) / len(index)
        products = sum((y - own_mean) * (x - index_mean) for y, x in zip(own, index, strict=True))
        return products / sum((x - index_mean) ** 2 for x in index)

    def _returns(self, factor: str) -> list[float]:
        levels = self.values[factor]
        return [math.log(b / a) for a, b in pairwise(levels)]

    def _volatility_changes(self, factor: str) -> list[float]:
        returns = self._returns(factor)
        variance = sum(x * x for x in returns[:EWMA_START]) / EWMA_START
        changes = []
        for x in returns[EWMA_START:]:
            updated = EWMA_DECAY * variance + (1.0 - EWMA_DECAY) * x * x
            changes.append(0.5 * math.log(updated / variance))
            variance = updated
        return changes

    def _row(self, day: date) -> int:
        return bisect_right(self.dates, day) - 1


def factor_of(column: str) -> str:
    """Factor id of a published column: `AAPL` is `EQ:AAPL`, `USD_3M` is `IR:USD:3M`."""
    if column in STOCKS or column == "SPX":
        return f"EQ:{column}"
    if column in PAIRS:
        return f"FX:{column}"
    if column == "VIX":
        return "VOL:VIX"
    if column == "WTI":
        return "CO:WTI"
    currency, tenor = column.split("_")
    return f"IR:{currency}:{tenor}"
