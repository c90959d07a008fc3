"""Bullet bonds with floating coupons."""

from riskmill.domain import FloatingRateNote
from riskmill.risk.pricing.inputs import DiscountFactor
from riskmill.risk.pricing.instruments.coupons import floating_exposures, last_payment
from riskmill.risk.pricing.pricers import Exposure, LinearPricer
from riskmill.risk.pricing.quotes import Quotes
from riskmill.risk.pricing.terms import coupon_schedule


def exposures(note: FloatingRateNote, quotes: Quotes) -> tuple[Exposure, ...]:
    """Floating coupons still to come and the face value."""
    schedule = coupon_schedule(
        note, note.float_frequency_months, note.float_day_count, note.float_adjustment
    )
    face = Exposure(DiscountFactor(note.currency, schedule.pays[-1]), 1.0)
    return (*floating_exposures(note, quotes), face)


PRICER = LinearPricer(
    exposures=exposures,
    ends=lambda note: last_payment(
        note, note.float_frequency_months, note.float_day_count, note.float_adjustment
    ),
    underlying=lambda note: None,
)
