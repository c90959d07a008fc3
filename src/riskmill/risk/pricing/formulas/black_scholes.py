"""European options on a lognormal spot: Black-Scholes-Merton and Garman-Kohlhagen."""

from riskmill.risk.pricing.dual import Real
from riskmill.risk.pricing.maths import exp, expected_gain, log, sqrt, where

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
    deviation = volatility * sqrt(years)
    certain = (deviation < CERTAIN) | (spot <= 0.0)
    spread = where(certain, 1.0, deviation)
    moneyness = log(where(certain, 1.0, spot / strike)) + (rate - dividend_yield) * years
    d1 = moneyness / spread + 0.5 * spread
    present = spot * exp(-dividend_yield * years)
    paid = strike * exp(-rate * years)
    expected = expected_gain(present, paid, d1, d1 - spread, sign)
    gain = sign * (present - paid)
    return where(certain, where(gain > 0.0, gain, 0.0), expected)


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
