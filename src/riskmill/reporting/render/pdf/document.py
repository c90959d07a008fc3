"""What the typesetter is given: plain data, every text ready to print."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

from riskmill.reporting.render.pdf.printable import NAME_LENGTH, TEXT_LENGTH, printable
from riskmill.reporting.report import Report
from riskmill.reporting.tables.catalogue import SUMMARY, excerpt, tables_of, title_of
from riskmill.reporting.tables.changes import change_tables
from riskmill.reporting.tables.model import NUMBER, PROSE, STATE, Cell, Column, Table

_ROOM = 770.0
"""Points across a page."""
_CHARACTER, _MARGINS = 3.7, 8.0
"""Points that a character of a table takes, and those between two columns."""
_LONG = 30
"""Characters from which a column of texts takes several lines."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedColumn:
    """A heading and how its column is set."""

    title: str
    below: tuple[str, ...]
    """Unit and convention, a line each."""
    right: bool
    share: int
    """Part of the spare width that it takes; nought for as wide as its longest cell."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedCell:
    """A text and its tone: `loss`, `breach`, `warning` or none."""

    text: str
    tone: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedTable:
    """A table that fits across the page."""

    title: str
    caption: str
    columns: tuple[PrintedColumn, ...]
    rows: tuple[tuple[PrintedCell, ...], ...]
    depths: tuple[int, ...]
    empty: str
    more: str
    """What is said of rows that are not printed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedChart:
    """A picture by the name of its file."""

    file: str
    title: str
    alternative: str
    width: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedSection:
    """A section in page order."""

    name: str
    title: str
    sentences: tuple[str, ...]
    charts: tuple[PrintedChart, ...]
    tables: tuple[PrintedTable, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedVerdict:
    """A sentence with the word and the tone before it."""

    tone: str
    word: str
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedFigure:
    """One of the six."""

    label: str
    text: str
    unit: str
    exact: str
    note: str
    tone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedLogo:
    """A firm's own mark."""

    data: tuple[int, ...]
    """Its bytes: a file of the typesetter's in memory can only be text."""
    alternative: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """The whole report as `report.json` of the typesetter's template."""

    title: str
    firm: str
    date: str
    signature: str
    status: str
    complete: bool
    run_id: str
    facts: tuple[str, ...]
    verdicts: tuple[PrintedVerdict, ...]
    figures: tuple[PrintedFigure, ...]
    remarks: tuple[str, ...]
    sections: tuple[PrintedSection, ...]
    logo: PrintedLogo | None


def document_of(
    report: Report,
    sections: Sequence[str],
    charts: Mapping[str, tuple[PrintedChart, ...]],
    logo: PrintedLogo | None,
) -> Document:
    """Lay out *sections* of the report; *charts* are those of each section."""
    strip = report.strip
    tables = _tables(report, sections)
    return Document(
        title=printable(f"Market risk {strip.business_date}, {strip.firm}", NAME_LENGTH * 2),
        firm=_name(strip.firm),
        date=printable(strip.date_text),
        signature=printable(strip.signature),
        status=printable(strip.status_text),
        complete=strip.status == "complete",
        run_id=_name(strip.run_id),
        facts=(
            printable(f"{strip.snapshot} snapshot, inputs frozen {strip.as_of}"),
            printable(f"Amounts in {strip.currency}"),
            printable(f"Batch {strip.batch_id}, code {strip.code_version}"),
            *filter(None, [excerpt(sections)]),
        ),
        verdicts=tuple(
            PrintedVerdict(tone=one.tone, word=one.word, sentence=printable(one.sentence))
            for one in (strip.limits, strip.data, *strip.delivery)
        ),
        figures=_figures(report),
        remarks=(printable(report.headline.conventions), printable(strip.method)),
        sections=tuple(
            PrintedSection(
                name=name,
                title=title_of(name),
                sentences=tuple(printable(s) for s in _sentences(report, name) if s),
                charts=charts.get(name, ()),
                tables=_printed([table for table in tables if table.section == name], name),
            )
            for name in sections
            if name != SUMMARY
        ),
        logo=logo,
    )


def _tables(report: Report, sections: Sequence[str]) -> list[Table]:
    """The report's tables, those of changes as wide as the page shows them."""
    tables = tables_of(report, tuple(sections))
    wide = change_tables(report)
    return [
        one for table in tables for one in (wide if table.name == "changes" and wide else (table,))
    ]


def _figures(report: Report) -> tuple[PrintedFigure, ...]:
    return tuple(
        PrintedFigure(
            label=printable(item.label),
            text=printable(item.figure.text),
            unit=""
            if item.figure.value is None or item.figure.unit == "count"
            else item.figure.unit,
            exact=printable(item.exact),
            note=printable(item.note),
            tone=item.tone,
        )
        for item in report.headline.figures
    )


SENTENCES: Mapping[str, Callable[[Report], Sequence[str]]] = {
    "pnl": lambda report: report.pnl.remarks,
    "stressed": lambda report: (report.stressed.period, report.stressed.reverse),
    "quality": lambda report: (
        report.quality.rejected_text,
        report.quality.unpriced_text,
        f"Warnings: {report.quality.warnings_text}",
        f"Rejected rows are kept in {report.quality.quarantine}."
        if report.quality.quarantine
        else "",
    ),
    "day_on_day": lambda report: (
        report.day_on_day.answer,
        report.day_on_day.against,
        *report.day_on_day.remarks,
    ),
    "history": lambda report: (report.history.empty or report.history.description,),
    "drilldown": lambda report: (
        report.drilldown.empty
        or "On the page every portfolio opens down to its largest contributors; their prices, "
        "Greeks and factors are in tables/largest_positions.csv and in the workbook.",
    ),
}
"""What a section says before its tables."""


def _sentences(report: Report, section: str) -> Sequence[str]:
    said = SENTENCES.get(section)
    return said(report) if said else ()


def _printed(tables: Sequence[Table], section: str) -> tuple[PrintedTable, ...]:
    """The tables of a section; one sentence where all of them are empty for one reason."""
    reasons = {table.empty for table in tables}
    if len(reasons) == 1 and "" not in reasons:
        tables = tables[:1]
    shown = [table for table in tables if table.printed]
    return tuple(
        part
        for table in shown
        for part in _parts(replace(table, title=_own_title(table, section, len(shown))))
    )


def _own_title(table: Table, section: str, many: int) -> str:
    """Nothing where the section's heading says it."""
    return "" if many == 1 or table.title == title_of(section) else table.title


def _parts(table: Table) -> list[PrintedTable]:
    """The table, or its columns in as many parts as the page needs, the first ones repeated."""
    rows = table.rows[: table.printed]
    hidden = len(table.rows) - len(rows)
    more = f"{hidden:,} more rows are in tables/{table.name}.csv." if hidden else ""
    printed = [
        tuple(_cell(cell, column) for cell, column in zip(row, table.columns, strict=True))
        for row in rows
    ]
    columns = [_column(column, place, printed) for place, column in enumerate(table.columns)]
    return [
        PrintedTable(
            title=table.title if not part else f"{table.title}, continued".removeprefix(", "),
            caption=printable(table.caption) if not part else "",
            columns=tuple(columns[i] for i in chosen),
            rows=tuple(tuple(row[i] for i in chosen) for row in printed),
            depths=table.depths[: len(rows)],
            empty=printable(table.empty),
            more=more,
        )
        for part, chosen in enumerate(_fitting(table, columns, printed))
    ]


def _fitting(
    table: Table, columns: Sequence[PrintedColumn], rows: Sequence[tuple[PrintedCell, ...]]
) -> list[list[int]]:
    """Places of the columns of each part: all where they fit, else the texts before all figures."""
    widths = [_width(column, place, rows) for place, column in enumerate(columns)]
    everywhere = [
        place for place, _ in takewhile(lambda one: one[1].kind != NUMBER, enumerate(table.columns))
    ]
    start = sum(widths[place] for place in everywhere)
    parts: list[list[int]] = [[*everywhere]]
    used = start
    for place in range(len(everywhere), len(columns)):
        if used + widths[place] > _ROOM and len(parts[-1]) > len(everywhere):
            parts.append([*everywhere])
            used = start
        parts[-1].append(place)
        used += widths[place]
    return parts


def _width(column: PrintedColumn, place: int, rows: Sequence[tuple[PrintedCell, ...]]) -> float:
    words = [*column.title.split(), *column.below]
    widest = max([len(word) for word in words] + [len(row[place].text) for row in rows], default=0)
    return min(widest, _LONG) * _CHARACTER + _MARGINS


def _column(column: Column, place: int, rows: Sequence[tuple[PrintedCell, ...]]) -> PrintedColumn:
    longest = max((len(row[place].text) for row in rows), default=0)
    right = column.kind == NUMBER
    return PrintedColumn(
        title=printable(column.title, NAME_LENGTH),
        below=tuple(part for part in (column.unit, column.convention) if part),
        right=right,
        share=0 if right or longest <= _LONG else min(longest, 100),
    )


def _cell(cell: Cell, column: Column) -> PrintedCell:
    if isinstance(cell, date):
        return PrintedCell(text=cell.isoformat())
    if isinstance(cell, str):
        length = TEXT_LENGTH if column.kind == PROSE else NAME_LENGTH
        tone = _STATES.get(cell.partition(",")[0].casefold(), "") if column.kind == STATE else ""
        return PrintedCell(text=printable(cell, length), tone=tone)
    return PrintedCell(text=printable(cell.text), tone="loss" if (cell.value or 0) < 0 else "")


_STATES = {"breach": "breach", "red": "breach", "warning": "warning", "yellow": "warning"}


def _name(text: str) -> str:
    return printable(text, NAME_LENGTH)
