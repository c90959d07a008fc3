"""What VaR and ES become with or without a part (docs/methodology/incremental.md)."""

from collections.abc import Callable, Sequence

import numpy as np

from riskmill.domain import FloatArray, UsageError
from riskmill.risk.measures.components import component_es, component_var, summed
from riskmill.risk.measures.confidence import Confidence
from riskmill.risk.measures.expected_shortfall import expected_shortfall
from riskmill.risk.measures.pnl import PnlInput, VectorsInput, checked_pnl, checked_vectors
from riskmill.risk.measures.value_at_risk import value_at_risk


def incremental_var(pnl: PnlInput, addition: PnlInput, confidence: Confidence) -> float:
    """
    VaR of *pnl* and *addition* together minus VaR of *pnl* alone; negative for a hedge.

    Both hold P&L under the same scenarios. Raises `UsageError`: E452 for a bad confidence,
    E453 for an unusable vector or two of different length.
    """
    return _incremental(value_at_risk, pnl, addition, confidence)


def incremental_es(pnl: PnlInput, addition: PnlInput, confidence: Confidence) -> float:
    """ES of *pnl* and *addition* together minus ES of *pnl* alone; raises as above."""
    return _incremental(expected_shortfall, pnl, addition, confidence)


def without_var(vectors: VectorsInput, confidence: Confidence) -> FloatArray:
    """
    Incremental VaR of each row: VaR of the sum of all minus VaR of the sum of the others.

    *vectors* has shape (parts, scenarios), the result one a part. The others are added up
    again, not taken off the whole. Raises as `component_var` does.
    """
    return _without(value_at_risk, vectors, confidence)


def without_es(vectors: VectorsInput, confidence: Confidence) -> FloatArray:
    """Incremental ES of each row: ES of the sum of all minus that of the others; as above."""
    return _without(expected_shortfall, vectors, confidence)


def marginal_var(
    vectors: VectorsInput, amounts: Sequence[float] | FloatArray, confidence: Confidence
) -> FloatArray:
    """
    Change of VaR for one more unit of each part: its component VaR over its amount.

    *amounts* holds how many units each row of *vectors* is the P&L of. Raises `UsageError`:
    as `component_var` does, and E453 for an amount of zero or another number of amounts.
    """
    return component_var(vectors, confidence) / _checked_amounts(amounts, vectors)


def marginal_es(
    vectors: VectorsInput, amounts: Sequence[float] | FloatArray, confidence: Confidence
) -> FloatArray:
    """Change of ES for one more unit of each part; arguments and errors as `marginal_var`."""
    return component_es(vectors, confidence) / _checked_amounts(amounts, vectors)


Measure = Callable[[PnlInput, Confidence], float]


def _incremental(
    measure: Measure, pnl: PnlInput, addition: PnlInput, confidence: Confidence
) -> float:
    before, added = checked_pnl(pnl), checked_pnl(addition)
    if before.shape != added.shape:
        raise _refused(f"{len(before)} and {len(added)} scenarios cannot be added up")
    return measure(before + added, confidence) - measure(before, confidence)


def _without(measure: Measure, vectors: VectorsInput, confidence: Confidence) -> FloatArray:
    parts = checked_vectors(vectors)
    whole = measure(summed(parts), confidence)
    others = (summed(np.delete(parts, row, axis=0)) for row in range(len(parts)))
    return np.array([whole - measure(other, confidence) for other in others])


def _checked_amounts(amounts: Sequence[float] | FloatArray, vectors: VectorsInput) -> FloatArray:
    values = checked_pnl(amounts)
    if len(values) != len(vectors) or not values.all():
        raise _refused("there is one amount other than zero for each row of P&L")
    return values


def _refused(message: str) -> UsageError:
    return UsageError("E453", message, remedy="Pass P&L of every part under the same scenarios.")
