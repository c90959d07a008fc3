"""
Quoted prices of bonds: clean prices, accrued interest, yields to maturity.

A position is valued dirty, on the valuation date. What a market quotes is clean, and for
a settlement date: both are per unit of face value here.
"""

from datetime import date
from math import inf
from typing import TypeAlias

from riskmill.domain import (
    FixedRateBond,
    FloatingRateNote,
    MarketData,
    MarketSnapshot,
    UsageError,
    ZeroCouponBond,
)
from riskmill.risk.pricing.day_counts import DAY_COUNT, Accrual
from riskmill.risk.pricing.faults import ValuationError
from riskmill.risk.pricing.frames import MarketRows, base_axis
from riskmill.risk.pricing.inputs import DiscountFactor
from riskmill.risk.pricing.instruments import fixed_rate_bond
from riskmill.risk.pricing.quotes import Quotes
from riskmill.risk.pricing.schedules import roll_dates
from riskmill.risk.pricing.single import price
from riskmill.risk.pricing.terms import coupon_schedule, unusable

Bond: TypeAlias = FixedRateBond | ZeroCouponBond | FloatingRateNote
LOWEST_YIELD, HIGHEST_YIELD = -0.99, 1e3


def accrued_interest(bond: FixedRateBond, settlement: date) -> float:
    """
    Interest earned since the last coupon date, that the buyer pays on *settlement*.

    Zero before the bond starts and from its maturity on. Raises `ValuationError` (E407).
    """
    schedule = coupon_schedule(
        bond, bond.fixed_frequency_months, bond.fixed_day_count, bond.fixed_adjustment
    )
    for period in schedule.periods:
        if period.start <= settlement < period.end:
            return bond.rate * _fraction(bond, period.start, settlement)
    return 0.0


def clean_price(
    bond: FixedRateBond | ZeroCouponBond, market: MarketSnapshot | MarketData, settlement: date
) -> float:
    """
    Price for *settlement* on the currency's curve, without the interest accrued until then.

    Raises `ValuationError` (E401, E403 to E407), also for a settlement before the valuation
    date.
    """
    quotes = Quotes.of(market)
    if settlement < quotes.valuation_date:
        raise unusable("settlement", settlement, f"on or after {quotes.valuation_date}")
    rows = MarketRows(quotes=quotes, axes=(base_axis(quotes),), without_history=frozenset())

    def discount(day: date) -> float:
        number = rows.number(DiscountFactor(bond.currency, day))
        return float(rows.matrix(0)[number, 0])

    if isinstance(bond, ZeroCouponBond):
        return price(bond, market) / discount(settlement)
    dirty = sum(
        amount * discount(day) for day, amount in fixed_rate_bond.cash_flows(bond, settlement)
    )
    return dirty / discount(settlement) - accrued_interest(bond, settlement)


def clean_price_at_yield(bond: FixedRateBond, yield_to_maturity: float, settlement: date) -> float:
    """
    Clean price at a yield compounded as often as coupons are paid (ICMA, street convention).

    Time to each payment is counted by the bond's day count, that to the next coupon as its
    period less what has accrued: these differ where a month has 31 days. Raises
    `ValuationError` (E405, E407), `UsageError` (E412) for a yield of -100 % a period or less.
    """
    often = 12.0 / bond.fixed_frequency_months
    if not -often < yield_to_maturity < inf:
        raise UsageError("E412", f"no price at a yield of {yield_to_maturity}", place="yield")
    if settlement >= bond.maturity:
        raise ValuationError("E405", "nothing is left of it", datum=str(settlement))
    schedule = coupon_schedule(
        bond, bond.fixed_frequency_months, bond.fixed_day_count, bond.fixed_adjustment
    )
    growth = 1.0 + yield_to_maturity / often
    dirty, time = 0.0, 0.0
    for period in schedule.periods:
        if period.end <= settlement:
            continue
        time += _fraction(bond, period.start, period.end)
        if period.start < settlement:
            time -= _fraction(bond, period.start, settlement)
        dirty += bond.rate * period.fraction * growth ** (-often * time)
    return dirty + float(growth ** (-often * time)) - accrued_interest(bond, settlement)


def yield_to_maturity(bond: FixedRateBond, clean: float, settlement: date) -> float:
    """
    Yield at which `clean_price_at_yield` is *clean*, to 1e-12.

    Raises as that does, and `UsageError` (E412) where no yield above -99 % gives the price.
    """
    low, high = LOWEST_YIELD, HIGHEST_YIELD
    if (
        not clean_price_at_yield(bond, high, settlement)
        <= clean
        <= clean_price_at_yield(bond, low, settlement)
    ):
        raise UsageError("E412", f"no yield gives a clean price of {clean}", place="clean")
    while high - low > 1e-13 * max(1.0, abs(low)):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        above = clean_price_at_yield(bond, middle, settlement) > clean
        low, high = (middle, high) if above else (low, middle)
    return 0.5 * (low + high)


def _fraction(bond: FixedRateBond, start: date, end: date) -> float:
    """Length in years of part of a coupon period."""
    rolls = roll_dates(
        bond.start,
        bond.maturity,
        bond.fixed_frequency_months,
        from_start=bond.stub.endswith("last"),
        month_end=bond.end_of_month == "yes",
    )
    return DAY_COUNT[bond.fixed_day_count](
        Accrual(
            start=start,
            end=end,
            regular=tuple(rolls),
            months=bond.fixed_frequency_months,
            last=end >= bond.maturity,
        )
    )
