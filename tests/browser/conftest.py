"""The report in a real browser: Debian's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from riskmill.domain import RiskResult
from riskmill.reporting import build_report, render_html
from riskmill.runtime import RunOptions, demo_input, start_run
from tests.reporting.bank import (
    all_breached_result,
    demo_result,
    empty_result,
    hostile_result,
    one_scenario_result,
)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
HOSTILE = (
    "\"'><script>window.ran=1</script><img src=x onerror=window.ran=1><svg/onload=window.ran=1>"
    "\u202e\u2067\u200f{{7*7}}&amp;\x00\N{GRINNING FACE}"
    "\u0627\u0644\u062e\u0637\u0631" + "x" * 10_000
)
"""What a sender could write into any name: markup, scripts, direction marks, and much of it."""
RESULTS: dict[str, Callable[[], RiskResult]] = {
    "made up": demo_result,
    "empty": empty_result,
    "one scenario": one_scenario_result,
    "all breached": all_breached_result,
    "hostile": lambda: hostile_result(HOSTILE),
}
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; without one they fail and say what to install."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(
            "No Chromium was found. The report is tested in a real browser: install one "
            "(Debian: apt-get install chromium fonts-liberation), or leave these tests out "
            "knowingly: python -m pytest --ignore=tests/browser",
            pytrace=False,
        )
    # As root, as in most containers, Chromium does not start inside its own sandbox.
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=options)
        yield started
        started.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A file for each kind of result, and the demo bank's own report."""
    folder = tmp_path_factory.mktemp("pages")
    files = {}
    for name, result in RESULTS.items():
        files[name] = folder / f"{name.replace(' ', '-')}.html"
        files[name].write_bytes(render_html(build_report(result())))
    files["demo bank"] = start_run(demo_input(), folder / "out", RunOptions()).report
    return files


@pytest.fixture
def show(browser: Browser, pages: dict[str, Path]) -> Iterator[Open]:
    """Opens a page by the name of its result."""
    with _contexts(browser, pages) as opened:
        yield opened


@contextmanager
def _contexts(browser: Browser, pages: dict[str, Path]) -> Iterator[Open]:
    contexts = []

    def opened(
        name: str, *, width: int = 1280, scheme: str = "light", scripts: bool = True
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(pages[name].as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()


def unfold(page: Page, folds: str = "details") -> None:
    """Open every fold, or those that a selector finds."""
    page.evaluate("s => document.querySelectorAll(s).forEach(d => { d.open = true; })", folds)
