"""`riskmill init` and `riskmill validate`."""

import csv
import json
from pathlib import Path

from riskmill.domain import shown_as_text
from tests.cli.conftest import Say, close

CLOSE = ("--write-manifest", "--business-date", "2018-12-31", "--currency", "USD")


def test_a_sample_is_written_and_names_its_files(say: Say, tmp_path: Path) -> None:
    said = say("init", tmp_path / "book")
    assert said.code == 0
    written = [Path(line) for line in said.out.splitlines()]
    assert tmp_path / "book" / "input" / "positions.csv" in written
    assert all(path.is_file() for path in written)


def test_a_second_sample_overwrites_nothing(say: Say, tmp_path: Path) -> None:
    say("init", tmp_path / "book")
    positions = tmp_path / "book" / "input" / "positions.csv"
    positions.write_text("mine")
    said = say("init", tmp_path / "book")
    assert said.code == 2
    assert positions.read_text() == "mine"


def test_a_sample_is_valid_once_it_is_closed(say: Say, tmp_path: Path) -> None:
    say("init", tmp_path / "book")
    said = say("validate", tmp_path / "book" / "input", *CLOSE)
    assert said.code == 0
    assert "would be used" in said.out


def test_a_batch_without_a_manifest_is_rejected(say: Say, tmp_path: Path) -> None:
    said = say("validate", tmp_path)
    assert said.code == 3
    assert said.err.startswith("Error E610: ")
    assert str(tmp_path) in said.err


def test_a_manifest_is_not_written_without_a_date(say: Say, tmp_path: Path) -> None:
    said = say("validate", tmp_path, "--write-manifest", "--currency", "USD")
    assert said.code == 2
    assert said.err.startswith("Error E703: ")
    assert not (tmp_path / "manifest.json").exists()


def test_a_closed_batch_is_not_closed_again(say: Say, own_book: Path) -> None:
    before = (own_book / "manifest.json").read_bytes()
    assert say("validate", own_book, *CLOSE).code == 2
    assert (own_book / "manifest.json").read_bytes() == before


def test_a_file_that_changed_after_the_manifest_is_rejected(say: Say, own_book: Path) -> None:
    with (own_book / "limits.csv").open("a") as limits:
        limits.write("\n")
    said = say("validate", own_book, "--json")
    assert said.code == 3
    shown = json.loads(said.out)
    assert shown["accepted"] is False
    assert shown["refusal"]["code"] in said.err
    assert "limits.csv" in shown["refusal"]["place"]


def test_more_rejected_rows_than_the_policy_allows_have_an_exit_code_of_their_own(
    say: Say, own_book: Path
) -> None:
    spoil(own_book)
    set_policy(own_book, max_bad_rows=0)
    said = say("validate", own_book)
    assert said.code == 4
    assert "would be rejected" in said.out


def test_rejected_rows_are_shown_with_code_file_and_line(say: Say, own_book: Path) -> None:
    spoil(own_book)
    set_policy(own_book, max_bad_rows=5)
    said = say("validate", own_book)
    assert said.code == 0
    assert "positions.csv line 2: " in said.out
    failure, stale = json.loads(say("validate", own_book, "--json").out)["failures"]
    assert (stale["code"], stale["severity"]) == ("W315", "warning")
    assert (failure["file"], failure["line"], failure["column"]) == ("positions.csv", 2, "quantity")
    assert f"{failure['code']} " in said.out


def test_findings_are_counted_by_code_and_shown_up_to_a_number(say: Say, own_book: Path) -> None:
    positions = own_book / "positions.csv"
    header, *rows = positions.read_text().splitlines()
    place = header.split(",").index("quantity")
    spoilt = [
        ",".join("x" if n == place else cell for n, cell in enumerate(row.split(",")))
        for row in rows
    ]
    positions.write_text("\n".join([header, *spoilt]) + "\n")
    close(own_book)
    set_policy(own_book, max_bad_rows=len(rows))
    said = say("validate", own_book, "--rows", "2")
    assert f"E107  error     {len(rows)}" in said.out
    assert said.out.count("which is not a") == 2
    assert f"and {len(rows) - 2} more; --json shows them all" in said.out
    assert "which is not a" not in say("validate", own_book, "--rows", "0").out
    failures = json.loads(say("validate", own_book, "--json").out)["failures"]
    assert sum(failure["code"] == "E107" for failure in failures) == len(rows)


def test_no_cell_of_the_sample_is_a_formula(say: Say, tmp_path: Path) -> None:
    say("init", tmp_path / "book")
    for file in (tmp_path / "book" / "input").glob("*.csv"):
        with file.open(newline="") as text:
            cells = [cell for row in csv.reader(text) for cell in row]
        assert [cell for cell in cells if shown_as_text(cell) != cell] == []


def spoil(book: Path) -> None:
    """Take the quantity of the first position away."""
    positions = book / "positions.csv"
    header, first, *rest = positions.read_text().splitlines()
    cells = first.split(",")
    cells[header.split(",").index("quantity")] = ""
    positions.write_text("\n".join([header, ",".join(cells), *rest]) + "\n")
    close(book)


def set_policy(book: Path, *, max_bad_rows: int) -> None:
    manifest = json.loads((book / "manifest.json").read_text())
    manifest["policy"] = {
        "max_bad_rows": max_bad_rows, "max_bad_notional_pct": 100.0, "on_bad": "quarantine",
    }  # fmt: skip
    (book / "manifest.json").write_text(json.dumps(manifest))
