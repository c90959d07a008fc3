"""Bullet bonds with fixed coupons."""

from datetime import date, timedelta

from riskmill.domain import FixedRateBond
from riskmill.risk.pricing.inputs import DiscountFactor
from riskmill.risk.pricing.instruments.coupons import fixed_coupons, last_payment
from riskmill.risk.pricing.pricers import Exposure, LinearPricer, Strip
from riskmill.risk.pricing.quotes import Quotes
from riskmill.risk.pricing.schedules import Schedule
from riskmill.risk.pricing.terms import LONGEST_LAG, coupon_schedule, unusable


def exposures(bond: FixedRateBond, quotes: Quotes) -> tuple[Exposure | Strip, ...]:
    """Coupons and face value still to come, accrued interest included (a dirty price)."""
    schedule = _schedule(bond)
    coupons = fixed_coupons(bond.currency, bond.rate, schedule, _ex(bond, quotes.valuation_date))
    return (coupons, Exposure(DiscountFactor(bond.currency, schedule.pays[-1]), 1.0))


def cash_flows(bond: FixedRateBond, after: date) -> tuple[tuple[date, float], ...]:
    """
    Dates and amounts for one unit of face value, those paid *after* a date only.

    A coupon whose ex-date has come is the seller's.
    """
    schedule = _schedule(bond)
    coupons = [(p.pays, bond.rate * p.fraction) for p in schedule.after(_ex(bond, after))]
    return (*coupons, (schedule.pays[-1], 1.0))


def _schedule(bond: FixedRateBond) -> Schedule:
    return coupon_schedule(
        bond, bond.fixed_frequency_months, bond.fixed_day_count, bond.fixed_adjustment
    )


def _ex(bond: FixedRateBond, today: date) -> date:
    """Payments up to this date are not the buyer's any more."""
    days = bond.ex_coupon_days
    if not (0 <= days <= LONGEST_LAG and days == int(days)):
        raise unusable("ex_coupon_days", days, f"0 to {LONGEST_LAG}")
    return today + timedelta(days=days)


PRICER = LinearPricer(
    exposures=exposures,
    ends=lambda bond: last_payment(
        bond, bond.fixed_frequency_months, bond.fixed_day_count, bond.fixed_adjustment
    ),
    underlying=lambda bond: None,
)
