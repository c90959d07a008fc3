"""The report as one XLSX file."""

import io
from collections.abc import Mapping

from xlsxwriter import Workbook

from riskmill.reporting.render.plain_texts import frozen_at, plain
from riskmill.reporting.render.workbook.looks import Looks
from riskmill.reporting.render.workbook.sheets import write_table
from riskmill.reporting.render.workbook.summary import (
    NAME,
    add_charts,
    write_marks,
    write_summary,
)
from riskmill.reporting.report import Report
from riskmill.reporting.tables.catalogue import SECTIONS, excerpt, tables_of

_OPTIONS: Mapping[str, bool] = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
"""Nothing is written to a scratch file, and a text stays the text that it is."""


def render_xlsx(report: Report, sections: tuple[str, ...] = SECTIONS) -> bytes:
    """
    Write a summary and a sheet for each table of *sections*; equal bytes for equal reports.

    Cells are typed: figures are numbers in full precision, formatted as the report prints
    them; dates are dates; a delivered text is never a formula, number or link. What has no
    room on a sheet is named on the summary.
    """
    sink = io.BytesIO()
    book = Workbook(sink, dict(_OPTIONS))
    book.set_properties(
        {
            "title": plain(f"Market risk {report.strip.business_date}")[:255],
            "subject": plain(f"Run {report.strip.run_id}, {report.strip.signature}")[:255],
            "author": "riskmill",
            "company": plain(report.strip.firm)[:255],
            "created": frozen_at(report).replace(tzinfo=None),
        }
    )
    looks = Looks(book=book)
    summary = book.add_worksheet(NAME)
    written = []
    for table in tables_of(report, sections):
        sheet = book.add_worksheet(table.title)
        written.append(write_table(sheet, table, looks))
        if table.name == "pnl_vector" and table.rows:
            write_marks(sheet, report, written[-1], looks)
    row = write_summary(summary, report, excerpt(sections), written, looks)
    add_charts(book, summary, report, written, row)
    book.close()
    return sink.getvalue()
