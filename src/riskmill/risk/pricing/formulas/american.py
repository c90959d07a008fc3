"""
American options on a lognormal spot, by the integral equation of the exercise boundary.

A call is turned into a put by exchanging spot with strike and rate with yield, and a
put is scaled to strike one. The boundary below which a put is exercised solves a
fixed-point equation; it is represented by h = ln(X / B) at Chebyshev nodes in the root
of time, where X is its known limit at expiry, and h**2 is smooth. Six rounds of the
fixed point with Anderson mixing start from the quadratic approximation of Barone-Adesi
and Whaley. The price is the European one plus an integral over the boundary.

Sources: Andersen, Lake and Offengenden (2016), "High-performance American option
pricing", equations for system A; Barone-Adesi and Whaley (1987); Anderson (1965) for
the mixing. The integrals run over an angle (time = maturity x sin^2), which takes the
root singularities out of both ends. Accuracy against QuantLib: docs/methodology/options.md.

Everything is written over lanes: arrays of scenarios, the last axis. With both rates
below zero and the yield below the rate (of the equivalent put) exercise can pay inside
a band only; that premium is left out, and the price is the larger of the European price
and immediate exercise.
"""

from math import pi
from typing import Any, NamedTuple

import numpy as np

from riskmill.domain import FloatArray
from riskmill.risk.pricing.dual import Real
from riskmill.risk.pricing.formulas.black_scholes import european_option
from riskmill.risk.pricing.maths import (
    cdf_from_density,
    exp,
    log,
    maximum,
    minimum,
    normal_cdf,
    normal_density,
    sqrt,
    where,
)

NODES = 16
"""Nodes of the boundary after expiry."""
BOUNDARY_ANGLES = 20
"""Points of the integrals in the boundary's equation."""
PREMIUM_ANGLES = 40
"""Points of the integral in the price."""
ROUNDS = 6
"""Rounds of the fixed point."""
GUESS_ROUNDS = 4
"""Newton steps of the first guess."""
CHUNK = 64
"""Lanes worked on together, so that they stay in the nearest cache."""
CERTAIN = 1e-6
"""Total deviation below which the spot is taken to follow its forward."""
STRIDE = 5.0
"""Ratio of rate to variance above which a round goes only part of the way."""
TINY = 1e-300
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
    QuantLib's high-precision engine: below 5e-6 for volatilities from 10 % up and
    maturities to three years, 5e-5 to fifteen years, 5e-3 for volatilities of 1 to 10 %
    at rates to 8 % (tests/risk/pricing/test_american.py proves it).
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


def _rounded(numbers: FloatArray) -> FloatArray:
    """Numbers of order one without their last digits, which differ between machines."""
    return np.asarray(np.round(numbers, 14), dtype=np.float64)


def _angles(count: int) -> tuple[FloatArray, FloatArray]:
    """Gauss-Legendre points and weights on [0, pi/2]."""
    points, weights = np.polynomial.legendre.leggauss(count)
    return _rounded((points + 1.0) * (pi / 4.0)), _rounded(weights * (pi / 4.0))


def _interpolation(roots: FloatArray) -> FloatArray:
    """Weights of the nodes' values at these roots of time; shape (roots, nodes + 1)."""
    signs = np.where(np.arange(NODES + 1) % 2 == 0, 1.0, -1.0)
    signs[0] *= 0.5
    signs[-1] *= 0.5
    parts = signs / (roots[:, np.newaxis] - ROOTS)
    return np.asarray(parts / parts.sum(axis=1, keepdims=True))


ROOTS = _rounded((1.0 + np.cos(pi * np.arange(NODES + 1) / NODES)) / 2.0)
"""Root of time at each node, as a part of the whole: one down to zero (Chebyshev)."""
_ANGLES, BOUNDARY_WEIGHTS = _angles(BOUNDARY_ANGLES)
SINES, COSINES = _rounded(np.sin(_ANGLES)), _rounded(np.cos(_ANGLES))
AT_NODES: FloatArray = np.array([_interpolation(root * COSINES) for root in ROOTS[:-1]])
"""Shape (nodes, angles, nodes + 1)."""
_ANGLES, PREMIUM_WEIGHTS = _angles(PREMIUM_ANGLES)
PREMIUM_SINES, PREMIUM_COSINES = _rounded(np.sin(_ANGLES)), _rounded(np.cos(_ANGLES))
AT_MATURITY = _interpolation(PREMIUM_COSINES)
"""Shape (angles, nodes + 1)."""


