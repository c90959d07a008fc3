"""A row of the positions file, and the words that its cells are written in."""

from collections.abc import Mapping
from datetime import date

COLUMNS = (
    "position_id", "book", "instrument", "quantity", "currency", "notional", "underlying",
    "option_type", "strike", "expiry", "price", "multiplier", "rate", "start", "maturity",
    "fixed_frequency_months", "fixed_day_count", "float_frequency_months", "float_day_count",
    "current_fixing",
)  # fmt: skip

Row = Mapping[str, str]
"""Column to cell text; a column left out is an empty cell."""


def row(**cells: str | int | float | date) -> Row:
    """A row of the given cells, numbers in their shortest exact form."""
    return {column: _text(cell) for column, cell in cells.items()}


def amount(value: float) -> str:
    """A notional: its magnitude to the cent."""
    return f"{abs(value):.2f}"


def lots(value: float, lot: float) -> float:
    """The nearest whole number of lots, but never none."""
    count = round(value / lot)
    return (count or (1 if value >= 0.0 else -1)) * lot


def _text(cell: str | int | float | date) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(round(cell, 10))
    return str(cell)
