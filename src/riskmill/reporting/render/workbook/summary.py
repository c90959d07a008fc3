"""The first sheet: which run this is, how it stands, its figures, charts and contents."""

from collections.abc import Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from riskmill.reporting.render.plain_texts import plain
from riskmill.reporting.render.workbook.looks import NAVY, SOFT, TINT, Looks
from riskmill.reporting.render.workbook.sheets import FIRST, HEADER, Written, fitting
from riskmill.reporting.report import Report

NAME = "Summary"
_LABELS, _VALUES, _NOTES = 26, 24, 72
_CHART_HEIGHT, _CHART_WIDTH = 330, 820
_MOST_LIMITS = 40
"""Limits that one chart shows legibly: the first ones, from the firm down."""


def write_summary(
    sheet: Worksheet, report: Report, part: str, written: Sequence[Written], looks: Looks
) -> int:
    """
    Write everything but the charts, and give the first row that is free below it.

    *part* says which sections these are; empty for a whole report.
    """
    strip = report.strip
    sheet.set_column(0, 0, _LABELS)
    sheet.set_column(1, 1, _VALUES)
    sheet.set_column(2, 2, _NOTES)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    title = f"Market risk {strip.date_text}, {strip.firm}"
    sheet.write_string(0, 0, fitting(title), looks.of(bold=True, font_size=16, font_color=NAVY))
    row = _facts(sheet, report, part, looks)
    row = _figures(sheet, report, row + 1, looks)
    row = _contents(sheet, written, row + 1, looks)
    for sentence in (sentence for table in written for sentence in table.cut):
        sheet.write_string(row, 0, fitting(sentence), looks.of(font_color=SOFT))
        row += 1
    return row + 1


def _facts(sheet: Worksheet, report: Report, part: str, looks: Looks) -> int:
    strip = report.strip
    facts = (
        ("Signature", strip.signature), ("Status", strip.status_text), ("Run", strip.run_id),
        ("Batch", strip.batch_id), ("Snapshot", strip.snapshot), ("Inputs frozen", strip.as_of),
        ("Currency", strip.currency), ("Code", strip.code_version), ("Method", strip.method),
        (strip.limits.word, strip.limits.sentence), (strip.data.word, strip.data.sentence),
        *((note.word, note.sentence) for note in strip.delivery),
        *([("Part", part)] if part else []),
    )  # fmt: skip
    for row, (label, text) in enumerate(facts, start=2):
        sheet.write_string(row, 0, plain(label), looks.of(bold=True))
        sheet.write_string(row, 1, fitting(text), looks.of())
    return len(facts) + 2


def _figures(sheet: Worksheet, report: Report, row: int, looks: Looks) -> int:
    _header(sheet, row, ("Figure", "Value", "Against"), looks)
    for item in report.headline.figures:
        row += 1
        unit = "" if item.figure.unit == "count" else f" ({item.figure.unit})"
        sheet.write_string(row, 0, fitting(f"{item.label}{unit}"), looks.of())
        if item.figure.value is None:
            sheet.write_string(row, 1, item.figure.text, looks.of(align="right"))
        else:
            look = looks.of(num_format="#,##0;[Red]\u2212#,##0", align="right", bold=True)
            sheet.write_number(row, 1, item.figure.value, look)
        sheet.write_string(row, 2, fitting(item.note), looks.of())
    sheet.write_string(row + 1, 0, fitting(report.headline.conventions), looks.of(font_color=SOFT))
    return row + 2


def _contents(sheet: Worksheet, written: Sequence[Written], row: int, looks: Looks) -> int:
    _header(sheet, row, ("Sheet", "Rows", "Content"), looks)
    for table in written:
        row += 1
        place = f"internal:'{table.sheet}'!A1"
        sheet.write_url(row, 0, place, looks.of(font_color="#1B5793", underline=1), table.sheet)
        sheet.write_number(row, 1, table.rows, looks.of(num_format="#,##0", align="right"))
        said = table.table.empty or table.table.caption or table.table.title
        sheet.write_string(row, 2, fitting(said), looks.of())
    sheet.autofilter(row - len(written), 0, row, 2)
    return row + 1


