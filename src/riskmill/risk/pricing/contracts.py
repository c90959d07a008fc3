"""Rows of a position table as contracts."""

from collections import namedtuple as make_tuple_class
from dataclasses import MISSING, fields
from datetime import date
from functools import cache
from math import isfinite
from typing import Any, TypeAlias

from riskmill.domain import (
    DATE_COLUMNS,
    INSTRUMENTS,
    TEXT_COLUMNS,
    PositionTable,
)
from riskmill.risk.pricing.faults import ValuationError

_Cell: TypeAlias = str | float | date | None
Terms: TypeAlias = Any
"""Terms of one row: a named tuple with the fields of its instrument's class."""

WHOLE_NUMBERS = (
    "fixed_frequency_months",
    "float_frequency_months",
    "fixings",
    "fixing_lag_days",
    "payment_lag_days",
    "settlement_lag_days",
    "ex_coupon_days",
)
"""Columns that hold whole numbers."""


def contracts(table: PositionTable, start: int, stop: int) -> list[Terms | ValuationError]:
    """
    Terms of rows *start* up to *stop*, all of one instrument, by the names of its class.

    In place of a row that is no contract stands why: E406 for an unknown instrument,
    E407 for a term that is missing.
    """
    name = table.texts["instrument"].text(start)
    kind = INSTRUMENTS.get(name)
    if kind is None:
        return [no_pricer(name) for _ in range(start, stop)]
    names = [term.name for term in fields(kind)]
    columns = [_column(table, term, start, stop) for term in names]
    for at, term in enumerate(fields(kind)):
        if term.default is not MISSING:
            columns[at] = [term.default if cell is None else cell for cell in columns[at]]
    row = _row_of(name)
    if not any(None in column for column in columns):
        return list(map(row._make, zip(*columns, strict=True)))
    return [_complete(names, row._make(cells)) for cells in zip(*columns, strict=True)]


@cache
def _row_of(name: str) -> Terms:
    """A tuple with the names of the instrument's terms: made in a tenth of the time of one."""
    kind = INSTRUMENTS[name]
    return make_tuple_class(kind.__name__, [term.name for term in fields(kind)])


def _column(table: PositionTable, name: str, start: int, stop: int) -> list[_Cell]:
    """Cells of one column, none where empty; of a column that is not there, all are."""
    if not any(name in columns for columns in (table.texts, table.dates, table.numbers)):
        return [None] * (stop - start)
    if name in TEXT_COLUMNS:
        values = (*table.texts[name].values, None)
        return [values[code] for code in table.texts[name].codes[start:stop].tolist()]
    if name in DATE_COLUMNS:
        days: list[_Cell] = table.dates[name][start:stop].astype("datetime64[D]").tolist()
        return days
    numbers = table.numbers[name][start:stop].tolist()
    if name in WHOLE_NUMBERS:
        return [int(number) if isfinite(number) else None for number in numbers]
    return [number if isfinite(number) else None for number in numbers]


def _complete(names: list[str], row: Terms) -> Terms | ValuationError:
    if None not in row:
        return row
    empty = names[row.index(None)]
    return ValuationError(
        "E407",
        f"{empty} is empty",
        remedy=f"Fill {empty} and deliver the position again.",
    )


def no_pricer(name: str) -> ValuationError:
    """Say that nothing values the instrument *name*."""
    return ValuationError(
        "E406",
        f"there is no pricer for the instrument '{name}'",
        datum=name,
        remedy=f"Use one of {', '.join(INSTRUMENTS)}.",
    )
