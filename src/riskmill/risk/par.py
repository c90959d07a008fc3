"""
Sensitivities to par rates, from those to zero rates (docs/methodology/sensitivities.md).

The par rate of a node moves with the zero rates up to that node only, so the change from
one kind of bucket to the other is solved node by node, the longest first.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import exp

import numpy as np

from riskmill.domain import FloatArray, MarketSnapshot, UsageError
from riskmill.risk.pricing.curves import DAYS_A_YEAR, Curve
from riskmill.risk.pricing.quotes import Quotes

PREFIX = "IR:"


def par_dv01(zero: Mapping[str, float], market: MarketSnapshot) -> dict[str, float]:
    """
    PV change for +1 bp in each par rate, from *zero*: that for +1 bp in each zero rate.

    Keys are `CURVE:TENOR`; a node that is not listed has no sensitivity. The par rate of a node
    up to one year is that of a deposit, beyond it that of a swap with yearly coupons. Raises
    `UsageError` (E474) for a node that *market* does not quote.
    """
    listed = {key: np.array([value]) for key, value in zero.items()}
    return {key: float(values[0]) for key, values in par_sensitivities(listed, market).items()}


def par_sensitivities(
    zero: Mapping[str, FloatArray], market: MarketSnapshot
) -> dict[str, FloatArray]:
    """As `par_dv01`, for several portfolios at once: every value has the shape (portfolios,)."""
    curves = Quotes.of(market).curves
    known = {factor.removeprefix(PREFIX) for curve in curves.values() for factor in curve.factors}
    for key in zero:
        if key not in known:
            raise UsageError(
                "E474",
                f"the market quotes no zero rate '{key}'",
                place=f"dv01 {key}",
                remedy="Take sensitivities and market data of one run.",
            )
    found: dict[str, FloatArray] = {}
    for curve in curves.values():
        keys = [factor.removeprefix(PREFIX) for factor in curve.factors]
        if any(key in zero for key in keys):
            found |= zip(keys, _turned(curve, keys, zero, market.quotes), strict=True)
    return found


def _turned(
    curve: Curve, keys: Sequence[str], zero: Mapping[str, FloatArray], quotes: Mapping[str, float]
) -> list[FloatArray]:
    """Solve for the par buckets from the last node back to the first."""
    still = np.zeros_like(next(iter(zero.values())))
    slopes = [_slopes(curve, node, quotes) for node in range(len(keys))]
    par = [still] * len(keys)
    for node in reversed(range(len(keys))):
        left = zero.get(keys[node], still).copy()
        for longer in range(node + 1, len(keys)):
            left -= par[longer] * slopes[longer][node]
        par[node] = left / slopes[node][node] if slopes[node][node] else still
    return par


def _slopes(curve: Curve, node: int, quotes: Mapping[str, float]) -> list[float]:
    """Change of the par rate at *node* for a change of each node's zero rate."""
    maturity = curve.days[node]
    place = {factor: number for number, factor in enumerate(curve.factors)}
    slopes = [0.0] * len(place)
    if not maturity:
        return slopes
    dates = _dates(maturity)
    accruals = [(end - start) / DAYS_A_YEAR for start, end in pairwise((0.0, *dates))]
    discounts = [_discount(curve, date, quotes) for date in dates]
    annuity = sum(accrual * one for accrual, one in zip(accruals, discounts, strict=True))
    rate = (1.0 - discounts[-1]) / annuity
    for date, accrual, discount in zip(dates, accruals, discounts, strict=True):
        paid = rate * accrual + (1.0 if date == maturity else 0.0)
        for factor, weight in curve.weights(date):
            slopes[place[factor]] += paid * discount * weight * date / DAYS_A_YEAR / annuity
    return slopes


def _dates(maturity: float) -> tuple[float, ...]:
    """Coupon days of the par swap: yearly, counted back from *maturity*; one for a deposit."""
    dates = [maturity]
    while dates[-1] > DAYS_A_YEAR:
        dates.append(dates[-1] - DAYS_A_YEAR)
    return tuple(reversed(dates))


def _discount(curve: Curve, days: float, quotes: Mapping[str, float]) -> float:
    rate = sum(weight * quotes[factor] for factor, weight in curve.weights(days))
    return exp(-rate * days / DAYS_A_YEAR)
