"""
The volatilities of the demo, none of which is observed.

Index options: the level is VIX, the shape a surface-SVI smile (Gatheral and
Jacquier, Arbitrage-free SVI volatility surfaces, 2014) whose parameters keep
within its conditions for no butterfly and no calendar arbitrage. Single names
and currency pairs: one volatility an expiry, from realised volatility.
"""

import math
from dataclasses import dataclass
from datetime import date

CORRELATION = -0.70
"""Tilt of the smile: puts below the forward are dearer than calls above it."""
CURVATURE = 0.90
"""Strength of the smile; times (1 + |CORRELATION|) it may not exceed 2."""
LONG_RATIO = 0.78
"""At-the-money volatility over VIX for long expiries: VIX is high and expected to fall."""
SHORT_EXCESS = 0.12
"""What the shortest expiry has above that, fading with e per `FADE_YEARS`."""
FADE_YEARS = 0.25
VIX_DAYS = 30
"""Days that VIX looks ahead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexSurface:
    """Implied volatility of an index by expiry and strike."""

    valuation_date: date
    spot: float
    carry: float
    """Financing less dividend yield, decimal a year."""
    vix: float
    """Level of VIX, decimal."""

    def volatility(self, expiry: date, strike: float) -> float:
        """Implied volatility, decimal."""
        years = (expiry - self.valuation_date).days / 365.0
        moneyness = math.log(strike / self.spot) - self.carry * years
        return math.sqrt(_smile(moneyness, self.at_the_money(years) ** 2 * years) / years)

    def at_the_money(self, years: float) -> float:
        """Implied volatility at the forward, decimal."""
        return self.vix * (LONG_RATIO + SHORT_EXCESS * math.exp(-years / FADE_YEARS))


def _smile(moneyness: float, at_the_money: float) -> float:
    """Total variance at a log-moneyness, given the total variance at the forward."""
    slope = CURVATURE / math.sqrt(at_the_money * (1.0 + at_the_money))
    x = slope * moneyness
    wing = math.sqrt((x + CORRELATION) ** 2 + 1.0 - CORRELATION**2)
    return 0.5 * at_the_money * (1.0 + CORRELATION * x + wing)


def term_beta(days: int) -> float:
    """
    Part of a relative VIX move that a volatility of *days* shows: (30/days)^½, at most 1.

    Long volatilities move less because a spike is expected to pass; the square
    root is the desks' rule of thumb.
    """
    return min(1.0, math.sqrt(VIX_DAYS / days))
