"""Market data of one valuation date, and the history that scenarios are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class MarketSnapshot:
    """Immutable factor values of one valuation date: never filled, never interpolated."""

    valuation_date: date
    quotes: Mapping[str, float]
    """Factor id to value, in the unit of the factor's class."""
    proxied: frozenset[str] = frozenset()
    """Factors whose value was not observed but derived from another's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FactorHistory:
    """Past values of risk factors on business dates, oldest first."""

    dates: tuple[date, ...]
    factors: tuple[str, ...]
    values: FloatArray
    """Shape (dates, factors)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Proxy:
    """
    Says whose shocks a factor without a history of its own takes.

    `factor` is an id, or a prefix that ends in `*`. `proxy` is a factor of the
    history, or `none` for a factor that is held constant.
    """

    factor: str
    proxy: str
    beta: float = 1.0
    """The factor's shock is beta times the proxy's."""
    reason: str = ""

    @property
    def constant(self) -> bool:
        """Whether the factor is held constant in every scenario."""
        return self.proxy == "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class StressScenario:
    """One named stress: shocks by factor id, or by a prefix that ends in `*`."""

    name: str
    shocks: tuple["StressShock", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class StressShock:
    """Shock of the factors that match, in the stated kind: absolute, relative or log."""

    factor: str
    kind: str
    size: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Fixing:
    """The rate at which a floating index was set on a past date."""

    index: str
    """Name of the index, or of the curve that forecasts it."""
    date: date
    """Date on which it was set, never after the valuation date."""
    value: float
    """Decimal a year."""
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Dividend:
    """Cash that a share pays to whoever holds it before its ex-date."""

    underlying: str
    """Equity or index."""
    ex_date: date
    """First day on which the share is traded without it."""
    amount: float
    """Per share."""
    currency: str
    source: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MarketData:
    """All market data of a batch: snapshot, history, proxies, stress, fixings and dividends."""

    snapshot: MarketSnapshot
    history: FactorHistory
    proxies: tuple[Proxy, ...] = field(default=())
    stress: tuple[StressScenario, ...] = field(default=())
    fixings: tuple[Fixing, ...] = field(default=())
    """By index and date, each pair once."""
    dividends: tuple[Dividend, ...] = field(default=())
    """By underlying and ex-date, each pair once; the rest is in the yield."""


def snapshot_of(market: "MarketSnapshot | MarketData") -> MarketSnapshot:
    """The snapshot itself, or the one among all market data."""
    return market.snapshot if isinstance(market, MarketData) else market
