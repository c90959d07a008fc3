"""Each bad input ends in one clear error: code, place, remedy and the right exit code."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Say, close

Spoil = Callable[[Path], None]


def no_manifest(book: Path) -> None:
    (book / "manifest.json").unlink()


def empty(book: Path) -> None:
    for file in book.iterdir():
        file.unlink()


def wrong_hash(book: Path) -> None:
    with (book / "market.csv").open("a") as market:
        market.write("EQ:NEW,1.0,USD,me,2018-12-31T22:00:00Z,observed\n")


def missing_file(book: Path) -> None:
    (book / "market.csv").unlink()


def unknown_dataset(book: Path) -> None:
    manifest = book / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"hierarchy"', '"weather"'))


def unknown_column(book: Path) -> None:
    positions = book / "positions.csv"
    positions.write_text(positions.read_text().replace("quantity", "amount_of_it", 1))
    close(book)


def manifest_that_is_no_json(book: Path) -> None:
    (book / "manifest.json").write_text("{")


@pytest.mark.parametrize(
    "spoil",
    [
        no_manifest,
        empty,
        wrong_hash,
        missing_file,
        unknown_dataset,
        unknown_column,
        manifest_that_is_no_json,
    ],
)
def test_a_batch_that_cannot_be_used_is_rejected_and_leaves_no_report(
    say: Say, own_book: Path, tmp_path: Path, spoil: Spoil
) -> None:
    spoil(own_book)
    said = say("run", own_book, "--out", tmp_path / "out")
    assert said.code == 3
    assert is_a_complaint(said.err)
    assert not list((tmp_path / "out").rglob("report.*"))


def test_a_missing_path_is_wrong_usage(say: Say, tmp_path: Path) -> None:
    said = say("run", tmp_path / "nowhere", "--out", tmp_path / "out")
    assert said.code == 2
    assert is_a_complaint(said.err)
    assert str(tmp_path / "nowhere") in said.err


def test_a_file_in_place_of_a_directory_is_wrong_usage(
    say: Say, own_book: Path, tmp_path: Path
) -> None:
    said = say("run", own_book / "positions.csv", "--out", tmp_path / "out")
    assert said.code == 2
    assert is_a_complaint(said.err)


def test_an_output_directory_that_cannot_be_made_is_told(
    say: Say, book: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("a file")
    said = say("run", book, "--out", tmp_path / "out")
    assert said.code == 1
    assert is_a_complaint(said.err)
    assert str(tmp_path / "out") in said.err


def is_a_complaint(talk: str) -> bool:
    """Whether the talk ends in one error with place, remedy and a code to explain."""
    lines = [line for line in talk.splitlines() if not line.startswith("{")]
    return (
        lines[0].startswith("Error ")
        and lines[1].startswith("  Where: ")
        and lines[2].startswith("  To mend it: ")
        and lines[-1] == f"  More: riskmill explain {lines[0][6:10]}"
        and sum(line.startswith("Error ") for line in lines) == 1
    )
