"""`sign`, `verify`, `compare` and `catalogue` as somebody types them."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Say


@pytest.fixture
def out(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished run that the test may sign and damage."""
    return Path(shutil.copytree(finished, tmp_path / "out"))


@pytest.fixture
def run_id(out: Path) -> str:
    return next((out / "runs").iterdir()).name


def signed(say: Say, out: Path, run_id: str) -> str:
    """Sign the run and return the hash of the signature."""
    said = say("sign", run_id, "--by", "Ada Smith", "--comment", "ok", "--out", out, "--json")
    assert said.code == 0, said.err
    head: str = json.loads(said.out)["head"]
    return head


def test_a_signature_is_told_with_its_hash_and_its_page(say: Say, out: Path, run_id: str) -> None:
    said = say("sign", run_id, "--by", "Ada Smith", "--comment", "Approved.", "--out", out)
    assert said.code == 0
    assert f"Signed: run {run_id} by Ada Smith" in said.out
    page = Path(said.out.rpartition("Page: ")[2].strip())
    assert "Ada Smith" in page.read_text(encoding="utf-8")
    assert "--head" in said.err


@pytest.mark.parametrize(
    ("name", "comment", "code"), [("", "ok", "E552"), ("A", "", "E553"), ("A\tB", "ok", "E552")]
)
def test_a_bad_name_or_comment_is_wrong_usage(
    say: Say, out: Path, run_id: str, name: str, comment: str, code: str
) -> None:
    said = say("sign", run_id, "--by", name, "--comment", comment, "--out", out)
    assert (said.code, said.err.startswith(f"Error {code}")) == (2, True)


def test_name_and_comment_are_asked_for(say: Say, out: Path, run_id: str) -> None:
    assert say("sign", run_id, "--out", out).code == 2
    assert say("sign", run_id, "--by", "A", "--out", out).code == 2


def test_a_hostile_name_commands_no_terminal(say: Say, out: Path, run_id: str) -> None:
    name = "<b>Ada</b> 'בני' 🎉"
    said = say("sign", run_id, "--by", name, "--comment", "\u202eok", "--out", out)
    assert said.code == 0
    assert name in said.out


def test_a_whole_run_verifies(say: Say, out: Path, run_id: str) -> None:
    head = signed(say, out, run_id)
    said = say("verify", run_id, "--out", out, "--head", head)
    assert said.code == 0
    assert "everything is as it was written. It has 1 signature" in said.out
    found = json.loads(say("verify", run_id, "--out", out, "--json").out)
    assert {check["outcome"] for check in found["checks"]} == {"as written"}
    assert found["head"] == head
    every = say("verify", run_id, "--out", out, "--all").out
    assert all(check["place"] in every for check in found["checks"])


def test_what_differs_is_named_with_what_it_should_be(say: Say, out: Path, run_id: str) -> None:
    signed(say, out, run_id)
    report = out / "reports" / run_id[:10] / run_id / "report.html"
    report.write_bytes(report.read_bytes() + b" ")
    said = say("verify", run_id, "--out", out)
    assert said.code == 1
    assert f"Changed: reports/{run_id[:10]}/{run_id}/report.html" in said.out
    assert "it should be: " in said.out
    assert "differ from what was written" in said.out


def test_another_head_than_the_one_that_was_kept_is_a_fault(
    say: Say, out: Path, run_id: str
) -> None:
    signed(say, out, run_id)
    said = say("verify", run_id, "--out", out, "--head", "0" * 64)
    assert said.code == 1
    assert "a signature was added, changed or taken away" in said.out


@pytest.mark.parametrize("command", [("verify",), ("sign", "--by", "A", "--comment", "ok")])
def test_a_run_that_is_not_there_is_wrong_usage(
    say: Say, out: Path, command: tuple[str, ...]
) -> None:
    name, *options = command
    said = say(name, "2018-12-31-000000000000", *options, "--out", out)
    assert (said.code, "Error E612" in said.err) == (2, True)


def test_a_signed_run_can_be_run_again_and_does_not_change(
    say: Say, out: Path, run_id: str, book: Path
) -> None:
    signed(say, out, run_id)
    for arguments in (("run", book), ("run", book, "--force"), ("rerun", run_id)):
        assert say(*arguments, "--out", out).code == 0
    assert say("verify", run_id, "--out", out).code == 0


def test_the_catalogue_is_printed_and_written(say: Say, out: Path, run_id: str) -> None:
    signed(say, out, run_id)
    (out / "reports" / "index.html").unlink()
    said = say("catalogue", "--out", out)
    assert said.code == 0
    assert run_id in said.out
    assert "Ada Smith" in said.out
    assert (out / "reports" / "index.html").is_file()
    rows = json.loads(say("catalogue", "--out", out, "--json").out)["rows"]
    assert [row["run_id"] for row in rows] == [run_id]


def test_an_output_directory_without_runs_has_an_empty_catalogue(say: Say, tmp_path: Path) -> None:
    assert "There are no runs yet." in say("catalogue", "--out", tmp_path).out
    assert say("catalogue", "--out", tmp_path / "none").code == 2


def test_two_runs_are_compared(say: Say, out: Path, run_id: str, book: Path) -> None:
    said = say("run", book, "--out", out, "--scenarios", "300", "--json")
    other = json.loads(said.out)["run_id"]
    said = say("compare", run_id, other, "--out", out)
    assert said.code == 0, said.err
    assert "risk.scenarios" in said.out
    assert "\u2068" not in said.out
    assert "\\u2068" not in said.out
    assert Path(said.out.rpartition("Page: ")[2].strip()).is_file()
    found = json.loads(say("compare", run_id, other, "--out", out, "--json").out)
    assert [change["name"] for change in found["settings"]] == ["risk.scenarios"]
    assert found["positions"]["changed"] == 0


def test_a_run_compared_with_itself_is_wrong_usage(say: Say, out: Path, run_id: str) -> None:
    said = say("compare", run_id, run_id, "--out", out)
    assert (said.code, "Error E555" in said.err) == (2, True)


def test_a_run_that_forgot_where_its_batch_lay_says_that_nothing_delivered_was_hashed(
    say: Say, out: Path, run_id: str
) -> None:
    note = out / "runs" / run_id / "source.json"
    source = json.loads(note.read_text())
    note.unlink()
    said = say("verify", run_id, "--out", out)
    assert said.code == 1
    assert f"Missing: runs/{run_id}/source.json" in said.out
    assert "Not one of its delivered files could be hashed" in said.out
    said = say("verify", run_id, "--source", source, "--out", out)
    assert "could be hashed" not in said.out
    assert say("verify", run_id, "--source", out / "none", "--out", out).code == 2
