"""
Backtests: whether losses exceeded VaR as often, and as independently, as they should.

Statistics compare with chi-square; none is exact in small samples
(docs/methodology/backtests.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import log, log1p
from numbers import Real

import numpy as np
import numpy.typing as npt

from riskmill.domain import BacktestException, UsageError
from riskmill.risk.measures.binomial import chi_square_beyond
from riskmill.risk.measures.confidence import Confidence, exact_confidence
from riskmill.risk.measures.pnl import PnlInput, checked_pnl
from riskmill.risk.measures.traffic_light import (
    TrafficLight,
    checked_counts,
    is_count,
    traffic_light,
)

DEFAULT_SIGNIFICANCE = "0.05"
"""Probability of rejecting a model that is right."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LikelihoodTest:
    """A likelihood-ratio test."""

    statistic: float
    """Twice the log of the likelihood ratio, not negative."""
    p_value: float
    """Probability of a statistic at least as large if the model is right."""
    degrees: int
    """Degrees of freedom of the chi-square it is held against."""
    decision: str
    """`rejected` where the p-value is below the significance, else `not rejected`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChristoffersenTest:
    """Whether exceptions come independently, and that together with how many there are."""

    transitions: tuple[int, int, int, int]
    """Days without after without, with after without, without after with, with after with."""
    independence: LikelihoodTest
    conditional_coverage: LikelihoodTest


@dataclass(frozen=True, kw_only=True, slots=True)
class Backtest:
    """A series of P&L held against the VaR that was stated for each of its days."""

    observations: int
    expected: float
    """Exceptions that the confidence lets expect."""
    exceptions: tuple[BacktestException, ...]
    """In the order of the days."""
    kupiec: LikelihoodTest
    christoffersen: ChristoffersenTest
    traffic_light: TrafficLight


def backtest(
    pnl: PnlInput,
    value_at_risk: PnlInput,
    confidence: Confidence,
    *,
    dates: Sequence[date | str] = (),
    significance: Confidence = DEFAULT_SIGNIFICANCE,
) -> Backtest:
    """
    Hold each day's *pnl* (gains positive) against that day's *value_at_risk* (losses positive).

    An exception is a loss above VaR; one that equals it is none. *dates* name the days, or
    their numbers from 0 do. Raises `UsageError`: E452 for a bad confidence, E453 for unusable
    numbers, E473 for series of different length or of fewer than two days.
    """
    results, ceilings = checked_pnl(pnl), checked_pnl(value_at_risk)
    if results.shape != ceilings.shape or len(dates) not in (0, len(results)):
        raise _refused("P&L, VaR and dates of a backtest have different lengths")
    hits = results < -ceilings
    labels = [str(day) for day in dates] or [str(number) for number in range(len(hits))]
    return Backtest(
        observations=len(hits),
        expected=float(len(hits) * (1 - exact_confidence(confidence))),
        exceptions=tuple(
            BacktestException(
                date=labels[day], pnl=float(results[day]), value_at_risk=float(ceilings[day])
            )
            for day in np.flatnonzero(hits).tolist()
        ),
        kupiec=kupiec_test(int(hits.sum()), len(hits), confidence, significance),
        christoffersen=christoffersen_test(hits, confidence, significance),
        traffic_light=traffic_light(int(hits.sum()), len(hits), confidence),
    )


def kupiec_test(
    exceptions: int,
    observations: int,
    confidence: Confidence,
    significance: Confidence = DEFAULT_SIGNIFICANCE,
) -> LikelihoodTest:
    """
    Test by Kupiec's proportion of failures whether exceptions are as many as expected.

    Raises `UsageError`: E452 for a bad confidence, E473 unless 0 <= exceptions <= observations
    and there is at least one observation.
    """
    exceptions, observations = checked_counts(exceptions, observations)
    expected = float(1 - exact_confidence(confidence))
    without = observations - exceptions
    found = _log_likelihood(without, exceptions, exceptions / observations)
    return _test(2.0 * (found - _log_likelihood(without, exceptions, expected)), 1, significance)


def christoffersen_test(
    hits: Sequence[bool] | npt.NDArray[np.bool_],
    confidence: Confidence,
    significance: Confidence = DEFAULT_SIGNIFICANCE,
) -> ChristoffersenTest:
    """
    Christoffersen's tests of independence and of conditional coverage.

    *hits* says for each day, in order, whether it was an exception. Coverage is Kupiec's
    statistic over all days plus that of independence. Raises `UsageError`: E452 for a bad
    confidence, E473 for fewer than two days or one that is neither.
    """
    if not np.iterable(hits) or not all(_is_hit(hit) for hit in hits):
        raise _refused("each day is an exception or none: true or false")
    days = [bool(hit) for hit in hits]
    if len(days) < 2:
        raise _refused("independence needs at least two days")
    steps = list(pairwise(days))
    transitions = (
        steps.count((False, False)),
        steps.count((False, True)),
        steps.count((True, False)),
        steps.count((True, True)),
    )
    independence = independence_test(*transitions, significance)
    proportion = kupiec_test(sum(days), len(days), confidence, significance)
    both = proportion.statistic + independence.statistic
    return ChristoffersenTest(
        transitions=transitions,
        independence=independence,
        conditional_coverage=_test(both, 2, significance),
    )


def independence_test(
    none_after_none: int,
    hit_after_none: int,
    none_after_hit: int,
    hit_after_hit: int,
    significance: Confidence = DEFAULT_SIGNIFICANCE,
) -> LikelihoodTest:
    """
    Test by Christoffersen whether an exception is as likely after one as after none.

    From the counts of successive days. Raises `UsageError`: E452 for a bad significance, E473
    for counts that are negative or all zero.
    """
    counts = (none_after_none, hit_after_none, none_after_hit, hit_after_hit)
    if not all(map(is_count, counts)) or not sum(counts):
        raise _refused(f"{counts} are no counts of successive days")
    hits = hit_after_none + hit_after_hit
    whole = _log_likelihood(none_after_none + none_after_hit, hits, hits / sum(counts))
    split = sum(
        _log_likelihood(without, hit, hit / (without + hit)) if without + hit else 0.0
        for without, hit in (counts[:2], counts[2:])
    )
    return _test(2.0 * (split - whole), 1, significance)


def _is_hit(value: object) -> bool:
    return isinstance(value, bool | np.bool_ | Real) and value in (False, True)


def _log_likelihood(without: int, exceptions: int, probability: float) -> float:
    """Log-likelihood of so many days without and with; what cannot occur counts nothing."""
    found = without * log1p(-probability) if without else 0.0
    return found + (exceptions * log(probability) if exceptions else 0.0)


def _test(statistic: float, degrees: int, significance: Confidence) -> LikelihoodTest:
    positive = max(statistic, 0.0)
    p_value = chi_square_beyond(positive, degrees)
    rejected = p_value < float(exact_confidence(significance))
    return LikelihoodTest(
        statistic=positive,
        p_value=p_value,
        degrees=degrees,
        decision="rejected" if rejected else "not rejected",
    )


def _refused(message: str) -> UsageError:
    return UsageError(
        "E473",
        message,
        remedy="Give one P&L and one VaR a day, or counts of days that can be.",
    )
