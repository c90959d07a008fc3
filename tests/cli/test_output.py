"""Tables, JSON and streams."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from riskmill.cli.output import write_json, write_json_line, write_table
from tests.cli.conftest import PROGRAM, environment


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    name: str
    day: date
    path: Path


ROW = Row(name="Zürich", day=date(2018, 12, 31), path=Path("out/report.html"))


def test_json_holds_what_was_given(capsys: pytest.CaptureFixture[str]) -> None:
    write_json([ROW])
    assert json.loads(capsys.readouterr().out) == [
        {"name": "Zürich", "day": "2018-12-31", "path": "out/report.html"}
    ]


def test_a_cell_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    write_table(["name"], [["\x1b]0;x\x07\x1b[2J\x9b\u202e"], ["Zürich"]])
    assert capsys.readouterr().out == "name\n\\x1b]0;x\\x07\\x1b[2J\\x9b\\u202e\nZürich\n"


def test_a_json_line_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    write_json_line(ROW)
    write_json_line(ROW)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert all(json.loads(line)["name"] == "Zürich" for line in lines)


def test_columns_of_a_table_are_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    write_table(("run", "status"), [("a", "complete"), ("bbbbbb", "failed")])
    assert capsys.readouterr().out == "run     status\na       complete\nbbbbbb  failed\n"


def test_a_table_too_wide_for_its_terminal_becomes_blocks() -> None:
    program = (
        "from riskmill.cli.output import write_table;"
        "write_table(('run', 'status'), [('a' * 30, 'complete'), ('b', 'failed')])"
    )
    shown = on_terminal([sys.executable, "-c", program], columns=20)
    assert shown.splitlines() == [
        f"run: {'a' * 30}", "status: complete", "", "run: b", "status: failed",
    ]  # fmt: skip


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [*PROGRAM, "explain"],
        cwd=tmp_path,
        env=environment(),
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_full_disk_behind_standard_output_is_told(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [*PROGRAM, "explain"],
            cwd=tmp_path,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ended.returncode == 1
    assert ended.stderr.startswith("Error E702: ")


def on_terminal(command: list[str], *, columns: int) -> str:
    """Run *command* with its standard streams on a terminal and return what it shows."""
    import pty

    ours, theirs = pty.openpty()
    env = environment(COLUMNS=str(columns), LINES="24", TERM="xterm")
    running = subprocess.Popen(command, env=env, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    while chunk := _read(ours):
        shown += chunk
    os.close(ours)
    running.wait()
    return shown.decode().replace("\r\n", "\n")


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # how Linux says that the other side of a terminal is closed
        return b""
