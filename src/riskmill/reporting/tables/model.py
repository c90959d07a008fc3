"""A table of the report, and how one is declared over the report's model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from riskmill.reporting.report import Report
from riskmill.reporting.views.numbers import Number

Cell = str | date | Number
"""A text, a day, or a figure with its printed text; no figure has a value of none."""

TEXT, PROSE, DAY, NUMBER, STATE = "text", "prose", "day", "number", "state"
LOSSES, GAINS = "losses positive", "gains positive"
ALL = 1_000_000
"""More rows than any table has."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column, the same in every format."""

    name: str
    """For programs: lower case, words joined by underscores; unique in its table."""
    title: str
    """For people."""
    kind: str = TEXT
    """`text` (a name), `prose`, `day` (a date where the label is one), `number` or `state`."""
    unit: str = ""
    """Currency code, `count`, `%`, `x`, ...; empty for texts and where a column names it by row."""
    convention: str = ""
    """Which sign is a loss; empty where a figure has no side."""

    @property
    def heading(self) -> str:
        """Name and unit, as the header of a CSV file has it: `value_at_risk_99 [USD]`."""
        return f"{self.name} [{self.unit}]" if self.unit else self.name


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """One table of the report, whole; a format adds looks and never a figure."""

    name: str
    """Name of its file and sheet; unique in the report."""
    section: str
    """Section of the report that it belongs to."""
    title: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    """One cell a column."""
    depths: tuple[int, ...]
    """How far each row stands below the top of a tree; nought everywhere in a flat table."""
    empty: str
    """What to say instead of rows; empty where there are some."""
    printed: int
    """Rows that a page shows at most; files hold them all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A column, and where its cell is found in a row of the view."""

    column: Column
    of: Callable[[Any], Cell]


def _nothing(report: Report) -> str:
    return ""


def _flat(row: Any) -> int:
    return 0


@dataclass(frozen=True, kw_only=True, slots=True)
class TableSpec:
    """How a table is read off the report: an entry of `TABLES`."""

    name: str
    section: str
    title: str
    rows: Callable[[Report], Sequence[Any]]
    fields: Callable[[Report], Sequence[Field]]
    caption: Callable[[Report], str] = _nothing
    empty: Callable[[Report], str] = _nothing
    depth: Callable[[Any], int] = _flat
    printed: int = ALL

    def table(self, report: Report) -> Table:
        """Read the table off *report*."""
        rows, fields = tuple(self.rows(report)), tuple(self.fields(report))
        return Table(
            name=self.name,
            section=self.section,
            title=self.title,
            caption=self.caption(report),
            columns=tuple(field.column for field in fields),
            rows=tuple(tuple(field.of(row) for field in fields) for row in rows),
            depths=tuple(self.depth(row) for row in rows),
            empty="" if rows else self.empty(report) or "Nothing to show in this run.",
            printed=self.printed,
        )


def text(name: str, title: str, of: str = "", *, kind: str = TEXT) -> Field:
    """Declare a column of texts; *of* is the attribute of the row, *name* unless given."""
    return Field(column=Column(name=name, title=title, kind=kind), of=attrgetter(of or name))


def day(name: str, title: str, of: str = "") -> Field:
    """Declare a column of dates; a label that is no date stays a text."""
    get = attrgetter(of or name)
    return Field(column=Column(name=name, title=title, kind=DAY), of=lambda row: as_day(get(row)))


def number(name: str, title: str, unit: str, convention: str = "", of: str = "") -> Field:
    """Declare a column of figures in *unit*."""
    column = Column(name=name, title=title, kind=NUMBER, unit=unit, convention=convention)
    return Field(column=column, of=attrgetter(of or name))


def nth(field: Field, place: int) -> Field:
    """A column for one entry of the tuple that *field* finds."""
    return Field(column=field.column, of=lambda row: _entry(field.of(row), place))


def _entry(cells: Any, place: int) -> Cell:
    found: Cell = cells[place]
    return found


def as_day(label: str) -> Cell:
    """A label as the date that it spells, or as it is."""
    try:
        return date.fromisoformat(label) if len(label) == 10 else label
    except ValueError:
        return label


def slug(words: str) -> str:
    """Words as part of a column's name: `99.5 %` gives `99_5`, `FX delta` gives `fx_delta`."""
    plain = "".join(char if char.isalnum() else " " for char in words.casefold())
    return "_".join(plain.split()) or "unnamed"
