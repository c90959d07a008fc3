"""Legs of swaps and bonds: a constant notional on a regular schedule."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from riskmill.ingestion.foreign.ore.reading import Section
from riskmill.ingestion.foreign.ore.schedules import has_whole_periods

DAY_COUNTS: Mapping[str, str] = {
    "a360": "act/360",
    "act/360": "act/360",
    "actual/360": "act/360",
    "a365": "act/365",
    "a365f": "act/365",
    "act/365": "act/365",
    "act/365.fixed": "act/365",
    "actual/365 (fixed)": "act/365",
    "t360": "30/360",
    "30/360": "30/360",
    "30/360 (bond basis)": "30/360",
    "actactisma": "act/act-icma",
    "actacticma": "act/act-icma",
    "act/act.isma": "act/act-icma",
    "act/act.icma": "act/act-icma",
    "actual/actual (isma)": "act/act-icma",
    "actual/actual (icma)": "act/act-icma",
}
"""ORE's names of day counts, in small letters, and riskmill's."""
MONTHS: Mapping[str, str] = {
    "1m": "1",
    "3m": "3",
    "6m": "6",
    "12m": "12",
    "1y": "12",
    "0.25y": "3",
    "quarterly": "3",
    "semiannual": "6",
    "annual": "12",
}
LEG_TYPES: Mapping[str, str] = {"fixed": "fixed", "floating": "floating"}
UNADJUSTED = frozenset({"", "u", "unadjusted", "indif", "none"})
_INDEX = re.compile(r"(?P<currency>[A-Z]{3})-[A-Z0-9]+-(?P<tenor>\d+[MY])")
_EXCHANGES = (
    "NotionalInitialExchange",
    "NotionalFinalExchange",
    "NotionalAmortizingExchange",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Leg:
    """A leg that riskmill can price, as far as the trade was not rejected."""

    kind: str
    """`fixed` or `floating`."""
    pays: bool
    currency: str
    notional: Decimal
    day_count: str
    start: date
    maturity: date
    months: str
    """Months between payments."""
    rate: Decimal = Decimal(0)
    """Fixed rate a year, decimal; fixed legs only."""
    index: str = ""
    """Name of the floating rate; floating legs only."""
    fixing_days: int = 0
    """Business days from fixing to start of a period; floating legs only."""


def read_leg(section: Section) -> Leg:
    """Read a leg of a swap or bond; what riskmill does not price of it is noted in its trade."""
    kind = section.choice("LegType", LEG_TYPES, "a leg of type")
    months, start, maturity = _schedule(section.part("ScheduleData"))
    rate, index, fixing_days = Decimal(0), "", 0
    currency = section.text("Currency")
    if kind == "fixed":
        rate = section.part("FixedLegData").part("Rates").number("Rate")
    elif kind == "floating":
        index, fixing_days = _floating(section.part("FloatingLegData"), currency, months)
    _adjusted(section, ("PaymentConvention",))
    section.pass_over("PaymentCalendar")
    if section.number("PaymentLag", "0") != 0:
        section.refuse("PaymentLag", "a lag between the end of a period and its payment")
    return Leg(
        kind=kind,
        pays=section.flag("Payer"),
        currency=currency,
        notional=section.part("Notionals").amount("Notional"),
        day_count=section.choice("DayCounter", DAY_COUNTS, "the day count"),
        start=start,
        maturity=maturity,
        months=months,
        rate=rate,
        index=index,
        fixing_days=fixing_days,
    )


def refuse_exchanges(section: Section) -> None:
    """Refuse a leg of a swap at whose ends notionals change hands."""
    for notionals in section.parts("Notionals"):
        for exchanges in notionals.parts("Exchanges"):
            exchanges.must_not(_EXCHANGES, "an exchange of notionals")


def _schedule(section: Section) -> tuple[str, date, date]:
    if section.parts("Dates"):
        section.refuse("Dates", "a schedule of single dates")
        section.pass_over("Dates", "Rules")
        return "12", date(2000, 1, 1), date(2001, 1, 1)
    rules = section.part("Rules")
    start, maturity = rules.day("StartDate"), rules.day("EndDate")
    months = rules.choice("Tenor", MONTHS, "the payment period") or "12"
    for tag in ("FirstDate", "LastDate"):
        if value := rules.optional(tag):
            rules.refuse(tag, "a stub that is set by hand", value)
    rule = rules.optional("Rule")
    if rule.lower() not in ("", "backward", "forward"):
        rules.refuse("Rule", f"the schedule rule '{rule[:60]}'", rule)
    if rule.lower() != "backward" and not has_whole_periods(start, maturity, int(months)):
        rules.refuse("Rule", "a short period at its end", rule)
    _adjusted(rules, ("Convention", "TermConvention"))
    rules.flag("EndOfMonth")
    rules.pass_over("Calendar")
    return months, start, maturity


def _adjusted(section: Section, tags: tuple[str, ...]) -> None:
    for tag in tags:
        value = section.optional(tag)
        if value.lower() not in UNADJUSTED:
            section.trade.warn(
                "its dates are not moved to business days",
                section.place(tag),
                value,
            )


def _floating(section: Section, currency: str, months: str) -> tuple[str, int]:
    index = section.text("Index")
    named = _INDEX.fullmatch(index)
    if index and not named:
        section.refuse("Index", f"the index '{index[:60]}'", index)
    if named and named["currency"] != currency:
        section.refuse("Index", f"an index in another currency, '{index}',", index)
    if named and MONTHS.get(named["tenor"].lower()) != months:
        section.refuse("Index", f"a payment period other than that of its index '{index}'", index)
    for tag, inner, ordinary in (("Spreads", "Spread", 0), ("Gearings", "Gearing", 1)):
        for part in section.parts(tag):
            if part.number(inner, str(ordinary)) != ordinary:
                section.refuse(tag, f"a {inner.lower()} on its floating rate")
    section.must_not(("IsInArrears",), "a rate that is fixed in arrears")
    section.must_not(("IsAveraged",), "an averaged rate")
    days = section.number("FixingDays", "2")
    if days != int(days) or not 0 <= days <= 10:
        section.refuse("FixingDays", f"{days} fixing days")
        return index, 0
    return index, int(days)
