"""
Room 2: pure maths from positions and market data to figures.

Positions, market data and a risk spec enter; scenario sets, P&L blocks, figures, limit
states and contributions leave. No file, clock, environment, network or unseeded random
number is ever touched here, and no result depends on how the work was partitioned.
"""

from riskmill.risk.aggregate import Measured, measure
from riskmill.risk.blocks import (
    Block,
    cut_blocks,
    cut_segments,
    partition,
    partition_segments,
)
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
    Valuation,
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
from riskmill.risk.scenarios import (
    Bump,
    Scenarios,
    apply_shock,
    build_scenarios,
    bumps,
    combined,
    historical_scenarios,
    shock_between,
)
from riskmill.risk.valued import BlockGreek, BlockGreeks, Revaluation, ValuedBlocks

__all__ = [
    "CALL", "CODES", "MEASURES", "PUT", "Block", "BlockGreek", "BlockGreeks", "Bump", "Measured",
    "Revaluation", "Scenarios", "Valuation", "ValuedBlocks", "american_option", "apply_shock",
    "build_scenarios", "bumps", "combined", "component_es", "component_var", "configure_kernels",
    "contributions", "cut_blocks", "cut_segments", "european_option", "expected_shortfall",
    "forward_price", "future", "fx_forward", "fx_option", "historical_scenarios",
    "kernel_fingerprint", "measure", "measure_limits", "partition", "partition_segments",
    "present_value", "price", "processor_level", "required_factors", "revalue", "shock_between",
    "standalone_es", "standalone_var", "tail_weights", "top_contributions", "value",
    "value_at_risk",
]  # fmt: skip
