"""
Pricing: what positions are worth, at base and under every scenario.

Positions, a market snapshot and a scenario set enter; values, P&L and greeks leave, with
a failure for each position that could not be valued. Nothing is ever filled in,
guessed or skipped silently, and no result depends on threads, partitions or neighbours.
"""

from riskmill.risk.pricing.formulas import CALL, PUT, present_value
from riskmill.risk.pricing.instruments import PRICERS
from riskmill.risk.pricing.kernels import (
    configure_kernels,
    kernel_fingerprint,
    processor_level,
)
from riskmill.risk.pricing.scalar import (
    american_option,
    european_option,
    forward_price,
    future,
    fx_forward,
    fx_option,
)
from riskmill.risk.pricing.single import price, required_factors
from riskmill.risk.pricing.valuation import Revaluer, Valuation, revalue, value

__all__ = [
    "CALL", "PRICERS", "PUT", "Revaluer", "Valuation", "american_option", "configure_kernels",
    "european_option", "forward_price", "future", "fx_forward", "fx_option", "kernel_fingerprint",
    "present_value", "price", "processor_level", "required_factors", "revalue", "value",
]  # fmt: skip
