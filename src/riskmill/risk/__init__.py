"""
Room 2: pure maths from positions and market data to figures.

Positions, market data and a risk spec enter; scenario sets, P&L blocks, figures, limit
states and contributions leave. No file, clock, environment, network or unseeded random
number is ever touched here, and no result depends on how the work was partitioned.
"""

from riskmill.risk.blocks import Block, cut_blocks, partition
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
from riskmill.risk.scenarios import (
    Bump,
    Scenarios,
    apply_shock,
    build_scenarios,
    bumps,
    combined,
    shock_between,
)

__all__ = [
    "MEASURES", "Block", "Bump", "Scenarios", "apply_shock", "build_scenarios", "bumps",
    "combined", "component_es", "component_var", "cut_blocks", "expected_shortfall",
    "measure_limits", "partition", "shock_between", "standalone_es", "standalone_var",
    "tail_weights", "value_at_risk",
]  # fmt: skip
