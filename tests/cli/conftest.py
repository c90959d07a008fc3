"""A small batch, a finished run of it, and riskmill as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

import riskmill
from riskmill.cli.main import run_command

SOURCES = Path(riskmill.__file__).resolve().parents[1]
PROGRAM = (sys.executable, "-c", "from riskmill.cli.main import main; main()")


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What a command in this process printed, and its exit code."""

    code: int
    out: str
    err: str


Say = Callable[..., Said]


def environment(**changes: str) -> dict[str, str]:
    """Return this process's environment with *changes*, and the sources on the path."""
    return {**os.environ, "PYTHONPATH": str(SOURCES), **changes}


def process(
    *arguments: str, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run riskmill as a process of its own and wait for it."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        cwd=cwd,
        env=environment() if env is None else env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Give a command line to riskmill in this process."""

    def run(*arguments: object) -> Said:
        capsys.readouterr()  # what the preparation of the test printed
        code = run_command([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Said(code=code, out=printed.out, err=printed.err)

    return run


def new_book(directory: Path) -> Path:
    """Write the sample batch below *directory* and close it."""
    assert run_command(["init", str(directory)]) == 0
    book = directory / "input"
    close(book)
    return book


def close(book: Path) -> None:
    """Write a manifest of the files of *book* as they are."""
    (book / "manifest.json").unlink(missing_ok=True)
    wanted = ("--write-manifest", "--business-date", "2018-12-31", "--currency", "USD")
    run_command(["validate", str(book), *wanted])


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Directory of a small closed batch; not to be changed."""
    return new_book(tmp_path_factory.mktemp("book"))


@pytest.fixture
def own_book(tmp_path: Path) -> Path:
    """Directory of a small closed batch that the test may spoil."""
    return new_book(tmp_path / "book")


@pytest.fixture(scope="session")
def finished(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Output directory with one finished run of the small batch; not to be changed."""
    out = tmp_path_factory.mktemp("finished") / "out"
    assert run_command(["run", str(book), "--out", str(out)]) == 0
    return out
