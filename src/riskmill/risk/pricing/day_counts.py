"""Fractions of a year between dates, as interest accrues."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class Accrual:
    """The dates between which interest accrues, inside one regular coupon period."""

    start: date
    end: date
    regular_start: date
    """Roll date before `end`; earlier than `start` in a short first period."""
    months: int
    """Length of the regular period."""


DayCount = Callable[[Accrual], float]
"""An accrual to a fraction of a year."""


def actual_360(period: Accrual) -> float:
    """Days over 360."""
    return (period.end - period.start).days / 360.0


def actual_365(period: Accrual) -> float:
    """Days over 365, leap year or not."""
    return (period.end - period.start).days / 365.0


def thirty_360(period: Accrual) -> float:
    """
    Bond basis: months of 30 days, years of 360 (ISDA 2006, section 4.16(f)).

    A start on the 31st counts as the 30th; an end on the 31st does too, but only after
    a start on the 30th or 31st.
    """
    start, end = period.start, period.end
    first = min(start.day, 30)
    last = 30 if end.day == 31 and first == 30 else end.day
    days = 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first
    return days / 360.0


def actual_actual_icma(period: Accrual) -> float:
    """Days over the days of the regular period it is part of (ICMA rule 251)."""
    regular = (period.end - period.regular_start).days
    return (period.end - period.start).days / regular * period.months / 12.0


DAY_COUNT: dict[str, DayCount] = {
    "act/360": actual_360,
    "act/365": actual_365,
    "30/360": thirty_360,
    "act/act-icma": actual_actual_icma,
}
