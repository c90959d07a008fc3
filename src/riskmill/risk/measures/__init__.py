"""
Measures: named functions from a P&L vector to a number.

One-dimensional P&L (gains positive) and a decimal confidence enter; numbers with losses
positive leave. Nothing is interpolated, floored, scaled by time or summed across vectors.
"""

from collections.abc import Callable, Mapping

from riskmill.risk.measures.components import (
    component_es,
    component_var,
    standalone_es,
    standalone_var,
    weighted_loss,
)
from riskmill.risk.measures.confidence import Confidence, exact_confidence
from riskmill.risk.measures.expected_shortfall import expected_shortfall, tail_weights
from riskmill.risk.measures.pnl import PnlInput, VectorsInput
from riskmill.risk.measures.value_at_risk import value_at_risk, var_scenario, worst_first

MEASURES: Mapping[str, Callable[[PnlInput, Confidence], float]] = {
    "value_at_risk": value_at_risk,
    "expected_shortfall": expected_shortfall,
}
"""Measures of one P&L vector at a confidence, by their name in `Figure` and `Limit`."""

__all__ = [
    "MEASURES", "Confidence", "PnlInput", "VectorsInput", "component_es", "component_var",
    "exact_confidence", "expected_shortfall", "standalone_es", "standalone_var", "tail_weights",
    "value_at_risk", "var_scenario", "weighted_loss", "worst_first",
]  # fmt: skip
