"""Tables: one reading of the report for CSV, XLSX and print."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.domain import FORMULA, UsageError
from riskmill.reporting import (
    FORMS,
    SECTIONS,
    build_report,
    chosen_forms,
    chosen_sections,
    render_csv,
    tables_of,
)
from riskmill.reporting.tables.catalogue import SUMMARY, TABLES
from riskmill.reporting.tables.columns import stress
from riskmill.reporting.tables.model import Column, Table, as_day, slug
from riskmill.reporting.views.numbers import Number
from tests.reporting.bank import (
    all_breached_result,
    demo_result,
    empty_result,
    hostile_result,
    one_scenario_result,
)

HOSTILE = "=cmd|' /C calc'!A0\"\r\n,<script>\u202e\u05d0😀" + "x" * 10_000
REPORTS = {
    "demo": build_report(demo_result()),
    "empty": build_report(empty_result()),
    "one scenario": build_report(one_scenario_result()),
    "all breached": build_report(all_breached_result()),
    "hostile": build_report(hostile_result(HOSTILE)),
}
DEMO = REPORTS["demo"]
every_report = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS.keys())


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))


def table_of(name: str) -> Table:
    return next(table for table in tables_of(DEMO) if table.name == name)


@every_report
def test_every_table_has_a_cell_for_each_column_and_says_so_when_it_is_empty(report):
    for table in tables_of(report):
        assert {len(row) for row in table.rows} <= {len(table.columns)}
        assert len(table.depths) == len(table.rows)
        assert bool(table.empty) == (not table.rows)


def test_names_and_titles_are_unique_and_fit_a_sheet():
    assert len({spec.name for spec in TABLES}) == len(TABLES)
    assert len({spec.title.casefold() for spec in TABLES}) == len(TABLES)
    assert max(len(spec.title) for spec in TABLES) <= 31


def test_every_section_has_a_table_and_every_table_a_section():
    assert {spec.section for spec in TABLES} == {SUMMARY, *SECTIONS}


@every_report
def test_columns_of_a_table_have_names_of_their_own(report):
    for table in tables_of(report):
        names = [column.name for column in table.columns]
        assert len(set(names)) == len(names), table.name
        assert all(name == slug(name) for name in names)


@every_report
def test_figures_of_one_column_have_its_unit(report):
    for table in tables_of(report):
        for place, column in enumerate(table.columns):
            units = {row[place].unit for row in table.rows if isinstance(row[place], Number)}
            assert not column.unit or units <= {column.unit}, (table.name, column.name)


def test_figures_without_a_unit_of_their_column_have_one_beside_them():
    for table in tables_of(DEMO):
        loose = [column for column in table.columns if column.kind == "number" and not column.unit]
        if loose and table.name != "backtests":
            assert "unit" in [column.name for column in table.columns], table.name


def test_desks_of_one_name_have_columns_of_their_own():
    two = ("Delta One", "delta-one", "!!")
    report = replace(DEMO, stress=replace(DEMO.stress, desks=two, rows=()))
    names = [field.column.name for field in stress(report)]
    assert names == ["scenario", "firm", "desk_delta_one", "desk_delta_one_2", "desk_unnamed"]


def test_the_vector_is_whole_and_dated():
    table = table_of("pnl_vector")
    assert [row[0] for row in table.rows[:1]] == [date(2017, 1, 31)]
    assert tuple(row[1].value for row in table.rows) == DEMO.pnl.values
    assert table.columns[1] == Column(
        name="pnl", title="P&L", kind="number", unit="USD", convention="gains positive"
    )


def test_all_contributions_of_the_report_are_in_the_table():
    assert len(table_of("contributing_positions").rows) == 200


@pytest.mark.parametrize("label", ["2018-13-01", "draw 12", "20181231", "2018-12-3x", ""])
def test_a_label_that_is_no_date_stays_a_text(label):
    assert as_day(label) == label


@every_report
def test_csv_reads_back_cell_by_cell(report):
    tables = {f"{table.name}.csv": table for table in tables_of(report)}
    files = render_csv(tables.values())
    assert files.keys() == tables.keys()
    for name, data in files.items():
        header, *rows = read(data)
        assert header == [column.heading for column in tables[name].columns]
        assert len(rows) == len(tables[name].rows)
        for row, cells in zip(rows, tables[name].rows, strict=True):
            for written, cell in zip(row, cells, strict=True):
                if isinstance(cell, Number):
                    assert (float(written) if written else None) == cell.value
                elif isinstance(cell, date):
                    assert written == cell.isoformat()
                else:
                    assert written.removeprefix("'") == cell.removeprefix("'")


@every_report
def test_no_cell_of_a_csv_file_calculates(report):
    for data in render_csv(tables_of(report)).values():
        for row in read(data):
            for cell in row:
                assert not cell.startswith(FORMULA) or float(cell) == float(cell)


def test_csv_has_the_line_ends_of_its_standard_and_units_in_its_header():
    data = render_csv(tables_of(DEMO))["portfolios.csv"]
    first, *_, last = data.split(b"\r\n")
    assert last == b""
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"value_at_risk_99 [USD]" in first.split(b",")
    assert b"positions [count]" in first.split(b",")


def test_equal_reports_give_equal_csv():
    again = build_report(demo_result())
    assert render_csv(tables_of(again)) == render_csv(tables_of(DEMO))


@given(st.lists(st.sampled_from(SECTIONS), unique=True))
def test_chosen_sections_stand_in_page_order_and_bring_their_tables_only(names):
    sections = chosen_sections(names)
    assert list(sections) == [name for name in SECTIONS if not names or name in names]
    assert {t.section for t in tables_of(DEMO, sections)} == {SUMMARY, *sections}


@pytest.mark.parametrize("choose", [chosen_sections, chosen_forms])
def test_an_unknown_name_is_refused_with_those_there_are(choose):
    with pytest.raises(UsageError) as refused:
        choose(["no such thing" + "x" * 10_000])
    assert refused.value.code == "E721"
    assert len(str(refused.value)) < 200
    assert "pnl" in refused.value.remedy or "pdf" in refused.value.remedy


def test_no_choice_is_everything():
    assert chosen_sections([]) == SECTIONS
    assert chosen_forms([]) == tuple(FORMS)


@given(st.text())
def test_a_slug_is_part_of_a_column_name(words):
    assert slug(words)
    assert all(char.isalnum() or char == "_" for char in slug(words))
