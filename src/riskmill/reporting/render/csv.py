"""Every table as a CSV file, for programs and for those who ask a program to read it."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date

from riskmill.domain import guarded
from riskmill.reporting.tables.model import Cell, Table


def render_csv(tables: Iterable[Table]) -> Mapping[str, bytes]:
    """
    Write each table whole, by the name of its file, such as `limits.csv`.

    RFC 4180 in UTF-8: comma, CRLF, quotes where they are needed. The header names each column
    with its unit. Figures have full precision and no separators, dates are ISO, what is
    missing is empty. A text that a spreadsheet would calculate has an apostrophe before it.
    """
    return {f"{table.name}.csv": _file(table) for table in tables}


def _file(table: Table) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.heading for column in table.columns])
    writer.writerows([_raw(cell) for cell in row] for row in table.rows)
    return text.getvalue().encode("utf-8", "replace")


def _raw(cell: Cell) -> str:
    if isinstance(cell, str):
        return guarded(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell.value is None else _shortest(cell.value)


def _shortest(value: float) -> str:
    """Fewest digits that read back as the same number; whole numbers without a point."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
