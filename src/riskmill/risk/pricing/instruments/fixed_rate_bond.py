"""Bullet bonds with fixed coupons."""

from datetime import date, timedelta

from riskmill.domain import FixedRateBond
from riskmill.risk.pricing.inputs import DiscountFactor
from riskmill.risk.pricing.pricers import Exposure, LinearPricer
from riskmill.risk.pricing.terms import coupon_periods


def exposures(bond: FixedRateBond, valuation_date: date) -> tuple[Exposure, ...]:
    """Coupons and face value still to come, accrued interest included (a dirty price)."""
    return tuple(
        Exposure(DiscountFactor(bond.currency, day), amount)
        for day, amount in cash_flows(bond, valuation_date)
    )


def cash_flows(bond: FixedRateBond, valuation_date: date) -> tuple[tuple[date, float], ...]:
    """
    Dates and amounts for one unit of face value, after *valuation_date* only.

    What falls on the valuation date counts as paid.
    """
    schedule = coupon_periods(
        bond.start, bond.maturity, bond.fixed_frequency_months, bond.fixed_day_count
    )
    coupons = [(p.end, bond.rate * p.fraction) for p in schedule if p.end > valuation_date]
    return (*coupons, (bond.maturity, 1.0))


PRICER = LinearPricer(
    exposures=exposures,
    ends=lambda bond: bond.maturity - timedelta(days=1),
    underlying=lambda bond: None,
)
