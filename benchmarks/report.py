"""
How large the report is and how fast: `python -m benchmarks.report [positions] [books]`.

The demo bank, and a bank made from it: its good positions again and again, under new ids and
other quantities, in so many books. Both are run whole. Printed are the bytes of page and model,
the seconds from a result to the page, those that Chromium takes from opening the file to its
load event, without anything cached, and those from the model to print and workbook. Bars: the
demo's page 300 kB and 0.3 s, its print and its workbook 1 s each; the large page 1 MB, and open
within 1 s.
"""

import csv
import io
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from playwright.sync_api import sync_playwright

from riskmill.domain import RiskResult, Severity
from riskmill.pipeline import reporting_tasks
from riskmill.reporting import (
    PLAIN,
    SECTIONS,
    build_report,
    render_form,
    render_html,
    render_json,
)
from riskmill.runtime import RunOptions, demo_input, start_run, write_manifest

ROUNDS = 5


def write_bank(directory: Path, demo: RiskResult, positions: int, books: int) -> None:
    """Write the demo bank's batch with so many positions in so many books; *demo* is its run."""
    for path in demo_input().iterdir():
        if path.name != "manifest.json":
            shutil.copyfile(path, directory / path.name)
    tree = _rows(directory / "hierarchy.csv")
    own = [row for row in tree if row["level"] == "book"]
    copies = {
        row["portfolio"]: [f"{row['portfolio']}-{n:02d}" for n in range(at, books, len(own))]
        for at, row in enumerate(own)
    }
    _write(
        directory / "hierarchy.csv",
        [row for row in tree if row["level"] != "book"]
        + [{**row, "portfolio": name} for row in own for name in copies[row["portfolio"]]],
    )
    renamed = {book: names[0] for book, names in copies.items()}
    limits = _rows(directory / "limits.csv")
    _write(
        directory / "limits.csv",
        [{**row, "portfolio": renamed.get(row["portfolio"], row["portfolio"])} for row in limits],
    )
    bad = {
        failure.record
        for failure in demo.failures
        if failure.file == "positions.csv" and failure.severity is Severity.ERROR
    }
    delivered = _rows(directory / "positions.csv")
    good = [row for record, row in enumerate(delivered, start=1) if record not in bad]
    _write(
        directory / "positions.csv",
        [_copied(good[n % len(good)], n // len(good), copies) for n in range(positions)],
    )
    write_manifest(
        directory, business_date=date(2018, 12, 31), snapshot="EOD", reporting_currency="USD"
    )


def _copied(row: Mapping[str, str], round_: int, copies: Mapping[str, list[str]]) -> dict[str, str]:
    names = copies[row["book"]]
    return {
        **row,
        "position_id": f"{row['position_id']}-{round_:04d}",
        "book": names[round_ % len(names)],
        "quantity": str(round(float(row["quantity"]) * (1 + round_ % 7 / 10), 2)),
    }


def _rows(path: Path) -> list[dict[str, str]]:
    text = path.read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    text = io.StringIO()
    columns = [name for name in rows[0] if name]
    writer = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def result_of(batch: Path, out: Path) -> RiskResult:
    """Run a batch whole and return what its report is built from."""
    found: list[RiskResult] = []
    built = reporting_tasks.build_report

    def keeping(result: RiskResult) -> object:
        found.append(result)
        return built(result)

    reporting_tasks.build_report = keeping  # type: ignore[assignment]
    try:
        start_run(batch, out, RunOptions())
    finally:
        reporting_tasks.build_report = built
    return found[0]


def measure(result: RiskResult) -> tuple[float, bytes, bytes]:
    """Seconds from the result to the page, the page, and the model as JSON."""
    seconds = []
    page = b""
    for _ in range(ROUNDS):
        start = time.perf_counter()
        page = render_html(build_report(result))
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), page, render_json(build_report(result))


def form(result: RiskResult, name: str) -> tuple[float, int]:
    """Seconds from the model to a form of the report, and its bytes."""
    report = build_report(result)
    seconds = []
    size = 0
    for _ in range(ROUNDS):
        start = time.perf_counter()
        size = sum(map(len, render_form(name, report, SECTIONS, PLAIN).values()))
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), size


def opening(page: bytes) -> float:
    """Seconds that Chromium takes to open the page."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        sys.exit("No Chromium was found. Install it: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "report.html"
        path.write_bytes(page)
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        seconds = []
        for _ in range(ROUNDS):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            opened = context.new_page()
            opened.goto(path.as_uri(), wait_until="load")
            timing = "performance.getEntriesByType('navigation')[0].loadEventEnd"
            seconds.append(float(opened.evaluate(timing)) / 1_000)
            context.close()
        browser.close()
    return statistics.median(seconds)


def tell(name: str, result: RiskResult) -> None:
    """Print one line a bank."""
    seconds, page, model = measure(result)
    print(
        f"{name}: page {len(page):,} bytes, report.json {len(model):,} bytes, "
        f"rendered in {seconds:.3f} s, opened in {opening(page):.3f} s"
    )
    for kind in ("pdf", "xlsx", "csv"):
        seconds, size = form(result, kind)
        print(f"  {kind}: {size:,} bytes in {seconds:.3f} s")


def main(positions: int = 100_000, books: int = 50) -> None:
    """Run both banks and print their figures."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        demo = result_of(demo_input(), place / "demo")
        tell("demo bank", demo)
        large = place / "large"
        large.mkdir()
        write_bank(large, demo, positions, books)
        tell(f"{positions:,} positions, {books} books", result_of(large, place / "out"))


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
