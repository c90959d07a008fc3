import io
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from tests.browser.conftest import RESULTS, Open, unfold

EVERY = [*RESULTS, "demo bank"]
WIDTHS = (1280, 390, 360)

every_page = pytest.mark.parametrize("name", EVERY)


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        *(("demo bank", width, scheme) for width in (1280, 390) for scheme in ("light", "dark")),
        *((name, *look) for name in RESULTS for look in ((1280, "light"), (390, "dark"))),
    ],
)
def test_axe_finds_no_violation(show: Open, name: str, width: int, scheme: str) -> None:
    page = show(name, width=width, scheme=scheme)
    unfold(page, "details:not(.branch > details:not(.branch):nth-of-type(n + 3))")
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()


@every_page
def test_no_request_leaves_the_page_and_nothing_is_complained_of(
    browser: Browser, pages: dict[str, Path], name: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(pages[name].as_uri(), wait_until="networkidle")
    unfold(page)
    page.mouse.wheel(0, 20_000)
    page.wait_for_load_state("networkidle")
    context.close()
    assert [url for url in asked if not url.startswith("data:")] == [pages[name].as_uri()]
    assert said == []


@every_page
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways(show: Open, name: str, width: int) -> None:
    page = show(name, width=width)
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert _sticking_out(page, width) == []


def _sticking_out(page: Page, width: int) -> list[str]:
    """Elements that reach beyond the window and are in no box that scrolls by itself."""
    found: list[str] = page.evaluate(
        """width => [...document.querySelectorAll('body *')]
            .filter(e => !e.closest('.scroll, nav, .hidden, svg, .stack thead'))
            .filter(e => e.getBoundingClientRect().right > width + 1)
            .map(e => e.tagName + ' ' + e.className + ' ' + e.textContent.slice(0, 60))""",
        width,
    )
    return found


@pytest.mark.parametrize("name", ["made up", "demo bank", "hostile"])
@pytest.mark.parametrize("table", ["limits", "tail-table", "positions", "failures"])
def test_key_tables_show_every_column_on_a_phone(show: Open, name: str, table: str) -> None:
    page = show(name, width=360)
    boxes = page.locator(f".scroll:has(> .{table})")
    for number in range(boxes.count()):
        wide, visible = boxes.nth(number).evaluate("e => [e.scrollWidth, e.clientWidth]")
        assert wide <= visible


@pytest.mark.parametrize(
    "table", ["limits", "tail-table", "positions", "failures", "files", "inputs", "backtests"]
)
def test_labels_of_stacked_rows_are_the_headings_of_their_columns(show: Open, table: str) -> None:
    page = show("demo bank", width=360)
    first = page.locator(f"table.{table}").first
    headings = first.locator("thead th").all_text_contents()
    labels = first.locator("tbody tr:has(td ~ td)").first.evaluate(
        """row => [...row.querySelectorAll('td')].map(
            td => getComputedStyle(td, '::before').content.replaceAll('"', ''))"""
    )
    assert labels == [re.sub(r"^Times VaR .*", "Times VaR", text) for text in headings[1:]]


@every_page
def test_the_page_is_whole_without_scripts(show: Open, name: str) -> None:
    with_scripts, without = show(name), show(name, scripts=False)
    assert without.locator("script, iframe, object, embed").count() == 0
    assert without.locator("body").inner_text() == with_scripts.locator("body").inner_text()


def test_a_link_opens_the_way_down_to_a_position_without_scripts(show: Open) -> None:
    page = show("demo bank", scripts=False)
    detail = page.locator("#p7")
    assert not detail.is_visible()
    page.locator('a[href="#p7"]').first.click()
    detail.wait_for(state="visible")
    inside = page.locator("details:has(> #p7)").inner_text()
    for words in ("Rank 7", "quantity", "present value", "Delta", "Reads", "positions.csv, record"):
        assert words in inside


def test_the_hierarchy_opens_from_the_firm_to_a_position_by_clicks_alone(show: Open) -> None:
    page = show("demo bank", scripts=False)
    for name in ("Stock Options", "STK-TECH", "EQC-100230"):
        page.locator("summary", has_text=name).first.click()
    assert page.locator("#p1").is_visible()


def test_delivered_markup_never_runs(show: Open) -> None:
    page = show("hostile")
    unfold(page)
    assert page.evaluate("window.ran") is None
    assert page.locator("script, img").count() == 0
    assert "<script>window.ran=1</script>" in page.locator("body").inner_text()


def test_delivered_direction_marks_turn_nothing_around_them(show: Open) -> None:
    text = show("hostile").locator("body").inner_text()
    assert not set(text) & set("\u202a\u202b\u202d\u202e\u2067")


def test_a_shortened_name_tells_more_of_itself_to_a_pointer(show: Open) -> None:
    page = show("hostile")
    name = page.locator("table.limits bdi.wrap[title]").first
    title = name.get_attribute("title") or ""
    assert len(title) > len(name.inner_text())


def test_the_policy_stops_scripts_styles_and_requests_that_get_in(show: Open) -> None:
    page = show("made up")
    blocked = page.evaluate(
        """async () => {
            const found = [];
            document.addEventListener(
                'securitypolicyviolation', e => found.push(e.effectiveDirective));
            const script = document.createElement('script');
            script.textContent = 'window.ran = 1';
            document.body.append(script);
            const style = document.createElement('style');
            style.textContent = 'body { display: none }';
            document.head.append(style);
            const image = new Image();
            image.src = 'http://127.0.0.1:9/x.png';
            document.body.append(image);
            await fetch('http://127.0.0.1:9/').catch(() => {});
            await new Promise(done => setTimeout(done, 50));
            return [found.sort(), window.ran ?? null, getComputedStyle(document.body).display];
        }"""
    )
    assert blocked == [["connect-src", "img-src", "script-src-elem", "style-src-elem"], None,
                       "block"]  # fmt: skip


@every_page
def test_every_page_prints_with_all_sections_and_nothing_cut_off(show: Open, name: str) -> None:
    page = show(name, scripts=False)
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert 1 <= len(printed.pages) <= 30
    text = " ".join(sheet.extract_text() for sheet in printed.pages)
    for heading in ("Limits", "Data quality", "Audit", "Conventions"):
        assert heading in text


def test_the_demo_banks_page_is_under_300_kb(pages: dict[str, Path]) -> None:
    assert pages["demo bank"].stat().st_size < 300_000
