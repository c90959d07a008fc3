"""
How uncertain VaR and ES of counted scenarios are (docs/methodology/uncertainty.md).

Both treat scenarios as independent draws. Overlapping windows and clustered volatility
make the truth wider.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, sqrt

import numpy as np

from riskmill.domain import UsageError
from riskmill.risk.measures.binomial import binomial_at_least, binomial_at_most
from riskmill.risk.measures.confidence import Confidence, exact_confidence
from riskmill.risk.measures.pnl import PnlInput, checked_pnl
from riskmill.risk.measures.value_at_risk import value_at_risk

DEFAULT_LEVEL = "0.95"
"""Probability with which an interval is to hold the true figure."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VarInterval:
    """Two scenario losses between which the true VaR lies with at least the level asked."""

    lower: float
    """The smaller loss, in the currency of the P&L."""
    upper: float
    """The larger loss."""
    lower_rank: int
    """Rank of the scenario of `lower`, the worst being 1."""
    upper_rank: int
    """Rank of the scenario of `upper`."""
    coverage: float
    """Probability that the interval holds the true VaR, at least the level asked."""


def scenarios_needed(confidence: Confidence) -> int:
    """Fewest scenarios that have a whole one in the tail; raises `UsageError` (E452)."""
    return ceil(1 / (1 - exact_confidence(confidence)))


def value_at_risk_interval(
    pnl: PnlInput, confidence: Confidence, level: Confidence = DEFAULT_LEVEL
) -> VarInterval:
    """
    The order statistics that hold the true VaR with probability *level*, whatever the law.

    Each side may miss with at most half of what *level* leaves. Raises `UsageError`: E452 and
    E453 as `value_at_risk` does, E470 where even the worst scenario would not bound the loss.
    """
    values = checked_pnl(pnl)
    tail = 1 - exact_confidence(confidence)
    upper, lower, coverage = interval_ranks(len(values), tail, exact_confidence(level))
    ordered = np.partition(values, (upper - 1, lower - 1))
    return VarInterval(
        lower=0.0 - float(ordered[lower - 1]),
        upper=0.0 - float(ordered[upper - 1]),
        lower_rank=lower,
        upper_rank=upper,
        coverage=coverage,
    )


def expected_shortfall_error(pnl: PnlInput, confidence: Confidence) -> float:
    """
    Standard error of `expected_shortfall`: s / (sqrt(n) (1 - *confidence*)).

    s is the standard deviation, over all n scenarios, of the loss in excess of VaR, zero where
    there is none. In the currency of *pnl*. Raises `UsageError`: E452 and E453 as
    `expected_shortfall` does, E470 unless there is more than one scenario in the tail.
    """
    values = checked_pnl(pnl)
    tail = 1 - exact_confidence(confidence)
    if len(values) * tail <= 1:
        raise too_few(len(values), tail, "a standard error needs more than one in the tail")
    excess = np.sort(np.maximum(0.0 - values - value_at_risk(values, confidence), 0.0))
    return float(excess.std()) / (sqrt(len(values)) * float(tail))


@lru_cache(maxsize=256)
def interval_ranks(scenarios: int, tail: Fraction, level: Fraction) -> tuple[int, int, float]:
    """
    Ranks, from the worst, of the two ends, and the probability that they hold the figure.

    Kept, since a run asks for the same ones for each portfolio. Raises `UsageError` (E470) where
    there are none.
    """
    miss, probability = float((1 - level) / 2), float(tail)
    upper = 0
    while binomial_at_most(upper, scenarios, probability) <= miss:
        upper += 1
    lower = max(upper, 1)
    while lower <= scenarios and binomial_at_least(lower, scenarios, probability) > miss:
        lower += 1
    if upper < 1 or lower > scenarios:
        raise too_few(scenarios, tail, "no two of them hold the figure as surely as asked")
    outside = binomial_at_most(upper - 1, scenarios, probability)
    return upper, lower, 1.0 - outside - binomial_at_least(lower, scenarios, probability)


def too_few(scenarios: int, tail: Fraction, why: str) -> UsageError:
    """The refusal of a figure that this many scenarios do not support."""
    return UsageError(
        "E470",
        f"{scenarios:,} scenarios are too few at a confidence of {float(1 - tail):.9g}: {why}",
        place="confidence",
        remedy="Ask for more scenarios or a lower confidence.",
    )
