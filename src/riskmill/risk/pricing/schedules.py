"""Coupon periods: regular ones, a stub at either end, moved to business days where asked."""

import itertools
from bisect import bisect_right
from calendar import isleap
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from riskmill.risk.pricing.calendars import adjust, advance
from riskmill.risk.pricing.day_counts import DAY_COUNT, Accrual, DayCount

LAST_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Of the months of a year that is no leap year."""


class Period(NamedTuple):
    """One accrual period."""

    start: date
    end: date
    pays: date
    """Date on which its interest is paid."""
    fraction: float
    """Length in years by the leg's day count."""


class Rules(NamedTuple):
    """How the dates of a leg follow from its start and maturity."""

    stub: str = "short-first"
    """Where what is left over of the whole periods goes, as a short or in a long one."""
    month_end: bool = True
    """Whether dates counted from the last day of a month are last days."""
    calendar: str = ""
    """Centres whose business days count (`calendars`); every day where empty."""
    adjustment: str = "unadjusted"
    """What moves period ends to business days; with `pay-` before it, payments only."""
    payment_lag: int = 0
    """Business days from the end of a period to its payment."""


PLAIN = Rules()
PAYMENTS_ONLY = "pay-"
"""Beginning of an adjustment that leaves accruals alone."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Schedule:
    """Periods of a leg, arranged for being asked what is left; each is equal to itself alone."""

    periods: tuple[Period, ...]
    pays: tuple[date, ...]
    """When each pays, ascending."""
    at_end: bool
    """Whether every period pays on its own end."""

    def after(self, day: date) -> tuple[Period, ...]:
        """Periods that pay after *day*."""
        return self.periods[bisect_right(self.pays, day) :]

    def between(self, day: date, last: date) -> tuple[Period, ...]:
        """Periods that pay after *day*, up to *last*."""
        return self.periods[bisect_right(self.pays, day) : bisect_right(self.pays, last)]


def schedule_of(found: tuple[Period, ...]) -> Schedule:
    """Arrange *found*, earliest first."""
    return Schedule(
        periods=found,
        pays=tuple(period.pays for period in found),
        at_end=all(period.pays == period.end for period in found),
    )


def periods(
    start: date, maturity: date, months: int, day_count: str, rules: Rules = PLAIN
) -> tuple[Period, ...]:
    """
    Accrual periods from *start* to *maturity*, earliest first.

    Dates are counted from maturity, or from the start for a stub at the end, in steps of
    *months*, each from there itself so that short months leave no trace; where it is the
    last day of a month, so is every date unless the rules say otherwise.
    """
    moved = rules.adjustment.removeprefix(PAYMENTS_ONLY)
    accrued = moved if moved == rules.adjustment else "unadjusted"
    fraction = DAY_COUNT[day_count]
    pieces = _pieces(start, maturity, months, rules)
    if not rules.calendar and not rules.payment_lag:
        return tuple(_unmoved(start, maturity, months, whole, fraction) for whole in pieces)

    def period(pieces: tuple[date, ...]) -> Period:
        whole = tuple(adjust(day, accrued, rules.calendar) for day in pieces)
        first = adjust(max(start, pieces[0]), accrued, rules.calendar)
        last = adjust(min(maturity, pieces[-1]), accrued, rules.calendar)
        accrual = Accrual(
            start=first, end=last, regular=whole, months=months, last=pieces[-1] >= maturity
        )
        pays = adjust(last, moved, rules.calendar)
        return Period(
            start=first,
            end=last,
            pays=advance(pays, rules.payment_lag, rules.calendar),
            fraction=fraction(accrual),
        )

    return tuple(map(period, pieces))


def _unmoved(
    start: date, maturity: date, months: int, whole: tuple[date, ...], fraction: DayCount
) -> Period:
    """A period where every day is a business day."""
    first, last = max(start, whole[0]), min(maturity, whole[-1])
    accrual = Accrual(first, last, whole, months, whole[-1] >= maturity)
    return Period(first, last, last, fraction(accrual))


def _pieces(start: date, maturity: date, months: int, rules: Rules) -> list[tuple[date, ...]]:
    """For each accrual period the ends of the regular periods that it lies in."""
    stub = rules.stub
    rolls = roll_dates(
        start, maturity, months, from_start=stub.endswith("last"), month_end=rules.month_end
    )
    pieces = list(itertools.pairwise(rolls))
    found: list[tuple[date, ...]] = list(pieces)
    if len(pieces) > 1 and stub == "long-first" and rolls[0] < start:
        found[:2] = [(rolls[0], rolls[1], rolls[2])]
    if len(pieces) > 1 and stub == "long-last" and rolls[-1] > maturity:
        found[-2:] = [(rolls[-3], rolls[-2], rolls[-1])]
    return found


def roll_dates(
    start: date, maturity: date, months: int, *, from_start: bool = False, month_end: bool = True
) -> list[date]:
    """
    Ends of regular periods that cover the time from *start* to *maturity*.

    Either the last of them is the maturity, or the first is the start.
    """
    anchor = start if from_start else maturity
    at_month_end = month_end and anchor.day == _last_day(anchor.year, anchor.month)
    dates = [anchor]
    step = months if from_start else -months
    while dates[-1] < maturity if from_start else dates[-1] > start:
        dates.append(add_months(anchor, step * len(dates), at_month_end=at_month_end))
    return dates if from_start else dates[::-1]


def add_months(day: date, months: int, *, at_month_end: bool = False) -> date:
    """The same day so many months on, or the month's last where that is due or all there is."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    last = _last_day(year, month)
    return date(year, month, last if at_month_end else min(day.day, last))


def _last_day(year: int, month: int) -> int:
    return 29 if month == 2 and isleap(year) else LAST_DAYS[month - 1]
