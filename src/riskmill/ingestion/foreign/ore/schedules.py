"""Dates of a leg's periods and of the fixings of its floating rate, without holidays."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta

LONGEST_GAP = timedelta(days=5)
"""How long before its due date a rate may have been published: a weekend between holidays."""
SATURDAY = 5

Fixings = Mapping[tuple[str, date], str]
"""Published rate, as text, by index and date."""


def months_on(day: date, months: int) -> date:
    """The same day so many months on; the month's last where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def last_roll(start: date, maturity: date, months: int, when: date) -> date:
    """Start of the period that holds *when*, counted back from *maturity*; *start* at the least."""
    steps = 0
    while months_on(maturity, -months * steps) > max(when, start):
        steps += 1
    return max(start, months_on(maturity, -months * steps))


def has_whole_periods(start: date, maturity: date, months: int) -> bool:
    """Whether no period between the dates is a short one; so it is where they are in no order."""
    span = (maturity.year - start.year) * 12 + maturity.month - start.month
    if span % months or start >= maturity:
        return start >= maturity
    return months_on(start, span) == maturity or months_on(maturity, -span) == start


def running_fixing(
    fixings: Fixings,
    index: str,
    fixing_days: int,
    *,
    start: date,
    maturity: date,
    months: int,
    today: date,
) -> str:
    """
    Rate of the period that holds *today*, or an empty text where it was not published.

    It is due *fixing_days* weekdays before the period; where that was a holiday, the last
    one before it counts, up to five days back.
    """
    if not start < today < maturity:
        return ""
    due = last_roll(start, maturity, months, today)
    for _ in range(fixing_days):
        due = _weekday_before(due)
    days = (due - timedelta(days=back) for back in range(LONGEST_GAP.days + 1))
    return next((fixings[index, day] for day in days if (index, day) in fixings), "")


def _weekday_before(day: date) -> date:
    before = day - timedelta(days=1)
    while before.weekday() >= SATURDAY:
        before -= timedelta(days=1)
    return before
