"""Forwards on currency pairs."""

from riskmill.domain import FxForward
from riskmill.risk.pricing.inputs import DiscountedSpot, DiscountFactor
from riskmill.risk.pricing.pricers import Exposure, LinearPricer
from riskmill.risk.pricing.quotes import Quotes
from riskmill.risk.pricing.terms import level_above_zero, second_currency


def exposures(forward: FxForward, quotes: Quotes) -> tuple[Exposure, ...]:
    """Receive the first currency, pay the strike in the second (`formulas.fx_forward`)."""
    return (
        Exposure(DiscountedSpot(forward.underlying, forward.expiry), 1.0),
        Exposure(
            DiscountFactor(second_currency(forward), forward.expiry),
            -level_above_zero("strike", forward.strike),
        ),
    )


PRICER = LinearPricer(
    exposures=exposures,
    ends=lambda forward: forward.expiry,
    underlying=lambda forward: None,
)
