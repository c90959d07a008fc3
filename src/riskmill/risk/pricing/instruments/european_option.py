"""European options on equities, indices, commodities and currency pairs."""

from datetime import date

from riskmill.domain import EuropeanOption
from riskmill.risk.pricing.formulas.black_scholes import european_option
from riskmill.risk.pricing.inputs import LAST_MOMENT
from riskmill.risk.pricing.instruments.underlyings import delta_key, inputs_at
from riskmill.risk.pricing.instruments.vanilla_columns import vanilla_columns
from riskmill.risk.pricing.kernels import european_kernel
from riskmill.risk.pricing.option_greeks import dual_greeks
from riskmill.risk.pricing.pricers import OptionInputs, OptionPricer, OptionTerms
from riskmill.risk.pricing.quotes import Quotes
from riskmill.risk.pricing.terms import contract_size, least_years, option_terms, settlement_date


def inputs(option: EuropeanOption, quotes: Quotes) -> OptionInputs:
    """Spot, volatility of strike and expiry, rate of its currency, dividend yield."""
    return inputs_at(option, option.strike, quotes, settlement_date(option))


def terms(option: EuropeanOption, valuation_date: date) -> OptionTerms:
    """Strike, time to expiry and side."""
    return option_terms(
        option.strike, option.expiry, option.option_type, valuation_date, least_years(option)
    )


PRICER = OptionPricer(
    formula=european_option,
    scenario_kernel=european_kernel,
    greeks=dual_greeks,
    inputs=inputs,
    terms=terms,
    columns=vanilla_columns,
    units=contract_size,
    ends=lambda option: option.expiry,
    underlying=delta_key,
    surface=lambda option: str(option.underlying),
    least_years=LAST_MOMENT,
)
