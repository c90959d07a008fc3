"""
Zero curves: rates at nodes, and what lies between them.

A curve is the factors `IR:<name>:<tenor>` of a snapshot, t in years of 365 days and r(t)
continuously compounded. It starts at DF(0) = 1 and keeps the last node's zero rate beyond
it. Between nodes

- `log-linear`: -ln DF(t) = r(t) t is linear, so forwards are constant;
- `linear-zero`: r(t) is linear, and constant before the first node;
- `monotone-convex`: forwards are continuous and keep the shape of the nodes' (Hagan and
  West, Applied Mathematical Finance 13, 2006), without their bounds that keep them positive.

With the first two the rate at any date is a weighted sum of at most two nodes' rates.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from riskmill.domain import FloatArray

DAYS_A_YEAR = 365.0
LOG_LINEAR, LINEAR_ZERO, MONOTONE_CONVEX = "log-linear", "linear-zero", "monotone-convex"
INTERPOLATIONS = (LOG_LINEAR, LINEAR_ZERO, MONOTONE_CONVEX)


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """Nodes of one zero curve, nearest first."""

    name: str
    days: tuple[float, ...]
    """Days from the valuation date to each node, ascending."""
    factors: tuple[str, ...]
    """Factor id of each node's zero rate."""
    interpolation: str = LOG_LINEAR
    """One of `INTERPOLATIONS`."""
    extended: bool = True
    """Whether there are rates beyond the last node."""

    def nodes(self, days: float) -> tuple[str, ...]:
        """Factors that make the rate at *days*."""
        if self.interpolation == MONOTONE_CONVEX:
            return self.factors
        return tuple(factor for factor, _ in self.weights(days))

    def rate(self, level: Callable[[str], FloatArray], days: float) -> FloatArray:
        """Zero rate at *days*, shape (width,), from the *level* of each node."""
        if self.interpolation == MONOTONE_CONVEX and len(self.days) > 1:
            rates = np.array([level(factor) for factor in self.factors])
            return monotone_convex(np.array(self.days), rates, days)
        (factor, weight), *rest = self.weights(days)
        found = weight * level(factor)
        for factor, weight in rest:
            found = found + weight * level(factor)
        return found

    def weights(self, days: float) -> tuple[tuple[str, float], ...]:
        """Factors, and the weights with which their rates make the zero rate at *days*."""
        right = bisect_left(self.days, days)
        if right == len(self.days):
            return ((self.factors[-1], 1.0),)
        if right == 0 or self.days[right] == days:
            return ((self.factors[right], 1.0),)
        before, after = self.days[right - 1], self.days[right]
        share = (days - before) / (after - before)
        near, far = self.factors[right - 1], self.factors[right]
        if self.interpolation == LINEAR_ZERO:
            return ((near, 1.0 - share), (far, share))
        return ((near, (1.0 - share) * before / days), (far, share * after / days))


def monotone_convex(times: FloatArray, rates: FloatArray, time: float) -> FloatArray:
    """
    Zero rate at *time* from zero *rates*, shape (nodes, width), at *times*, shape (nodes,).

    Two nodes at least; before time zero it is the rate at zero.
    """
    if time >= times[-1]:
        return np.asarray(rates[-1])
    ends = np.concatenate([[0.0], times])
    grown = np.concatenate([np.zeros_like(rates[:1]), rates * times[:, np.newaxis]])
    lengths = np.diff(ends)
    between = np.diff(grown, axis=0) / lengths[:, np.newaxis]
    share = (lengths[:-1] / (lengths[:-1] + lengths[1:]))[:, np.newaxis]
    inner = share * between[1:] + (1.0 - share) * between[:-1]
    first = between[:1] - 0.5 * (inner[:1] - between[:1])
    last = between[-1:] - 0.5 * (inner[-1:] - between[-1:])
    forwards = np.concatenate([first, inner, last])
    if time <= 0.0:
        return np.asarray(forwards[0])
    i = int(np.searchsorted(times, time))
    x = (time - ends[i]) / lengths[i]
    shape = _area(forwards[i] - between[i], forwards[i + 1] - between[i], x)
    total = grown[i] + lengths[i] * (x * between[i] + shape)
    return np.asarray(total / time)


def _area(left: FloatArray, right: FloatArray, x: float) -> FloatArray:
    """
    Area up to *x* under the part of the forward that sums to zero over its interval.

    It has the values *left* and *right* at the ends; the four shapes are those of Hagan and
    West, equation (30) and what follows.
    """
    both = np.where(left + right == 0.0, 1.0, left + right)
    apart = np.where(right == left, 1.0, right - left)
    plain = left * x * (1.0 - x) ** 2 - right * x * x * (1.0 - x)
    late = np.clip((right + 2.0 * left) / apart, 0.0, 1.0 - 1e-15)
    flat_first = left * x + apart * np.maximum(x - late, 0.0) ** 3 / (3.0 * (1.0 - late) ** 2)
    early = np.clip(3.0 * right / apart, 1e-15, 1.0)
    flat_last = right * x - apart * early / 3.0 * (1.0 - np.maximum(1.0 - x / early, 0.0) ** 3)
    turn = np.clip(right / both, 1e-15, 1.0 - 1e-15)
    low = -left * right / both
    rest = np.maximum(x - turn, 0.0) ** 3 / (3.0 * (1.0 - turn) ** 2)
    fall = turn / 3.0 * (1.0 - np.maximum(1.0 - x / turn, 0.0) ** 3)
    bowl = low * x + (left - low) * fall + (right - low) * rest
    chosen = np.where(left * right > 0.0, bowl, plain)
    opposite = left * right < 0.0
    chosen = np.where(opposite & (np.abs(right) > 2.0 * np.abs(left)), flat_first, chosen)
    chosen = np.where(opposite & (2.0 * np.abs(right) < np.abs(left)), flat_last, chosen)
    return np.where((left == 0.0) & (right == 0.0), 0.0, chosen)
