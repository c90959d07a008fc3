"""Expected shortfall of counted scenarios (docs/methodology/expected_shortfall.md)."""

from collections.abc import Callable, Mapping
from math import ceil

import numpy as np

from riskmill.domain import FloatArray
from riskmill.risk.measures.confidence import Confidence, exact_confidence
from riskmill.risk.measures.conventions import unknown_convention
from riskmill.risk.measures.pnl import PnlInput, checked_pnl
from riskmill.risk.measures.value_at_risk import value_at_risk, worst_first


def expected_shortfall(
    pnl: PnlInput, confidence: Confidence, *, convention: str = "fractional"
) -> float:
    """
    Average the worst n (1 - *confidence*) of n scenarios, loss positive.

    The boundary scenario counts with its fraction. Computed as value at risk plus the mean
    excess over it (Rockafellar and Uryasev 2002), which is the same number and is, digit for
    digit, never below value at risk. In the currency of *pnl*. Another *convention* of
    `ES_CONVENTIONS` averages whole scenarios.
    Raises `UsageError`: E452 for a bad confidence, E453 for an unusable vector, E471 for an
    unknown convention.
    """
    rule = ES_CONVENTIONS.get(str(convention))
    if rule is None:
        raise unknown_convention(convention, tuple(ES_CONVENTIONS))
    return rule(checked_pnl(pnl), confidence)


def tail_weights(pnl: PnlInput, confidence: Confidence) -> FloatArray:
    """
    Weight of each scenario in expected shortfall: ES = -sum(weights x pnl).

    Weights have the shape of *pnl*, are not negative and add up to 1. Of scenarios with the
    same P&L the earlier one is the worse. Raises as `expected_shortfall` does.
    """
    values = checked_pnl(pnl)
    tail = len(values) * (1 - exact_confidence(confidence))
    whole = int(tail)
    worst = worst_first(values)
    weights = np.zeros(len(values))
    weights[worst[:whole]] = float(1 / tail)
    weights[worst[whole]] = float((tail - whole) / tail)
    return weights


def _fractional(pnl: FloatArray, confidence: Confidence) -> float:
    losses = 0.0 - pnl
    var = value_at_risk(pnl, confidence)
    excess = np.sort(losses[losses > var] - var)
    return var + float(excess.sum()) / float(len(losses) * (1 - exact_confidence(confidence)))


def _whole(pnl: FloatArray, confidence: Confidence) -> float:
    worst = np.sort(pnl)[: ceil(len(pnl) * (1 - exact_confidence(confidence)))]
    return 0.0 - float(worst.sum()) / len(worst)


def _beyond_linear(pnl: FloatArray, confidence: Confidence) -> float:
    var = value_at_risk(pnl, confidence, convention="linear")
    worst = np.sort(pnl[pnl <= -var])
    return 0.0 - float(worst.sum()) / len(worst)


ES_CONVENTIONS: Mapping[str, Callable[[FloatArray, Confidence], float]] = {
    "fractional": _fractional,
    "whole": _whole,
    "beyond_linear": _beyond_linear,
}
"""
How the tail is averaged: n (1 - c) scenarios with the fraction of the last one, ceil(n (1 - c))
whole ones, or all that are at least as bad as the `linear` quantile. Ours is the first.
"""
