"""Additive attribution of VaR and ES to parts (docs/methodology/components.md)."""

import numpy as np

from riskmill.domain import FloatArray
from riskmill.risk.measures.confidence import Confidence
from riskmill.risk.measures.expected_shortfall import expected_shortfall, tail_weights
from riskmill.risk.measures.pnl import VectorsInput, checked_vectors
from riskmill.risk.measures.value_at_risk import value_at_risk, var_scenario


def component_var(vectors: VectorsInput, confidence: Confidence) -> FloatArray:
    """
    Part of each row in the VaR of their sum: minus its P&L in the VaR scenario.

    *vectors* has shape (parts, scenarios); the result, one a part, loss positive, adds up to
    the VaR of the summed vectors. Of scenarios in which the sum is equal the earlier is the
    worse. Raises `UsageError`: E452 for a bad confidence, E453 for unusable vectors.
    """
    parts = checked_vectors(vectors)
    return 0.0 - parts[:, var_scenario(summed(parts), confidence)]


def component_es(vectors: VectorsInput, confidence: Confidence) -> FloatArray:
    """
    Part of each row in the ES of their sum, by Euler's rule, exactly.

    *vectors* has shape (parts, scenarios); the result, one a part, loss positive, is minus the
    part's P&L averaged over the tail of the sum, and adds up to the ES of the summed vectors.
    Raises as `component_var` does.
    """
    parts = checked_vectors(vectors)
    return weighted_loss(parts, tail_weights(summed(parts), confidence))


def standalone_var(vectors: VectorsInput, confidence: Confidence) -> FloatArray:
    """VaR of each row by itself, loss positive; not additive. Raises as `component_var` does."""
    return np.array([value_at_risk(row, confidence) for row in checked_vectors(vectors)])


def standalone_es(vectors: VectorsInput, confidence: Confidence) -> FloatArray:
    """ES of each row by itself, loss positive; not additive. Raises as `component_var` does."""
    return np.array([expected_shortfall(row, confidence) for row in checked_vectors(vectors)])


def summed(parts: FloatArray) -> FloatArray:
    """Sum of the rows, added one after the other: the same digits wherever it is computed."""
    total = np.zeros(parts.shape[1])
    for row in parts:
        total += row
    return total


def weighted_loss(parts: FloatArray, weights: FloatArray) -> FloatArray:
    """
    Minus the weighted sum over scenarios, one a row; scenarios without weight are not read.

    Added scenario by scenario and not by a matrix product, whose last digits depend on how
    many rows there are.
    """
    total = np.zeros(len(parts))
    for scenario in np.flatnonzero(weights):
        total -= weights[scenario] * parts[:, scenario]
    return total
