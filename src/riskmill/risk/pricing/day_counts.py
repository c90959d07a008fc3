"""Fractions of a year between dates, as interest accrues."""

import itertools
from calendar import isleap
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple


class Accrual(NamedTuple):
    """The dates between which interest accrues, and the regular coupon periods they lie in."""

    start: date
    end: date
    regular: tuple[date, ...]
    """Ends of the regular periods, the first not after `start`, the last not before `end`."""
    months: int
    """Length of a regular period."""
    last: bool = False
    """Whether the interest ends with the contract."""


DayCount = Callable[[Accrual], float]
"""An accrual to a fraction of a year."""


def actual_360(period: Accrual) -> float:
    """Days over 360."""
    return (period.end - period.start).days / 360.0


def actual_365(period: Accrual) -> float:
    """Days over 365, leap year or not."""
    return (period.end - period.start).days / 365.0


def actual_actual_isda(period: Accrual) -> float:
    """Days in leap years over 366 and the others over 365 (ISDA 2006, section 4.16(b))."""
    start, end = period.start, period.end
    years = [start, *(date(year, 1, 1) for year in range(start.year + 1, end.year + 1)), end]
    return sum(
        (b - a).days / (366.0 if isleap(a.year) else 365.0) for a, b in itertools.pairwise(years)
    )


def thirty_360(period: Accrual) -> float:
    """
    Bond basis: months of 30 days, years of 360 (ISDA 2006, section 4.16(f)).

    A start on the 31st counts as the 30th; an end on the 31st does too, but only after
    a start on the 30th or 31st.
    """
    first = min(period.start.day, 30)
    last = 30 if period.end.day == 31 and first == 30 else period.end.day
    return _thirty(period, first, last)


def thirty_360_us(period: Accrual) -> float:
    """
    US rule: as the bond basis, and the last of February counts as the 30th at the start.

    It does at the end too, where the start is one.
    """
    february = _ends_february(period.start)
    first = 30 if february else min(period.start.day, 30)
    last = 30 if february and _ends_february(period.end) else period.end.day
    return _thirty(period, first, 30 if last == 31 and first == 30 else last)


def thirty_e_360(period: Accrual) -> float:
    """Eurobond basis: either end on the 31st counts as the 30th (section 4.16(g))."""
    return _thirty(period, min(period.start.day, 30), min(period.end.day, 30))


def thirty_e_360_isda(period: Accrual) -> float:
    """
    The last day of a month counts as the 30th (section 4.16(h)).

    Not so the last of February where the contract ends there.
    """
    first = 30 if _ends_february(period.start) else min(period.start.day, 30)
    shortened = _ends_february(period.end) and not period.last
    return _thirty(period, first, 30 if shortened else min(period.end.day, 30))


def actual_actual_icma(period: Accrual) -> float:
    """Days in each regular period over the days of that period (ICMA rule 251)."""
    fraction = 0.0
    for before, after in itertools.pairwise(period.regular):
        days = (min(period.end, after) - max(period.start, before)).days
        fraction += max(days, 0) / (after - before).days * period.months / 12.0
    return fraction


def _thirty(period: Accrual, first: int, last: int) -> float:
    start, end = period.start, period.end
    return (360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first) / 360.0


def _ends_february(day: date) -> bool:
    return day.month == 2 and (day + timedelta(days=1)).month == 3


DAY_COUNT: dict[str, DayCount] = {
    "act/360": actual_360,
    "act/365": actual_365,
    "30/360": thirty_360,
    "act/act-icma": actual_actual_icma,
    "act/act-isda": actual_actual_isda,
    "30/360-us": thirty_360_us,
    "30e/360": thirty_e_360,
    "30e/360-isda": thirty_e_360_isda,
}
