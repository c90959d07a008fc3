"""Bonds that pay their face value and nothing else."""

from datetime import date, timedelta

from riskmill.domain import ADJUSTMENTS, ZeroCouponBond
from riskmill.risk.pricing.calendars import adjust
from riskmill.risk.pricing.inputs import DiscountFactor
from riskmill.risk.pricing.pricers import Exposure, LinearPricer
from riskmill.risk.pricing.quotes import Quotes
from riskmill.risk.pricing.schedules import PAYMENTS_ONLY
from riskmill.risk.pricing.terms import centres, one_of


def exposures(bond: ZeroCouponBond, quotes: Quotes) -> tuple[Exposure, ...]:
    """The face value."""
    return (Exposure(DiscountFactor(bond.currency, pays(bond)), 1.0),)


def pays(bond: ZeroCouponBond) -> date:
    """Date of the payment; raises `ValuationError` (E407) for an unknown word."""
    word = one_of("fixed_adjustment", bond.fixed_adjustment, ADJUSTMENTS)
    return adjust(bond.maturity, word.removeprefix(PAYMENTS_ONLY), centres(bond.calendar))


PRICER = LinearPricer(
    exposures=exposures,
    ends=lambda bond: pays(bond) - timedelta(days=1),
    underlying=lambda bond: None,
)
