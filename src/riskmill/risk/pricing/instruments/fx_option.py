"""European options on currency pairs."""

from datetime import date

from riskmill.domain import FxOption
from riskmill.risk.pricing.formulas.black_scholes import european_option
from riskmill.risk.pricing.inputs import LAST_MOMENT, Level, SettledRate, ZeroRate, volatility
from riskmill.risk.pricing.kernels import european_kernel
from riskmill.risk.pricing.option_greeks import dual_greeks
from riskmill.risk.pricing.pricers import OptionInputs, OptionPricer, OptionTerms
from riskmill.risk.pricing.quotes import Quotes
from riskmill.risk.pricing.terms import least_years, option_terms, second_currency, settlement_date


def inputs(option: FxOption, quotes: Quotes) -> OptionInputs:
    """Spot, volatility of strike and expiry, the rates of both currencies to their delivery."""
    delivered = settlement_date(option)
    second = second_currency(option)
    return OptionInputs(
        spot=Level(f"FX:{option.underlying}"),
        volatility=volatility(
            quotes, option.underlying, option.expiry, option.strike, f"FX:{option.underlying}"
        ),
        rate=_rate(second, option.expiry, delivered),
        yield_=_rate(option.underlying[:3], option.expiry, delivered),
    )


def _rate(currency: str, expiry: date, delivered: date) -> ZeroRate | SettledRate:
    if delivered == expiry:
        return ZeroRate(currency, expiry)
    return SettledRate(currency, expiry, delivered)


def terms(option: FxOption, valuation_date: date) -> OptionTerms:
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
    units=lambda option: 1.0,
    ends=lambda option: option.expiry,
    underlying=lambda option: None,
    surface=lambda option: str(option.underlying),
    least_years=LAST_MOMENT,
)
