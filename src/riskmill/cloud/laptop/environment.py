"""The environment that the embedded AWS runs in: made once, from a lock with hashes, by pip."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from riskmill.domain import CloudRefused

LOCK = Path(__file__).parent / "embedded.txt"
"""What is installed, with hashes and without an index: pip's own settings say where from."""
_INSTALL = ("--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--no-input")
_OURS = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__")
"""Variables that would make another interpreter look into this one's packages."""


def prepared_interpreter(cache: Path, lock: Path = LOCK) -> Path:
    """
    Return the Python of an environment of what *lock* names, below *cache*, made if need be.

    The embedded AWS has one, and so has whatever else pins what riskmill pins otherwise. Two
    processes that ask at once make it once. An environment belongs to one lock and one Python,
    so that neither a new release of riskmill nor of Python meets an old one. Raises
    `CloudRefused` (E800) where it cannot be made, with what venv or pip said.
    """
    home = cache / "environments" / _fingerprint(lock)
    interpreter = home / "bin" / "python"
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        with _alone(home.with_suffix(".lock")):
            if not _finished(home).exists():
                _make(home, interpreter, lock)
    except OSError as cause:
        raise _cannot(home, cause.strerror or str(cause)) from cause
    return interpreter


def clean_variables() -> dict[str, str]:
    """Return this process's environment without what points Python at our own packages."""
    return {name: value for name, value in os.environ.items() if name not in _OURS}


def _fingerprint(lock: Path) -> str:
    text = lock.read_bytes() + f"{sys.version} {sys.prefix == sys.base_prefix}".encode()
    return hashlib.sha256(text).hexdigest()[:16]


def _finished(home: Path) -> Path:
    return home / "finished"


def _make(home: Path, interpreter: Path, lock: Path) -> None:
    """Make it in its place, since environments cannot be moved; the mark comes last."""
    shutil.rmtree(home, ignore_errors=True)
    _ran(home, [sys.executable, "-m", "venv", str(home)])
    _ran(home, [str(interpreter), "-m", "pip", "install", *_INSTALL, "-r", str(lock)])
    _finished(home).touch()


def _ran(home: Path, command: list[str]) -> None:
    done = subprocess.run(
        command,
        env=clean_variables() | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if done.returncode:
        said = [line for line in done.stdout.splitlines() if line.strip()]
        raise _cannot(home, " / ".join(said[-3:]) or f"exit code {done.returncode}")


def _cannot(home: Path, why: str) -> CloudRefused:
    return CloudRefused(
        "E800",
        f"an environment cannot be made: {why}",
        place=str(home),
        remedy="Look at what was said; pip must reach an index, and Python needs venv.",
    )


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w", encoding="ascii") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
