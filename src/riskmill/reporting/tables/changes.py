"""What changed since the run before as a page shows it: a table a figure, a row a portfolio."""

from riskmill.reporting.report import Report
from riskmill.reporting.tables.model import ALL, NUMBER, TEXT, Column, Table
from riskmill.reporting.views.day_on_day import ChangeTable


def change_tables(report: Report) -> tuple[Table, ...]:
    """The tables of changes, levels and parts side by side; files hold them figure by figure."""
    return tuple(_table(one, place) for place, one in enumerate(report.day_on_day.tables))


def _table(changes: ChangeTable, place: int) -> Table:
    parts = (
        Column(name=f"part_{number}", title=heading, kind=NUMBER)
        for number, heading in enumerate(changes.headings)
    )
    return Table(
        name=f"changes_{place + 1}",
        section="day_on_day",
        title="",
        caption=changes.caption,
        columns=(Column(name="portfolio", title="Portfolio", kind=TEXT), *parts),
        rows=tuple((row.portfolio, *row.figures) for row in changes.rows),
        depths=(0,) * len(changes.rows),
        empty="",
        printed=ALL,
    )
