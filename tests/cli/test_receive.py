"""`riskmill receive` and corrections, as a person gives them."""

import json
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAM, Say, environment

PLACE = "2018-12-31/EOD/v001"


@pytest.fixture
def inbox(book: Path, tmp_path: Path) -> Path:
    """An inbox with one closed batch."""
    shutil.copytree(book, tmp_path / "in" / PLACE)
    return tmp_path / "in"


def test_what_has_landed_is_run_and_shown(say: Say, inbox: Path, tmp_path: Path) -> None:
    command = ("receive", inbox, "--out", tmp_path / "out", "--scenarios", 100)
    said = say(*command)
    assert said.code == 0
    assert said.out.splitlines()[0].split() == [
        "delivery",
        "state",
        "detail",
        "see",
        "below",
        "DIR",
    ]
    assert said.out.splitlines()[1].startswith(f"{PLACE}  complete")
    (delivery,) = json.loads(say(*command, "--json").out)["deliveries"]
    assert (delivery["batch_id"], delivery["acted"]) == (PLACE, False)
    assert (tmp_path / "out" / delivery["place"]).is_file()


def test_a_refusal_is_an_exit_code_once(say: Say, inbox: Path, tmp_path: Path) -> None:
    (inbox / PLACE / "manifest.json").write_text("{", encoding="utf-8")
    command = ("receive", inbox, "--out", tmp_path / "out")
    first, second = say(*command), say(*command)
    assert (first.code, second.code) == (3, 0)
    for said in (first, second):
        assert f"{PLACE}  refused  E001" in said.out


def test_an_inbox_that_is_not_there_is_wrong_usage(say: Say, tmp_path: Path) -> None:
    assert say("receive", tmp_path / "nowhere", "--out", tmp_path / "out").code == 2


def test_a_watched_inbox_is_looked_at_until_interrupted(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with subprocess.Popen(
        [*PROGRAM, "receive", "in", "--watch"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Nothing has landed")
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130


def test_a_refused_run_says_where_its_answer_lies(say: Say, own_book: Path, tmp_path: Path) -> None:
    with (own_book / "limits.csv").open("a", encoding="utf-8") as limits:
        limits.write("\n")
    said = say("run", own_book, "--out", tmp_path / "out")
    assert said.code == 3
    (answer,) = (tmp_path / "out").rglob("reject.json")
    assert f"  More: the sender's answer: {answer.parent}" in said.err


def test_a_correction_is_drafted_from_what_it_supersedes(say: Say, inbox: Path) -> None:
    second = inbox / "2018-12-31/EOD/v002"
    second.mkdir()
    shutil.copy(inbox / PLACE / "limits.csv", second)
    said = say("validate", second, "--write-manifest", "--supersedes", "v001")
    assert said.code == 0
    manifest = json.loads((second / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["version"], manifest["supersedes"]) == ("v002", "v001")
    assert "Batch 2018-12-31/EOD/v002 would be used." in said.out
