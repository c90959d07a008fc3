"""
The exercise boundary near the base: solved on a small grid, polynomials in between.

A boundary depends on volatility, rate and yield, and smoothly, so that of a scenario is read
from a tensor polynomial through grid points around the base's. The grid hangs on the base
alone: what a scenario is worth does not depend on what other scenarios there are.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskmill.domain import FloatArray
from riskmill.risk.pricing.dual import Real
from riskmill.risk.pricing.formulas.american_boundary import TINY, Work
from riskmill.risk.pricing.maths import exp, log, maximum, minimum, where

VOLATILITY_REACH = 0.4
"""Half the grid's width in the logarithm of volatility."""
RATE_REACH = 0.0025
"""Half its width in the rate and in the yield, at most; at low volatility it is the variance."""
RATE_SHARE = 0.5
"""Half its width in the rate, as a part of the rate at most: the boundary ends where that does."""
GAP_SHARE = 0.45
"""
Half its width in the rate and in the yield, as a part of what is between them at most: the
boundary bends where they are equal, and no polynomial does.
"""
SHAPE = (5, 4, 3)
"""Grid points by volatility, rate and yield: at most as many as there are lanes in a chunk."""


class Grid(NamedTuple):
    """Points of the grid and the polynomials through them, in units of half its width."""

    points: FloatArray
    """Place of each point, shape (points, 3), from -1 to 1."""
    powers: FloatArray
    """What each point's value adds to the coefficient of each monomial, (points, monomials)."""
    made_of: npt.NDArray[np.int64]
    """Earlier monomial and side whose product each monomial is, (monomials, 2); not the first."""


def grid(shape: tuple[int, int, int]) -> Grid:
    """Chebyshev points along each side; monomials with the last side's power running fastest."""
    sides = [np.round(np.cos(np.pi * (np.arange(n) + 0.5) / n), 14) for n in shape]
    volatility, rate, yield_ = np.meshgrid(*sides, indexing="ij")
    inverse = [np.linalg.inv(np.vander(side, increasing=True)) for side in sides]
    powers = np.kron(np.kron(inverse[0], inverse[1]), inverse[2])
    return Grid(
        made_of=_factors(shape),
        points=np.column_stack([volatility.ravel(), rate.ravel(), yield_.ravel()]),
        powers=np.ascontiguousarray(np.round(powers, 12).T),
    )


def _factors(shape: tuple[int, int, int]) -> npt.NDArray[np.int64]:
    found = []
    for place, powers in enumerate(np.ndindex(shape)):
        side = max(k for k in range(3) if powers[k] or not any(powers))
        found.append((place - int(np.prod(shape[side + 1 :])), side))
    return np.array(found, dtype=np.int64)


GRID = grid(SHAPE)


class Near(NamedTuple):
    """Boundaries around one option's, as polynomials, and where lanes stand on its grid."""

    coefficients: FloatArray
    """Of ln B at each node, shape (nodes, monomials)."""
    monomials: FloatArray
    """Of each lane, shape (monomials, lanes)."""
    places: FloatArray
    """Of each lane by volatility, rate and yield, shape (3, lanes)."""
    inside: FloatArray
    """One for a lane on the grid, else zero; shape (lanes,)."""
    base: FloatArray
    """Deviation, rate and yield of the base; then half the grid's width in rate and yield."""


def near_space(lanes: int, nodes: int, points: int) -> Near:
    """Room for one option."""
    return Near(
        np.zeros((nodes, points)),
        np.zeros((points, lanes)),
        np.zeros((3, lanes)),
        np.zeros(lanes),
        np.zeros(5),
    )


def place_grid(near: Near, deviation: Real, rate: Real, yield_: Real, years: Real) -> None:
    """Hang the grid on the base's deviation, rate and yield to expiry."""
    near.base[0] = deviation
    near.base[1] = rate
    near.base[2] = yield_
    gap = maximum(rate - yield_, yield_ - rate)
    reach = minimum(minimum(RATE_REACH * years, deviation * deviation), GAP_SHARE * gap)
    near.base[3] = maximum(minimum(reach, RATE_SHARE * rate), TINY)
    near.base[4] = maximum(reach, TINY)


def set_points(work: Work, near: Near, points: FloatArray) -> None:
    """Put the markets of the grid's points into as many lanes."""
    for k in range(points.shape[0]):
        work.deviation[k] = near.base[0] * exp(VOLATILITY_REACH * points[k, 0])
        work.rate[k] = near.base[1] + near.base[3] * points[k, 1]
        work.yield_[k] = near.base[2] + near.base[4] * points[k, 2]


def fit_boundary(work: Work, near: Near, powers: FloatArray) -> None:
    """Make the polynomials through the boundaries that were solved at the grid's points."""
    for i in range(near.coefficients.shape[0]):
        for c in range(powers.shape[1]):
            near.coefficients[i, c] = 0.0
        for k in range(powers.shape[0]):
            log_boundary = work.limit[k] - work.h[i, k]
            for c in range(powers.shape[1]):
                near.coefficients[i, c] += log_boundary * powers[k, c]


def place_lanes(work: Work, near: Near, made_of: npt.NDArray[np.int64]) -> None:
    """Say where each lane stands on the grid."""
    for s in range(near.inside.shape[0]):
        u = log(work.deviation[s] / near.base[0]) / VOLATILITY_REACH
        v = (work.rate[s] - near.base[1]) / near.base[3]
        w = (work.yield_[s] - near.base[2]) / near.base[4]
        reach = maximum(maximum(maximum(u, -u), maximum(v, -v)), maximum(w, -w))
        on_grid = where((reach <= 1.0) & (work.early[s] > 0.0), 1.0, 0.0)
        near.inside[s] = on_grid
        near.places[0, s] = on_grid * u
        near.places[1, s] = on_grid * v
        near.places[2, s] = on_grid * w
        near.monomials[0, s] = 1.0
    for c in range(1, near.monomials.shape[0]):
        monomial = near.monomials[c]
        earlier = near.monomials[made_of[c, 0]]
        place = near.places[made_of[c, 1]]
        for s in range(monomial.shape[0]):
            monomial[s] = earlier[s] * place[s]


def read_boundary(work: Work, near: Near) -> None:
    """Fill *work.h* from the polynomials, at every lane; four monomials at a time."""
    for i in range(near.coefficients.shape[0]):
        h = work.h[i]
        for s in range(h.shape[0]):
            h[s] = work.limit[s]
        for c in range(0, near.monomials.shape[0], 4):
            one, two = near.coefficients[i, c], near.coefficients[i, c + 1]
            three, four = near.coefficients[i, c + 2], near.coefficients[i, c + 3]
            first, second = near.monomials[c], near.monomials[c + 1]
            third, fourth = near.monomials[c + 2], near.monomials[c + 3]
            for s in range(h.shape[0]):
                pair = one * first[s] + two * second[s]
                h[s] = h[s] - (pair + (three * third[s] + four * fourth[s]))
        for s in range(h.shape[0]):
            h[s] = maximum(h[s], 0.0)
