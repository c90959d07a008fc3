"""
American options where the exercise boundary has no equation here: cash dividends, two boundaries.

A binomial lattice of the spot without its dividends (the escrowed model), both moves equally
likely and the drift exact. Its last step is a European price, which makes it converge smoothly,
and two sizes are extrapolated (Broadie and Detemple, 1996, "American option valuation", BBSR).
Exercise pays the spot with its dividends; that of a call just before an ex-date, of a put after.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from riskmill.domain import FloatArray
from riskmill.risk.pricing.dual import Real
from riskmill.risk.pricing.formulas.black_scholes import european_option
from riskmill.risk.pricing.maths import exp

Dividends: TypeAlias = Sequence[tuple[Real, Real]]
"""Years to each ex-date, and the amount of cash."""
STEPS = 128
"""Steps of the smaller lattice; the other has twice as many."""
LEAST_DEVIATION = 1e-6
SAME_DAY = 1e-9
"""Years within which two dates are one."""


def escrowed_spot(spot: Real, rate: Real, dividend_yield: Real, dividends: Dividends) -> Real:
    """The spot less the value today of the cash *dividends* that go with it."""
    for years, amount in dividends:
        spot = spot - amount * exp(-(rate - dividend_yield) * years)
    return spot


def american_by_lattice(
    spot: FloatArray,
    volatility: FloatArray,
    rate: FloatArray,
    dividend_yield: FloatArray,
    strike: float,
    years: float,
    sign: float,
    dividends: Sequence[tuple[float, float]] = (),
) -> FloatArray:
    """
    Price of an American option with cash *dividends*, shape (columns,) as the market's four.

    Others as in `american_option`. Errors are in docs/methodology/options.md.
    """
    paid = _affordable(
        spot, rate - dividend_yield, [one for one in dividends if 0.0 < one[0] <= years]
    )
    now = np.maximum(sign * (spot - strike), 0.0)
    deviation = volatility * np.sqrt(max(years, 0.0))
    if years <= 0.0 or not (deviation > LEAST_DEVIATION).any():
        return np.maximum(now, _certain(spot, rate, dividend_yield, strike, years, sign, paid))
    volatility = np.maximum(volatility, LEAST_DEVIATION / np.sqrt(years))
    few, many = (
        _lattice(spot, volatility, rate, dividend_yield, strike, years, sign, paid, steps)
        for steps in (STEPS, 2 * STEPS)
    )
    return np.maximum(2.0 * many - few, now)


def _affordable(
    spot: FloatArray, carry: FloatArray, dividends: Sequence[tuple[float, float]]
) -> list[tuple[float, FloatArray]]:
    """The dividends, cut in equal parts where they are worth more than the share itself."""
    worth = -escrowed_spot(np.zeros_like(spot), carry, 0.0, dividends)
    share = np.where(worth > spot, spot / np.where(worth > 0.0, worth, 1.0), 1.0)
    return [(when, amount * share) for when, amount in dividends]


def _lattice(
    spot: FloatArray,
    volatility: FloatArray,
    rate: FloatArray,
    dividend_yield: FloatArray,
    strike: float,
    years: float,
    sign: float,
    dividends: Sequence[tuple[float, FloatArray]],
    steps: int,
) -> FloatArray:
    step = years / steps
    carry = rate - dividend_yield
    move = volatility * np.sqrt(step)
    bare = np.maximum(escrowed_spot(spot, rate, dividend_yield, dividends), 0.0)
    # Both moves are equally likely, so that their mean is the forward's growth.
    ratio, drift = np.exp(2.0 * move), np.exp(carry * step - move) / np.cosh(move)
    discount = 0.5 * np.exp(-rate * step)
    levels = bare * drift ** (steps - 1) * ratio ** np.arange(steps)[:, np.newaxis]
    values = european_option(levels, volatility, rate, dividend_yield, strike, step, sign)
    for number in range(steps - 1, -1, -1):
        if number < steps - 1:
            levels = levels[:-1] / drift
            values = discount * (values[1:] + values[:-1])
        now = number * step
        waits = [0.0, *(when - now for when, _ in dividends if now < when < now + step)]
        for wait in waits:
            ahead = _ahead(now + wait, carry, sign, dividends)
            forward = levels * np.exp(-dividend_yield * wait)
            paid = forward + (ahead - strike) * np.exp(-rate * wait)
            values = np.maximum(values, sign * paid)
    return np.asarray(values[0])


def _ahead(
    date: float, carry: FloatArray, sign: float, dividends: Sequence[tuple[float, FloatArray]]
) -> Real:
    """Value on a date of the dividends that come with the spot when the option is exercised."""
    left = [
        (when - date, amount)
        for when, amount in dividends
        if when > date + SAME_DAY or (when > date - SAME_DAY and sign > 0.0)
    ]
    return -escrowed_spot(0.0, carry, 0.0, left)


def _certain(
    spot: FloatArray,
    rate: FloatArray,
    dividend_yield: FloatArray,
    strike: float,
    years: float,
    sign: float,
    dividends: Sequence[tuple[float, FloatArray]],
) -> FloatArray:
    """What exercise pays on the best of some dates of the forward path, ex-dates among them."""
    best = np.zeros_like(spot)
    bare = escrowed_spot(spot, rate, dividend_yield, dividends)
    dates = sorted({*np.linspace(0.0, max(years, 0.0), 2 * STEPS + 1), *(t for t, _ in dividends)})
    for date in dates:
        ahead = _ahead(date, rate - dividend_yield, sign, dividends)
        level = bare * np.exp((rate - dividend_yield) * date) + ahead
        best = np.maximum(best, np.exp(-rate * date) * sign * (level - strike))
    return best
