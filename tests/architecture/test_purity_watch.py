"""The watch over the rooms is itself tested: a check that cannot fail is none."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.purity import PACKAGE, REPOSITORY, WATCH


def test_it_notes_a_file_that_is_read(tmp_path: Path) -> None:
    file = tmp_path / "quotes.csv"
    file.write_text("factor,value\n")
    with WATCH.watching() as touched:
        file.read_text()
    assert [note for note in touched if str(file) in note]


def test_it_notes_a_file_that_is_written(tmp_path: Path) -> None:
    with WATCH.watching() as touched:
        (tmp_path / "result.txt").write_text("1")
    assert touched


def test_it_notes_a_low_level_open(tmp_path: Path) -> None:
    with WATCH.watching() as touched:
        os.close(os.open(tmp_path / "result.bin", os.O_CREAT | os.O_WRONLY))
    assert touched


def test_it_notes_a_file_written_into_the_package() -> None:
    with WATCH.watching() as touched, pytest.raises(OSError, match="no-such-directory"):
        (PACKAGE / "no-such-directory" / "result.txt").write_text("1")
    assert touched


def test_it_notes_a_socket() -> None:
    with WATCH.watching() as touched:
        socket.socket().close()
    assert [note for note in touched if note.startswith("socket.")]


def test_it_notes_a_process() -> None:
    with WATCH.watching() as touched:
        subprocess.run([sys.executable, "-c", ""], check=True)
    assert [note for note in touched if note.startswith("subprocess.Popen")]


def test_it_notes_a_truth_file_read_during_the_call() -> None:
    with WATCH.watching() as touched:
        (REPOSITORY / "pyproject.toml").read_text()
    assert touched


def test_it_lets_imports_and_package_data_pass() -> None:
    with WATCH.watching() as touched:
        sys.modules.pop("colorsys", None)
        __import__("colorsys")
        (PACKAGE / "py.typed").read_bytes()
    assert touched == []


def test_it_notes_nothing_while_it_is_off(tmp_path: Path) -> None:
    with WATCH.watching() as touched:
        pass
    (tmp_path / "result.txt").write_text("1")
    assert touched == []


ROOM_TESTS = """
    import pathlib, socket, pytest

    def test_reads_a_file():
        pathlib.Path(__file__).with_name("truth.csv").read_text()

    def test_hides_its_socket():
        try:
            socket.socket().close()
        except Exception:
            pass

    @pytest.fixture
    def truth():
        return pathlib.Path(__file__).with_name("truth.csv").read_text()

    def test_takes_values(truth):
        assert truth == "1"
"""


@pytest.mark.parametrize(("folder", "failed"), [("risk", 2), ("runtime", 0)])
def test_tests_that_touch_the_world_fail_in_rooms_only(
    pytester: pytest.Pytester, folder: str, failed: int
) -> None:
    room = pytester.mkdir("tests") / folder
    room.mkdir()
    (room / "test_room.py").write_text("\n".join(line[4:] for line in ROOM_TESTS.splitlines()))
    (room / "truth.csv").write_text("1")
    conftest = (REPOSITORY / "tests" / "conftest.py").read_text()
    (pytester.path / "conftest.py").write_text(conftest)
    pytester.makeini(f"[pytest]\npythonpath = {REPOSITORY} {REPOSITORY / 'src'}\n")
    outcome = pytester.runpytest_subprocess("tests")
    outcome.assert_outcomes(failed=failed, passed=3 - failed)
    if failed:
        outcome.stdout.fnmatch_lines(["*a room's test touched the world*"])
