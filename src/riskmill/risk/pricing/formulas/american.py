"""
American options on a lognormal spot, by the integral equation of the exercise boundary.

A call is turned into a put by exchanging spot with strike and rate with yield, and the
put is scaled to strike one. Its price is the European one plus what exercise below the
boundary earns (`american_boundary`).

With both rates below zero and the yield below the rate (of the equivalent put) exercise
can pay inside a band only; that premium is left out, and the price is the larger of the
European price and immediate exercise.
"""

from typing import Any

import numpy as np

from riskmill.risk.pricing.dual import Real
from riskmill.risk.pricing.formulas import american_boundary
from riskmill.risk.pricing.formulas.american_boundary import (
    TINY,
    Work,
    add_premium,
    solve_boundary,
    workspace,
)
from riskmill.risk.pricing.formulas.black_scholes import european_option
from riskmill.risk.pricing.maths import exp, log, maximum, minimum, sqrt, where

CHUNK = 64
"""Lanes worked on together, so that they stay in the nearest cache."""
CERTAIN = 1e-6
"""Total deviation below which the spot is taken to follow its forward."""
SMALL_RATE = 1e-9
"""Rate that stands for none in the boundary's equation."""
HARMLESS_RATE, HARMLESS_VOLATILITY = 0.05, 0.2
"""What lanes without early exercise carry through the boundary's equation."""


def american_option(
    spot: float,
    volatility: float,
    rate: float,
    dividend_yield: float,
    strike: float,
    years: float,
    sign: float,
) -> float:
    """
    Price of an option that may be exercised at any time, per underlying unit.

    Arguments are those of `european_option`, one float each. Per 100 of spot, against
    QuantLib's high-precision engine: below 5e-5 for volatilities of 10 to 80 % and
    maturities to three years, 5e-4 to fifteen years, 5e-2 for volatilities of 1 to 10 %
    at rates to 8 % (docs/methodology/options.md).
    """
    out = np.empty(1)
    price_lanes(
        np.array([float(spot)]),
        np.array([float(volatility)]),
        np.array([float(rate)]),
        np.array([float(dividend_yield)]),
        float(strike),
        float(years),
        sign,
        workspace(1),
        out,
    )
    return float(out[0])


# The scheme: constants that depend on nothing but the numbers above.


def american_rows(rows: Any, index: Any, terms: Any, amounts: Any, out: Any) -> None:
    """
    The loop over positions around `price_lanes`; arguments as in `kernels.option_rows`.

    A width above `CHUNK` is a multiple of it.
    """
    chunk = min(CHUNK, out.shape[1])
    work = workspace(chunk)
    for i in range(index.shape[0]):
        for start in range(0, out.shape[1], chunk):
            stop = start + chunk
            price_lanes(
                rows[index[i, 0], start:stop],
                rows[index[i, 1], start:stop],
                rows[index[i, 2], start:stop],
                rows[index[i, 3], start:stop],
                terms[i, 0],
                terms[i, 1],
                terms[i, 2],
                work,
                out[i, start:stop],
            )
        conversion = rows[index[i, 4]]
        amount = amounts[i]
        for s in range(out.shape[1]):
            out[i, s] *= amount * conversion[s]


def price_lanes(
    spot: Any,
    volatility: Any,
    rate: Any,
    dividend_yield: Any,
    strike: Real,
    years: Real,
    sign: Real,
    work: Work,
    out: Any,
) -> None:
    """Price one option in every lane; *work* has as many lanes as *out*."""
    possible = False
    for s in range(out.shape[0]):
        put_rate = where(sign < 0.0, rate[s], dividend_yield[s])
        put_yield = where(sign < 0.0, dividend_yield[s], rate[s])
        pays = pays_early(put_rate, put_yield, volatility[s], years)
        possible = possible or pays
        work.spot[s] = relative_spot(spot[s], strike, sign)
        work.rate[s] = where(pays, maximum(put_rate, SMALL_RATE), HARMLESS_RATE)
        work.yield_[s] = put_yield
        work.volatility[s] = where(pays, volatility[s], HARMLESS_VOLATILITY)
        work.premium[s] = 0.0
        work.limit[s] = 0.0
    if possible:
        solve_boundary(work, years)
        add_premium(work, years)
    for s in range(out.shape[0]):
        put_rate = where(sign < 0.0, rate[s], dividend_yield[s])
        put_yield = where(sign < 0.0, dividend_yield[s], rate[s])
        boundary = exp(work.limit[s] - work.h[0, s])
        pays = pays_early(put_rate, put_yield, volatility[s], years)
        price = put_price(work.spot[s], volatility[s], put_rate, put_yield, years)
        early = where(
            work.spot[s] > boundary, price + maximum(work.premium[s], 0.0), 1.0 - work.spot[s]
        )
        scale = where(sign < 0.0, strike, maximum(spot[s], TINY))
        out[s] = scale * maximum(where(pays, early, price), maximum(1.0 - work.spot[s], 0.0))


def pays_early(rate: Real, yield_: Real, volatility: Real, years: Real) -> Real:
    """Whether a put is worth exercising early below some boundary."""
    earns = (rate > SMALL_RATE) | ((rate >= 0.0) & (yield_ < 0.0))
    return earns & (volatility * sqrt(maximum(years, 0.0)) > CERTAIN)


def relative_spot(spot: Real, strike: Real, sign: Real) -> Real:
    """Spot of the put with strike one: spot over strike, for a call the other way round."""
    spot = maximum(spot, TINY)
    return where(sign < 0.0, spot / strike, strike / spot)


def put_price(spot: Real, volatility: Real, rate: Real, yield_: Real, years: Real) -> Real:
    """
    Price without the early-exercise premium of a put with strike one.

    Where nothing is left to chance, the best date on the forward path, exactly.
    """
    years = maximum(years, 0.0)
    european = european_option(spot, volatility, rate, yield_, 1.0, years, -1.0)
    both = (rate > 0.0) & (yield_ > 0.0) & (rate != yield_)
    interest = where(both, rate, 2.0)
    dividends = where(both, yield_, 1.0)
    best = log(interest / (dividends * spot)) / (interest - dividends)
    best = where(both, minimum(maximum(best, 0.0), years), 0.0)
    certain = maximum(exp(-rate * best) - spot * exp(-yield_ * best), european)
    return where(volatility * sqrt(years) > CERTAIN, european, certain)


FORMULAS = (
    pays_early,
    relative_spot,
    european_option,
    put_price,
    american_boundary.first_boundary,
)
"""Scalar functions that the compiled kernel inlines."""
STAGES = (
    workspace,
    american_boundary.square_nodes,
    american_boundary.interpolate,
    american_boundary.start_integrals,
    american_boundary.apply_equation,
    american_boundary.mix_rounds,
    solve_boundary,
    add_premium,
    price_lanes,
)
"""Functions over lanes that it calls."""
