"""Words as the page uses them: names of measures and factors, dates, sentences."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

from riskmill.domain import InputRejected, RiskClass, ShockKind, parse_factor
from riskmill.reporting.views.numbers import SPACE, confidence

LEVELS = {
    "firm": "Firm",
    "business_line": "Business line",
    "desk": "Desk",
    "book": "Book",
}
"""Levels of the hierarchy in words."""

MEASURES = {
    "value_at_risk": "VaR",
    "expected_shortfall": "ES",
    "delta": "Delta",
    "vega": "Vega",
    "dv01": "DV01",
    "stress_loss": "Stress loss",
}
"""Measures that a limit can be set on, in words."""

RISK_CLASSES = {
    RiskClass.EQUITY.value: "Equity",
    RiskClass.COMMODITY.value: "Commodity",
    RiskClass.FX.value: "FX",
    RiskClass.RATES.value: "Zero rates",
    RiskClass.VOLATILITY.value: "Implied volatility",
    RiskClass.YIELD.value: "Dividend and convenience yield",
}
"""Risk classes in words."""

SHOCK_KINDS = {
    ShockKind.ABSOLUTE.value: "absolute: level plus shock",
    ShockKind.RELATIVE.value: "relative: level times one plus shock",
    ShockKind.LOG.value: "log: level times exponential of shock",
}
"""Kinds of shock in words."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_ISOLATE, _END = "\u2068", "\u2069"
_NAME_LENGTH = 40


def long_date(day: date) -> str:
    """A date with its weekday, in words that no locale changes."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def instant(text: str) -> str:
    """An ISO instant as `2018-12-31 22:00 UTC`; text that is none stays as it is."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.tzinfo is None:
        return text
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def quantity(number: int, singular: str, plural: str = "") -> str:
    """A count with its noun: `1 row`, `12 rows`."""
    noun = singular if number == 1 else plural or f"{singular}s"
    return f"{number:,}{SPACE}{noun}"


def listed(items: Sequence[str], most: int = 3) -> str:
    """The first items in a row, and how many more there are."""
    if len(items) > most:
        return f"{', '.join(items[:most])} and {len(items) - most:,} more"
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def quoted(name: str) -> str:
    """
    A delivered name as part of a sentence of ours.

    It is shortened, controls and direction overrides are replaced, and it is
    isolated, so that a right-to-left name cannot turn the words around it.
    """
    plain = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", name)
    if len(plain) > _NAME_LENGTH:
        plain = f"{plain[: _NAME_LENGTH - 1]}…"
    return f"{_ISOLATE}{plain}{_END}"


def measure(name: str, level: str) -> str:
    """A measure as a desk calls it, with its confidence where it has one."""
    words = MEASURES.get(name, name.replace("_", " "))
    return f"{words} {confidence(level)}" if level else words


def factor_name(factor_id: str) -> str:
    """A risk factor without its class: `SPX`, `USD 10Y`, `SPX vol 2019-03-15 2500`."""
    try:
        risk_class = parse_factor(factor_id).risk_class
    except InputRejected:
        return factor_id
    _, name, *rest = factor_id.split(":")
    kind = {RiskClass.VOLATILITY: "vol", RiskClass.YIELD: "yield"}.get(risk_class)
    return " ".join([name, *([kind] if kind else []), *rest])
