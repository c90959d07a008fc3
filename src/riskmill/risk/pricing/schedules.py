"""Coupon periods: rolled back from maturity, unadjusted, a short first period where needed."""

import itertools
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from riskmill.risk.pricing.day_counts import DAY_COUNT, Accrual


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """One accrual period; interest is paid on its end."""

    start: date
    end: date
    fraction: float
    """Length in years by the leg's day count."""


@lru_cache(maxsize=4096)
def periods(start: date, maturity: date, months: int, day_count: str) -> tuple[Period, ...]:
    """
    Accrual periods from *start* to *maturity*, earliest first.

    Dates are counted back from maturity in steps of *months*, each from maturity itself
    so that short months leave no trace; a maturity on the last day of a month has every
    date on the last day of its month. What remains at the front is a short period.
    """
    rolls = roll_dates(start, maturity, months)
    fraction = DAY_COUNT[day_count]
    accruals = (
        Accrual(start=max(start, before), end=end, regular_start=before, months=months)
        for before, end in itertools.pairwise(rolls)
    )
    return tuple(Period(start=a.start, end=a.end, fraction=fraction(a)) for a in accruals)


def roll_dates(start: date, maturity: date, months: int) -> list[date]:
    """Every roll date from the last one on or before *start* up to *maturity*."""
    at_month_end = maturity.day == _last_day(maturity.year, maturity.month)
    dates = [maturity]
    while dates[-1] > start:
        dates.append(add_months(maturity, -months * len(dates), at_month_end=at_month_end))
    return dates[::-1]


def add_months(day: date, months: int, *, at_month_end: bool = False) -> date:
    """The same day so many months on, or the month's last where that is due or all there is."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    last = _last_day(year, month)
    return date(year, month, last if at_month_end else min(day.day, last))


def _last_day(year: int, month: int) -> int:
    return monthrange(year, month)[1]
