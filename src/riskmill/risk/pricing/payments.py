"""What contracts pay from one day to another (docs/methodology/pnl_explain.md)."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import TypeAlias

from riskmill.domain import (
    FixedRateBond,
    FloatingRateNote,
    InterestRateSwap,
    MarketData,
    PositionTable,
    RiskSpec,
    ZeroCouponBond,
)
from riskmill.risk.pricing.batches import WRONG_TYPES
from riskmill.risk.pricing.faults import ValuationError
from riskmill.risk.pricing.frames import MarketRows, base_axis
from riskmill.risk.pricing.groups import table_groups
from riskmill.risk.pricing.inputs import Conversion
from riskmill.risk.pricing.instruments import fixed_rate_bond, zero_coupon_bond
from riskmill.risk.pricing.instruments.coupons import Floating, set_rate
from riskmill.risk.pricing.pricers import Contract
from riskmill.risk.pricing.quotes import Quotes
from riskmill.risk.pricing.schedules import Schedule
from riskmill.risk.pricing.terms import coupon_schedule

Payment: TypeAlias = Callable[[Contract, Quotes, date], float]
"""Contract, what is quoted on the first day, and the last day, to an amount in its currency."""


def _bond(bond: FixedRateBond, quotes: Quotes, until: date) -> float:
    """Flows that a holder of the first day has had, or has been promised, by the last."""
    held = fixed_rate_bond.cash_flows(bond, quotes.valuation_date)
    left = fixed_rate_bond.cash_flows(bond, until)[:-1] if held[-1][0] > until else ()
    coupons = sum(amount for _, amount in held[:-1]) - sum(amount for _, amount in left)
    face = held[-1][1] if quotes.valuation_date < held[-1][0] <= until else 0.0
    return coupons + face


def _zero_bond(bond: ZeroCouponBond, quotes: Quotes, until: date) -> float:
    return 1.0 if quotes.valuation_date < zero_coupon_bond.pays(bond) <= until else 0.0


def _swap(swap: InterestRateSwap, quotes: Quotes, until: date) -> float:
    fixed = coupon_schedule(
        swap, swap.fixed_frequency_months, swap.fixed_day_count, swap.fixed_adjustment
    )
    received = sum(swap.rate * one.fraction for one in fixed.between(quotes.valuation_date, until))
    return received - _floating(swap, _floating_schedule(swap), quotes, until)


def _note(note: FloatingRateNote, quotes: Quotes, until: date) -> float:
    schedule = _floating_schedule(note)
    repaid = 1.0 if quotes.valuation_date < schedule.pays[-1] <= until else 0.0
    return repaid + _floating(note, schedule, quotes, until)


def _floating_schedule(leg: Floating) -> Schedule:
    return coupon_schedule(
        leg, leg.float_frequency_months, leg.float_day_count, leg.float_adjustment
    )


def _floating(leg: Floating, schedule: Schedule, quotes: Quotes, until: date) -> float:
    """Coupons that were set by the first day; one that was not cannot have been paid yet."""
    paid = 0.0
    for period in schedule.between(quotes.valuation_date, until):
        rate = set_rate(leg, period, quotes)
        paid += 0.0 if rate is None else (rate + leg.spread) * period.fraction
    return paid


PAYMENTS: Mapping[str, Payment] = {
    "fixed_rate_bond": _bond,
    "zero_coupon_bond": _zero_bond,
    "interest_rate_swap": _swap,
    "floating_rate_note": _note,
}
"""Instruments that pay while they live: what one unit pays after a day, up to another."""


class Paid:
    """Two days' quotes, ready to say what positions paid between them."""

    def __init__(
        self, before: MarketData, after: MarketData, *, currency: str, spec: RiskSpec
    ) -> None:
        """Amounts will be in *currency* at the rates of *after*; *spec* is that of *before*."""
        self._before = Quotes.of(before, spec)
        self._until = after.snapshot.valuation_date
        self._currency = currency
        after_quotes = Quotes.of(after.snapshot, spec)
        self._rows = MarketRows(
            quotes=after_quotes, axes=(base_axis(after_quotes),), without_history=frozenset()
        )

    def since(self, positions: PositionTable) -> dict[str, float]:
        """
        Position id to what it paid, in reporting currency, where it paid anything.

        What cannot be said, for want of a fixing or an exchange rate, is left out; such a
        position has no value either.
        """
        found: dict[str, float] = {}
        for _, group in table_groups(positions):
            payment = PAYMENTS.get(group.instrument)
            for holding in group.holdings() if payment else ():
                if payment and not isinstance(holding.contract, ValuationError):
                    with suppress(ValuationError, *WRONG_TYPES):
                        amount = payment(holding.contract, self._before, self._until)
                        if amount:
                            rate = self._rate(holding.contract.currency)
                            found[holding.position_id] = holding.quantity * amount * rate
        return found

    def _rate(self, currency: str) -> float:
        row = self._rows.number(Conversion(currency, self._currency))
        return float(self._rows.matrix(0)[row, 0])
