"""European options that a barrier knocks in or out."""

from datetime import date
from typing import NamedTuple

from riskmill.domain import BarrierOption
from riskmill.risk.pricing.formulas.barrier import barrier_option
from riskmill.risk.pricing.instruments.underlyings import delta_key, inputs_on_the_way
from riskmill.risk.pricing.kernels import option_kernel
from riskmill.risk.pricing.option_greeks import dual_greeks
from riskmill.risk.pricing.pricers import OptionInputs, OptionPricer
from riskmill.risk.pricing.quotes import Quotes
from riskmill.risk.pricing.terms import (
    contract_size,
    level_above_zero,
    one_of,
    option_terms,
    side_and_knock,
    unusable,
)


class BarrierTerms(NamedTuple):
    """What `formulas.barrier_option` takes beside the market."""

    strike: float
    years: float
    sign: float
    barrier: float
    rebate: float
    direction: float
    knock: float
    knocked: float


def inputs(option: BarrierOption, quotes: Quotes) -> OptionInputs:
    """Those of its underlying, with the volatility at the strike."""
    return inputs_on_the_way(option, option.strike, quotes)


def terms(option: BarrierOption, valuation_date: date) -> BarrierTerms:
    """
    Strike, time, side, barrier and what has become of it.

    Raises `ValuationError` (E407) for a barrier, rebate or word that cannot be.
    """
    strike, years, sign = option_terms(
        option.strike, option.expiry, option.option_type, valuation_date
    )
    direction, knock = side_and_knock(option.barrier_type)
    if not option.rebate >= 0.0:
        raise unusable("rebate", option.rebate, "zero or more")
    return BarrierTerms(
        strike=strike,
        years=years,
        sign=sign,
        barrier=level_above_zero("barrier", option.barrier),
        rebate=option.rebate,
        direction=direction,
        knock=knock,
        knocked=float(one_of("knocked", option.knocked, ("yes", "no")) == "yes"),
    )


PRICER = OptionPricer(
    formula=barrier_option,
    scenario_kernel=option_kernel,
    greeks=dual_greeks,
    inputs=inputs,
    terms=terms,
    units=contract_size,
    ends=lambda option: option.expiry,
    underlying=delta_key,
    surface=lambda option: str(option.underlying),
)
