"""American options on equities."""

from datetime import date

from riskmill.domain import AmericanOption
from riskmill.risk.pricing.curves import DAYS_A_YEAR
from riskmill.risk.pricing.formulas.american import american_option
from riskmill.risk.pricing.inputs import EscrowedSpot, Level, cash_dividends
from riskmill.risk.pricing.instruments.underlyings import inputs_at
from riskmill.risk.pricing.instruments.vanilla_columns import vanilla_columns
from riskmill.risk.pricing.kernels import american_kernel, american_scenario_kernel
from riskmill.risk.pricing.option_greeks import bump_greeks
from riskmill.risk.pricing.pricers import OptionInputs, OptionPricer, OptionTerms
from riskmill.risk.pricing.quotes import Quotes
from riskmill.risk.pricing.terms import contract_size, option_terms


def inputs(option: AmericanOption, quotes: Quotes) -> OptionInputs:
    """Those of a European option, with the spot that exercise pays: dividends included."""
    found = inputs_at(option, option.strike, quotes)
    if isinstance(found.spot, EscrowedSpot):
        return found._replace(spot=Level(f"EQ:{option.underlying}"))
    return found


def terms(option: AmericanOption, valuation_date: date) -> OptionTerms:
    """Strike, time to expiry and side."""
    return option_terms(option.strike, option.expiry, option.option_type, valuation_date)


def dividends(option: AmericanOption, quotes: Quotes) -> tuple[tuple[float, float], ...]:
    """Years to each ex-date until the expiry, and the cash of it."""
    if option.underlying_class != "EQ":
        return ()
    return tuple(
        ((one.ex_date - quotes.valuation_date).days / DAYS_A_YEAR, one.amount)
        for one in cash_dividends(quotes, option.underlying, option.currency, option.expiry)
    )


PRICER = OptionPricer(
    formula=american_option,
    scenario_kernel=american_scenario_kernel,
    precise_kernel=american_kernel,
    greeks=bump_greeks,
    inputs=inputs,
    terms=terms,
    columns=vanilla_columns,
    dividends=dividends,
    units=contract_size,
    ends=lambda option: option.expiry,
    underlying=lambda option: str(option.underlying),
    surface=lambda option: str(option.underlying),
)
