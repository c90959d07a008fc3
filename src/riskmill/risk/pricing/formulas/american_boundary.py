"""
The exercise boundary of an American put with strike one, and what exercise adds.

Below the boundary B the put is exercised. It solves a fixed-point equation, and is held
as h = ln(X / B) at Chebyshev nodes in the root of time, where X is its known limit at
expiry; h**2 is smooth there. A few rounds of the equation with Anderson mixing start
from the quadratic approximation of Barone-Adesi and Whaley.

Two equations have the boundary as their fixed point. System A takes few rounds, unless the rate
is large against the variance: it overshoots there and does not settle. System B then takes its
place, lane by lane, with two more rounds.

Sources: Andersen, Lake and Offengenden (2016), "High-performance American option
pricing", equations for systems A and B; Barone-Adesi and Whaley (1987), "Efficient analytic
approximation of American option values"; Anderson (1965) for the mixing. How many nodes,
points and rounds there are is a `Scheme`.

Everything is written over lanes: prices that are worked on together, the last axis. Time
to expiry is the unit of time: rates, yields and deviations are those of the whole of it.
"""

from typing import NamedTuple

import numpy as np

from riskmill.domain import FloatArray
from riskmill.risk.pricing.dual import Real
from riskmill.risk.pricing.formulas.american_scheme import Scheme
from riskmill.risk.pricing.maths import (
    cdf_from_density,
    exp,
    largest,
    log,
    maximum,
    minimum,
    normal_cdf,
    normal_density,
    sqrt,
    where,
)

GUESS_STEPS = 3
"""Newton steps of the first guess."""
CALM = 3.0
"""Ratio of rate to variance above which system B is solved in place of A."""
CALM_ROUNDS = 4
"""Rounds that B takes beyond those of A."""
TINY = 1e-300
HARMLESS = 0.4
"""Spot, deviation, rate and yield of what is in a lane before an option is."""


class Work(NamedTuple):
    """Scratch arrays of one chunk; shape (lanes,) unless said otherwise."""

    spot: FloatArray
    """Spot of the put with strike one; the rest is that put's as well."""
    deviation: FloatArray
    """Volatility times root of time to expiry."""
    rate: FloatArray
    """Rate times time to expiry."""
    yield_: FloatArray
    """Yield times time to expiry."""
    early: FloatArray
    """One where exercise before expiry can pay, else zero."""
    price: FloatArray
    """Without the right to exercise early."""
    scale: FloatArray
    """What the put's price is multiplied with: strike, or spot of a call."""
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


def workspace(lanes: int, plan: Scheme) -> Work:
    """Scratch arrays for that many lanes, each holding an option that does no harm."""
    rows = np.full((12, lanes), HARMLESS)
    rows[4] = 0.0
    nodes = np.zeros((5, plan.roots.shape[0], lanes))
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
        rows[9],
        rows[10],
        rows[11],
        nodes[0],
        nodes[1],
        nodes[2],
        nodes[3],
        nodes[4],
    )


def solve_boundary(work: Work, plan: Scheme) -> None:
    """Fill *work.h* and *work.limit* for every lane."""
    set_limits(work)
    guess_boundary(work, plan)
    any_calm, any_other = lanes_by_system(work)
    for turn in range(plan.rounds + CALM_ROUNDS * any_calm):
        square_nodes(work.h, work.squares)
        if any_other and turn < plan.rounds:
            apply_equation(work, plan)
        if any_calm:
            apply_calm_equation(work, plan, turn)
        mix_rounds(work, turn)


def lanes_by_system(work: Work) -> tuple[bool, bool]:
    """Whether any lane is solved by system B, and whether any by system A."""
    calm, others = 0.0, 0.0
    for s in range(work.spot.shape[0]):
        own = where(is_calm(work.deviation[s], work.rate[s]), 1.0, 0.0)
        calm += own
        others += 1.0 - own
    return largest(calm) > 0, largest(others) > 0


def guess_boundary(work: Work, plan: Scheme) -> None:
    """Fill *work.h* with the first guess, at every node but expiry."""
    for i in range(plan.spans.shape[0]):
        root = plan.roots[i]
        time = root * root
        for s in range(work.spot.shape[0]):
            guess = first_boundary(
                work.deviation[s] * root, work.rate[s] * time, work.yield_[s] * time
            )
            work.h[i, s] = maximum(work.limit[s] - log(guess), 0.0)


def set_limits(work: Work) -> None:
    """Fill *work.limit* for every lane."""
    for s in range(work.spot.shape[0]):
        above = work.yield_[s] > work.rate[s]
        ratio = work.rate[s] / where(above, work.yield_[s], 1.0)
        work.limit[s] = where(above, log(where(above, ratio, 1.0)), 0.0)


