"""Value at risk by counting scenarios (docs/methodology/value_at_risk.md)."""

from math import ceil

import numpy as np
import numpy.typing as npt

from riskmill.domain import FloatArray
from riskmill.risk.measures.confidence import Confidence, exact_confidence
from riskmill.risk.measures.pnl import PnlInput, checked_pnl


def value_at_risk(pnl: PnlInput, confidence: Confidence) -> float:
    """
    Minus the k-th smallest P&L, k = ceil(n (1 - *confidence*)), loss positive.

    *pnl* holds n scenarios in any order. Nothing is interpolated between scenarios, and a
    vector of gains gives a negative figure. In the currency of *pnl*.
    Raises `UsageError`: E452 for a bad confidence, E453 for an unusable vector.
    """
    values = checked_pnl(pnl)
    rank = var_rank(len(values), confidence)
    return 0.0 - float(np.partition(values, rank - 1)[rank - 1])


def var_rank(scenarios: int, confidence: Confidence) -> int:
    """Rank, from the worst, of the scenario that is value at risk: 1 to *scenarios*."""
    return ceil(scenarios * (1 - exact_confidence(confidence)))


def var_scenario(pnl: PnlInput, confidence: Confidence) -> int:
    """Number of the scenario that is value at risk; of equal ones the earlier is the worse."""
    values = checked_pnl(pnl)
    return int(worst_first(values)[var_rank(len(values), confidence) - 1])


def worst_first(pnl: FloatArray) -> npt.NDArray[np.int64]:
    """Scenario numbers from the worst P&L to the best; equal P&L in scenario order."""
    return np.argsort(pnl, kind="stable")
