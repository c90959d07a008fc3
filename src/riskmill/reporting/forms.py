"""The forms a report takes for people: page, print, workbook and tables."""

from collections.abc import Callable, Iterable, Mapping

from riskmill.domain import UsageError
from riskmill.reporting.render.csv import render_csv
from riskmill.reporting.render.html import render_html
from riskmill.reporting.render.theme import Theme
from riskmill.reporting.report import Report
from riskmill.reporting.tables.catalogue import SECTIONS, tables_of

Sections = tuple[str, ...]
Files = Mapping[str, bytes]
"""Bytes by the name of the file below the report's directory."""


def _html(report: Report, sections: Sections, theme: Theme) -> Files:
    return {"report.html": render_html(report, sections, theme)}


def _pdf(report: Report, sections: Sections, theme: Theme) -> Files:
    from riskmill.reporting.render.pdf.pdf import render_pdf  # heavy: only where it is asked for

    return {"report.pdf": render_pdf(report, sections, theme)}


def _xlsx(report: Report, sections: Sections, theme: Theme) -> Files:
    from riskmill.reporting.render.workbook.workbook import render_xlsx

    return {"report.xlsx": render_xlsx(report, sections)}


def _csv(report: Report, sections: Sections, theme: Theme) -> Files:
    tables = render_csv(tables_of(report, sections))
    return {f"tables/{name}": data for name, data in tables.items()}


FORMS: Mapping[str, Callable[[Report, Sections, Theme], Files]] = {
    "html": _html,
    "pdf": _pdf,
    "xlsx": _xlsx,
    "csv": _csv,
}
"""Each form by its name; a theme changes the looks of page and print."""


def render_form(form: str, report: Report, sections: Sections, theme: Theme) -> Files:
    """
    Render *report* in one form: its files by name.

    Raises `UsageError` where the theme's own templates cannot be rendered, `RunFailed` (E728)
    where riskmill's cannot.
    """
    with theme.blamed(f"the form {form}"):
        return FORMS[form](report, sections, theme)


def chosen(wanted: Iterable[str], known: Iterable[str], noun: str) -> tuple[str, ...]:
    """
    Those of *known* that are *wanted*, in their own order; all where none is named.

    Raises `UsageError` (E721) for one that is not known.
    """
    asked, every = list(wanted), tuple(known)
    for name in asked:
        if name not in every:
            raise UsageError(
                "E721",
                f"there is no {noun} called '{name[:60]}'",
                place=f"--{noun}",
                remedy=f"Choose from: {', '.join(every)}.",
            )
    return tuple(name for name in every if name in asked) or every


def chosen_sections(wanted: Iterable[str]) -> tuple[str, ...]:
    """Sections of the report by name, in page order; all where none is named (E721)."""
    return chosen(wanted, SECTIONS, "section")


def chosen_forms(wanted: Iterable[str]) -> tuple[str, ...]:
    """Forms by name; all where none is named (E721)."""
    return chosen(wanted, FORMS, "format")
