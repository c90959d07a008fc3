"""Expected shortfall of counted scenarios (docs/methodology/expected_shortfall.md)."""

import numpy as np

from riskmill.domain import FloatArray
from riskmill.risk.measures.confidence import Confidence, exact_confidence
from riskmill.risk.measures.pnl import PnlInput, checked_pnl
from riskmill.risk.measures.value_at_risk import value_at_risk, worst_first


def expected_shortfall(pnl: PnlInput, confidence: Confidence) -> float:
    """
    Average the worst n (1 - *confidence*) of n scenarios, loss positive.

    The boundary scenario counts with its fraction. Computed as value at risk plus the mean
    excess over it (Rockafellar and Uryasev 2002), which is the same number and is, digit for
    digit, never below value at risk. In the currency of *pnl*.
    Raises `UsageError`: E452 for a bad confidence, E453 for an unusable vector.
    """
    losses = 0.0 - checked_pnl(pnl)
    var = value_at_risk(-losses, confidence)
    tail = len(losses) * (1 - exact_confidence(confidence))
    excess = np.sort(losses[losses > var] - var)
    return var + float(excess.sum()) / float(tail)


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
