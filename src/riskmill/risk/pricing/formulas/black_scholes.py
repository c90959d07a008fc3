"""European options on a lognormal spot: Black-Scholes-Merton and Garman-Kohlhagen."""

from riskmill.risk.pricing.dual import Real
from riskmill.risk.pricing.maths import exp, log, normal_cdf, sqrt, where

CALL = 1.0
PUT = -1.0
SIGN = {"call": CALL, "put": PUT}
"""Sign of an option by its type."""
CERTAIN = 1e-12
"""Total deviation (volatility times root of time) below which nothing is left to chance."""


def european_option(
    spot: Real,
    volatility: Real,
    rate: Real,
    dividend_yield: Real,
    strike: Real,
    years: Real,
    sign: Real,
) -> Real:
    """
    Price of an option exercised at expiry only, per underlying unit.

    *sign* is +1 (`CALL`) or -1 (`PUT`); *volatility*, *rate* and *dividend_yield* are
    decimals a year, continuous, act/365. At expiry the price is what exercise pays;
    without volatility, the discounted gain at the forward, never below zero; a spot of
    zero or less counts the same way. A put is priced by its own tail, not by parity,
    which keeps far out-of-the-money prices accurate.

    Black-Scholes-Merton: docs/methodology/options.md.
    """
    forward = spot * exp((rate - dividend_yield) * years)
    deviation = volatility * sqrt(years)
    certain = (deviation < CERTAIN) | (forward <= 0.0)
    spread = where(certain, 1.0, deviation)
    d1 = log(where(certain, 1.0, forward / strike)) / spread + 0.5 * spread
    d2 = d1 - spread
    expected = sign * (forward * normal_cdf(sign * d1) - strike * normal_cdf(sign * d2))
    gain = sign * (forward - strike)
    sure = where(gain > 0.0, gain, 0.0)
    return exp(-rate * years) * where(certain, sure, expected)


def fx_option(
    spot: Real,
    volatility: Real,
    domestic_rate: Real,
    foreign_rate: Real,
    strike: Real,
    years: Real,
    sign: Real,
) -> Real:
    """
    Price of a European option on one unit of foreign currency, in domestic currency.

    Domestic is the pair's second currency, foreign its first. Garman-Kohlhagen: the
    foreign rate takes the place of the dividend yield.
    """
    return european_option(spot, volatility, domestic_rate, foreign_rate, strike, years, sign)
