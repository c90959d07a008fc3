"""
Volatility between quotes: smiles by strike, expiries between them, and delta quotes.

A smile is what one expiry quotes at several strikes; between them total variance is linear
in the strike, and between expiries linear in time at one strike. Nothing is extended: a
strike or expiry that is not inside has no volatility.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import exp, sqrt
from statistics import NormalDist

import numpy as np

from riskmill.domain import FloatArray


@dataclass(frozen=True, kw_only=True, slots=True)
class Smile:
    """Quotes of one expiry, at one strike or more, lowest first."""

    expiry: date
    strikes: tuple[float, ...]
    factors: tuple[str, ...]
    flat: str = ""
    """Factor that holds for every strike, where there is one."""

    def nodes(self, strike: float) -> tuple[str, ...]:
        """Factors that make the volatility at *strike*: one, two, or none where outside."""
        right = bisect_left(self.strikes, strike)
        if right < len(self.strikes) and self.strikes[right] == strike:
            return (self.factors[right],)
        if self.flat:
            return (self.flat,)
        if 0 < right < len(self.strikes):
            return self.factors[right - 1 : right + 1]
        return ()

    def variance(self, levels: Mapping[str, FloatArray], strike: float | FloatArray) -> FloatArray:
        """
        Volatility squared at *strike*, one or one a scenario, beyond the ends as there.

        *levels* has the volatilities of every node, shape (width,).
        """
        if np.ndim(strike) == 0 and len(found := self.nodes(float(strike))) == 1:
            return levels[found[0]] ** 2
        squares = np.array([levels[factor] ** 2 for factor in self.factors])
        strikes = np.array(self.strikes)
        at = np.broadcast_to(np.clip(strike, strikes[0], strikes[-1]), squares.shape[1:])
        right = np.clip(np.searchsorted(strikes, at), 1, len(strikes) - 1)
        share = (at - strikes[right - 1]) / (strikes[right] - strikes[right - 1])
        scenario = np.arange(squares.shape[1])
        found_: FloatArray = (1.0 - share) * squares[right - 1, scenario] + share * squares[
            right, scenario
        ]
        return found_


def strike_of_delta(forward: float, volatility: float, years: float, delta: float) -> float:
    """
    Strike at which a forward delta, without premium, is *delta*: positive for a call.

    A delta of zero stands for the straddle that has none (at the money). K = F exp(v^2 T / 2
    - c N^-1(c delta) v sqrt(T)), c = +1 for a call and -1 for a put.
    """
    deviation = volatility * sqrt(years)
    if delta == 0.0:
        return forward * exp(0.5 * deviation * deviation)
    sign = 1.0 if delta > 0.0 else -1.0
    quantile = NormalDist().inv_cdf(abs(delta))
    return forward * exp(0.5 * deviation * deviation - sign * quantile * deviation)


def around(smiles: tuple[Smile, ...], expiry: date) -> tuple[Smile, ...]:
    """The smile of *expiry*, else those before and after it, else none; earliest first."""
    right = bisect_left([smile.expiry for smile in smiles], expiry)
    if right < len(smiles) and smiles[right].expiry == expiry:
        return (smiles[right],)
    return smiles[right - 1 : right + 1] if 0 < right < len(smiles) else ()
