"""
The filtered historical set: past moves at today's volatility.

Each shock is multiplied by the volatility of now over that of then, both exponentially
weighted (docs/methodology/filtered_historical.md).
"""

from bisect import bisect_right

import numpy as np

from riskmill.domain import FloatArray, MarketData, RiskSpec, ShockKind
from riskmill.risk.scenarios.historical import (
    Driver,
    ShockedLevels,
    Shocks,
    observed_shocks,
    rows_of,
    shocked_levels,
)
from riskmill.risk.scenarios.shocks import shock_between
from riskmill.risk.scenarios.windows import Windows, chosen_windows

MOST_RESCALING = 10.0
"""Volatility of now over that of then beyond which a move says nothing: the factor stood still."""


def filtered_levels(market: MarketData, spec: RiskSpec) -> ShockedLevels:
    """
    The historical set of *spec*, every shock at the volatility of the valuation date.

    A factor with a shock that would have to be multiplied by more than ten has no usable
    history, as one has with a hole. Raises as `historical_levels` does.
    """
    windows = chosen_windows(market.history, spec, market.snapshot.valuation_date)
    return shocked_levels(market, spec, windows.labels, _filtered_shocks(market, windows, spec))


def _filtered_shocks(market: MarketData, windows: Windows, spec: RiskSpec) -> Shocks:
    row_of = rows_of(market)
    observed = observed_shocks(market, windows, spec)
    variances: dict[ShockKind, FloatArray] = {}

    def shocks(driver: Driver) -> FloatArray:
        source, kind = driver
        if kind not in variances:
            variances[kind] = _daily_variances(market, kind, spec.decay)
        of_source = variances[kind][:, row_of[source]]
        return rescaled(observed(driver), of_source[windows.starts], float(of_source[-1]))

    return shocks


def _daily_variances(market: MarketData, kind: ShockKind, decay: float) -> FloatArray:
    """Shape (days known at the valuation date, factors): variance expected on each of them."""
    history = market.history
    values = history.values[: bisect_right(history.dates, market.snapshot.valuation_date)]
    return ewma_variances(shock_between(values[:-1], values[1:], kind), decay)


def rescaled(shocks: FloatArray, then: FloatArray, now: float) -> FloatArray:
    """
    *shocks* times the root of *now* over *then*, both variances; a shock of zero stays zero.

    Not finite where *then* is missing or the factor exceeds ten.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        factor = np.sqrt(now / then)
        moved = np.where(factor <= MOST_RESCALING, shocks * factor, np.nan)
    return np.where(shocks == 0.0, 0.0, moved)


def ewma_variances(shocks: FloatArray, decay: float) -> FloatArray:
    """
    Variance expected on each day, from the shocks known by then; about a mean of zero.

    *shocks* has shape (days, series). The result has one row more: entry *t* weights the
    shocks before *t*, so the last is that of tomorrow. A series begins, with the mean square
    of its shocks, behind its last hole; before that it is NaN.
    """
    finite = np.isfinite(shocks)
    days = np.arange(len(shocks))[:, np.newaxis]
    begins = np.where(finite, 0, days + 1).max(axis=0, initial=0)
    squares = np.where(days >= begins, np.where(finite, shocks, 0.0) ** 2, 0.0)
    lengths = len(shocks) - begins
    variance = np.where(lengths > 0, squares.sum(axis=0) / np.maximum(lengths, 1), np.nan)
    found = np.full((len(shocks) + 1, shocks.shape[1]), np.nan)
    for day in range(len(shocks) + 1):
        if day:
            weighted = decay * variance + (1.0 - decay) * squares[day - 1]
            variance = np.where(day > begins, weighted, variance)
        found[day] = np.where(day >= begins, variance, np.nan)
    return found
