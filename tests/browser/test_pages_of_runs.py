"""Catalogue, comparison and signature page in a real browser."""

from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from riskmill.cli.main import run_command
from riskmill.domain import Failure, FailureReason, Severity
from riskmill.reporting import CheckedFile, RefusedBatch, refusal_notice, render_refusal_html
from riskmill.runtime import RunOptions, sign_run, start_run, write_manifest, write_starter
from tests.runtime.days import batch_of_day

DAYS = (date(2018, 12, 28), date(2018, 12, 31))
HOSTILE = "Zoë <script>document.title='owned'</script> בני 🎉"
PAGES = ("catalogue", "comparison", "signatures", "unsigned", "refusal")
REFUSED = RefusedBatch(
    batch_id="2018-12-31/EOD/v001",
    run_id="2018-12-31-0123456789ab",
    business_date=DAYS[1],
    code="E207",
    message=f"none of the 2 positions of '{HOSTILE}' can be used",
    place=HOSTILE,
    remedy="Mend the rows.",
    also=("Also: E020: a file was cut short",),
    files=(CheckedFile(name=HOSTILE, dataset="positions", rows=2, rejected=None),),
    failures=[
        Failure(
            code=code,
            reason=FailureReason.INVALID_VALUE,
            message=f"Column 'book' holds {HOSTILE}.",
            severity=severity,
            file="positions.csv",
            record=record,
            subject=HOSTILE + "x" * 10_000,
            column="book",
            value=HOSTILE,
        )
        for code, severity in (("E105", Severity.ERROR), ("W315", Severity.WARNING))
        for record in range(1, 9)
    ],
    notes=(HOSTILE,),
)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
"""What axe looks for."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Addresses of the pages of two days, of which the first is signed."""
    place = tmp_path_factory.mktemp("pages")
    write_starter(place)
    write_manifest(place / "input", business_date=DAYS[1], snapshot="EOD", reporting_currency="USD")
    out = place / "out"
    batches = (batch_of_day(place / "input", place / day.isoformat(), day) for day in DAYS)
    runs = [start_run(batch, out, RunOptions()).run_id for batch in batches]
    sign_run(out, runs[0], signer=HOSTILE, comment=f"{HOSTILE}\nsecond line " + "x" * 5_000)
    reports = out / "reports"
    found = {
        "catalogue": reports / "index.html",
        "comparison": reports / "compare" / f"{runs[0]}--{runs[1]}.html",
        "signatures": reports / DAYS[0].isoformat() / runs[0] / "signature.html",
        "unsigned": reports / DAYS[1].isoformat() / runs[1] / "signature.html",
        "refusal": place / "reject.html",
    }
    found["refusal"].write_bytes(render_refusal_html(refusal_notice(REFUSED)))
    return {name: path.as_uri() for name, path in found.items()}


def opened(browser: Browser, address: str, **context: object) -> tuple[Page, list[str]]:
    """Open a page, noting every request and every complaint of the browser's."""
    page = browser.new_context(**context).new_page()  # type: ignore[arg-type]
    noted: list[str] = []
    page.on("request", lambda request: noted.append(request.url))
    page.on("console", lambda message: noted.append(message.text))
    page.on("pageerror", lambda error: noted.append(str(error)))
    page.goto(address)
    return page, [note for note in noted if note != address and not note.startswith("data:")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1320, 390])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation(
    browser: Browser, pages: dict[str, str], name: str, width: int, scheme: str
) -> None:
    page, _ = opened(
        browser,
        pages[name],
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
        bypass_csp=True,  # axe is a script, and the page's own policy lets none in
    )
    results = Axe().run(page, options=RULES)
    assert results.response["violations"] == [], results.generate_report()
    page.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_the_page_asks_for_nothing_and_the_browser_complains_of_nothing(
    browser: Browser, pages: dict[str, str], name: str
) -> None:
    page, noted = opened(browser, pages[name])
    assert noted == []
    assert "owned" not in page.title()
    page.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_whole_without_scripts(
    browser: Browser, pages: dict[str, str], name: str
) -> None:
    page, _ = opened(browser, pages[name], java_script_enabled=False)
    assert page.locator("h1").count() == 1
    assert page.locator("table, blockquote, .empty").count() > 0
    page.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_sticks_out_on_a_phone(browser: Browser, pages: dict[str, str], name: str) -> None:
    page, _ = opened(browser, pages[name], viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.context.close()


def test_a_reader_gets_from_the_catalogue_to_report_signatures_and_comparison(
    browser: Browser, pages: dict[str, str]
) -> None:
    page, _ = opened(browser, pages["catalogue"])
    for link, heading in (
        ("2018-12-31", "Market risk"),
        ("signatures", "Signatures"),
        ("the day before", "Two runs compared"),
    ):
        page.goto(pages["catalogue"])
        page.get_by_role("link", name=link, exact=True).first.click()
        assert heading in page.locator("h1").inner_text()
    page.get_by_role("link", name="All runs").click()
    assert "Run catalogue" in page.locator("h1").inner_text()
    page.context.close()


def test_the_signer_is_shown_as_written(browser: Browser, pages: dict[str, str]) -> None:
    page, _ = opened(browser, pages["catalogue"])
    assert "<script>document.title" in page.locator("table.runs").inner_text()
    page.goto(pages["signatures"])
    assert HOSTILE in page.locator("blockquote").inner_text()
    page.context.close()


def test_the_command_that_makes_the_pages_is_there(tmp_path: Path) -> None:
    assert run_command(["catalogue", "--out", str(tmp_path)]) == 0
    assert (tmp_path / "reports" / "index.html").is_file()
