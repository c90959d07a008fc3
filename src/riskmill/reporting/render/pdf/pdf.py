"""The report as a PDF, set by typst in memory."""

import functools
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any, Final

import msgspec
import typst

from riskmill.reporting.render.pdf.document import PrintedChart, PrintedLogo, document_of
from riskmill.reporting.render.pdf.pictures import Picture, pictures_of
from riskmill.reporting.render.pdf.printable import NAME_LENGTH, TEXT_LENGTH, printable
from riskmill.reporting.render.plain_texts import frozen_at
from riskmill.reporting.render.theme import PLAIN, Theme
from riskmill.reporting.report import Report
from riskmill.reporting.tables.catalogue import SECTIONS

STANDARD: Final = "ua-1"
"""PDF/UA-1: tagged, titled, every picture with words; the typesetter refuses what is not."""
TEMPLATE, DATA, STYLE = "report.typ", "report.json", "report.css"


def render_pdf(report: Report, sections: Sequence[str] = SECTIONS, theme: Theme = PLAIN) -> bytes:
    """
    Set *sections* of the report on A4 pages; equal bytes for equal reports and themes.

    Texts are data, never markup. Only the fonts inside the typesetter are used, and the
    document is dated by the instant at which its inputs were frozen. Raises `UsageError`
    (E723) where a template of the theme's own cannot be set.
    """
    files, charts = _drawn(report, sections, theme.text(STYLE))
    logo = None
    if theme.logo:
        words = printable(f"Logo of {report.strip.firm}", NAME_LENGTH)
        logo = PrintedLogo(data=tuple(theme.logo.data), alternative=words)
    document = document_of(report, sections, charts, logo)
    files[DATA] = msgspec.json.encode(document)
    files["main.typ"] = theme.text(TEMPLATE).encode()
    return set_pages(files, report, theme)


def _drawn(
    report: Report, sections: Sequence[str], css: str
) -> tuple[dict[str, bytes], Mapping[str, tuple[PrintedChart, ...]]]:
    """Every chart as a file, and the charts of each section by their files."""
    files: dict[str, bytes] = {}

    def placed(section: str, number: int, picture: Picture) -> PrintedChart:
        name = f"{section}-{number}.svg"
        files[name] = picture.svg
        words = printable(picture.alternative, 4 * TEXT_LENGTH)
        return PrintedChart(
            file=name,
            title=printable(picture.title, NAME_LENGTH),
            alternative=words,
            width=picture.width,
        )

    charts = {
        section: tuple(
            placed(section, number, picture)
            for number, picture in enumerate(pictures_of(report, section, css))
        )
        for section in sections
    }
    return files, charts


def set_pages(files: Mapping[str, bytes], report: Report, theme: Theme) -> bytes:
    """Let the typesetter work on files in memory; its root holds what comes with the package."""
    virtual: Any = dict(files)  # the typesetter takes a mapping, its stubs do not say so
    with theme.blamed(TEMPLATE):
        pdf: bytes = typst.compile(
            virtual,
            root=_root(),
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards=STANDARD,
            timestamp=int(frozen_at(report).timestamp()),
        )
    return pdf


@functools.cache
def _root() -> str:
    return str(resources.files("riskmill.reporting.render") / "templates")
