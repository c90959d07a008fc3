"""European options on currency pairs."""

from datetime import date

from riskmill.domain import FxOption
from riskmill.risk.pricing.formulas.black_scholes import european_option
from riskmill.risk.pricing.greeks import dual_greeks
from riskmill.risk.pricing.inputs import Level, ZeroRate, volatility
from riskmill.risk.pricing.kernels import european_kernel
from riskmill.risk.pricing.pricers import OptionInputs, OptionPricer, OptionTerms
from riskmill.risk.pricing.quotes import Quotes
from riskmill.risk.pricing.terms import option_terms, second_currency


def inputs(option: FxOption, quotes: Quotes) -> OptionInputs:
    """Spot, volatility of strike and expiry, the rates of both currencies."""
    return OptionInputs(
        spot=Level(f"FX:{option.underlying}"),
        volatility=volatility(
            quotes, option.underlying, option.expiry, option.strike, f"FX:{option.underlying}"
        ),
        rate=ZeroRate(second_currency(option), option.expiry),
        yield_=ZeroRate(option.underlying[:3], option.expiry),
    )


def terms(option: FxOption, valuation_date: date) -> OptionTerms:
    """Strike, time to expiry and side."""
    return option_terms(option.strike, option.expiry, option.option_type, valuation_date)


PRICER = OptionPricer(
    formula=european_option,
    scenario_kernel=european_kernel,
    greeks=dual_greeks,
    inputs=inputs,
    terms=terms,
    units=lambda option: 1.0,
    ends=lambda option: option.expiry,
    underlying=lambda option: None,
    surface=lambda option: str(option.underlying),
)
