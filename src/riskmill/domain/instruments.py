"""
Instruments: contract terms without quantity or owner.

Each class's fields are the columns a position of that instrument must fill; the
unit that `quantity` counts is in its docstring. `INSTRUMENTS` maps the word in
the column `instrument` to its class: a new instrument is a class and a line here.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class Equity:
    """A listed share or index unit. One unit: one share."""

    currency: str
    underlying: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EquityFuture:
    """A future on an equity or equity index. One unit: one contract."""

    currency: str
    underlying: str
    expiry: date
    price: float
    """Price at which the contract was dealt or last settled, per underlying unit."""
    multiplier: float = 1.0
    """Underlying units per contract."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CommodityFuture:
    """A future on a commodity. One unit: one contract."""

    currency: str
    underlying: str
    expiry: date
    price: float
    """Price at which the contract was dealt or last settled, per underlying unit."""
    multiplier: float = 1.0
    """Underlying units per contract."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EuropeanOption:
    """An option on any underlying, exercised at expiry only. One unit: one contract."""

    currency: str
    underlying: str
    option_type: str
    """`call` or `put`."""
    strike: float
    expiry: date
    multiplier: float = 1.0
    """Underlying units per contract."""
    underlying_class: str = "EQ"
    """Class of the underlying's factor: `EQ`, `CO` or `FX`."""
    settlement_lag_days: int = 0
    """Business days from expiry to the day on which what exercise gives is delivered and paid."""
    calendar: str = ""
    """Centres whose business days count, such as `TARGET` or `US+GB`; every day if empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AmericanOption:
    """An option on an equity, exercised at any time to expiry. One unit: one contract."""

    currency: str
    underlying: str
    option_type: str
    """`call` or `put`."""
    strike: float
    expiry: date
    multiplier: float = 1.0
    """Underlying units per contract."""
    underlying_class: str = "EQ"
    """Class of the underlying's factor: `EQ`, `CO` or `FX`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FxForward:
    """Buy one unit of the pair's first currency for `strike` of the second at expiry."""

    currency: str
    """The pair's second currency, in which the forward is valued."""
    underlying: str
    """Currency pair, for example `EURUSD`."""
    strike: float
    expiry: date


