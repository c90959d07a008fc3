"""Templates of a firm's own: what they can change, and what they cannot."""

import base64
import io
import re

import pypdf
import pytest

from riskmill.domain import ArtefactConflict, RunFailed, UsageError
from riskmill.reporting import (
    PLAIN,
    Theme,
    build_report,
    read_report,
    render_form,
    render_html,
    render_json,
    theme_of,
)
from riskmill.reporting.render.pdf.pdf import render_pdf
from riskmill.reporting.render.theme import NOTICE, packaged
from riskmill.reporting.tables.catalogue import SECTIONS
from tests.reporting.bank import demo_result, hostile_result
from tests.reporting.page import parse

DEMO = build_report(demo_result())
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><rect width="4" height="4"/></svg>'
)
LIMITS = "sections/limits.html.j2"


def refused(files: dict[str, bytes]) -> UsageError:
    with pytest.raises(UsageError) as error:
        theme_of(files)
    return error.value


def policy_of(page: bytes) -> str:
    (policy,) = (
        meta.attributes["content"]
        for meta in parse(page).all("meta")
        if meta.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    return re.sub(r"'sha256-[^']+'", "HASH", policy)


def test_without_files_a_theme_is_the_plain_looks():
    assert theme_of({}) == PLAIN
    assert render_html(DEMO, theme=theme_of({})) == render_html(DEMO)


def test_a_section_a_notice_a_style_and_a_logo_of_ones_own():
    theme = theme_of(
        {
            LIMITS: b'<h2 id="limits">Our limits: {{ report.limits.rows|length }}</h2>',
            NOTICE: "<p>Internal use only. Für den Vorstand.</p>".encode(),
            "report.css": packaged("report.css").replace("#12263a", "#004b2d").encode(),
            "logo.svg": SVG,
        }
    )
    page = render_html(DEMO, theme=theme)
    tree = parse(page)
    assert "Our limits: 19" in tree.text
    assert "Für den Vorstand." in tree.text
    assert b"#004b2d" in page
    (logo,) = tree.all("img")
    assert logo.attributes["src"] == "data:image/svg+xml;base64," + base64.b64encode(SVG).decode()
    assert logo.attributes["alt"] == "Logo of Demo Bank"
    assert policy_of(page) == policy_of(render_html(DEMO))
    assert render_html(DEMO, theme=theme) == page


def test_delivered_text_stays_text_in_a_template_of_ones_own():
    theme = theme_of({LIMITS: b"<p>{{ report.strip.firm }}</p>"})
    hostile = build_report(hostile_result("<script>alert(1)</script>"))
    page = render_html(hostile, theme=theme)
    assert b"<script>" not in page
    assert "<script>alert(1)</script>" in parse(page).text


def test_chosen_sections_are_the_only_ones_and_the_menu_leads_to_them_only():
    tree = parse(render_html(DEMO, ("limits", "tail")))
    assert [h.attributes["id"] for h in tree.all("h2")][1:] == ["limits", "tail"]
    (menu,) = tree.all("nav")
    assert [a.attributes["href"] for a in menu.all("a")] == ["#limits", "#tail"]
    assert f"Excerpt, 2 of {len(SECTIONS)} sections: Limits, Worst scenarios" in tree.text


@pytest.mark.parametrize("name", ["style.css", "report.html", "sections/../report.css", "LOGO.PNG"])
def test_a_file_that_replaces_nothing_is_refused(name):
    assert refused({name: b""}).code == "E722"


def test_the_frame_with_the_policy_is_not_for_replacing():
    error = refused({"report.html.j2": b"<html></html>"})
    assert error.code == "E722"
    assert "security policy" in error.message


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"x" * 1_000_001])
def test_a_template_that_is_no_text_of_reasonable_size_is_refused(data):
    assert refused({"report.css": data}).code == "E722"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("report.css", "@import 'x.css';"),
        ("report.css", "a { background: URL(http://x/y.png) }"),
        ("report.css", "</style><script>"),
        ("report.typ", '#import "@preview/x:1.0.0": y'),
        ("report.typ", '#let e = eval; #e("1")'),
        ("report.typ", '#dictionary(std).at("ev" + "al")("1")'),
        (LIMITS, "<script>alert(1)</script>"),
        (LIMITS, "{{ report.strip.firm|safe }}"),
        (LIMITS, "{% autoescape false %}{{ report.strip.firm }}{% endautoescape %}"),
    ],
)
def test_a_template_that_loads_runs_or_unescapes_is_refused_with_its_line(name, text):
    error = refused({name: b"\n\n" + text.encode()})
    assert error.code == "E724"
    assert error.place == f"{name}, line 3"


