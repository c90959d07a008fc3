"""
Zero curves: rates at nodes, log-linear discount factors between them.

A curve is the factors `IR:<name>:<tenor>` of a snapshot. With t in years of 365 days
and r(t) continuously compounded, -ln DF(t) = r(t) t is linear between nodes, starts at
DF(0) = 1, and keeps the last node's zero rate beyond it. The rate at any date is
therefore a weighted sum of at most two nodes' rates.
"""

from bisect import bisect_left
from dataclasses import dataclass

DAYS_A_YEAR = 365.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """Nodes of one zero curve, nearest first."""

    name: str
    days: tuple[float, ...]
    """Days from the valuation date to each node, ascending."""
    factors: tuple[str, ...]
    """Factor id of each node's zero rate."""

    def weights(self, days: float) -> tuple[tuple[str, float], ...]:
        """Factors, and the weights with which their rates make the zero rate at *days*."""
        right = bisect_left(self.days, days)
        if right == len(self.days):
            return ((self.factors[-1], 1.0),)
        if right == 0 or self.days[right] == days:
            return ((self.factors[right], 1.0),)
        before, after = self.days[right - 1], self.days[right]
        share = (days - before) / (after - before)
        return (
            (self.factors[right - 1], (1.0 - share) * before / days),
            (self.factors[right], share * after / days),
        )
