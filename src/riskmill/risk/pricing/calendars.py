"""
Business days: holidays by rule, adjustment of dates, counting of days.

Calendars are named, and `US+GB` is closed when either is. Without a name every day is a
business day. Rules hold from 2000 on, exceptional closures included as far as announced.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache

MONDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = 0, 3, 4, 5, 6
ONE_DAY = timedelta(days=1)

ADJUSTMENTS = ("unadjusted", "following", "modified-following", "preceding")


def is_business_day(day: date, calendar: str) -> bool:
    """Whether banks of every centre in *calendar* are open; always, where it is empty."""
    if not calendar:
        return True
    return day.weekday() < SATURDAY and all(
        day not in holidays(name, day.year) for name in calendar.split("+")
    )


def known_calendar(calendar: str) -> bool:
    """Whether every centre in *calendar* has its rules here."""
    return not calendar or all(name in RULES for name in calendar.split("+"))


def adjust(day: date, adjustment: str, calendar: str) -> date:
    """
    *day*, or the business day that *adjustment* puts in its place.

    `modified-following` is the following one, but the preceding one rather than another
    month.
    """
    if adjustment == "unadjusted":
        return day
    if adjustment == "preceding":
        return _next(day, -ONE_DAY, calendar)
    found = _next(day, ONE_DAY, calendar)
    if adjustment == "modified-following" and found.month != day.month:
        return _next(day, -ONE_DAY, calendar)
    return found


def advance(day: date, business_days: int, calendar: str) -> date:
    """The business day so many of them after *day*, or before it where negative."""
    step = ONE_DAY if business_days > 0 else -ONE_DAY
    for _ in range(abs(business_days)):
        day = _next(day + step, step, calendar)
    return day


def _next(day: date, step: timedelta, calendar: str) -> date:
    while not is_business_day(day, calendar):
        day += step
    return day


@lru_cache(maxsize=4096)
def holidays(name: str, year: int) -> frozenset[date]:
    """Days of *year* on which a centre is closed, some weekends among them."""
    return frozenset(RULES[name](year))


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - ((b - (b + 8) // 25 + 1) // 3) + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def weekday_of(year: int, month: int, weekday: int, number: int) -> date:
    """The first, second, ... *weekday* of a month; the last one for the number -1."""
    if number < 0:
        following = date(year + month // 12, month % 12 + 1, 1)
        last = following - ONE_DAY
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _target(year: int) -> list[date]:
    sunday = easter(year)
    days = [
        date(year, 1, 1),
        sunday - 2 * ONE_DAY,
        sunday + ONE_DAY,
        date(year, 5, 1),
        date(year, 12, 25),
        date(year, 12, 26),
    ]
    return [*days, date(2001, 12, 31)] if year == 2001 else days


def _monday_for_sunday(day: date) -> date:
    return day + ONE_DAY if day.weekday() == SUNDAY else day


def _united_states(year: int) -> list[date]:
    """Holidays of the Federal Reserve banks."""
    moved = [(1, 1), (7, 4), (11, 11), (12, 25)] + ([(6, 19)] if year >= 2022 else [])
    return [
        *(_monday_for_sunday(date(year, month, day)) for month, day in moved),
        weekday_of(year, 1, MONDAY, 3),
        weekday_of(year, 2, MONDAY, 3),
        weekday_of(year, 5, MONDAY, -1),
        weekday_of(year, 9, MONDAY, 1),
        weekday_of(year, 10, MONDAY, 2),
        weekday_of(year, 11, THURSDAY, 4),
    ]


_BRITISH_SPRING: Mapping[int, tuple[tuple[int, int], ...]] = {
    2002: ((6, 3), (6, 4)),
    2012: ((6, 4), (6, 5)),
    2022: ((6, 2), (6, 3)),
}
_BRITISH_ONCE: Mapping[int, tuple[int, int]] = {2011: (4, 29), 2022: (9, 19), 2023: (5, 8)}


def _great_britain(year: int) -> list[date]:
    """Bank holidays of England and Wales."""
    sunday = easter(year)
    new_year = date(year, 1, 1)
    if new_year.weekday() >= SATURDAY:
        new_year += timedelta(days=7 - new_year.weekday())
    spring = [date(year, *day) for day in _BRITISH_SPRING.get(year, ())]
    return [
        new_year,
        sunday - 2 * ONE_DAY,
        sunday + ONE_DAY,
        date(2020, 5, 8) if year == 2020 else weekday_of(year, 5, MONDAY, 1),
        *(spring or [weekday_of(year, 5, MONDAY, -1)]),
        weekday_of(year, 8, MONDAY, -1),
        *_christmas(year),
        *([date(year, *_BRITISH_ONCE[year])] if year in _BRITISH_ONCE else []),
    ]


def _christmas(year: int) -> list[date]:
    """Christmas and Boxing Day, those of a weekend given after it."""
    both = [date(year, 12, 25), date(year, 12, 26)]
    return both + [day + 2 * ONE_DAY for day in both if day.weekday() >= SATURDAY]


_JAPANESE_ONCE: Mapping[int, tuple[tuple[int, int], ...]] = {
    2019: ((4, 30), (5, 1), (5, 2), (10, 22)),
    2020: ((7, 23), (7, 24), (8, 10)),
    2021: ((7, 22), (7, 23), (8, 9)),
}


def _japan(year: int) -> list[date]:
    """National holidays and the banks' days of the turn of the year."""
    fixed = [(1, 1), (2, 11), (4, 29), (5, 3), (5, 4), (5, 5), (11, 3), (11, 23)]
    fixed += [(12, 23)] if year <= 2018 else []
    fixed += [(2, 23)] if year >= 2020 else []
    games = year in (2020, 2021)
    fixed += [(8, 11)] if year >= 2016 and not games else []
    fixed += [(7, 20), (9, 15)] if year < 2003 else []
    days = {date(year, *day) for day in [*fixed, *_JAPANESE_ONCE.get(year, ())]}
    days |= {_equinox(year, 3, 20.8431), _equinox(year, 9, 23.2488)}
    days.add(weekday_of(year, 1, MONDAY, 2))
    if not games:
        days.add(weekday_of(year, 10, MONDAY, 2))
    if year >= 2003:
        days.add(weekday_of(year, 9, MONDAY, 3))
        days |= set() if games else {weekday_of(year, 7, MONDAY, 3)}
    days |= {_substitute(day, days) for day in days if day.weekday() == SUNDAY}
    days |= {day + ONE_DAY for day in days if day + 2 * ONE_DAY in days and year >= 2003}
    return [*days, date(year, 1, 2), date(year, 1, 3), date(year, 12, 31)]


def _equinox(year: int, month: int, start: float) -> date:
    """Day of an equinox, by the approximation that holds from 1980 to 2099."""
    return date(year, month, int(start + 0.242194 * (year - 1980) - (year - 1980) // 4))


def _substitute(sunday: date, days: set[date]) -> date:
    day = sunday
    while day in days:
        day += ONE_DAY
    return day


RULES: Mapping[str, Callable[[int], list[date]]] = {
    "TARGET": _target,
    "US": _united_states,
    "GB": _great_britain,
    "JP": _japan,
}
"""Calendars by name: the euro area's payment system, and bank holidays of three countries."""
