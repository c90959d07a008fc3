import base64
import hashlib
import itertools
import json
import re

import pytest

from riskmill.reporting import build_report, render_html, render_json
from tests.reporting.bank import (
    all_breached_result,
    demo_result,
    empty_result,
    hostile_result,
    one_scenario_result,
)
from tests.reporting.page import Node, parse

HOSTILE = (
    "\"'><script>alert(1)</script><!--\u202e\u2067\u200f{{7*7}}{% x %}&amp;\x00😀" + "x" * 10_000
)
RESULTS = {
    "demo": demo_result(),
    "empty": empty_result(),
    "one scenario": one_scenario_result(),
    "all breached": all_breached_result(),
    "hostile": hostile_result(HOSTILE),
}
PAGES = {name: render_html(build_report(result)) for name, result in RESULTS.items()}
TREES = {name: parse(page) for name, page in PAGES.items()}
SECTIONS = ["limits", "day-on-day", "pnl", "portfolios", "contributions", "tail", "drilldown",
            "stress", "sensitivities", "market", "history", "backtests", "certainty", "quality",
            "audit"]  # fmt: skip

every_page = pytest.mark.parametrize("tree", TREES.values(), ids=TREES.keys())


def test_sections_stand_in_page_order_and_the_menu_leads_to_each():
    tree = TREES["demo"]
    assert [h.attributes["id"] for h in tree.all("h2")][1:] == SECTIONS
    (menu,) = tree.all("nav")
    assert [a.attributes["href"] for a in menu.all("a")] == [f"#{name}" for name in SECTIONS]


def test_the_same_result_gives_the_same_bytes():
    assert render_html(build_report(demo_result())) == PAGES["demo"]


def test_a_page_of_fifty_books_is_under_1_mb():
    wide = demo_result(wide=5)
    assert len(wide.hierarchy.books) >= 50
    assert len(render_html(build_report(wide))) < 1_000_000


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_small_whatever_was_delivered(name: str):
    assert len(PAGES[name]) < (1_000_000 if name == "hostile" else 300_000)


