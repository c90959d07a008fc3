"""Rules about single cells, and the expressions that give a cell's text a value."""

from collections.abc import Iterable
from datetime import date

import polars as pl

from riskmill.domain import FailureReason
from riskmill.ingestion.currencies import CURRENCIES
from riskmill.ingestion.lines import SUBSTITUTE
from riskmill.ingestion.rules import Rule

ALWAYS = pl.lit(value=True)
"""The condition of a rule that holds for every row."""
LONGEST_NAME = 64
LONGEST_TEXT = 500
FIRST_DATE, LAST_DATE = date(1900, 1, 1), date(2199, 12, 31)
"""Dates outside are typing errors."""
NAME = r"^[A-Za-z0-9._\-]+$"
"""A name that can stand inside a risk factor id."""
_SHEET_ERRORS = (
    "#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
    "#GETTING_DATA", "#NOT-CALCULATED",
)  # fmt: skip
_UNSEEN = r"\x{200b}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2060}-\x{2069}\x{feff}"
"""Line ends, blanks without width and marks of direction: two names would look the same."""
_CONTROLS = r"[\x00-\x19\x1b-\x1f\x7f-\x{9f}" + _UNSEEN + "]"
_CONTROLS_IN_TEXT = r"[\x00-\x08\x0b\x0c\x0e-\x19\x1b-\x1f\x7f-\x{9f}]"
_ISO_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_INSTANT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?Z$"


def filled(column: str) -> pl.Expr:
    """Whether the cell holds anything."""
    return pl.col(column) != ""


def number(column: str, when: pl.Expr = ALWAYS) -> pl.Expr:
    """The cell as the nearest double, where *when* holds and it is a number; named `_value`."""
    wanted = pl.when(when).then(pl.col(column))
    return wanted.cast(pl.Float64, strict=False).alias(value_of(column))


def day(column: str, when: pl.Expr = ALWAYS) -> pl.Expr:
    """The cell as a date, where *when* holds and it is one; named `_day`."""
    wanted = pl.when(when & pl.col(column).str.contains(_ISO_DATE)).then(pl.col(column))
    parsed = wanted.str.to_date("%Y-%m-%d", strict=False)
    inside = parsed.is_between(FIRST_DATE, LAST_DATE)
    return pl.when(inside).then(parsed).alias(day_of(column))


def value_of(column: str) -> str:
    """Name of the column that `number` gives."""
    return f"{column}_value"


def day_of(column: str) -> str:
    """Name of the column that `day` gives."""
    return f"{column}_day"


def required(column: str, when: pl.Expr = ALWAYS, because: str = "") -> Rule:
    """The cell may not be empty."""
    return Rule(
        code="E106",
        reason=FailureReason.MISSING_VALUE,
        column=column,
        broken=when & ~filled(column),
        says=f"Column '{column}' is empty{because}.",
    )


def numeric(column: str, when: pl.Expr = ALWAYS) -> tuple[Rule, ...]:
    """The cell, if filled, is a finite decimal number; needs the column of `number`."""
    value = pl.col(value_of(column))
    return (
        Rule(
            code="E107",
            reason=FailureReason.INVALID_VALUE,
            column=column,
            broken=when & filled(column) & value.is_null(),
            says=f"Column '{column}' holds '{{value}}', which is not a number such as -1234.5 or "
            "1e6, without blanks or thousands separators.",
        ),
        Rule(
            code="E108",
            reason=FailureReason.INVALID_VALUE,
            column=column,
            broken=~value.is_finite(),
            says=f"Column '{column}' holds '{{value}}', which is not a finite number.",
        ),
    )


def positive(column: str, when: pl.Expr = ALWAYS) -> Rule:
    """The number is above zero."""
    return Rule(
        code="E109",
        reason=FailureReason.INVALID_VALUE,
        column=column,
        broken=when & (pl.col(value_of(column)) <= 0.0),
        says=f"Column '{column}' holds '{{value}}', which must be above zero.",
    )


