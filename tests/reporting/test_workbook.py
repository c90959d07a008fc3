"""XLSX: typed cells, frozen headers, filters, native charts, the same bytes; read by openpyxl."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from riskmill.reporting import build_report, tables_of
from riskmill.reporting.render.plain_texts import frozen_at
from riskmill.reporting.render.workbook.looks import Looks, number_format
from riskmill.reporting.render.workbook.sheets import EXCEL, FIRST, Room, write_table
from riskmill.reporting.render.workbook.workbook import render_xlsx
from riskmill.reporting.tables.catalogue import SECTIONS
from riskmill.reporting.tables.model import Column, Table
from riskmill.reporting.views.numbers import Number, count, money, multiple, percent
from tests.reporting.bank import (
    all_breached_result,
    demo_result,
    empty_result,
    hostile_result,
    one_scenario_result,
)

HOSTILE = '=HYPERLINK("http://x")\'\x00\x0b\u202e\ufffe<b>&_x0041_\r\n😀' + "x" * 10_000
REPORTS = {
    "demo": build_report(demo_result()),
    "empty": build_report(empty_result()),
    "one scenario": build_report(one_scenario_result()),
    "all breached": build_report(all_breached_result()),
    "hostile": build_report(hostile_result(HOSTILE)),
}
DEMO = REPORTS["demo"]
FILES = {name: render_xlsx(report) for name, report in REPORTS.items()}
every_file = pytest.mark.parametrize("name", FILES)


@cache
def opened(name: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(FILES[name]))


def test_equal_reports_give_equal_bytes():
    assert render_xlsx(build_report(demo_result())) == FILES["demo"]


def test_every_part_is_dated_alike_and_the_file_by_its_inputs():
    with zipfile.ZipFile(io.BytesIO(FILES["demo"])) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert opened("demo").properties.created.isoformat() == "2018-12-31T22:00:00"


@every_file
def test_there_is_a_summary_and_a_sheet_for_each_table(name):
    titles = [table.title for table in tables_of(REPORTS[name])]
    assert opened(name).sheetnames == ["Summary", *titles]


@every_file
def test_every_cell_is_what_its_table_says(name):
    book = opened(name)
    for table in tables_of(REPORTS[name]):
        sheet = book[table.title]
        for number, row in enumerate(table.rows, start=FIRST + 1):
            for place, cell in enumerate(row, start=1):
                found = sheet.cell(number, place)
                if isinstance(cell, Number) and cell.value is not None:
                    assert found.data_type == "n"
                    assert found.value == pytest.approx(cell.value, rel=1e-15)
                elif isinstance(cell, date):
                    assert found.is_date
                    assert found.value.date() == cell
                else:
                    assert found.data_type in ("s", "n" if not cell else "s")


@every_file
def test_nothing_calculates_links_or_runs(name):
    with zipfile.ZipFile(io.BytesIO(FILES[name])) as parts:
        names = parts.namelist()
        assert not [part for part in names if "vba" in part.lower() or "external" in part.lower()]
        for part in names:
            if part.endswith((".xml", ".rels")):
                tree = ElementTree.fromstring(parts.read(part))
                assert not list(tree.iter("{*}f")) or "chart" in part
                assert not [node for node in tree.iter() if node.get("TargetMode") == "External"]


@every_file
def test_headers_are_frozen_filtered_and_repeated(name):
    book = opened(name)
    for table in tables_of(REPORTS[name]):
        sheet = book[table.title]
        assert sheet.freeze_panes == f"B{FIRST + 1}"
        assert sheet.print_title_rows == f"${FIRST}:${FIRST}"
        assert re.match(rf"A{FIRST}(:|$)", sheet.auto_filter.ref)
        assert sheet.auto_filter.ref.endswith(str(FIRST + len(table.rows)))


@pytest.mark.parametrize("name", REPORTS)
def test_the_contents_on_the_summary_can_be_filtered(name):
    book = opened(name)
    (first, last) = book["Summary"].auto_filter.ref.split(":")
    assert book["Summary"][first].value == "Sheet"
    assert book["Summary"][f"A{last[1:]}"].value == book.sheetnames[-1]


def test_figures_are_formatted_as_a_desk_sets_them():
    book = opened("demo")
    portfolios = book["Risk by portfolio"]
    assert portfolios.cell(FIRST + 1, 4).number_format == "#,##0;[Red]\u2212#,##0"
    assert portfolios.cell(FIRST + 1, 13).number_format == '#,##0.0" %";[Red]\u2212#,##0.0" %"'
    moves = book["What moved in them"]
    formats = {moves.cell(row, 5).number_format for row in range(FIRST + 1, FIRST + 20)}
    assert any('" bp"' in one for one in formats)


@pytest.mark.parametrize(
    ("figure", "code"),
    [
        (money(-1234.5, "USD", 2), "#,##0.00;[Red]\u2212#,##0.00"),
        (money(1e9, "USD"), "#,##0;[Red]\u2212#,##0"),
        (percent(0.123, 1), '#,##0.0" %";[Red]\u2212#,##0.0" %"'),
        (multiple(1.3), '#,##0.00" \u00d7";[Red]\u2212#,##0.00" \u00d7"'),
        (count(3), "#,##0;[Red]\u2212#,##0"),
    ],
)
def test_a_format_has_the_decimals_and_the_unit_of_the_printed_text(figure, code):
    assert number_format(figure) == code


def test_a_state_stands_out_and_says_what_it_is():
    sheet = opened("demo")["Limits"]
    states = {sheet.cell(row, 10).value: sheet.cell(row, 10) for row in range(5, 24)}
    assert {"Breach", "Warning", "Within"} <= states.keys()
    assert states["Breach"].font.b
    assert states["Breach"].fill.fgColor.rgb != states["Within"].fill.fgColor.rgb


def test_the_vector_and_the_limits_have_native_charts_over_their_cells():
    summary = opened("demo")["Summary"]
    assert len(summary._charts) == 2
    vector, limits = summary._charts
    series = vector.series[0]
    assert series.val.numRef.f == "'P&L vector'!$B$5:$B$504"
    assert series.cat.numRef.f == "'P&L vector'!$A$5:$A$504"
    assert limits.series[0].val.numRef.f == "Limits!$H$5:$H$23"
    with zipfile.ZipFile(io.BytesIO(FILES["demo"])) as parts:
        drawing = parts.read("xl/drawings/drawing1.xml").decode()
    assert DEMO.pnl.history[:30] in drawing


def test_the_marks_of_the_chart_are_minus_var_and_minus_es():
    sheet = opened("demo")["P&L vector"]
    for place, mark in enumerate(DEMO.pnl.markers, start=3):
        assert mark.label in sheet.cell(FIRST, place).value
        assert sheet.cell(FIRST + 1, place).value == pytest.approx(mark.pnl, rel=1e-15)
        assert sheet.cell(FIRST + 500, place).value == pytest.approx(mark.pnl, rel=1e-15)


def test_a_run_without_positions_has_no_chart_and_says_why():
    book = opened("empty")
    assert book["Summary"]._charts == []
    assert book["Limits"].cell(FIRST + 1, 1).value == REPORTS["empty"].limits.empty


def test_the_summary_says_which_run_it_is_and_leads_to_every_sheet():
    summary = opened("demo")["Summary"]
    texts = [str(cell.value) for row in summary.iter_rows() for cell in row if cell.value]
    for said in (DEMO.strip.run_id, "DRAFT", DEMO.strip.limits.sentence, DEMO.strip.data.sentence):
        assert said in texts
    cells = [cell for row in summary.iter_rows() for cell in row]
    links = {cell.hyperlink.location for cell in cells if cell.hyperlink}
    assert links == {f"'{table.title}'!A1" for table in tables_of(DEMO)}


def test_a_part_of_the_report_says_that_it_is_one():
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(DEMO, ("limits",))))
    assert book.sheetnames == ["Summary", "Six figures", "Limits"]
    texts = [cell.value for row in book["Summary"].iter_rows() for cell in row]
    assert f"Excerpt, 1 of {len(SECTIONS)} sections: Limits" in texts


def table_with(rows: int = 1, columns: int = 1, text: str = "x") -> Table:
    return Table(
        name="t",
        section="limits",
        title="T",
        caption="",
        columns=tuple(Column(name=f"c{place}", title=f"C{place}") for place in range(columns)),
        rows=((text,) * columns,) * rows,
        depths=(0,) * rows,
        empty="",
        printed=9,
    )


def written(table: Table, room: Room = EXCEL) -> tuple[tuple[str, ...], openpyxl.Workbook]:
    sink = io.BytesIO()
    book = Workbook(sink, {"in_memory": True, "strings_to_formulas": False})
    cut = write_table(book.add_worksheet("T"), table, Looks(book=book), room).cut
    book.close()
    return cut, openpyxl.load_workbook(sink)


def test_a_text_that_is_too_long_is_cut_and_said_to_be():
    cut, book = written(table_with(text="😀" + "x" * 40_000))
    value = book["T"].cell(FIRST + 1, 1).value
    assert value.startswith("😀xxx")
    assert value.endswith("x…")
    assert len(value.encode("utf-16-le")) // 2 <= EXCEL.characters
    assert "40,001 characters is cut" in cut[0]


def test_columns_that_have_no_room_are_left_out_and_counted():
    cut, book = written(table_with(columns=EXCEL.columns + 3))
    assert book["T"].max_column == EXCEL.columns
    assert cut == ("T: 3 columns are left out, a sheet has 16,384.",)


def test_rows_that_have_no_room_are_left_out_and_counted():
    room = Room(rows=10, columns=5, characters=20)
    cut, book = written(table_with(rows=30), room)
    assert book["T"].max_row == 10
    assert cut == ("T: 24 rows are left out, a sheet ends at row 10.",)


def test_a_day_before_excels_calendar_stays_a_text():
    _, book = written(replace(table_with(), rows=((date(1899, 12, 31),),)))
    assert book["T"].cell(FIRST + 1, 1).value == "1899-12-31"


@settings(max_examples=40)
@given(st.text(st.characters(exclude_categories=[]), max_size=60))
def test_any_text_reads_back_as_a_text(text):
    _, book = written(table_with(text=text))
    found = book["T"].cell(FIRST + 1, 1)
    assert found.data_type == "s" or found.value is None
    assert found.hyperlink is None


def test_an_instant_that_cannot_be_read_gives_way_to_the_valuation_date():
    assert frozen_at(REPORTS["hostile"]) == datetime(2018, 12, 31, 22, tzinfo=UTC)
    report = replace(DEMO, strip=replace(DEMO.strip, as_of="noon"))
    assert frozen_at(report) == datetime(2018, 12, 31, tzinfo=UTC)
    assert render_xlsx(report)