@pytest.mark.parametrize(
    "text",
    [
        '<a onclick="x()">y</a>', '<a href="javascript:x()">y</a>', '<img src="//x/y.png">',
        '<p style="color:red">', "<SCRIPT>x</SCRIPT>", '<link rel="preconnect" href="https://x">',
        '<META http-equiv="refresh" content="0;url=https://x">', '<svg><a href="data:text/html,x">',
    ],
)  # fmt: skip
def test_a_page_that_would_act_is_refused(text):
    with pytest.raises(UsageError) as error:
        render_html(DEMO, theme=theme_of({LIMITS: text.encode()}))
    assert error.value.code == "E724"


@pytest.mark.parametrize(
    "text",
    [
        "{{ report.nothing.at.all }}", "{{ ''.__class__.__mro__ }}", "{% if %}",
        "{{ report.strip.__init__.__globals__ }}", "{% include '/etc/hostname' %}",
        "{% include '../theme.py' %}", "{{ range(10000000)|list|length }}",
    ],
)  # fmt: skip
def test_a_template_that_fails_or_reaches_out_is_named(text):
    with pytest.raises(UsageError) as error:
        render_html(DEMO, theme=theme_of({LIMITS: text.encode()}))
    assert error.value.code == "E723"
    assert LIMITS in error.value.place


@pytest.mark.parametrize("text", ["#let x =", "= No title", '#read("../../../../etc/hostname")',
                                  '#read("/etc/hostname")', "#panic()"])  # fmt: skip
def test_a_printed_template_that_fails_or_reaches_out_is_named(text):
    with pytest.raises(UsageError) as error:
        render_pdf(DEMO, theme=theme_of({"report.typ": text.encode()}))
    assert (error.value.code, error.value.place) == ("E723", "report.typ")


def test_a_fault_of_our_own_is_not_blamed_on_the_reader():
    broken = Theme(files={}, logo=None)
    with pytest.raises(RunFailed) as error, broken.blamed("report.typ"):
        raise ValueError("the typesetter stopped")
    assert error.value.code == "E728"


@pytest.mark.parametrize(("name", "data"), [("logo.png", PNG), ("logo.svg", SVG)])
def test_the_logo_is_printed_with_words(name, data):
    pdf = render_pdf(DEMO, ("limits",), theme_of({name: data}))
    assert b"Logo of Demo Bank" in pdf or "Logo of Demo Bank" in str(
        pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"].get_object()
    )
    assert pdf != render_pdf(DEMO, ("limits",))


@pytest.mark.parametrize(
    "files",
    [
        {"logo.png": b"GIF89a"},
        {"logo.png": PNG, "logo.svg": SVG},
        {"logo.png": PNG + b"x" * 200_000},
        {"logo.svg": b"<svg><script>1</script></svg>"},
        {"logo.svg": b"<svg onload='x()'/>"},
        {"logo.svg": b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>"},
        {"logo.svg": b'<svg><image href="http://x/y.png"/></svg>'},
        {"logo.svg": b'<svg><image xlink:href="file:///etc/hostname"/></svg>'},
    ],
)
def test_a_logo_that_is_none_or_that_acts_is_refused(files):
    assert refused(files).code == "E725"


@pytest.mark.parametrize("form", ["html", "pdf", "xlsx", "csv"])
def test_every_form_comes_of_the_stored_model(form):
    stored = read_report(render_json(DEMO))
    sections = ("limits", "stress")
    assert render_form(form, stored, sections, PLAIN) == render_form(form, DEMO, sections, PLAIN)


@pytest.mark.parametrize(
    "raw",
    [b"", b"{}", b"[1]", b"\xff", b'{"schema": "riskmill.report/99"}',
     b'{"schema": "riskmill.report/1"}', render_json(DEMO)[:-100],
     render_json(DEMO).replace(b'"USD"', b"17")],
)  # fmt: skip
def test_a_stored_report_that_is_damaged_or_foreign_is_refused(raw):
    with pytest.raises(ArtefactConflict) as error:
        read_report(raw)
    assert error.value.code == "E720"
