"""Coupons of bonds and swaps: what each pays when, as amounts of discount factors."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from math import isfinite
from typing import Protocol

import numpy as np

from riskmill.domain import FloatArray
from riskmill.risk.pricing.calendars import advance
from riskmill.risk.pricing.faults import ValuationError
from riskmill.risk.pricing.inputs import DiscountedForward, DiscountFactor
from riskmill.risk.pricing.pricers import Exposure, Inputs, Strip
from riskmill.risk.pricing.quotes import Quotes
from riskmill.risk.pricing.schedules import Period, Schedule
from riskmill.risk.pricing.terms import LONGEST_LAG, Dated, coupon_schedule, unusable

ONE_DAY = timedelta(days=1)


class Floating(Dated, Protocol):
    """A contract with floating coupons."""

    @property
    def currency(self) -> str:
        """Whose curve discounts."""

    @property
    def float_frequency_months(self) -> int:
        """Months between resets."""

    @property
    def float_day_count(self) -> str:
        """One of `DAY_COUNTS`."""

    @property
    def float_adjustment(self) -> str:
        """One of `ADJUSTMENTS`."""

    @property
    def index(self) -> str:
        """Forward curve and name of the fixings."""

    @property
    def spread(self) -> float:
        """Added to the rate."""

    @property
    def current_fixing(self) -> float:
        """Rate of the running period, if given."""

    @property
    def fixing_lag_days(self) -> int:
        """Business days from a fixing to its period."""


def fixed_coupons(currency: str, rate: float, schedule: Schedule, after: date) -> Strip:
    """Coupons of *rate* that are paid after a date, for one unit of notional."""
    inputs, fractions = _coupons(currency, schedule, after)
    return Strip(inputs, rate * fractions)


@lru_cache(maxsize=65_536)
def _coupons(currency: str, schedule: Schedule, after: date) -> tuple[Inputs, FloatArray]:
    """Discount factors of the coupons that are left, and their lengths in years."""
    left = schedule.after(after)
    inputs = Inputs(tuple(DiscountFactor(currency, period.pays) for period in left))
    return inputs, np.array([period.fraction for period in left], dtype=np.float64)


def floating_exposures(leg: Floating, quotes: Quotes) -> tuple[Exposure, ...]:
    """
    Floating coupons still to be paid, for one unit of notional.

    A coupon that is set is paid at its fixing: `current_fixing` for the period that runs on
    the valuation date, else that of the index. One that is not set yet is worth its forward,
    from the index's curve. Raises `ValuationError` (E404) for a set coupon without its fixing.
    """
    schedule = coupon_schedule(
        leg, leg.float_frequency_months, leg.float_day_count, leg.float_adjustment
    )
    if leg.fixing_lag_days and not 0 <= leg.fixing_lag_days <= LONGEST_LAG:
        raise unusable("fixing_lag_days", leg.fixing_lag_days, f"0 to {LONGEST_LAG}")
    if not isfinite(leg.spread):
        raise unusable("spread", leg.spread, "a finite number")
    left = schedule.after(quotes.valuation_date)
    coupons: list[Exposure] = []
    for number, period in enumerate(left):
        rate = set_rate(leg, period, quotes)
        if rate is None:
            return (*coupons, *_forwards(leg, left[number:], schedule.at_end))
        paid = DiscountFactor(leg.currency, period.pays)
        coupons.append(Exposure(paid, (rate + leg.spread) * period.fraction))
    return tuple(coupons)


def _forwards(leg: Floating, left: Sequence[Period], at_end: bool) -> list[Exposure]:
    """Coupons that are not set; on one curve and without spread, all but two terms cancel."""
    curve = leg.index or leg.currency
    spreads = [
        Exposure(DiscountFactor(leg.currency, period.pays), leg.spread * period.fraction)
        for period in (left if leg.spread else ())
    ]
    if curve == leg.currency and at_end:
        first = Exposure(DiscountFactor(curve, left[0].start), 1.0)
        return [first, Exposure(DiscountFactor(curve, left[-1].end), -1.0), *spreads]
    return [
        Exposure(DiscountedForward(curve, period.start, period.end, leg.currency, period.pays), 1.0)
        for period in left
    ] + spreads


def set_rate(leg: Floating, period: Period, quotes: Quotes) -> float | None:
    """
    Rate of a period that is set already, or none where it is not.

    A rate that is set on the valuation date itself need not be known yet.
    """
    today = quotes.valuation_date
    fixed_on = advance(period.start, -leg.fixing_lag_days, leg.calendar)
    if fixed_on > today:
        return None
    runs = period.start <= today < period.end
    if runs and isfinite(leg.current_fixing):
        return leg.current_fixing
    known = quotes.fixings.get((leg.index or leg.currency, fixed_on))
    if known is None and fixed_on < today:
        raise ValuationError(
            "E404",
            f"the floating coupon that starts on {period.start} has no fixing of {fixed_on}",
            datum=f"{leg.index or leg.currency} {fixed_on}",
            remedy="Fill current_fixing, or deliver the fixing with the dataset fixings.",
        )
    return known


def last_payment(contract: Dated, months: int, day_count: str, adjustment: str) -> date:
    """The last day on which something is left: the one before the last payment."""
    if not contract.calendar and not contract.payment_lag_days:
        return contract.maturity - ONE_DAY
    return coupon_schedule(contract, months, day_count, adjustment).pays[-1] - ONE_DAY
