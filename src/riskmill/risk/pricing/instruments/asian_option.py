"""Options on the average of the spot, arithmetic or geometric, on evenly spaced dates."""

from datetime import date
from math import isfinite, nan
from typing import NamedTuple

from riskmill.domain import AsianOption
from riskmill.risk.pricing.curves import DAYS_A_YEAR
from riskmill.risk.pricing.dual import Real
from riskmill.risk.pricing.faults import ValuationError
from riskmill.risk.pricing.formulas.asian import arithmetic_asian_option, geometric_asian_option
from riskmill.risk.pricing.instruments.underlyings import delta_key, inputs_on_the_way
from riskmill.risk.pricing.kernels import option_kernel
from riskmill.risk.pricing.maths import where
from riskmill.risk.pricing.option_greeks import dual_greeks
from riskmill.risk.pricing.pricers import YEARS, OptionInputs, OptionPricer
from riskmill.risk.pricing.quotes import Quotes
from riskmill.risk.pricing.terms import contract_size, one_of, option_terms, unusable

KINDS = ("arithmetic", "geometric")


class AsianTerms(NamedTuple):
    """What `formulas.arithmetic_asian_option` takes beside the market, and the kind."""

    strike: float
    years: float
    sign: float
    fixings: float
    first: float
    past: float
    past_average: float
    geometric: float


def asian_option(
    spot: Real,
    volatility: Real,
    rate: Real,
    dividend_yield: Real,
    strike: Real,
    years: Real,
    sign: Real,
    fixings: Real,
    first: Real,
    past: Real,
    past_average: Real,
    geometric: Real,
) -> Real:
    """Price on the arithmetic average, or on the *geometric* one where that is 1."""
    plain = arithmetic_asian_option(
        spot, volatility, rate, dividend_yield, strike, years, sign,
        fixings, first, past, past_average,
    )  # fmt: skip
    other = geometric_asian_option(
        spot, volatility, rate, dividend_yield, strike, years, sign,
        fixings, first, past, past_average,
    )  # fmt: skip
    return where(geometric > 0.0, other, plain)


def inputs(option: AsianOption, quotes: Quotes) -> OptionInputs:
    """Those of its underlying, with the volatility at the strike."""
    return inputs_on_the_way(option, option.strike, quotes)


def terms(option: AsianOption, valuation_date: date) -> AsianTerms:
    """
    Strike, time and side; the dates gone by and those to come.

    Raises `ValuationError`: E407 for a term that cannot be, E416 where fixings have gone by
    and their average is not given.
    """
    strike, years, sign = option_terms(
        option.strike, option.expiry, option.option_type, valuation_date
    )
    kind = one_of("payoff", option.payoff, KINDS)
    dates = fixing_days(option)
    today = (valuation_date - option.average_start).days
    past = sum(int(day) < today for day in dates)
    return AsianTerms(
        strike=strike,
        years=years,
        sign=sign,
        fixings=float(option.fixings),
        first=(dates[past] - today) / DAYS_A_YEAR if past < len(dates) else years,
        past=float(past),
        past_average=known_average(option) if past else 0.0,
        geometric=float(kind == "geometric"),
    )


def fixing_days(option: AsianOption) -> list[float]:
    """
    Days from the start of the average to each of its dates, the last being the expiry.

    Raises `ValuationError` (E407) for dates that are less than a day apart.
    """
    span = (option.expiry - option.average_start).days
    if span < 0:
        raise unusable("average_start", option.average_start, f"not after {option.expiry}")
    if not 1 <= option.fixings <= span + 1:
        raise unusable("fixings", option.fixings, f"1 to {span + 1}, one a day")
    steps = option.fixings - 1
    return [span * number / steps for number in range(steps)] + [float(span)]


def known_average(option: AsianOption) -> float:
    """The average so far; raises `ValuationError` (E416) where there is none."""
    average = option.past_average if isfinite(option.past_average) else nan
    if not average > 0.0:
        raise ValuationError(
            "E416",
            f"the average since {option.average_start} is not given",
            datum=str(option.past_average),
            remedy="Fill past_average with the mean of the fixings before the valuation date.",
        )
    return average


PRICER = OptionPricer(
    formula=asian_option,
    scenario_kernel=option_kernel,
    greeks=dual_greeks,
    inputs=inputs,
    terms=terms,
    units=contract_size,
    ends=lambda option: option.expiry,
    underlying=delta_key,
    surface=lambda option: str(option.underlying),
    times=(YEARS, AsianTerms._fields.index("first")),
)
