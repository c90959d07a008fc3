"""
How finely the exercise boundary of American options is solved: two schemes of constants.

Nodes are Chebyshev points in the root of time; the integrals run over an angle, time =
maturity x sin^2, which takes the root singularities out of both ends, with Gauss-Legendre
points.
"""

from math import pi
from typing import NamedTuple

import numpy as np

from riskmill.domain import FloatArray


class Scheme(NamedTuple):
    """How finely the boundary is solved and integrated: constants, no market in them."""

    rounds: int
    """Rounds of the fixed point."""
    roots: FloatArray
    """Root of time at each node, as a part of the whole: one down to zero (Chebyshev)."""
    spans: FloatArray
    """Root of the time from a node's date to each point of its integrals, (nodes, points)."""
    weights: FloatArray
    """Weight of the point, same shape."""
    at_spans: FloatArray
    """Weights of the nodes' h**2 at the point, shape (nodes, points, nodes + 1)."""
    premium_spans: FloatArray
    """Root of the time to each point of the integral in the price, (points,)."""
    premium_weights: FloatArray
    at_premium_spans: FloatArray
    """Weights of the nodes' h**2 there, shape (points, nodes + 1)."""


def scheme(*, nodes: int, points: int, premium_points: int, rounds: int) -> Scheme:
    """Nodes after expiry, points of the boundary's integrals and of the price's, rounds."""
    roots = _rounded((1.0 + np.cos(pi * np.arange(nodes + 1) / nodes)) / 2.0)
    after = roots[:-1, np.newaxis]
    sines, cosines, weights = _angles(points)
    premium_sines, premium_cosines, premium_weights = _angles(premium_points)
    return Scheme(
        rounds=rounds,
        roots=roots,
        spans=after * sines,
        weights=after * after * (2.0 * weights * sines * cosines),
        at_spans=np.array([_interpolation(roots, root * cosines) for root in roots[:-1]]),
        premium_spans=premium_sines,
        premium_weights=2.0 * premium_weights * premium_sines * premium_cosines,
        at_premium_spans=_interpolation(roots, premium_cosines),
    )


def _rounded(numbers: FloatArray) -> FloatArray:
    """Numbers of order one without their last digits, which differ between machines."""
    return np.asarray(np.round(numbers, 14), dtype=np.float64)


def _angles(count: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Sines, cosines and weights of the Gauss-Legendre points on [0, pi/2]."""
    points, weights = np.polynomial.legendre.leggauss(count)
    angles = _rounded((points + 1.0) * (pi / 4.0))
    return _rounded(np.sin(angles)), _rounded(np.cos(angles)), _rounded(weights * (pi / 4.0))


def _interpolation(nodes: FloatArray, roots: FloatArray) -> FloatArray:
    """Weights of the nodes' values at these roots of time; shape (roots, nodes)."""
    signs = np.where(np.arange(len(nodes)) % 2 == 0, 1.0, -1.0)
    signs[0] *= 0.5
    signs[-1] *= 0.5
    parts = signs / (roots[:, np.newaxis] - nodes)
    return np.asarray(parts / parts.sum(axis=1, keepdims=True))


PRECISE = scheme(nodes=12, points=16, premium_points=32, rounds=6)
"""For base values, greeks and single prices."""
QUICK = scheme(nodes=6, points=7, premium_points=14, rounds=3)
"""For scenarios, where the base's difference to `PRECISE` is made good."""
