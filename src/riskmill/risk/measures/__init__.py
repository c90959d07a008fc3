"""
Measures: named functions from a P&L vector to a number.

One-dimensional P&L (gains positive) and a decimal confidence enter; numbers with losses
positive leave. Nothing is floored, scaled by time or summed across vectors, and nothing is
interpolated unless that convention is asked for by name.
"""

from collections.abc import Callable, Mapping

from riskmill.risk.measures.backtests import (
    Backtest,
    ChristoffersenTest,
    LikelihoodTest,
    backtest,
    christoffersen_test,
    independence_test,
    kupiec_test,
)
from riskmill.risk.measures.components import (
    component_es,
    component_var,
    standalone_es,
    standalone_var,
    summed,
    weighted_loss,
)
from riskmill.risk.measures.confidence import Confidence, exact_confidence
from riskmill.risk.measures.conventions import CONVENTIONS
from riskmill.risk.measures.covariance import product
from riskmill.risk.measures.expected_shortfall import (
    ES_CONVENTIONS,
    expected_shortfall,
    tail_weights,
)
from riskmill.risk.measures.incremental import (
    incremental_es,
    incremental_var,
    marginal_es,
    marginal_var,
    without_es,
    without_var,
)
from riskmill.risk.measures.moments import Moments, pnl_moments, quadratic_moments
from riskmill.risk.measures.parametric import (
    DELTA_GAMMA_CONVENTIONS,
    delta_gamma_moments,
    delta_gamma_var,
    gaussian_es,
    gaussian_var,
    modified_es,
    modified_var,
    parametric_component_var,
    parametric_es,
    parametric_marginal_var,
    parametric_var,
    student_t_es,
    student_t_var,
)
from riskmill.risk.measures.pnl import PnlInput, VectorsInput
from riskmill.risk.measures.traffic_light import TrafficLight, traffic_light
from riskmill.risk.measures.uncertainty import (
    VarInterval,
    expected_shortfall_error,
    scenarios_needed,
    value_at_risk_interval,
)
from riskmill.risk.measures.value_at_risk import (
    rolling_var,
    value_at_risk,
    var_scenario,
    worst_first,
)

MEASURES: Mapping[str, Callable[[PnlInput, Confidence], float]] = {
    "value_at_risk": value_at_risk,
    "expected_shortfall": expected_shortfall,
}
"""Measures of one P&L vector at a confidence, by their name in `Figure` and `Limit`."""

__all__ = [
    "CONVENTIONS", "DELTA_GAMMA_CONVENTIONS", "ES_CONVENTIONS", "MEASURES", "Backtest",
    "ChristoffersenTest", "Confidence", "LikelihoodTest", "Moments", "PnlInput", "TrafficLight",
    "VarInterval", "VectorsInput", "backtest", "christoffersen_test", "component_es",
    "component_var", "delta_gamma_moments", "delta_gamma_var", "exact_confidence",
    "expected_shortfall", "expected_shortfall_error", "gaussian_es", "gaussian_var",
    "incremental_es", "incremental_var", "independence_test", "kupiec_test", "marginal_es",
    "marginal_var", "modified_es", "modified_var", "parametric_component_var", "parametric_es",
    "parametric_marginal_var", "parametric_var", "pnl_moments", "product", "quadratic_moments",
    "rolling_var", "scenarios_needed", "standalone_es", "standalone_var", "student_t_es",
    "student_t_var", "summed", "tail_weights", "traffic_light", "value_at_risk",
    "value_at_risk_interval", "var_scenario", "weighted_loss", "without_es", "without_var",
    "worst_first",
]  # fmt: skip
