"""A delivery without positions: an empty book is a run, a book that is all wrong has a page."""

import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from riskmill.domain import InputRejected
from riskmill.runtime import RunOptions, rebuild_catalogue, start_run, validate
from tests.reporting.page import parse
from tests.runtime.days import batch_of_day
from tests.runtime.inboxes import edit

OPTIONS = RunOptions(partitions=1)
HOSTILE = "<script>alert(1)</script> \u05d1 \N{PARTY POPPER}" + "x" * 9_000


def emptied(source: Path, announced: int) -> None:
    """Leave the positions their header, and announce so many rows."""
    path = source / "positions.csv"
    raw = path.read_bytes().partition(b"\n")[0] + b"\n"
    path.write_bytes(raw)

    def announce(manifest: dict) -> None:
        entry = next(file for file in manifest["files"] if file["dataset"] == "positions")
        entry.update(bytes=len(raw), sha256=hashlib.sha256(raw).hexdigest(), rows=announced)
        entry.pop("control_totals", None)

    edit(source, announce)


@pytest.fixture
def empty_book(own_batch: Path) -> Path:
    emptied(own_batch, 0)
    return own_batch


@pytest.fixture
def all_wrong(own_batch: Path, close: Callable[[Path, int], None]) -> Path:
    """A book in which every row names a book that is not there, and a policy that lets them go."""
    path = own_batch / "positions.csv"
    header, *rows = path.read_text("utf-8").splitlines()
    place = header.split(",").index("book")
    wrong = [
        ",".join([*cells[:place], HOSTILE, *cells[place + 1 :]])
        for cells in (row.split(",") for row in rows)
    ]
    path.write_text("\n".join([header, *wrong]) + "\n", "utf-8")
    close(own_batch, 1_000)
    return own_batch


def test_an_empty_book_is_a_run_whose_page_says_so(empty_book: Path, tmp_path: Path) -> None:
    assert validate(empty_book).refusal is None
    outcome = start_run(empty_book, tmp_path / "out", OPTIONS)
    assert outcome.summary.status == "complete"
    assert outcome.summary.value_at_risk == 0.0
    assert any("announces no position" in note for note in outcome.summary.notes)
    page = parse(outcome.report.read_bytes()).text
    for words in (
        "The batch announces no position and brings none",
        "no position was delivered",
        "There is no P&L vector: the book is empty.",
        "There is no tail to show: the book is empty.",
        "No position was valued in this run, so no portfolio has any risk.",
    ):
        assert words in page
    assert {path.suffix for path in outcome.files} >= {".html", ".pdf", ".xlsx", ".csv"}


@pytest.mark.parametrize("emptied_day", [0, 1])
def test_a_day_beside_an_empty_book_is_compared_with_it(
    sample_batch: Path, tmp_path: Path, emptied_day: int
) -> None:
    days = (date(2018, 12, 28), date(2018, 12, 31))
    batches = [batch_of_day(sample_batch, tmp_path / day.isoformat(), day) for day in days]
    emptied(batches[emptied_day], 0)
    before, after = [start_run(batch, tmp_path / "out", OPTIONS) for batch in batches]
    moved = json.loads(after.report.with_name("report.json").read_text("utf-8"))["day_on_day"]
    assert before.run_id in moved["against"]
    levels = [step["amount"]["value"] for step in moved["value_at_risk"]["steps"] if step["level"]]
    assert (levels[emptied_day], levels[1 - emptied_day] > 0.0) == (0.0, True)


def test_a_file_without_rows_that_is_announced_with_some_is_refused(
    own_batch: Path, tmp_path: Path
) -> None:
    emptied(own_batch, 2)
    with pytest.raises(InputRejected) as refused:
        start_run(own_batch, tmp_path / "out", OPTIONS)
    assert refused.value.code == "E030"


def test_a_book_that_is_all_wrong_is_refused_with_a_page_that_says_why(
    all_wrong: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with pytest.raises(InputRejected) as refused:
        start_run(all_wrong, out, OPTIONS)
    assert refused.value.code == "E207"
    assert not list(out.rglob("report.html"))
    (path,) = out.rglob("reject.html")
    raw = path.read_bytes()
    assert b"<script" not in raw
    assert b"x" * 400 not in raw
    text = parse(raw).text
    for words in ("No figure was computed from this batch", "E207", "<script>alert(1)", "rejected"):
        assert words in text
    answer = json.loads(path.with_name("reject.json").read_text("utf-8"))
    assert answer["code"] == "E207"


def test_the_catalogue_leads_to_why_a_batch_was_refused(all_wrong: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(InputRejected):
        start_run(all_wrong, out, OPTIONS)
    place, catalogue = rebuild_catalogue(out)
    (row,) = catalogue.rows
    (link,) = row.files
    assert (row.status.word, link.text) == ("Refused", "Why it was refused")
    assert (place.parent / link.href).resolve().is_file()
