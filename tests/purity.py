"""
The purity watch: notes every file, socket and process that Python touches while it is on.

A room takes values and returns values. `tests/conftest.py` turns the watch on for
the call of each test of a room and fails the test that touched anything. Fixtures
run before the call, so a test reads its truth files there.

Python's interpreter reports what it does to audit hooks (PEP 578). Not reported, and
so not seen: files opened by native code. Libraries that open files natively are
kept out of the rooms by the import contracts in `pyproject.toml`.
"""

import os
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import riskmill

FORBIDDEN = (
    "socket.", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork",
    "urllib.Request", "ftplib.", "http.client.", "smtplib.", "webbrowser.open", "sqlite3.connect",
)  # fmt: skip
"""Events, or beginnings of events, that no room may cause."""

PATHS_OF = {
    "open": 1, "os.listdir": 1, "os.scandir": 1, "os.mkdir": 1, "os.remove": 1, "os.rmdir": 1,
    "os.truncate": 1, "os.rename": 2, "os.link": 2, "os.symlink": 2, "shutil.copyfile": 2,
    "shutil.move": 2, "shutil.rmtree": 1, "tempfile.mkstemp": 1, "tempfile.mkdtemp": 1,
}  # fmt: skip
"""Events about files, and how many of their arguments are paths."""

READING = frozenset({"os.listdir", "os.scandir"})
REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGE = Path(riskmill.__file__).resolve().parent
INTERPRETER = tuple(
    {
        os.path.realpath(path)
        for path in (sys.prefix, sys.base_prefix, *sysconfig.get_paths().values())
    }
    | {os.path.abspath(sys.prefix)}
)
"""Where the standard library and the installed packages lie."""
CACHES = frozenset({"__pycache__", ".hypothesis"})
"""Directories, anywhere, that Python, numba and hypothesis keep their own files in."""


class Watch:
    """What was touched since the watch was turned on; off until then."""

    def __init__(self) -> None:
        self._noted: list[str] | None = None

    @contextmanager
    def watching(self) -> Iterator[list[str]]:
        """Turn the watch on for the block; the list fills with what is touched."""
        self._noted = noted = []
        try:
            yield noted
        finally:
            self._noted = None

    def hear(self, event: str, arguments: tuple[object, ...]) -> None:
        """Take one report of the interpreter."""
        if self._noted is None:
            return
        if event.startswith(FORBIDDEN):
            self._noted.append(f"{event} {arguments!r:.200}")
        elif event in PATHS_OF and not _allowed(event, arguments):
            self._noted.append(f"{event} {arguments[: PATHS_OF[event]]!r:.200}")


def _allowed(event: str, arguments: tuple[object, ...]) -> bool:
    reading = event in READING or (event == "open" and _opens_for_reading(arguments))
    return all(_allowed_path(path, reading=reading) for path in arguments[: PATHS_OF[event]])


def _opens_for_reading(arguments: tuple[object, ...]) -> bool:
    _, mode, flags = arguments
    if isinstance(mode, str):
        return not set(mode) & set("wax+")
    return not int(str(flags)) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)


def _allowed_path(path: object, *, reading: bool) -> bool:
    if not isinstance(path, (str, bytes, os.PathLike)):
        return True  # a descriptor that was open before, or the current directory
    place = Path(os.path.abspath(os.fsdecode(path)))
    if CACHES & set(place.parts) or place == Path(os.devnull):
        return True
    if not reading:
        return False
    if place.is_relative_to(PACKAGE) or any(place.is_relative_to(root) for root in INTERPRETER):
        return True
    return place.is_relative_to(REPOSITORY) and (place.suffix == ".py" or place.is_dir())


WATCH = Watch()
sys.addaudithook(WATCH.hear)
