"""
Delta, gamma, vega and theta of whole blocks of positions.

Each is in reporting currency at the base conversion, gains positive: delta is the PV
change for +1 % of the spot, gamma the change of delta for +1 %, vega the PV change for
+1 volatility point, theta the PV change over one calendar day on an unchanged market.
"""

from collections.abc import Callable
from dataclasses import dataclass

from riskmill.domain import FloatArray
from riskmill.risk.pricing.dual import Dual, Real
from riskmill.risk.pricing.frames import (
    BASE,
    SPOT_DOWN,
    SPOT_UP,
    VOLATILITY_BUMP,
    VOLATILITY_UP,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionGreeks:
    """Greeks of options, one entry a position."""

    delta: FloatArray
    gamma: FloatArray
    vega: FloatArray


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionQuestion:
    """What greeks are asked about: a formula at base, and the same through its kernel."""

    formula: Callable[..., Real]
    market: tuple[FloatArray, FloatArray, FloatArray, FloatArray]
    """Base spot, volatility, rate and yield, shape (positions,) each."""
    terms: tuple[FloatArray, ...]
    """What the formula takes beside the market, shape (positions,) each."""
    moves: FloatArray
    """What +1 % of the spot changes of the first of the market, shape (positions,)."""
    amounts: FloatArray
    """Reporting currency per unit of price, shape (positions,)."""
    bumped: FloatArray
    """Values on the bump axis, shape (positions, width), in reporting currency."""


def dual_greeks(question: OptionQuestion) -> OptionGreeks:
    """Exact greeks: the unchanged formula, fed dual numbers."""
    spot, volatility, rate, yield_ = question.market
    by_spot = question.formula(
        Dual(spot, question.moves), volatility, rate, yield_, *question.terms
    )
    by_volatility = question.formula(
        spot, Dual(volatility, VOLATILITY_BUMP), rate, yield_, *question.terms
    )
    return OptionGreeks(
        delta=question.amounts * by_spot.first,
        gamma=question.amounts * by_spot.second,
        vega=question.amounts * by_volatility.first,
    )


def bump_greeks(question: OptionQuestion) -> OptionGreeks:
    """Greeks by revaluation: spot up and down by 1 %, volatility up by one point."""
    values = question.bumped
    base, up, down = values[:, BASE], values[:, SPOT_UP], values[:, SPOT_DOWN]
    return OptionGreeks(
        delta=0.5 * (up - down),
        gamma=(up - base) - (base - down),
        vega=values[:, VOLATILITY_UP] - base,
    )
