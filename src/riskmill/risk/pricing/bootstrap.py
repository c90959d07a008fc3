"""Zero curves from quoted par rates: one node a quote, each found with the earlier ones fixed."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from math import exp, isfinite

from riskmill.domain import DAY_COUNTS, UsageError
from riskmill.risk.pricing.curves import DAYS_A_YEAR
from riskmill.risk.pricing.schedules import PLAIN, Rules, periods

LOWEST, HIGHEST = -1.0, 5.0
"""Zero rates between which a node is looked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ParQuote:
    """A rate at which a deposit or a swap on one curve is worth nothing."""

    start: date
    """Date on which the deposit is paid out, or the swap begins."""
    maturity: date
    rate: float
    """Decimal a year."""
    day_count: str
    """Of the deposit, or of the fixed leg."""
    frequency_months: int = 0
    """Months between fixed payments; 0 for a deposit, that pays once."""
    rules: Rules = PLAIN
    """How the dates of a swap's fixed leg are made."""


def bootstrap_zero_curve(
    valuation_date: date, quotes: Sequence[ParQuote]
) -> tuple[tuple[date, float], ...]:
    """
    Zero rates (continuous, act/365) at which every quote is worth nothing, earliest first.

    A node stands at the last payment of each quote; discount factors are log-linear between
    nodes, and the first rate holds before the first. Raises `UsageError` (E417) for quotes
    that make no curve.
    """
    nodes = _Nodes(valuation_date)
    for quote in sorted(quotes, key=lambda one: one.maturity):
        _check(quote, valuation_date)
        flows = _flows(quote)
        nodes.add(flows[-1][0], quote)
        if not _worth(nodes, LOWEST, flows) > 0.0 > _worth(nodes, HIGHEST, flows):
            raise _refused(quote, "no discount factor gives its rate")
        low, high = LOWEST, HIGHEST
        while (middle := 0.5 * (low + high)) not in (low, high):
            above = _worth(nodes, middle, flows) > 0.0
            low, high = (middle, high) if above else (low, middle)
    return tuple(zip(nodes.dates, nodes.rates, strict=True))


@dataclass(slots=True)
class _Nodes:
    today: date
    dates: list[date] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)

    def add(self, day: date, quote: ParQuote) -> None:
        if self.dates and day <= self.dates[-1]:
            raise _refused(quote, f"another pays last on {self.dates[-1]}")
        self.dates.append(day)
        self.rates.append(0.0)

    def discount(self, day: date) -> float:
        time = (day - self.today).days
        right = min(bisect_left(self.dates, day), len(self.dates) - 1)
        after = (self.dates[right] - self.today).days
        if right == 0:
            return exp(-self.rates[0] * time / DAYS_A_YEAR)
        before = (self.dates[right - 1] - self.today).days
        share = (time - before) / (after - before)
        grown = (1.0 - share) * self.rates[right - 1] * before + share * self.rates[right] * after
        return exp(-grown / DAYS_A_YEAR)


def _worth(nodes: _Nodes, rate: float, flows: list[tuple[date, float]]) -> float:
    nodes.rates[-1] = rate
    return sum(amount * nodes.discount(day) for day, amount in flows)


def _flows(quote: ParQuote) -> list[tuple[date, float]]:
    """What is paid and received, the notional at either end included."""
    months = quote.frequency_months or 12 * (quote.maturity.year - quote.start.year + 1)
    legs = periods(quote.start, quote.maturity, months, quote.day_count, quote.rules)
    coupons = [(leg.pays, quote.rate * leg.fraction) for leg in legs]
    return [(legs[0].start, -1.0), *coupons, (legs[-1].pays, 1.0)]


def _check(quote: ParQuote, valuation_date: date) -> None:
    if not valuation_date <= quote.start < quote.maturity:
        raise _refused(quote, "its dates are the wrong way round")
    if not isfinite(quote.rate):
        raise _refused(quote, "its rate is not a finite number")
    if quote.day_count not in DAY_COUNTS or not 0 <= quote.frequency_months <= 12:
        raise _refused(quote, "its day count or frequency is unknown")


def _refused(quote: ParQuote, why: str) -> UsageError:
    return UsageError(
        "E417",
        f"the quote of {quote.rate} to {quote.maturity} fits no curve: {why}",
        place=str(quote.maturity),
        remedy="Correct the quote, or leave it out.",
    )
