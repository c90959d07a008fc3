"""
Pricing: what positions are worth, at base and under every scenario.

Positions, a market snapshot and a scenario set enter; values, P&L and greeks leave, with
a failure for each position that could not be valued. Nothing is ever filled in,
guessed or skipped silently, and no result depends on threads, partitions or neighbours.
"""

from riskmill.risk.pricing.arrays import COMPILED
from riskmill.risk.pricing.bonds import (
    accrued_interest,
    clean_price,
    clean_price_at_yield,
    yield_to_maturity,
)
from riskmill.risk.pricing.bootstrap import ParQuote, bootstrap_zero_curve
from riskmill.risk.pricing.derivatives import Greeks, derivative, greeks
from riskmill.risk.pricing.examination import Examined, examine
from riskmill.risk.pricing.exotics import (
    arithmetic_asian_option,
    average_option,
    barrier_option,
    continuous_arithmetic_asian_option,
    continuous_geometric_asian_option,
    digital_option,
    geometric_asian_option,
    touch_option,
)
from riskmill.risk.pricing.formulas import CALL, DOWN, IN, OUT, PUT, UP
from riskmill.risk.pricing.instruments import PRICERS
from riskmill.risk.pricing.kernels import (
    configure_kernels,
    kernel_fingerprint,
    processor_level,
)
from riskmill.risk.pricing.payments import PAYMENTS, Paid
from riskmill.risk.pricing.scalar import (
    american_option,
    european_option,
    forward_price,
    future,
    fx_forward,
    fx_option,
    present_value,
)
from riskmill.risk.pricing.single import price, required_factors
from riskmill.risk.pricing.valuation import (
    PositionValues,
    Repricing,
    Revaluer,
    Valuation,
    position_values,
    revalue,
    value,
)

__all__ = [
    "CALL", "COMPILED", "DOWN", "IN", "OUT", "PAYMENTS", "PRICERS", "PUT", "UP", "Examined",
    "Greeks", "Paid", "ParQuote", "PositionValues", "Repricing", "Revaluer", "Valuation",
    "accrued_interest", "american_option", "arithmetic_asian_option", "average_option",
    "barrier_option", "bootstrap_zero_curve", "clean_price", "clean_price_at_yield",
    "configure_kernels", "continuous_arithmetic_asian_option", "continuous_geometric_asian_option",
    "derivative", "digital_option", "european_option", "examine", "forward_price", "future",
    "fx_forward", "fx_option", "geometric_asian_option", "greeks", "kernel_fingerprint",
    "position_values", "present_value", "price", "processor_level", "required_factors", "revalue",
    "touch_option", "value", "yield_to_maturity",
]  # fmt: skip