class Work(NamedTuple):
    """Scratch arrays of one chunk; shape (lanes,) unless said otherwise."""

    spot: FloatArray
    """Spot of the put with strike one; the rest is that put's as well."""
    volatility: FloatArray
    rate: FloatArray
    yield_: FloatArray
    limit: FloatArray
    """ln X, the boundary just before expiry."""
    numerator: FloatArray
    denominator: FloatArray
    square: FloatArray
    """h**2 between nodes."""
    premium: FloatArray
    """What the right to exercise early adds."""
    h: FloatArray
    """The boundary, ln(X / B), shape (nodes + 1, lanes); zero at expiry, the last node."""
    answer: FloatArray
    """The boundary that its own equation gives back, same shape."""
    last_h: FloatArray
    last_answer: FloatArray


def workspace(lanes: int) -> Work:
    """Scratch arrays for that many lanes."""
    rows = np.empty((9, lanes))
    nodes = np.zeros((4, NODES + 1, lanes))
    return Work(
        rows[0],
        rows[1],
        rows[2],
        rows[3],
        rows[4],
        rows[5],
        rows[6],
        rows[7],
        rows[8],
        nodes[0],
        nodes[1],
        nodes[2],
        nodes[3],
    )


def american_rows(rows: Any, index: Any, terms: Any, amounts: Any, out: Any) -> None:
    """The loop over positions around `price_lanes`; arguments as in `kernels.option_rows`."""
    work = workspace(CHUNK)
    for i in range(index.shape[0]):
        for start in range(0, out.shape[1], CHUNK):
            stop = start + CHUNK
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
    if possible:
        solve_boundary(work, years)
        add_premium(work, years)
    for s in range(out.shape[0]):
        put_rate = where(sign < 0.0, rate[s], dividend_yield[s])
        put_yield = where(sign < 0.0, dividend_yield[s], rate[s])
        boundary = exp(work.limit[s] - work.h[0, s])
        pays = pays_early(put_rate, put_yield, volatility[s], years)
        price = put_price(work.spot[s], volatility[s], put_rate, put_yield, years)
        early = where(work.spot[s] > boundary, price + work.premium[s], 1.0 - work.spot[s])
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


def solve_boundary(work: Work, years: Real) -> None:
    """Fill *work.h* for every lane."""
    for s in range(work.spot.shape[0]):
        above = work.yield_[s] > work.rate[s]
        ratio = work.rate[s] / where(above, work.yield_[s], 1.0)
        work.limit[s] = where(above, log(where(above, ratio, 1.0)), 0.0)
    for i in range(NODES):
        tau = years * ROOTS[i] * ROOTS[i]
        for s in range(work.spot.shape[0]):
            guess = first_boundary(work.volatility[s], work.rate[s], work.yield_[s], tau)
            work.h[i, s] = maximum(work.limit[s] - log(guess), 0.0)
    for turn in range(ROUNDS):
        apply_equation(work, years)
        mix_rounds(work, turn)


def first_boundary(volatility: Real, rate: Real, yield_: Real, tau: Real) -> Real:
    """Boundary of Barone-Adesi and Whaley (1987), strike one, by a few Newton steps."""
    variance = volatility * volatility
    n = 2.0 * (rate - yield_) / variance - 1.0
    m = 8.0 * rate / variance
    q_ever = -0.5 * (n + sqrt(n * n + m))
    q = -0.5 * (n + sqrt(n * n + m / (1.0 - exp(-rate * tau))))
    deviation = volatility * sqrt(tau)
    ever = q_ever / (q_ever - 1.0)
    pull = minimum(((rate - yield_) * tau - 2.0 * deviation) / (1.0 - ever), 0.0)
    limit = where(yield_ > rate, rate / where(yield_ > rate, yield_, 1.0), 1.0)
    spot = minimum(ever + (1.0 - ever) * exp(pull), limit)
    discount = exp(-rate * tau)
    growth = exp(-yield_ * tau)
    for _ in range(GUESS_ROUNDS):
        d = (log(spot) + (rate - yield_) * tau) / deviation + 0.5 * deviation
        tail = growth * normal_cdf(-d)
        put = discount * normal_cdf(deviation - d) - spot * tail
        gap = 1.0 - spot - put + (1.0 - tail) * spot / q
        slope = -1.0 + tail * (1.0 - 1.0 / q) + (1.0 + growth * normal_density(d) / deviation) / q
        spot = minimum(maximum(spot - gap / slope, 0.25 * spot), limit)
    return spot


