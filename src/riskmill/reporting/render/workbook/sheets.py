"""A table as a sheet: typed cells under frozen, filtered headers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from xlsxwriter.worksheet import Worksheet

from riskmill.reporting.render.plain_texts import plain
from riskmill.reporting.render.workbook.looks import HAIR, NAVY, SOFT, TINT, Looks
from riskmill.reporting.tables.model import NUMBER, STATE, Cell, Column, Table

HEADER = 3
"""Row of the headers, counted from nought: title, caption and a blank row stand above."""
FIRST = HEADER + 1
FIRST_DAY = date(1900, 3, 1)
"""Excel takes 1900 for a leap year: days before this one stay texts."""
_NARROWEST, _WIDEST = 9, 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """What fits."""

    rows: int
    """Of a sheet, headers included."""
    columns: int
    characters: int
    """Of a cell; one outside the basic plane counts twice."""


EXCEL = Room(rows=1_048_576, columns=16_384, characters=32_767)
"""What a sheet and a cell of an XLSX file can hold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """Where a table stands, and what of it has no room there."""

    table: Table
    sheet: str
    rows: int
    """Rows written."""
    cut: tuple[str, ...]
    """What is left out, a sentence each."""

    def cells(self, column: int) -> list[object]:
        """The cells of a column, as a chart names them."""
        return [self.sheet, FIRST, column, FIRST + self.rows - 1, column]

    def column(self, name: str) -> int:
        """Place of the column called *name*."""
        return [column.name for column in self.table.columns].index(name)


def write_table(sheet: Worksheet, table: Table, looks: Looks, room: Room = EXCEL) -> Written:
    """Write *table* and say what of it has no room on a sheet."""
    columns = table.columns[: room.columns]
    rows = table.rows[: room.rows - FIRST]
    _set_page(sheet, table, looks)
    for place, column in enumerate(columns):
        sheet.write_string(HEADER, place, _heading(column), _heading_look(column, looks))
    cut = list(_too_much(table, len(rows), len(columns), room))
    for number, (row, depth) in enumerate(zip(rows, table.depths, strict=False), start=FIRST):
        for place, (cell, column) in enumerate(zip(row[: len(columns)], columns, strict=True)):
            _write(sheet, number, place, cell, column, depth * (not place), looks)
            if isinstance(cell, str) and _length(cell) > room.characters:
                cut.append(_cut_text(table, number + 1, column, cell, room))
    sheet.autofilter(HEADER, 0, HEADER + len(rows), len(columns) - 1)
    if not rows:
        sheet.write_string(FIRST, 0, fitting(table.empty), looks.of(italic=True, font_color=SOFT))
    _set_widths(sheet, table, len(columns))
    return Written(table=table, sheet=sheet.get_name(), rows=len(rows), cut=tuple(cut))


def fitting(text: str, room: Room = EXCEL) -> str:
    """The text, or as much of it as a cell can hold."""
    clean = plain(text)
    if _length(clean) <= room.characters:
        return clean
    units = clean.encode("utf-16-le")
    return units[: 2 * (room.characters - 1)].decode("utf-16-le", "ignore") + "…"


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut_text(table: Table, row: int, column: Column, text: str, room: Room) -> str:
    return (
        f"{table.title}, row {row:,}, {plain(column.title)[:40]}: a text of {len(text):,} "
        f"characters is cut, a cell ends at {room.characters:,}."
    )


def _write(
    sheet: Worksheet, row: int, place: int, cell: Cell, column: Column, depth: int, looks: Looks
) -> None:
    """Write one cell by its kind."""
    if isinstance(cell, str):
        text = fitting(cell)
        sheet.write_string(row, place, text, _text_look(text, column, depth, looks))
    elif isinstance(cell, date):
        if cell < FIRST_DAY:
            sheet.write_string(row, place, cell.isoformat(), looks.of(align="right"))
        else:
            sheet.write_datetime(row, place, cell, looks.of(num_format="yyyy-mm-dd", align="right"))
    elif cell.value is None:
        sheet.write_string(row, place, cell.text, looks.of(align="right", font_color=SOFT))
    else:
        sheet.write_number(row, place, cell.value, looks.figure(cell))


def _text_look(text: str, column: Column, depth: int, looks: Looks) -> object:
    if column.kind == STATE:
        return looks.state(text)
    return looks.of(indent=min(depth, 15)) if depth else looks.of()


def _heading(column: Column) -> str:
    behind = ", ".join(part for part in (column.unit, column.convention) if part)
    return fitting(f"{column.title}\n{behind}" if behind else column.title)


def _heading_look(column: Column, looks: Looks) -> object:
    return looks.of(
        bold=True,
        text_wrap=True,
        valign="vcenter",
        bg_color=TINT,
        bottom=1,
        bottom_color=HAIR,
        align="right" if column.kind == NUMBER else "left",
    )


def _set_page(sheet: Worksheet, table: Table, looks: Looks) -> None:
    sheet.write_string(0, 0, plain(table.title), looks.of(bold=True, font_size=14, font_color=NAVY))
    sheet.write_string(1, 0, fitting(table.caption), looks.of(font_color=SOFT))
    sheet.set_row(HEADER, 44)
    sheet.freeze_panes(FIRST, 1)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER)
    sheet.set_footer("&L&A&RPage &P of &N")


def _set_widths(sheet: Worksheet, table: Table, columns: int) -> None:
    for place, column in enumerate(table.columns[:columns]):
        shown = [_shown(row[place]) for row in table.rows[:500]]
        widest = max(map(len, [*column.title.split(), column.convention, *shown]), default=0)
        sheet.set_column(place, place, min(max(widest + 3, _NARROWEST), _WIDEST))


def _shown(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    return cell.isoformat() if isinstance(cell, date) else cell.text


def _too_much(table: Table, rows: int, columns: int, room: Room) -> Iterable[str]:
    if len(table.rows) > rows:
        left = len(table.rows) - rows
        yield f"{table.title}: {left:,} rows are left out, a sheet ends at row {room.rows:,}."
    if len(table.columns) > columns:
        left = len(table.columns) - columns
        yield f"{table.title}: {left:,} columns are left out, a sheet has {room.columns:,}."
