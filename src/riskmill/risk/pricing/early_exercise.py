"""
American options that the boundary's equation does not cover: valued by lattice, column by column.

Cash dividends make a lattice of a whole position; two boundaries one of the columns that have them.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from riskmill.domain import FloatArray
from riskmill.risk.pricing.formulas.american_lattice import american_by_lattice

SOON = 1e-8
"""Years to an ex-date that a day of theta brings to the valuation date itself."""


def has_two_boundaries(
    rate: FloatArray, dividend_yield: FloatArray, sign: float
) -> npt.NDArray[np.bool_]:
    """Whether exercise can pay in a band only: the put's rate below zero and its yield lower."""
    put_rate, put_yield = (rate, dividend_yield) if sign < 0.0 else (dividend_yield, rate)
    return np.asarray((put_rate < 0.0) & (put_yield < put_rate))


def lattice_columns(
    market: FloatArray, sign: float, dividends: Sequence[tuple[float, float]]
) -> npt.NDArray[np.bool_]:
    """Columns of *market*, shape (4, width), in which a lattice values the option."""
    if dividends:
        return np.ones(market.shape[1], dtype=np.bool_)
    return has_two_boundaries(market[2], market[3], sign)


def lattice_prices(
    market: FloatArray, terms: Sequence[float], dividends: Sequence[tuple[float, float]]
) -> FloatArray:
    """
    Prices per underlying unit along *market*: spot, volatility, rate and yield, shape (4, width).

    *terms* are strike, years and sign. Equal columns are valued once.
    """
    (spot, volatility, rate, yield_), places = np.unique(market, axis=1, return_inverse=True)
    strike, years, sign = terms[:3]
    soon = [(max(when, SOON), amount) for when, amount in dividends]
    found = american_by_lattice(spot, volatility, rate, yield_, strike, years, sign, soon)
    return np.asarray(found[places.ravel()])