def _header(sheet: Worksheet, row: int, titles: Sequence[str], looks: Looks) -> None:
    for place, title in enumerate(titles):
        side = "right" if place == 1 else "left"
        sheet.write_string(row, place, title, looks.of(bold=True, bg_color=TINT, align=side))


def add_charts(
    book: Workbook, sheet: Worksheet, report: Report, written: Sequence[Written], row: int
) -> None:
    """Put native charts of the P&L vector and of the limits below the summary."""
    tables = {table.table.name: table for table in written if table.rows}
    if "pnl_vector" in tables:
        chart, description = _vector(book, report, tables["pnl_vector"]), report.pnl.history
        _insert(sheet, row, chart, description)
        row += _CHART_HEIGHT // 18
    if "limits" in tables:
        chart, description = _limits(book, tables["limits"]), report.strip.limits.sentence
        _insert(sheet, row, chart, description)


def _insert(sheet: Worksheet, row: int, chart: Any, description: str) -> None:
    chart.set_size({"width": _CHART_WIDTH, "height": _CHART_HEIGHT})
    told = {"description": plain(description)[:2_000], "object_position": 1}
    sheet.insert_chart(row, 0, chart, told)


def _vector(book: Workbook, report: Report, table: Written) -> Any:
    chart = book.add_chart({"type": "column"})
    days = table.cells(table.column("scenario"))
    chart.add_series(
        {"name": "P&L", "categories": days, "values": table.cells(table.column("pnl")),
         "fill": {"color": "#6D90B5"}, "border": {"none": True}, "gap": 20}
    )  # fmt: skip
    lines = book.add_chart({"type": "line"})
    width, colours = len(table.table.columns), ("#A13A17", "#7A4A00")
    for place, (mark, colour) in enumerate(zip(report.pnl.markers, colours, strict=False)):
        lines.add_series(
            {"name": f"Minus {mark.label}", "categories": days,
             "values": table.cells(width + place), "line": {"color": colour, "width": 1.25}}
        )  # fmt: skip
    if report.pnl.markers:
        chart.combine(lines)
    chart.set_title({"name": f"P&L by scenario, {report.pnl.currency}", "name_font": {"size": 11}})
    chart.set_x_axis({"label_position": "low", "num_font": {"rotation": -45}})
    chart.set_y_axis({"num_format": "#,##0", "major_gridlines": {"visible": True}})
    chart.set_legend({"position": "bottom"})
    return chart


def write_marks(sheet: Worksheet, report: Report, table: Written, looks: Looks) -> None:
    """Write minus VaR and minus ES beside the vector, for the lines of its chart."""
    for place, mark in enumerate(report.pnl.markers[:2], start=len(table.table.columns)):
        look = looks.of(bold=True, text_wrap=True, bg_color=TINT, align="right", valign="vcenter")
        sheet.write_string(HEADER, place, f"Minus {mark.label}\n{report.pnl.currency}", look)
        sheet.set_column(place, place, 16)
        for row in range(FIRST, FIRST + table.rows):
            sheet.write_number(row, place, mark.pnl, looks.of(num_format="#,##0;[Red]\u2212#,##0"))


def _limits(book: Workbook, table: Written) -> Any:
    chart = book.add_chart({"type": "bar"})
    shown = min(table.rows, _MOST_LIMITS)
    last = FIRST + shown - 1
    first = table.column("portfolio")
    used = table.column("utilisation")
    colours = {"Breach": "#A31D18", "Warning": "#D99A1C"}
    states = [str(row[table.column("status")]) for row in table.table.rows[:shown]]
    points = [{"fill": {"color": colours.get(s.partition(",")[0], "#6D90B5")}} for s in states]
    chart.add_series(
        {"name": "Utilisation, %", "categories": [table.sheet, FIRST, first, last, first + 2],
         "values": [table.sheet, FIRST, used, last, used], "points": points, "gap": 40,
         "data_labels": {"value": True, "num_format": '0.0" %"'}}
    )  # fmt: skip
    chart.set_title(
        {"name": "Utilisation of limits, 100 % is the limit", "name_font": {"size": 11}}
    )
    chart.set_x_axis({"num_format": '0" %"', "min": 0, "major_unit": 25})
    chart.set_y_axis({"reverse": True})
    chart.set_legend({"none": True})
    return chart
