"""
The exercise boundary of an American put with strike one, and what exercise adds.

Below the boundary B the put is exercised. It solves a fixed-point equation, and is held
as h = ln(X / B) at Chebyshev nodes in the root of time, where X is its known limit at
expiry; h**2 is smooth there. A few rounds of the equation with Anderson mixing start
from the quadratic approximation of Barone-Adesi and Whaley.

Sources: Andersen, Lake and Offengenden (2016), "High-performance American option
pricing", equations for system A; Barone-Adesi and Whaley (1987), "Efficient analytic
approximation of American option values"; Anderson (1965) for the mixing. The integrals
run over an angle, time = maturity x sin^2, which takes the root singularities out of
both ends.

Everything is written over lanes: scenarios that are worked on together, the last axis.
"""

from math import pi
from typing import Any, NamedTuple

import numpy as np

from riskmill.domain import FloatArray
from riskmill.risk.pricing.dual import Real
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

NODES = 12
"""Nodes of the boundary after expiry."""
BOUNDARY_ANGLES = 16
"""Points of the integrals in the boundary's equation."""
PREMIUM_ANGLES = 32
"""Points of the integral in the price."""
ROUNDS = 6
"""Rounds of the fixed point."""
GUESS_ROUNDS = 4
"""Newton steps of the first guess."""
STRIDE = 5.0
"""Ratio of rate to variance above which a round goes only part of the way."""
TINY = 1e-300


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
    squares: FloatArray
    """h**2 at the nodes, same shape."""
    answer: FloatArray
    """The boundary that its own equation gives back, same shape."""
    last_h: FloatArray
    last_answer: FloatArray


def workspace(lanes: int) -> Work:
    """Scratch arrays for that many lanes."""
    rows = np.empty((9, lanes))
    nodes = np.zeros((5, NODES + 1, lanes))
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
        nodes[4],
    )


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
    square_nodes(work)
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


def square_nodes(work: Work) -> None:
    """Square h at every node."""
    for i in range(NODES):
        for s in range(work.spot.shape[0]):
            work.squares[i, s] = work.h[i, s] * work.h[i, s]


def interpolate(work: Work, weights: Any) -> None:
    """h**2 at one time, from its nodes."""
    for s in range(work.spot.shape[0]):
        work.square[s] = 0.0
    for j in range(NODES):
        weight = weights[j]
        for s in range(work.spot.shape[0]):
            work.square[s] += weight * work.squares[j, s]


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
    square_nodes(work)
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
