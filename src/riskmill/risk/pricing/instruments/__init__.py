"""
What each instrument reads from the market, and how that makes its value.

Contracts enter; inputs, terms and amounts leave. Nothing here calculates a price over
scenarios: a pricer declares, `valuation` calculates.
"""

from riskmill.risk.pricing.instruments import (
    american_option,
    asian_option,
    barrier_option,
    commodity_future,
    digital_option,
    equity,
    equity_future,
    european_option,
    fixed_rate_bond,
    floating_rate_note,
    fx_forward,
    fx_option,
    interest_rate_swap,
    touch_option,
    zero_coupon_bond,
)
from riskmill.risk.pricing.pricers import Pricer

PRICERS: dict[str, Pricer] = {
    "equity": equity.PRICER,
    "equity_future": equity_future.PRICER,
    "commodity_future": commodity_future.PRICER,
    "european_option": european_option.PRICER,
    "american_option": american_option.PRICER,
    "fx_forward": fx_forward.PRICER,
    "fx_option": fx_option.PRICER,
    "fixed_rate_bond": fixed_rate_bond.PRICER,
    "interest_rate_swap": interest_rate_swap.PRICER,
    "barrier_option": barrier_option.PRICER,
    "digital_option": digital_option.PRICER,
    "touch_option": touch_option.PRICER,
    "asian_option": asian_option.PRICER,
    "zero_coupon_bond": zero_coupon_bond.PRICER,
    "floating_rate_note": floating_rate_note.PRICER,
}
"""Pricer of each instrument of `riskmill.domain.INSTRUMENTS`: a new one is a file and a line."""