@every_page
def test_the_policy_allows_the_one_style_block_by_its_hash_and_nothing_else(tree: Node):
    (policy,) = (
        meta.attributes["content"]
        for meta in tree.all("meta")
        if meta.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    (style,) = tree.all("style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@every_page
def test_nothing_runs_and_nothing_is_requested(tree: Node):
    for node in tree.walk():
        assert node.tag not in {"script", "iframe", "object", "embed", "form", "img", "base"}
        assert not [a for a in node.attributes if a == "style" or a.startswith("on")]
        for name in ("href", "src", "xlink:href"):
            target = node.attributes.get(name, "#")
            assert target.startswith(("#", "data:image/svg+xml,"))
    (style,) = tree.all("style")
    assert "url(" not in style.text
    assert "@import" not in style.text


def test_delivered_text_is_shown_as_text():
    raw = PAGES["hostile"].decode()
    assert "<script" not in raw
    assert "{{7*7}}" in TREES["hostile"].text
    assert not set(raw) & set("\u202e\u2067\x00")
    assert "x" * 301 not in raw
    contributions = TREES["hostile"].one("main").all("bdi")
    assert any("<script>alert(1)" in bdi.text for bdi in contributions)


@pytest.mark.parametrize("formula", ["=1+1", "+A1", "-A1", "@SUM(A1)"])
def test_a_delivered_formula_is_shown_as_the_text_it_is(formula: str):
    main = parse(render_html(build_report(hostile_result(formula)))).one("main")
    assert any(cell.text == formula for cell in main.all("td"))
    assert any(id_.text == formula for id_ in main.all("b"))


@every_page
def test_delivered_names_in_tables_are_isolated_from_the_text_around_them(tree: Node):
    for row in (node for node in tree.all("tr") if node.parent.tag == "tbody"):
        for head in row.all("th")[:1]:
            ours = [s for s in head.all("span") if s.attributes["class"] in ("under", "hidden")]
            delivered = head.text
            for span in ours:
                delivered = delivered.replace(span.text, "")
            assert head.all("bdi") or delivered.isascii()


@every_page
def test_every_table_has_a_caption_scoped_headings_and_scrolls_by_itself(tree: Node):
    for table in tree.all("table"):
        assert table.all("caption")[0].text.strip()
        assert {th.attributes["scope"] for th in table.all("th")} <= {
            "col",
            "colgroup",
            "row",
            "rowgroup",
        }
        box = table.parent
        assert box.attributes["class"] == "scroll"
        assert box.attributes["tabindex"] == "0"
        assert box.attributes["role"] == "group"
        assert box.attributes["aria-label"]
        widths = {
            sum(int(c.attributes.get("colspan", "1")) for c in row.children if c != "\n")
            for row in table.all("tr")
            if row.parent.tag == "tbody"
        }
        assert len(widths) <= 1


@every_page
def test_every_chart_has_a_title_and_a_description(tree: Node):
    for chart in tree.all("svg", "chart"):
        assert chart.attributes["role"] == "img"
        named = chart.attributes["aria-labelledby"].split()
        assert [chart.one(name).tag for name in named] == ["title", "desc"]
        assert all(chart.one(name).text for name in named)
    for bar in tree.all("svg", "bar"):
        assert bar.attributes["aria-hidden"] == "true"


@every_page
def test_the_page_has_landmarks_one_title_and_a_way_past_the_menu(tree: Node):
    for tag in ("header", "nav", "main", "footer", "h1", "title"):
        assert len([n for n in tree.all(tag) if "svg" not in {a.tag for a in n.ancestors()}]) == 1
    assert tree.all("html")[0].attributes["lang"] == "en"
    skip = tree.all("body")[0].all("a")[0]
    assert skip.attributes["href"] == f"#{tree.all('main')[0].attributes['id']}"
    ids = [n.attributes["id"] for n in tree.walk() if "id" in n.attributes]
    assert len(ids) == len(set(ids))
    for section in tree.all("section"):
        assert tree.one(section.attributes["aria-labelledby"]).tag == "h2"


@every_page
def test_headings_never_skip_a_level(tree: Node):
    levels = [int(n.tag[1]) for n in tree.walk() if re.fullmatch("h[1-6]", n.tag)]
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels))


@pytest.mark.parametrize("name", ["demo", "empty", "one scenario", "all breached"])
def test_every_number_on_the_page_is_in_the_model(name):
    model = json.loads(render_json(build_report(RESULTS[name])))
    known = " ".join(_texts(model))
    number = re.compile(r"[+\u2212]?\d[\d,.]*\d|\d")
    in_model = set(number.findall(known))
    shown = set(number.findall(" ".join(_shown(TREES[name].all("body")[0]))))
    assert shown
    assert shown - in_model == set()


def test_status_is_told_in_words_beside_every_colour():
    statuses = {tag.text for tag in TREES["demo"].one("limits").parent.all("span", "tag")}
    assert statuses == {"Breach", "Warning", "Within"}


def test_a_run_with_nothing_in_it_says_so_in_words():
    page = TREES["empty"].text
    for words in (
        "No limits were delivered with this batch; none was checked.",
        "No position was valued in this run",
        "There is no P&L vector",
        "No stress scenarios were delivered",
        "No sensitivity was computed",
        "1\u00a0position could not be valued",
    ):
        assert words in page


def test_two_widths_of_a_chart_differ_in_geometry_only():
    wide, narrow = TREES["demo"].all("div", "wide"), TREES["demo"].all("div", "narrow")
    for a, b in zip(wide, narrow, strict=True):
        assert [d.text for d in a.all("desc")] == [d.text for d in b.all("desc")]


def _shown(node: Node):
    """Text that is printed, ticks of charts apart: they are geometry."""
    for child in node.children:
        if isinstance(child, str):
            yield child
        elif child.attributes.get("class") != "tick":
            yield from _shown(child)


def _texts(value):
    if isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, (str, int)):
        yield str(value)