def dated(column: str, when: pl.Expr = ALWAYS) -> Rule:
    """The cell, if filled, is an ISO date; needs the column of `day`."""
    return Rule(
        code="E112",
        reason=FailureReason.INVALID_VALUE,
        column=column,
        broken=when & filled(column) & pl.col(day_of(column)).is_null(),
        says=f"Column '{column}' holds '{{value}}', which is not a date between "
        f"{FIRST_DATE.isoformat()} and {LAST_DATE.isoformat()}, written YYYY-MM-DD.",
    )


def not_after(column: str, last: date) -> Rule:
    """The date is not after *last*, the business date; needs the column of `day`."""
    return Rule(
        code="E143",
        reason=FailureReason.INVALID_VALUE,
        column=column,
        broken=pl.col(day_of(column)) > last,
        says=f"Column '{column}' holds '{{value}}', which is after the business date {last}.",
    )


def instant(column: str) -> Rule:
    """The cell, if filled, is a UTC instant."""
    real_day = pl.col(column).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    return Rule(
        code="E127",
        reason=FailureReason.INVALID_VALUE,
        column=column,
        broken=filled(column) & (~pl.col(column).str.contains(_INSTANT) | real_day.is_null()),
        says=f"Column '{column}' holds '{{value}}', which is not an instant in UTC, written "
        "YYYY-MM-DDTHH:MM:SSZ.",
    )


def choice(column: str, options: Iterable[str], when: pl.Expr = ALWAYS) -> Rule:
    """The cell, if filled, is one of the words."""
    words = list(options)
    return Rule(
        code="E116",
        reason=FailureReason.INVALID_VALUE,
        column=column,
        broken=when & filled(column) & ~pl.col(column).is_in(words),
        says=f"Column '{column}' holds '{{value}}', which is none of {', '.join(words)}.",
        options=tuple(words),
    )


def currency(column: str) -> Rule:
    """The cell, if filled, is a currency."""
    return Rule(
        code="E118",
        reason=FailureReason.INVALID_VALUE,
        column=column,
        broken=filled(column) & ~pl.col(column).is_in(sorted(CURRENCIES)),
        says=f"Column '{column}' holds '{{value}}', which is not a currency code of ISO 4217.",
    )


def identifier(column: str) -> tuple[Rule, ...]:
    """The cell can stand as a name: short enough, no blanks around it."""
    return (
        longest(column, LONGEST_NAME),
        Rule(
            code="E121",
            reason=FailureReason.INVALID_VALUE,
            column=column,
            broken=pl.col(column) != pl.col(column).str.strip_chars(),
            says=f"Column '{column}' holds '{{value}}', which begins or ends with a blank.",
        ),
    )


def longest(column: str, characters: int = LONGEST_TEXT) -> Rule:
    """The cell is at most so many characters long."""
    return Rule(
        code="E120",
        reason=FailureReason.INVALID_VALUE,
        column=column,
        broken=pl.col(column).str.len_chars() > characters,
        says=f"Column '{column}' holds more than {characters} characters: '{{value}}'.",
    )


def readable(column: str, prose: Iterable[str]) -> tuple[Rule, ...]:
    """The cell is UTF-8 without control characters; *prose* columns may hold line ends."""
    controls = _CONTROLS_IN_TEXT if column in prose else _CONTROLS
    return (
        Rule(
            code="E104",
            reason=FailureReason.UNREADABLE,
            column=column,
            broken=pl.col(column).str.contains(SUBSTITUTE, literal=True),
            says=f"Column '{column}' holds bytes that are not UTF-8 text.",
        ),
        Rule(
            code="E105",
            reason=FailureReason.UNREADABLE,
            column=column,
            broken=pl.col(column).str.contains(controls),
            says=f"Column '{column}' holds a control character, such as NUL, tab or line end, or "
            "one that cannot be seen.",
        ),
    )


def calculated(column: str) -> Rule:
    """The cell, if a spreadsheet calculated it, holds a value and no error."""
    return Rule(
        code="E134",
        reason=FailureReason.INVALID_VALUE,
        column=column,
        broken=pl.col(column).is_in(_SHEET_ERRORS),
        says=f"Column '{column}' holds '{{value}}': its formula has an error or was never "
        "calculated.",
    )
