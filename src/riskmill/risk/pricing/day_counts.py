"""Fractions of a year between dates, as interest accrues."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date

DayCount = Callable[[date, date, int], float]
"""Start, end and months of a regular period to a fraction of a year."""


def actual_360(start: date, end: date, months: int) -> float:
    """Days over 360."""
    return (end - start).days / 360.0


def actual_365(start: date, end: date, months: int) -> float:
    """Days over 365, leap year or not."""
    return (end - start).days / 365.0


def thirty_360(start: date, end: date, months: int) -> float:
    """
    Bond basis: months of 30 days, years of 360 (ISDA 2006, section 4.16(f)).

    A start on the 31st counts as the 30th; an end on the 31st does too, but only after
    a start on the 30th or 31st.
    """
    first = min(start.day, 30)
    last = 30 if end.day == 31 and first == 30 else end.day
    days = 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first
    return days / 360.0


def actual_actual_icma(start: date, end: date, months: int) -> float:
    """
    Days over the days of the regular period that ends with the accrual (ICMA rule 251).

    A full period is exactly months / 12. Where the accrual is longer than one period,
    each regular period that it covers counts for itself.
    """
    fraction = 0.0
    count = 1
    upper = end
    while upper > start:
        lower = add_months(end, -months * count)
        share = (upper - max(lower, start)).days / (upper - lower).days
        fraction += share * months / 12.0
        upper, count = lower, count + 1
    return fraction


DAY_COUNT: dict[str, DayCount] = {
    "act/360": actual_360,
    "act/365": actual_365,
    "30/360": thirty_360,
    "act/act-icma": actual_actual_icma,
}


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on, or that month's last if it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