def apply_equation(work: Work, years: Real) -> None:
    """One round of the fixed point: from *work.h* to *work.answer*."""
    for i in range(NODES):
        tau = years * ROOTS[i] * ROOTS[i]
        start_integrals(work, i, tau)
        for k in range(BOUNDARY_ANGLES):
            interpolate(work, AT_NODES[i, k])
            sine = SINES[k]
            root = sqrt(tau) * sine
            time = tau * sine * sine
            weight = 2.0 * BOUNDARY_WEIGHTS[k] * tau * sine * COSINES[k]
            for s in range(work.spot.shape[0]):
                rise = sqrt(maximum(work.square[s], 0.0)) - work.h[i, s]
                rate = work.rate[s]
                yield_ = work.yield_[s]
                deviation = work.volatility[s] * root
                d = (rise + (rate - yield_) * time) / deviation + 0.5 * deviation
                density = normal_density(d)
                carried = weight * exp(-yield_ * time)
                drift = carried * density / deviation
                work.numerator[s] += rate * exp(rise) * drift
                work.denominator[s] += yield_ * (carried * cdf_from_density(d, density) + drift)
        for s in range(work.spot.shape[0]):
            ratio = work.numerator[s] / work.denominator[s]
            # With a rate large against the variance the full step overshoots.
            found = maximum(work.limit[s] - log(maximum(ratio, TINY)), 0.0)
            variance = work.volatility[s] * work.volatility[s]
            stride = minimum(STRIDE * variance / work.rate[s], 1.0)
            work.answer[i, s] = work.h[i, s] + stride * (found - work.h[i, s])


def start_integrals(work: Work, node: int, tau: Real) -> None:
    """The equation's terms outside its integrals."""
    for s in range(work.spot.shape[0]):
        rate = work.rate[s]
        yield_ = work.yield_[s]
        deviation = work.volatility[s] * sqrt(tau)
        log_boundary = work.limit[s] - work.h[node, s]
        d = (log_boundary + (rate - yield_) * tau) / deviation + 0.5 * deviation
        density = normal_density(d)
        carried = exp(-yield_ * tau)
        drift = carried * density / deviation
        work.numerator[s] = exp(log_boundary) * drift
        work.denominator[s] = carried * cdf_from_density(d, density) + drift


def interpolate(work: Work, weights: Any) -> None:
    """h**2 at one time, from its nodes."""
    for s in range(work.spot.shape[0]):
        work.square[s] = 0.0
    for j in range(NODES):
        weight = weights[j]
        for s in range(work.spot.shape[0]):
            work.square[s] += weight * work.h[j, s] * work.h[j, s]


def mix_rounds(work: Work, turn: int) -> None:
    """
    Take the next boundary from this round's answer and the last one's (Anderson, depth 1).

    The mix is the one whose residual, were the equation linear, would be least.
    """
    for s in range(work.spot.shape[0]):
        work.numerator[s] = 0.0
        work.denominator[s] = TINY
    if turn > 0:
        for i in range(NODES):
            for s in range(work.spot.shape[0]):
                residual = work.answer[i, s] - work.h[i, s]
                change = residual - (work.last_answer[i, s] - work.last_h[i, s])
                work.numerator[s] += residual * change
                work.denominator[s] += change * change
    for i in range(NODES):
        for s in range(work.spot.shape[0]):
            share = minimum(maximum(work.numerator[s] / work.denominator[s], -1.0), 1.0)
            answer = work.answer[i, s]
            mixed = answer - share * (answer - work.last_answer[i, s])
            work.last_h[i, s] = work.h[i, s]
            work.last_answer[i, s] = answer
            work.h[i, s] = maximum(mixed, 0.0)


def add_premium(work: Work, years: Real) -> None:
    """Integrate what exercise below the boundary earns: interest less dividends."""
    for k in range(PREMIUM_ANGLES):
        interpolate(work, AT_MATURITY[k])
        sine = PREMIUM_SINES[k]
        time = years * sine * sine
        weight = 2.0 * PREMIUM_WEIGHTS[k] * years * sine * PREMIUM_COSINES[k]
        for s in range(work.spot.shape[0]):
            rate = work.rate[s]
            yield_ = work.yield_[s]
            deviation = work.volatility[s] * sqrt(time)
            above = log(work.spot[s]) - work.limit[s] + sqrt(maximum(work.square[s], 0.0))
            d = (above + (rate - yield_) * time) / deviation + 0.5 * deviation
            interest = rate * exp(-rate * time) * normal_cdf(deviation - d)
            dividends = yield_ * work.spot[s] * exp(-yield_ * time) * normal_cdf(-d)
            work.premium[s] += weight * (interest - dividends)


FORMULAS = (pays_early, relative_spot, european_option, put_price, first_boundary)
"""Scalar functions that the compiled kernel inlines."""
STAGES = (
    workspace,
    interpolate,
    start_integrals,
    apply_equation,
    mix_rounds,
    solve_boundary,
    add_premium,
    price_lanes,
)
"""Functions over lanes that it calls."""
