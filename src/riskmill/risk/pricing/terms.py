"""Terms that several instruments share, and what makes them unusable."""

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from math import inf, isfinite
from typing import Protocol

from riskmill.domain import ADJUSTMENTS, BARRIER_TYPES, CALENDARS, DAY_COUNTS, STUBS
from riskmill.risk.pricing.calendars import advance, known_calendar
from riskmill.risk.pricing.curves import DAYS_A_YEAR
from riskmill.risk.pricing.faults import ValuationError
from riskmill.risk.pricing.formulas.barrier import KNOCK
from riskmill.risk.pricing.formulas.black_scholes import SIGN
from riskmill.risk.pricing.formulas.digital import DIRECTION
from riskmill.risk.pricing.inputs import LAST_MOMENT
from riskmill.risk.pricing.pricers import OptionTerms
from riskmill.risk.pricing.schedules import Rules, Schedule, periods, schedule_of

FREQUENCIES = (1, 2, 3, 4, 6, 12)
"""Months that make a year in whole steps."""
LONGEST_LAG = 30
"""Business days that a payment or fixing can lie from its period."""


class HasPair(Protocol):
    """A contract on a currency pair."""

    @property
    def currency(self) -> str:
        """In which it is valued."""

    @property
    def underlying(self) -> str:
        """The pair."""


def option_terms(
    strike: float, expiry: date, option_type: str, as_of: date, least_years: float = 0.0
) -> OptionTerms:
    """
    Strike, act/365 years from *as_of* to *expiry*, but not less than given, and sign.

    Raises `ValuationError` (E407) for a strike that is not above zero, or a side that is
    neither call nor put.
    """
    level_above_zero("strike", strike)
    if option_type not in SIGN:
        raise unusable("option_type", option_type, "call or put")
    years = max((expiry - as_of).days / DAYS_A_YEAR, least_years)
    return OptionTerms(strike, years, SIGN[option_type])


class Settled(Protocol):
    """A contract that is settled some business days after its expiry."""

    @property
    def expiry(self) -> date:
        """Last day on which it is exercised."""

    @property
    def settlement_lag_days(self) -> int:
        """Business days from expiry to delivery and payment."""

    @property
    def calendar(self) -> str:
        """Centres whose business days count."""


def settlement_date(contract: Settled) -> date:
    """
    Day on which what exercise gives is delivered and paid; the expiry itself without a lag.

    Raises `ValuationError` (E407) for a lag that is none, or an unknown centre.
    """
    lag = contract.settlement_lag_days
    if not 0 <= lag <= LONGEST_LAG:
        raise unusable("settlement_lag_days", lag, f"0 to {LONGEST_LAG}")
    return advance(contract.expiry, lag, centres(contract.calendar))


def least_years(contract: Settled) -> float:
    """Least time to expiry that its terms may hold: a settled rate divides by it."""
    return LAST_MOMENT if contract.settlement_lag_days else 0.0


def second_currency(contract: HasPair) -> str:
    """
    The currency in which a pair is quoted and its derivatives are valued.

    Raises `ValuationError` (E407) where the contract says it is another.
    """
    quoted = contract.underlying[3:]
    if quoted != contract.currency:
        raise unusable("currency", contract.currency, f"{quoted}, as {contract.underlying} ends")
    return quoted


def finite_amount(term: str, amount: float) -> float:
    """The amount itself; raises `ValuationError` (E407) where it is not finite."""
    if not isfinite(amount):
        raise unusable(term, amount, "a finite number")
    return amount


def side_and_knock(barrier_type: str) -> tuple[float, float]:
    """
    Direction and knock of a barrier, as `formulas.barrier_option` takes them.

    Raises `ValuationError` (E407) for a word that is no type of barrier.
    """
    if barrier_type not in BARRIER_TYPES:
        raise unusable("barrier_type", barrier_type, f"one of {', '.join(BARRIER_TYPES)}")
    side, knock = barrier_type.split("-")
    return DIRECTION[side], KNOCK[knock]


def level_above_zero(term: str, level: float) -> float:
    """The level itself; raises `ValuationError` (E407) where it is not finite and above zero."""
    if not 0.0 < level < inf:
        raise unusable(term, level, "a number above zero")
    return level


class Sized(Protocol):
    """A contract on several underlying units."""

    @property
    def multiplier(self) -> float:
        """Underlying units per contract."""


def contract_size(contract: Sized) -> float:
    """Underlying units per contract; raises `ValuationError` (E407) unless above zero."""
    return level_above_zero("multiplier", float(contract.multiplier))


def one_of(term: str, word: str, words: Collection[str]) -> str:
    """The word itself; raises `ValuationError` (E407) where it is none of *words*."""
    if word not in words:
        raise unusable(term, word, f"one of {', '.join(words)}")
    return word


class Dated(Protocol):
    """A contract with coupons."""

    @property
    def start(self) -> date:
        """Date from which the first coupon accrues."""

    @property
    def maturity(self) -> date:
        """Date on which the last one ends."""

    @property
    def stub(self) -> str:
        """One of `STUBS`."""

    @property
    def end_of_month(self) -> str:
        """`yes` or `no`."""

    @property
    def calendar(self) -> str:
        """Centres whose business days count."""

    @property
    def payment_lag_days(self) -> int:
        """Business days from the end of a period to its payment."""


def coupon_schedule(contract: Dated, months: int, day_count: str, adjustment: str) -> Schedule:
    """
    Accrual periods of a leg, as `schedules.periods` rolls them.

    Raises `ValuationError` (E407) for dates the wrong way round, a step that is not a
    number of months, or a word that is unknown.
    """
    return _schedule(
        contract.start,
        contract.maturity,
        months,
        day_count,
        contract.stub,
        contract.end_of_month,
        contract.calendar,
        adjustment,
        contract.payment_lag_days,
    )


@lru_cache(maxsize=65_536)
def _schedule(
    start: date,
    maturity: date,
    months: int,
    day_count: str,
    stub: str,
    month_end: str,
    calendar: str,
    adjustment: str,
    lag: int,
) -> Schedule:
    if not start < maturity:
        raise unusable("start", start, f"before the maturity {maturity}")
    if months not in FREQUENCIES:
        raise unusable("frequency", months, f"one of {', '.join(map(str, FREQUENCIES))} months")
    if not 0 <= lag <= LONGEST_LAG:
        raise unusable("payment_lag_days", lag, f"0 to {LONGEST_LAG}")
    rules = Rules(
        stub=one_of("stub", stub, STUBS),
        month_end=one_of("end_of_month", month_end, ("yes", "no")) == "yes",
        calendar=centres(calendar),
        adjustment=one_of("adjustment", adjustment, ADJUSTMENTS),
        payment_lag=lag,
    )
    word = one_of("day count", day_count, DAY_COUNTS)
    return schedule_of(periods(start, maturity, months, word, rules))


def centres(calendar: str) -> str:
    """The calendar itself; raises `ValuationError` (E407) where a centre is unknown."""
    if not known_calendar(calendar):
        raise unusable("calendar", calendar, f"of {', '.join(CALENDARS)}, joined by +")
    return calendar


def unusable(term: str, datum: object, expected: str) -> ValuationError:
    """The refusal of one term."""
    return ValuationError(
        "E407",
        f"{term} is '{datum}', but must be {expected}",
        datum=str(datum),
        remedy=f"Correct {term} and deliver the position again.",
    )