@dataclass(frozen=True, kw_only=True, slots=True)
class FxOption:
    """European option on a currency pair. One unit: one unit of the first currency."""

    currency: str
    """The pair's second currency, in which the option is valued."""
    underlying: str
    option_type: str
    """`call` or `put` on the first currency."""
    strike: float
    expiry: date
    settlement_lag_days: int = 0
    """Business days from expiry to the day on which what exercise gives is delivered and paid."""
    calendar: str = ""
    """Centres whose business days count, such as `TARGET` or `US+GB`; every day if empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FixedRateBond:
    """A bullet bond with fixed coupons. One unit: one currency unit of face value."""

    currency: str
    rate: float
    """Coupon a year, decimal."""
    start: date
    """Date from which the first coupon accrues."""
    maturity: date
    fixed_frequency_months: int
    fixed_day_count: str
    stub: str = "short-first"
    """Where what is left over goes: `short-first`, `long-first`, `short-last`, `long-last`."""
    end_of_month: str = "yes"
    """Whether periods that are counted from the last day of a month end on last days."""
    calendar: str = ""
    """Centres whose business days count, such as `TARGET` or `US+GB`; every day if empty."""
    fixed_adjustment: str = "unadjusted"
    """What moves fixed dates to business days; one of `ADJUSTMENTS`."""
    payment_lag_days: int = 0
    """Business days from the end of a period to its payment."""
    ex_coupon_days: int = 0
    """Calendar days before a payment from which its coupon stays with the seller."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ZeroCouponBond:
    """A bond that pays its face value only. One unit: one currency unit of face value."""

    currency: str
    maturity: date
    calendar: str = ""
    """Centres whose business days count; every day if empty."""
    fixed_adjustment: str = "unadjusted"
    """What moves the payment to a business day; one of `ADJUSTMENTS`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FloatingRateNote:
    """A bullet bond with floating coupons. One unit: one currency unit of face value."""

    currency: str
    start: date
    """Date from which the first coupon accrues."""
    maturity: date
    float_frequency_months: int
    float_day_count: str
    current_fixing: float = float("nan")
    """Rate already set for the running period, without the spread; else the index's fixing."""
    index: str = ""
    """Forward curve, and name of its past fixings; the currency's own curve if empty."""
    spread: float = 0.0
    """Added to every floating rate, decimal a year."""
    fixing_lag_days: int = 0
    """Business days from a fixing to the start of its period."""
    stub: str = "short-first"
    """Where what is left over goes: `short-first`, `long-first`, `short-last`, `long-last`."""
    end_of_month: str = "yes"
    """Whether periods that are counted from the last day of a month end on last days."""
    calendar: str = ""
    """Centres whose business days count, such as `TARGET` or `US+GB`; every day if empty."""
    float_adjustment: str = "unadjusted"
    """What moves floating dates to business days; one of `ADJUSTMENTS`."""
    payment_lag_days: int = 0
    """Business days from the end of a period to its payment."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InterestRateSwap:
    """
    Fixed against floating. One unit: one currency unit of notional.

    A positive quantity receives fixed, a negative one pays it.
    """

    currency: str
    rate: float
    """Fixed rate a year, decimal."""
    start: date
    maturity: date
    fixed_frequency_months: int
    fixed_day_count: str
    float_frequency_months: int
    float_day_count: str
    current_fixing: float = float("nan")
    """Floating rate set for the period that runs on the valuation date; else the fixing."""
    index: str = ""
    """Forward curve, and name of its past fixings; the currency's own curve if empty."""
    spread: float = 0.0
    """Added to every floating rate, decimal a year."""
    fixing_lag_days: int = 0
    """Business days from a fixing to the start of its period."""
    stub: str = "short-first"
    """Where what is left over goes: `short-first`, `long-first`, `short-last`, `long-last`."""
    end_of_month: str = "yes"
    """Whether periods that are counted from the last day of a month end on last days."""
    calendar: str = ""
    """Centres whose business days count, such as `TARGET` or `US+GB`; every day if empty."""
    fixed_adjustment: str = "unadjusted"
    """What moves fixed dates to business days; one of `ADJUSTMENTS`."""
    float_adjustment: str = "unadjusted"
    """What moves floating dates to business days; one of `ADJUSTMENTS`."""
    payment_lag_days: int = 0
    """Business days from the end of a period to its payment."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BarrierOption:
    """A European option that one level of the spot knocks in or out. One unit: one contract."""

    currency: str
    underlying: str
    option_type: str
    """`call` or `put`."""
    strike: float
    expiry: date
    barrier: float
    """Level of the spot, watched without a break."""
    barrier_type: str
    """`down-in`, `down-out`, `up-in` or `up-out`."""
    rebate: float = 0.0
    """Per underlying unit: paid when an `out` is hit, or at expiry when an `in` was not."""
    knocked: str = "no"
    """`yes` once the barrier has been hit."""
    multiplier: float = 1.0
    """Underlying units per contract."""
    underlying_class: str = "EQ"
    """Class of the underlying's factor: `EQ`, `CO` or `FX`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DigitalOption:
    """Pays at expiry if the spot ends beyond the strike, else nothing. One unit: one contract."""

    currency: str
    underlying: str
    option_type: str
    """`call` (above the strike) or `put` (below it)."""
    strike: float
    expiry: date
    payoff: str
    """`cash` or `asset`."""
    payout: float = 1.0
    """Currency, or underlying units, paid per underlying unit of the contract."""
    multiplier: float = 1.0
    """Underlying units per contract."""
    underlying_class: str = "EQ"
    """Class of the underlying's factor: `EQ`, `CO` or `FX`."""
    settlement_lag_days: int = 0
    """Business days from expiry to the day on which what exercise gives is delivered and paid."""
    calendar: str = ""
    """Centres whose business days count, such as `TARGET` or `US+GB`; every day if empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TouchOption:
    """Pays if a level of the spot is touched, or if it never is. One unit: one contract."""

    currency: str
    underlying: str
    expiry: date
    barrier: float
    """Level of the spot, watched without a break."""
    barrier_type: str
    """`down-in` or `up-in` pay if it is touched, `down-out` or `up-out` if it never is."""
    payoff: str
    """`at_hit` or `at_expiry`: when it is paid; an `out` pays at expiry."""
    payout: float = 1.0
    """Currency paid per unit of the multiplier."""
    knocked: str = "no"
    """`yes` once the barrier has been touched."""
    multiplier: float = 1.0
    """Times that the payout is paid per contract."""
    underlying_class: str = "EQ"
    """Class of the underlying's factor: `EQ`, `CO` or `FX`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AsianOption:
    """
    An option on the average of the spot on evenly spaced dates. One unit: one contract.

    The first date is `average_start`, the last is the expiry. The spot of the valuation
    date stands for its fixing.
    """

    currency: str
    underlying: str
    option_type: str
    """`call` or `put`."""
    strike: float
    expiry: date
    payoff: str
    """`arithmetic` or `geometric`: the kind of average."""
    average_start: date
    fixings: int
    """Dates of the average, those gone by included."""
    past_average: float = float("nan")
    """Average of the fixings before the valuation date; needed once there are any."""
    multiplier: float = 1.0
    """Underlying units per contract."""
    underlying_class: str = "EQ"
    """Class of the underlying's factor: `EQ`, `CO` or `FX`."""


Instrument = (
    Equity
    | EquityFuture
    | CommodityFuture
    | EuropeanOption
    | AmericanOption
    | FxForward
    | FxOption
    | FixedRateBond
    | InterestRateSwap
    | BarrierOption
    | DigitalOption
    | TouchOption
    | AsianOption
    | ZeroCouponBond
    | FloatingRateNote
)

INSTRUMENTS: dict[str, type[Instrument]] = {
    "equity": Equity,
    "equity_future": EquityFuture,
    "commodity_future": CommodityFuture,
    "european_option": EuropeanOption,
    "american_option": AmericanOption,
    "fx_forward": FxForward,
    "fx_option": FxOption,
    "fixed_rate_bond": FixedRateBond,
    "interest_rate_swap": InterestRateSwap,
    "barrier_option": BarrierOption,
    "digital_option": DigitalOption,
    "touch_option": TouchOption,
    "asian_option": AsianOption,
    "zero_coupon_bond": ZeroCouponBond,
    "floating_rate_note": FloatingRateNote,
}
UNDERLYING_CLASSES = ("EQ", "CO", "FX")
BARRIER_TYPES = ("down-in", "down-out", "up-in", "up-out")
DAY_COUNTS = (
    "act/360",
    "act/365",
    "30/360",
    "act/act-icma",
    "act/act-isda",
    "30/360-us",
    "30e/360",
    "30e/360-isda",
)
STUBS = ("short-first", "long-first", "short-last", "long-last")
ADJUSTMENTS = (
    "unadjusted",
    "following",
    "modified-following",
    "preceding",
    "pay-following",
    "pay-modified-following",
    "pay-preceding",
)
"""Those with `pay-` move payments and leave accrual periods as they are."""
CALENDARS = ("TARGET", "US", "GB", "JP")


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """Signed quantity (long positive) of one instrument in one book."""

    position_id: str
    book: str
    quantity: float
    instrument: Instrument
