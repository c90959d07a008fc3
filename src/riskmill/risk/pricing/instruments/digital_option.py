"""Digital options: cash or the asset at expiry, or nothing."""

from datetime import date
from typing import NamedTuple

from riskmill.domain import DigitalOption
from riskmill.risk.pricing.formulas.digital import digital_option
from riskmill.risk.pricing.inputs import LAST_MOMENT
from riskmill.risk.pricing.instruments.underlyings import delta_key, inputs_at
from riskmill.risk.pricing.kernels import option_kernel
from riskmill.risk.pricing.option_greeks import dual_greeks
from riskmill.risk.pricing.pricers import OptionInputs, OptionPricer
from riskmill.risk.pricing.quotes import Quotes
from riskmill.risk.pricing.terms import (
    contract_size,
    least_years,
    level_above_zero,
    one_of,
    option_terms,
    settlement_date,
)


class DigitalTerms(NamedTuple):
    """What `formulas.digital_option` takes beside the market."""

    strike: float
    years: float
    sign: float
    cash: float
    units: float


def inputs(option: DigitalOption, quotes: Quotes) -> OptionInputs:
    """Those of its underlying, with the volatility at the strike."""
    return inputs_at(option, option.strike, quotes, settlement_date(option))


def terms(option: DigitalOption, valuation_date: date) -> DigitalTerms:
    """Strike, time, side and what is paid; raises `ValuationError` (E407)."""
    strike, years, sign = option_terms(
        option.strike, option.expiry, option.option_type, valuation_date, least_years(option)
    )
    by_cash = one_of("payoff", option.payoff, ("cash", "asset")) == "cash"
    payout = level_above_zero("payout", option.payout)
    return DigitalTerms(
        strike=strike,
        years=years,
        sign=sign,
        cash=payout if by_cash else 0.0,
        units=0.0 if by_cash else payout,
    )


PRICER = OptionPricer(
    formula=digital_option,
    scenario_kernel=option_kernel,
    greeks=dual_greeks,
    inputs=inputs,
    terms=terms,
    units=contract_size,
    ends=lambda option: option.expiry,
    underlying=delta_key,
    surface=lambda option: str(option.underlying),
    least_years=LAST_MOMENT,
)
