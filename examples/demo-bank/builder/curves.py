"""Zero curves, just enough of them to set fair rates for the trades of the demo."""

import math
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

_YEARS_IN = {"M": 1.0 / 12.0, "Y": 1.0}


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """
    Continuously compounded zero rates at nodes, flat outside them.

    Between nodes the logarithm of the discount factor is linear, as in riskmill.
    """

    years: tuple[float, ...]
    """Node positions, ascending."""
    zeros: tuple[float, ...]
    """Decimal a year, one a node."""

    @classmethod
    def of(cls, nodes: Mapping[str, float]) -> Self:
        """From factor ids such as `IR:USD:10Y` and their zero rates."""
        placed = sorted((_years(factor.split(":")[2]), zero) for factor, zero in nodes.items())
        return cls(years=tuple(t for t, _ in placed), zeros=tuple(z for _, z in placed))

    def zero(self, years: float) -> float:
        """Zero rate for a time in years."""
        if years <= self.years[0]:
            return self.zeros[0]
        if years >= self.years[-1]:
            return self.zeros[-1]
        right = bisect_left(self.years, years)
        before, after = self.years[right - 1], self.years[right]
        share = (years - before) / (after - before)
        grown = (1.0 - share) * self.zeros[right - 1] * before + share * self.zeros[right] * after
        return grown / years

    def discount(self, years: float) -> float:
        """Value today of one unit paid then."""
        return math.exp(-self.zero(years) * years)

    def par_rate(self, years: float, months: int) -> float:
        """Fixed rate, paid every *months*, at which a swap of that length is worth nothing."""
        return (1.0 - self.discount(years)) / self.annuity(years, months)

    def annuity(self, years: float, months: int) -> float:
        """Value of one unit a year paid every *months*, the last payment at the end."""
        step = months / 12.0
        count = round(years / step)
        return step * sum(self.discount(years - k * step) for k in range(count))

    def simple_rate(self, months: int, basis: float) -> float:
        """Simple rate to *months* from now, for day counts of act over *basis*."""
        years = months / 12.0
        return (1.0 / self.discount(years) - 1.0) / (years * 365.0 / basis)


def _years(tenor: str) -> float:
    return int(tenor[:-1]) * _YEARS_IN[tenor[-1]]