def is_calm(deviation: Real, rate: Real) -> Real:
    """Whether the rate is large against the variance."""
    return rate > CALM * deviation * deviation


def first_boundary(deviation: Real, rate: Real, yield_: Real) -> Real:
    """
    Boundary of Barone-Adesi and Whaley (1987), strike one, by a few Newton steps.

    *deviation*, *rate* and *yield_* are those of the time left.
    """
    variance = deviation * deviation
    n = 2.0 * (rate - yield_) / variance - 1.0
    m = 8.0 * rate / variance
    discount = exp(-rate)
    growth = exp(-yield_)
    q_ever = -0.5 * (n + sqrt(n * n + m))
    q = -0.5 * (n + sqrt(n * n + m / (1.0 - discount)))
    ever = q_ever / (q_ever - 1.0)
    pull = minimum((rate - yield_ - 2.0 * deviation) / (1.0 - ever), 0.0)
    limit = where(yield_ > rate, rate / where(yield_ > rate, yield_, 1.0), 1.0)
    spot = minimum(ever + (1.0 - ever) * exp(pull), limit)
    for _ in range(GUESS_STEPS):
        d = (log(spot) + rate - yield_) / deviation + 0.5 * deviation
        tail = growth * normal_cdf(-d)
        put = discount * normal_cdf(deviation - d) - spot * tail
        gap = 1.0 - spot - put + (1.0 - tail) * spot / q
        slope = -1.0 + tail * (1.0 - 1.0 / q) + (1.0 + growth * normal_density(d) / deviation) / q
        spot = minimum(maximum(spot - gap / slope, 0.25 * spot), limit)
    return spot


def apply_equation(work: Work, plan: Scheme) -> None:
    """One round of system A's fixed point: from *work.h* and its squares to *work.answer*."""
    for i in range(plan.spans.shape[0]):
        start_integrals(work, i, plan.roots[i])
        for k in range(plan.spans.shape[1]):
            interpolate(work.squares, plan.at_spans[i, k], work.square)
            add_point(work, i, plan.spans[i, k], plan.weights[i, k])
        answer_at(work, i)


def answer_at(work: Work, node: int) -> None:
    """Fill *work.answer* at a node whose integrals are complete."""
    for s in range(work.spot.shape[0]):
        ratio = work.numerator[s] / work.denominator[s]
        work.answer[node, s] = maximum(work.limit[s] - log(maximum(ratio, TINY)), 0.0)


def start_integrals(work: Work, node: int, root: Real) -> None:
    """The equation's terms outside its integrals, at a node's root of time."""
    time = root * root
    for s in range(work.spot.shape[0]):
        drifted = (work.rate[s] - work.yield_[s]) * time
        deviation = work.deviation[s] * root
        log_boundary = work.limit[s] - work.h[node, s]
        d = (log_boundary + drifted) / deviation + 0.5 * deviation
        density = normal_density(d)
        carried = exp(-work.yield_[s] * time)
        drift = carried * density / deviation
        work.numerator[s] = exp(log_boundary) * drift
        work.denominator[s] = carried * cdf_from_density(d, density) + drift


def add_point(work: Work, node: int, span: Real, weight: Real) -> None:
    """One point of the integrals in the equation at a node."""
    time = span * span
    for s in range(work.spot.shape[0]):
        rise = sqrt(maximum(work.square[s], 0.0)) - work.h[node, s]
        rate = work.rate[s]
        yield_ = work.yield_[s]
        deviation = work.deviation[s] * span
        d = (rise + (rate - yield_) * time) / deviation + 0.5 * deviation
        density = normal_density(d)
        carried = weight * exp(-yield_ * time)
        drift = carried * density / deviation
        work.numerator[s] += rate * exp(rise) * drift
        work.denominator[s] += yield_ * (carried * cdf_from_density(d, density) + drift)


def apply_calm_equation(work: Work, plan: Scheme, turn: int) -> None:
    """One round of system B in calm lanes; the others stay where they are after their rounds."""
    for i in range(plan.spans.shape[0]):
        start_calm_integrals(work, i, plan.roots[i])
        for k in range(plan.spans.shape[1]):
            interpolate(work.squares, plan.at_spans[i, k], work.square)
            add_calm_point(work, i, plan.spans[i, k], plan.weights[i, k])
        answer_calmly_at(work, i, turn < plan.rounds)


