"""
Room 2: pure maths from positions and market data to figures.

Positions, market data and a risk spec enter; scenario sets, P&L blocks, figures, limit
states and contributions leave. No file, clock, environment, network or unseeded random
number is ever touched here, and no result depends on how the work was partitioned.
"""

from riskmill.risk.aggregate import Measured, measure
from riskmill.risk.blocks import Block, cut_blocks, partition
from riskmill.risk.codes import CODES
from riskmill.risk.contributions import contributions, top_contributions
from riskmill.risk.limits import measure_limits
from riskmill.risk.measures import (
    MEASURES,
    component_es,
    component_var,
    expected_shortfall,
    standalone_es,
    standalone_var,
    tail_weights,
    value_at_risk,
)
from riskmill.risk.pricing import (
    CALL,
    PUT,
    american_option,
    configure_kernels,
    european_option,
    forward_price,
    future,
    fx_forward,
    fx_option,
    kernel_fingerprint,
    present_value,
    price,
    processor_level,
    required_factors,
    revalue,
    value,
)
from riskmill.risk.reverse import FactorLoss, ReverseStress, reverse_stress
from riskmill.risk.scenarios import (
    Bump,
    Covariance,
    Scenarios,
    apply_shock,
    build_scenarios,
    bumps,
    check_spec,
    combined,
    covariance,
    describe_scenarios,
    draw_shocks,
    filtered_historical_scenarios,
    given_scenarios,
    historical_scenarios,
    monte_carlo_scenarios,
    require_enough,
    shock_between,
)
from riskmill.risk.stressed import StressedWindow, stressed_window
from riskmill.risk.valued import BlockGreek, Revaluation, ValuedBlocks

__all__ = [
    "CALL", "CODES", "MEASURES", "PUT", "Block", "BlockGreek", "Bump", "Covariance", "FactorLoss",
    "Measured", "Revaluation", "ReverseStress", "Scenarios", "StressedWindow",
    "ValuedBlocks", "american_option", "apply_shock", "build_scenarios", "bumps", "check_spec",
    "combined", "component_es", "component_var", "configure_kernels", "contributions", "covariance",
    "cut_blocks", "describe_scenarios", "draw_shocks", "european_option", "expected_shortfall",
    "filtered_historical_scenarios", "forward_price", "future", "fx_forward",
    "fx_option", "given_scenarios", "historical_scenarios", "kernel_fingerprint", "measure",
    "measure_limits",
    "monte_carlo_scenarios",
    "partition", "present_value", "price", "processor_level",
    "require_enough", "required_factors", "revalue", "reverse_stress", "shock_between",
    "standalone_es", "standalone_var", "stressed_window", "tail_weights", "top_contributions",
    "value",
    "value_at_risk",
]  # fmt: skip
