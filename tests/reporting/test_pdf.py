"""PDF: tagged for PDF/UA, texts as delivered, nothing beyond the margins, the same bytes."""

import io
from dataclasses import replace

import pypdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmill.reporting import build_report
from riskmill.reporting.render.pdf.pdf import render_pdf
from riskmill.reporting.render.pdf.pictures import paper_style, pictures_of
from riskmill.reporting.render.pdf.printable import _RANGES, printable
from riskmill.reporting.render.plain_texts import REPLACEMENT
from riskmill.reporting.render.theme import packaged
from riskmill.reporting.tables.catalogue import SECTIONS, title_of
from tests.reporting.bank import (
    all_breached_result,
    demo_result,
    empty_result,
    hostile_result,
    one_scenario_result,
)

HOSTILE = '#eval("1+1")\\*[*b*]$x$<script>\x00\u202e\u05e9\u0644\u0627😀漢//@' + "x" * 10_000
REPORTS = {
    "demo": build_report(demo_result()),
    "empty": build_report(empty_result()),
    "one scenario": build_report(one_scenario_result()),
    "all breached": build_report(all_breached_result()),
    "wide": build_report(demo_result(wide=4)),
    "hostile": build_report(hostile_result(HOSTILE)),
}
DEMO = REPORTS["demo"]
FILES = {name: render_pdf(report) for name, report in REPORTS.items()}
TEXTS = {
    name: [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    for name, data in FILES.items()
}
every_file = pytest.mark.parametrize("name", FILES)


def opened(data: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(data))


def structure(data: bytes) -> list[tuple[str, str]]:
    """Kind and alternative text of every element of the document's structure, in order."""
    found: list[tuple[str, str]] = []
    waiting = [opened(data).trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, pypdf.generic.DictionaryObject):
            found.append((str(node.get("/S", "")), str(node.get("/Alt", ""))))
            kids = node.get("/K", [])
            kids = kids.get_object() if hasattr(kids, "get_object") else kids
            waiting += reversed(kids if isinstance(kids, list) else [kids])
    return found


def compact(text: str) -> str:
    """Text without the places where a line may end."""
    return "".join(text.replace("\u200b", "").split())


def test_equal_reports_give_equal_bytes():
    assert render_pdf(build_report(demo_result())) == FILES["demo"]


@every_file
def test_it_claims_pdf_ua_and_is_tagged_titled_and_in_a_language(name):
    document = opened(FILES[name])
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part>1<" in document.xmp_metadata.stream.get_data()
    assert document.metadata.title.startswith("Market risk 2018-12-31")
    assert document.metadata.creation_date.isoformat() == "2018-12-31T22:00:00+00:00"


def test_bookmarks_lead_to_every_section():
    named = [entry.title for entry in opened(FILES["demo"]).outline if not isinstance(entry, list)]
    assert named == [title_of(section) for section in SECTIONS]


@every_file
def test_every_page_says_which_run_it_is_its_state_and_its_number(name):
    pages = TEXTS[name]
    run = compact(printable(REPORTS[name].strip.run_id, 64))[:20]
    for number, text in enumerate(pages, start=1):
        assert run in compact(text) or name == "hostile"
        assert "DRAFT" in text
        assert f"Page{number}of{len(pages)}" in compact(text)


@every_file
def test_every_picture_has_words_and_every_table_has_headers(name):
    tree = structure(FILES[name])
    figures = [words for kind, words in tree if kind == "/Figure"]
    assert all(figures)
    kinds = [kind for kind, _ in tree]
    assert kinds.count("/Table") == kinds.count("/THead")
    assert name == "empty" or kinds.count("/TH") > kinds.count("/Table")
    if name == "demo":
        assert figures[:2] == [
            printable(DEMO.pnl.distribution, 1200),
            printable(DEMO.pnl.history, 1200),
        ]


@every_file
def test_every_font_is_inside_the_file(name):
    fonts = set()
    for page in opened(FILES[name]).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            (inner,) = font.get_object()["/DescendantFonts"]
            descriptor = inner.get_object()["/FontDescriptor"]
            fonts.add(str(descriptor["/FontName"]).partition("+")[2].partition("-")[0])
            assert {"/FontFile2", "/FontFile3"} & descriptor.keys()
    assert fonts <= {"LibertinusSerif", "DejaVuSansMono", "NewCM10", "NewCMMath"}


@every_file
def test_every_page_has_ink_and_none_outside_its_margins(name):
    document = pypdfium2.PdfDocument(FILES[name])
    for page in document:
        assert page.get_size() == pytest.approx((841.89, 595.28), abs=0.1)
        pixels = page.render(scale=1).to_numpy()
        edge = 18
        assert pixels.min() < 128
        inside = pixels[edge:-edge, edge:-edge]
        assert inside.min() < 128
        for band in (pixels[:edge], pixels[-edge:], pixels[:, :edge], pixels[:, -edge:]):
            assert band.min() == 255, name


def test_figures_stand_as_they_are_printed_elsewhere():
    text = compact("".join(TEXTS["demo"]))
    for row in DEMO.limits.rows:
        assert compact(row.used.text) in text
    for row in DEMO.portfolios.rows:
        assert compact(row.present_value.text) in text
    for item in DEMO.headline.figures:
        assert compact(item.figure.text) in text


def test_a_table_that_goes_over_a_page_repeats_its_headers():
    pages = [compact(page) for page in TEXTS["demo"] if "160 more rows" in page]
    assert len(pages) == 1
    assert "InstrumentUnderlying" in pages[0]


def test_a_table_that_is_too_wide_is_set_in_parts_with_its_names_repeated():
    text = "".join(TEXTS["wide"])
    assert "continued" in text
    desks = [compact(desk) for desk in REPORTS["wide"].stress.desks]
    assert all(desk in compact(text) for desk in desks)


def test_delivered_text_is_shown_as_text():
    text = compact("".join(TEXTS["hostile"]))
    assert '#eval("1+1")\\*[*b*]$x$<script>' in text
    assert not opened(FILES["hostile"]).trailer["/Root"].get("/Names", {}).get("/JavaScript")
    for page in opened(FILES["hostile"]).pages:
        assert not [a for a in page.get("/Annots", []) if a.get_object().get("/A")]


def test_a_part_of_the_report_says_that_it_is_one():
    data = render_pdf(DEMO, ("limits", "stress"))
    text = "".join(page.extract_text() for page in opened(data).pages)
    assert f"Excerpt, 2 of {len(SECTIONS)} sections: Limits, Stress by desk" in text
    assert "Worst scenarios" not in text


def test_a_run_without_positions_says_why():
    assert compact(REPORTS["empty"].pnl.empty) in compact("".join(TEXTS["empty"]))


def test_every_character_that_is_let_through_can_be_printed():
    every = [chr(code) for first, last in _RANGES for code in range(first, last + 1)]
    assert REPLACEMENT in every
    lines = ["".join(every[at : at + 200]) for at in range(0, len(every), 200)]
    notes = replace(DEMO.audit, notes=tuple(lines))
    assert render_pdf(replace(DEMO, audit=notes), ("audit",))


@settings(max_examples=40)
@given(st.text(st.characters(exclude_categories=[]), max_size=80))
def test_any_delivered_text_can_be_printed(text):
    strip = replace(DEMO.strip, firm=text, run_id=text, snapshot=text, method=text)
    limits = replace(DEMO.limits, rows=(replace(DEMO.limits.rows[0], portfolio=text),))
    assert render_pdf(replace(DEMO, strip=strip, limits=limits), ("limits",)).startswith(b"%PDF")


@given(st.text(st.characters(exclude_categories=[]), max_size=2_000), st.integers(10, 300))
def test_a_printed_text_is_short_and_breaks_everywhere(text, length):
    found = printable(text, length)
    assert len(found.replace("\u200b", "")) <= length
    assert all(len(word) <= 16 for part in found.split() for word in part.split("\u200b"))


def test_charts_are_drawn_in_the_light_colours_of_the_page():
    css = packaged("report.css")
    style = paper_style(css, frozenset({"tail", "var"}))
    assert ".tail{fill:#b8451f}" in style
    assert "stroke-width:1.4" in style
    assert "var(" not in style
    assert ".body" not in style
    own = css.replace("--loss: #b8451f", "--loss: #123456")
    assert b"#123456" in pictures_of(DEMO, "pnl", own)[0].svg