def answer_calmly_at(work: Work, node: int, others_move: bool) -> None:
    """Fill *work.answer* at a node in calm lanes; the others keep theirs, or stay."""
    for s in range(work.spot.shape[0]):
        ratio = work.numerator[s] / maximum(work.denominator[s], TINY)
        found = maximum(work.limit[s] - log(maximum(ratio, TINY)), 0.0)
        other = where(others_move, work.answer[node, s], work.h[node, s])
        work.answer[node, s] = where(is_calm(work.deviation[s], work.rate[s]), found, other)


def start_calm_integrals(work: Work, node: int, root: Real) -> None:
    """System B's terms outside its integrals, at a node's root of time."""
    time = root * root
    for s in range(work.spot.shape[0]):
        drifted = (work.rate[s] - work.yield_[s]) * time
        deviation = work.deviation[s] * root
        d = (work.limit[s] - work.h[node, s] + drifted) / deviation + 0.5 * deviation
        work.numerator[s] = exp(-work.rate[s] * time) * normal_cdf(d - deviation)
        work.denominator[s] = exp(-work.yield_[s] * time) * normal_cdf(d)


def add_calm_point(work: Work, node: int, span: Real, weight: Real) -> None:
    """One point of the integrals in system B at a node."""
    time = span * span
    for s in range(work.spot.shape[0]):
        rise = sqrt(maximum(work.square[s], 0.0)) - work.h[node, s]
        rate = work.rate[s]
        yield_ = work.yield_[s]
        deviation = work.deviation[s] * span
        d = (rise + (rate - yield_) * time) / deviation + 0.5 * deviation
        work.numerator[s] += weight * rate * exp(-rate * time) * normal_cdf(d - deviation)
        work.denominator[s] += weight * yield_ * exp(-yield_ * time) * normal_cdf(d)


def square_nodes(h: FloatArray, squares: FloatArray) -> None:
    """Square h at every node."""
    for i in range(h.shape[0]):
        for s in range(h.shape[1]):
            squares[i, s] = h[i, s] * h[i, s]


def interpolate(squares: FloatArray, weights: FloatArray, square: FloatArray) -> None:
    """h**2 at one time, from its nodes; at the last, expiry, it is zero."""
    for s in range(square.shape[0]):
        square[s] = weights[0] * squares[0, s]
    for j in range(1, squares.shape[0] - 1):
        weight = weights[j]
        for s in range(square.shape[0]):
            square[s] += weight * squares[j, s]


def mix_rounds(work: Work, turn: int) -> None:
    """
    Take the next boundary from this round's answer and the last one's (Anderson, depth 1).

    The mix is the one whose residual, were the equation linear, would be least.
    """
    for s in range(work.spot.shape[0]):
        work.numerator[s] = 0.0
        work.denominator[s] = TINY
    if turn > 0:
        for i in range(work.h.shape[0] - 1):
            for s in range(work.spot.shape[0]):
                residual = work.answer[i, s] - work.h[i, s]
                change = residual - (work.last_answer[i, s] - work.last_h[i, s])
                work.numerator[s] += residual * change
                work.denominator[s] += change * change
    for i in range(work.h.shape[0] - 1):
        for s in range(work.spot.shape[0]):
            share = minimum(maximum(work.numerator[s] / work.denominator[s], -1.0), 1.0)
            answer = work.answer[i, s]
            mixed = answer - share * (answer - work.last_answer[i, s])
            work.last_h[i, s] = work.h[i, s]
            work.last_answer[i, s] = answer
            work.h[i, s] = maximum(mixed, 0.0)


def add_premium(work: Work, plan: Scheme) -> None:
    """Integrate what exercise below the boundary earns: interest less dividends."""
    square_nodes(work.h, work.squares)
    for s in range(work.spot.shape[0]):
        work.premium[s] = 0.0
        work.numerator[s] = log(work.spot[s]) - work.limit[s]
    for k in range(plan.premium_spans.shape[0]):
        interpolate(work.squares, plan.at_premium_spans[k], work.square)
        add_earning(work, plan.premium_spans[k], plan.premium_weights[k])


def add_earning(work: Work, span: Real, weight: Real) -> None:
    """One point of the integral in the price; *work.numerator* holds ln(spot / X)."""
    time = span * span
    for s in range(work.spot.shape[0]):
        rate = work.rate[s]
        yield_ = work.yield_[s]
        deviation = work.deviation[s] * span
        above = work.numerator[s] + sqrt(maximum(work.square[s], 0.0))
        d = (above + (rate - yield_) * time) / deviation + 0.5 * deviation
        interest = rate * exp(-rate * time) * normal_cdf(deviation - d)
        dividends = yield_ * work.spot[s] * exp(-yield_ * time) * normal_cdf(-d)
        work.premium[s] += weight * (interest - dividends)
