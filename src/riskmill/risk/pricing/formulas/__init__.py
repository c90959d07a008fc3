"""
Prices as plain functions of plain numbers: the formulas themselves.

Spots, rates, volatilities and terms enter as floats, arrays or dual numbers; prices in
the same form leave. Nothing here knows a factor, a scenario, a position or a compiler.
"""

from riskmill.risk.pricing.formulas.american import american_option
from riskmill.risk.pricing.formulas.asian import (
    arithmetic_asian_option,
    average_option,
    continuous_arithmetic_asian_option,
    continuous_geometric_asian_option,
    geometric_asian_option,
)
from riskmill.risk.pricing.formulas.barrier import IN, OUT, barrier_option
from riskmill.risk.pricing.formulas.black_scholes import CALL, PUT, european_option, fx_option
from riskmill.risk.pricing.formulas.cash_flows import present_value
from riskmill.risk.pricing.formulas.digital import DOWN, UP, digital_option, touch_option
from riskmill.risk.pricing.formulas.forwards import forward_price, future, fx_forward

__all__ = [
    "CALL",
    "DOWN",
    "IN",
    "OUT",
    "PUT",
    "UP",
    "american_option",
    "arithmetic_asian_option",
    "average_option",
    "barrier_option",
    "continuous_arithmetic_asian_option",
    "continuous_geometric_asian_option",
    "digital_option",
    "european_option",
    "forward_price",
    "future",
    "fx_forward",
    "fx_option",
    "geometric_asian_option",
    "present_value",
    "touch_option",
]  # fmt: skip
