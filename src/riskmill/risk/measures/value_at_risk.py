"""Value at risk by counting scenarios (docs/methodology/value_at_risk.md)."""

from math import ceil

import numpy as np
import numpy.typing as npt

from riskmill.domain import FloatArray
from riskmill.risk.measures.confidence import Confidence, exact_confidence
from riskmill.risk.measures.conventions import quantile_place
from riskmill.risk.measures.pnl import PnlInput, checked_pnl


def value_at_risk(
    pnl: PnlInput, confidence: Confidence, *, convention: str = "inverted_cdf"
) -> float:
    """
    Minus the k-th smallest P&L, k = ceil(n (1 - *confidence*)), loss positive.

    *pnl* holds n scenarios in any order. Nothing is interpolated between scenarios unless
    another *convention* of `CONVENTIONS` is asked for, and a vector of gains gives a negative
    figure. In the currency of *pnl*.
    Raises `UsageError`: E452 for a bad confidence, E453 for an unusable vector, E471 for an
    unknown convention.
    """
    values = checked_pnl(pnl)
    place = quantile_place(len(values), 1 - exact_confidence(confidence), convention)
    ranks = (place.rank - 1, place.next_rank - 1)
    ordered = np.partition(values, ranks)
    worse, better = float(ordered[ranks[0]]), float(ordered[ranks[1]])
    return 0.0 - (worse + place.weight * (better - worse) if place.weight else worse)


def rolling_var(pnl: PnlInput, window: int, confidence: Confidence) -> FloatArray:
    """
    VaR of each *window* consecutive scenarios, the first window first, losses positive.

    Shape (scenarios - window + 1,). Raises as `value_at_risk` does; *window* is at least 1 and
    at most the number of scenarios.
    """
    windows = np.lib.stride_tricks.sliding_window_view(checked_pnl(pnl), window)
    rank = var_rank(window, confidence)
    return 0.0 - np.partition(windows, rank - 1, axis=1)[:, rank - 1]


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
