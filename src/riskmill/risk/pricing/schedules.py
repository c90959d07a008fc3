"""Coupon periods: rolled back from maturity, unadjusted, a short first period where needed."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from riskmill.risk.pricing.day_counts import DAY_COUNT, add_months


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """One accrual period; interest is paid on its end."""

    start: date
    end: date
    fraction: float
    """Length in years by the leg's day count."""


def periods(start: date, maturity: date, months: int, day_count: str) -> tuple[Period, ...]:
    """
    Accrual periods from *start* to *maturity*, earliest first.

    Dates are counted back from maturity in steps of *months*, each from maturity itself
    so that short months leave no trace; a maturity on the last day of a month has every
    date on the last day of its month. What remains at the front is a short period.
    """
    dates = roll_dates(start, maturity, months)
    fraction = DAY_COUNT[day_count]
    return tuple(
        Period(start=a, end=b, fraction=fraction(a, b, months))
        for a, b in zip(dates, dates[1:], strict=False)
    )


def roll_dates(start: date, maturity: date, months: int) -> list[date]:
    """The start and every roll date after it, earliest first."""
    month_end = maturity.day == monthrange(maturity.year, maturity.month)[1]
    dates = [maturity]
    while True:
        earlier = add_months(maturity, -months * len(dates))
        if month_end:
            earlier = earlier.replace(day=monthrange(earlier.year, earlier.month)[1])
        if earlier <= start:
            return [start, *reversed(dates)]
        dates.append(earlier)
