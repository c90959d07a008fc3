"""Bullet bonds with fixed coupons."""

from datetime import date, timedelta

from riskmill.domain import FixedRateBond
from riskmill.risk.pricing.inputs import DiscountFactor
from riskmill.risk.pricing.instruments.coupons import last_payment
from riskmill.risk.pricing.pricers import Exposure, LinearPricer
from riskmill.risk.pricing.quotes import Quotes
from riskmill.risk.pricing.terms import coupon_schedule


def exposures(bond: FixedRateBond, quotes: Quotes) -> tuple[Exposure, ...]:
    """Coupons and face value still to come, accrued interest included (a dirty price)."""
    return tuple(
        Exposure(DiscountFactor(bond.currency, day), amount)
        for day, amount in cash_flows(bond, quotes.valuation_date)
    )


def cash_flows(bond: FixedRateBond, after: date) -> tuple[tuple[date, float], ...]:
    """
    Dates and amounts for one unit of face value, those paid *after* a date only.

    A coupon whose ex-date has come is the seller's.
    """
    schedule = coupon_schedule(
        bond, bond.fixed_frequency_months, bond.fixed_day_count, bond.fixed_adjustment
    )
    ex = timedelta(days=bond.ex_coupon_days)
    coupons = [(p.pays, bond.rate * p.fraction) for p in schedule.after(after + ex)]
    return (*coupons, (schedule.pays[-1], 1.0))


PRICER = LinearPricer(
    exposures=exposures,
    ends=lambda bond: last_payment(
        bond, bond.fixed_frequency_months, bond.fixed_day_count, bond.fixed_adjustment
    ),
    underlying=lambda bond: None,
)
