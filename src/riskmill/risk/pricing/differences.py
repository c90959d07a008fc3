"""
Derivatives of American prices: central differences of the precise scheme.

The scheme is a smooth function of the market, right to some 1e-14 of the strike, so that
differences over a thousandth of an argument are right to about 1e-6 of a derivative. Where one
end of the interval is exercised now and the other is not, the differences are taken on the
side of the option itself: gamma jumps at the boundary.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from riskmill.domain import FloatArray
from riskmill.risk.pricing.dual import Dual, Real, lifted
from riskmill.risk.pricing.early_exercise import lattice_columns, lattice_prices
from riskmill.risk.pricing.formulas.american_arrays import american_prices
from riskmill.risk.pricing.maths import maximum, where

STEP = 1e-3
"""Length of a difference, in parts of an argument's scale."""
LATTICE_STEP = 1e-2
"""The same for a lattice, which is less smooth."""
REACH = 3
"""Steps that are taken either way."""
SAME = 1e-13
"""Part of its value below which a price is what exercise pays."""


def american_price(*arguments: Real) -> Real:
    """
    `formulas.american_option` of arrays that broadcast, or of dual numbers.

    Dual numbers may stand for any of the arguments but the sign. Behind the sign come years to
    cash dividends, and as many amounts of them. A lattice prices those, and two boundaries.
    """
    if not any(isinstance(argument, Dual) for argument in arguments):
        return _prices(*arguments)
    duals = [lifted(argument) for argument in arguments]
    exercised = maximum(duals[6].value * (duals[0] - duals[4]), 0.0)
    path = _walk(duals)
    shape = np.broadcast_shapes(*(np.shape(dual.value) for dual in duals))
    value = path.prices[REACH].reshape(-1, *shape)[0]
    first, second = _central(path)
    for side in (1, -1):
        alone = path.exercised[REACH - side] & ~path.exercised[REACH + side]
        slope, bend = _one_sided(path, side)
        first, second = where(alone, slope, first), where(alone, bend, second)
    here = path.exercised[REACH] | (duals[5].value <= 0.0)
    return Dual(value, where(here, exercised.first, first), where(here, exercised.second, second))


def _prices(*arguments: Real) -> FloatArray:
    """Prices of arguments without derivatives."""
    columns = np.broadcast_arrays(*(np.asarray(one, dtype=np.float64) for one in arguments))
    prices = np.array(american_prices(*columns[:7]))
    many = (len(columns) - 7) // 2
    for place in np.ndindex(prices.shape if many or _any_below_zero(columns[2:4]) else (0,)):
        option = [float(column[place]) for column in columns]
        market, terms = np.array(option[:4])[:, np.newaxis], option[4:7]
        whens = zip(option[7 : 7 + many], option[7 + many :], strict=True)
        cash = [(when, amount) for when, amount in whens if when > 0.0]
        if lattice_columns(market, terms[2], cash)[0]:
            prices[place] = lattice_prices(market, terms, cash)[0]
    return prices


def _any_below_zero(columns: Sequence[FloatArray]) -> bool:
    return any((column < 0.0).any() for column in columns)


class _Path(NamedTuple):
    """Prices along a straight way through the arguments, from `REACH` steps back to as many on."""

    prices: FloatArray
    """First axis: steps."""
    exercised: FloatArray
    """Whether the option pays most when it is exercised now; same shape."""
    length: FloatArray
    """Length of a step in the unit of the derivative."""


def _walk(duals: list[Dual]) -> _Path:
    """Prices on the way that the first derivatives point, in steps short for every argument."""
    levels = [np.asarray(dual.value, dtype=np.float64) for dual in duals]
    spot, volatility, _, _, strike, years, sign, *cash = levels
    scales = (
        np.maximum(spot, STEP * strike),
        np.maximum(volatility, 0.01),
        0.05,
        0.05,
        strike,
        np.maximum(years, 1.0 / 365.0),
        1.0,
        *(np.maximum(level, 0.1) for level in cash),
    )
    speeds = [np.abs(dual.first) / scale for dual, scale in zip(duals, scales, strict=True)]
    fastest = np.max(np.broadcast_arrays(*speeds), axis=0)
    length = (LATTICE_STEP if cash else STEP) / np.where(fastest > 0.0, fastest, 1.0)
    shape = np.broadcast_shapes(np.shape(length), *(level.shape for level in levels))
    steps = np.arange(-REACH, REACH + 1.0).reshape(-1, *(1 for _ in shape))
    ways = [level + steps * length * dual.first for level, dual in zip(levels, duals, strict=True)]
    prices = _prices(*ways)
    paid = sign * (ways[0] - ways[4])
    return _Path(prices, (paid > 0.0) & (prices <= paid * (1.0 + SAME)), length)


def _central(path: _Path) -> tuple[FloatArray, FloatArray]:
    """Both derivatives from a step either way."""
    down, here, up = path.prices[REACH - 1 : REACH + 2]
    return (up - down) / (2.0 * path.length), (up - 2.0 * here + down) / path.length**2


def _one_sided(path: _Path, side: int) -> tuple[FloatArray, FloatArray]:
    """Both derivatives from three steps to one side."""
    p = path.prices[REACH::side][: REACH + 1]
    slope = (-3.0 * p[0] + 4.0 * p[1] - p[2]) / (2.0 * side * path.length)
    bend = (2.0 * p[0] - 5.0 * p[1] + 4.0 * p[2] - p[3]) / path.length**2
    return slope, bend
