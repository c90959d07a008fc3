"""Touch options: paid if a level of the spot is reached, or if it never is."""

from datetime import date
from typing import NamedTuple

from riskmill.domain import TouchOption
from riskmill.risk.pricing.curves import DAYS_A_YEAR
from riskmill.risk.pricing.formulas.barrier import IN
from riskmill.risk.pricing.formulas.digital import touch_option
from riskmill.risk.pricing.instruments.underlyings import delta_key, inputs_on_the_way
from riskmill.risk.pricing.kernels import option_kernel
from riskmill.risk.pricing.option_greeks import dual_greeks
from riskmill.risk.pricing.pricers import OptionInputs, OptionPricer
from riskmill.risk.pricing.quotes import Quotes
from riskmill.risk.pricing.terms import (
    contract_size,
    level_above_zero,
    one_of,
    side_and_knock,
)


class TouchTerms(NamedTuple):
    """What `formulas.touch_option` takes beside the market."""

    barrier: float
    years: float
    direction: float
    at_hit: float
    at_expiry: float
    untouched: float


def inputs(option: TouchOption, quotes: Quotes) -> OptionInputs:
    """Those of its underlying, with the volatility at the barrier."""
    return inputs_on_the_way(option, option.barrier, quotes)


def terms(option: TouchOption, valuation_date: date) -> TouchTerms:
    """
    Barrier, time and what is paid when; raises `ValuationError` (E407).

    Of a barrier that was touched before, only what is paid at expiry is left.
    """
    direction, knock = side_and_knock(option.barrier_type)
    at_hit = one_of("payoff", option.payoff, ("at_hit", "at_expiry")) == "at_hit"
    touched = one_of("knocked", option.knocked, ("yes", "no")) == "yes"
    payout = level_above_zero("payout", option.payout)
    later = payout if knock == IN and not at_hit else 0.0
    return TouchTerms(
        barrier=level_above_zero("barrier", option.barrier),
        years=(option.expiry - valuation_date).days / DAYS_A_YEAR,
        direction=direction,
        at_hit=payout if knock == IN and at_hit and not touched else 0.0,
        at_expiry=later,
        untouched=later if touched else payout * (knock != IN),
    )


PRICER = OptionPricer(
    formula=touch_option,
    scenario_kernel=option_kernel,
    greeks=dual_greeks,
    inputs=inputs,
    terms=terms,
    units=contract_size,
    ends=lambda option: option.expiry,
    underlying=delta_key,
    surface=lambda option: str(option.underlying),
)
