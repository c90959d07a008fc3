"""The command itself: help, usage, and what happens when something goes wrong."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from riskmill import __version__
from riskmill.cli.complaints import exit_code
from riskmill.cli.main import COMMANDS, riskmill
from riskmill.domain import (
    ArtefactConflict,
    InputRejected,
    QuarantineOverPolicy,
    RunFailed,
    StoreUnavailable,
    UsageError,
)
from tests.cli.conftest import Say, environment, process


def test_help_lists_every_command_and_every_exit_code() -> None:
    shown = CliRunner().invoke(riskmill, ["--help"])
    assert shown.exit_code == 0
    assert [name for name in COMMANDS if f"\n  {name} " not in shown.output] == []
    assert "130 interrupted" in shown.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    shown = CliRunner().invoke(riskmill, [name, "--help"])
    assert shown.exit_code == 0
    assert f"Usage: riskmill {name}" in shown.output


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_takes_two_positional_arguments_that_could_be_exchanged(name: str) -> None:
    command = riskmill.get_command(click.Context(riskmill), name)
    assert command is not None
    arguments = [one.name for one in command.params if isinstance(one, click.Argument)]
    assert len(arguments) <= 1 or arguments in (["run_id", "trades"], ["before", "after"])


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    program = (
        "import sys; from riskmill.cli.main import run_command; run_command(['--help']);"
        "print([m for m in ('numpy', 'numba', 'polars', 'pyarrow', 'rich', 'msgspec')"
        " if m in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program],
        env=environment(),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.splitlines()[-1] == "[]"


def test_the_version_is_told(say: Say) -> None:
    said = say("--version")
    assert (said.code, said.out) == (0, f"riskmill {__version__}\n")


def test_no_command_shows_the_help_and_is_wrong_usage(say: Say) -> None:
    said = say()
    assert said.code == 2
    assert said.out == ""
    assert "Commands:" in said.err


@pytest.mark.parametrize(
    "words",
    [
        ("fly",),
        ("run",),
        ("run", "book", "--partitions", "many"),
        ("run", "book", "--wings"),
        ("run", "one", "two"),
        ("validate", "book", "--business-date", "31/12/2018"),
    ],
)
def test_wrong_usage_is_told_with_code_place_and_remedy(say: Say, words: tuple[str, ...]) -> None:
    said = say(*words)
    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith("Error E701: ")
    assert "  Where: riskmill" in said.err
    assert "--help" in said.err
    assert "riskmill explain E701" in said.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("E702", "x"), 2),
        (InputRejected("E001", "x"), 3),
        (QuarantineOverPolicy("E002", "x"), 4),
        (RunFailed("E500", "x"), 1),
        (ArtefactConflict("E501", "x"), 1),
        (StoreUnavailable("E601", "x"), 1),
        (ValueError("x"), 1),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (click.UsageError("x"), 2),
    ],
)
def test_each_kind_of_error_has_its_exit_code(error: BaseException, code: int) -> None:
    assert exit_code(error) == code


@pytest.fixture
def broken_runtime(tmp_path: Path) -> dict[str, str]:
    """An environment in which a library fails as nobody foresaw."""
    (tmp_path / "msgspec.py").write_text("raise RuntimeError('a library was replaced by hand')")
    env = environment()
    return {**env, "PYTHONPATH": f"{tmp_path}:{env['PYTHONPATH']}"}


def test_what_nobody_foresaw_is_told_without_a_traceback(
    tmp_path: Path, broken_runtime: dict[str, str]
) -> None:
    ended = process("explain", "E701", cwd=tmp_path, env=broken_runtime)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith("Error E799: ")
    assert "Traceback" not in ended.stderr
    assert "--debug" in ended.stderr


def test_debug_shows_where_an_error_came_from(
    tmp_path: Path, broken_runtime: dict[str, str]
) -> None:
    by_option = process("--debug", "explain", "E701", cwd=tmp_path, env=broken_runtime)
    by_variable = process(
        "explain", "E701", cwd=tmp_path, env={**broken_runtime, "RISKMILL_DEBUG": "1"}
    )
    for ended in (by_option, by_variable):
        assert ended.returncode == 1
        assert "Traceback" in ended.stderr
        assert "Error E799: " in ended.stderr
