"""Know whether a run is being carried out, even when its runner died a moment ago."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from riskmill.domain import RunFailed, StoreError

LOCKS = ".locks"


@contextmanager
def run_lock(out: Path, run_id: str) -> Iterator[None]:
    """
    Hold the lock of a run; the system frees it however the holder ends.

    Raises `RunFailed` (E614) where another process holds it. Two runners could
    not harm each other, but the second would only do the first one's work again.
    """
    path = out / LOCKS / run_id
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = path.open("w", encoding="ascii")
    except OSError as cause:
        raise StoreError(
            "E604",
            f"the output directory cannot be written: {cause.strerror}",
            place=str(path),
            remedy="Choose a directory that you may write.",
        ) from cause
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as cause:
            raise RunFailed(
                "E614",
                f"run {run_id} is being carried out by another process",
                place=str(path),
                remedy="Wait for it, or follow it with: riskmill status --out DIR",
            ) from cause
        yield


@contextmanager
def page_lock(directory: Path, key: str) -> Iterator[None]:
    """
    Wait until nobody else writes the page *key* below *directory*, and keep others waiting.

    What a writer that was killed left beside the page is removed: nobody else writes it now.
    """
    path = directory / LOCKS / key.replace("/", "=")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="ascii") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        for stray in (directory / key).parent.glob(f"{(directory / key).name}#*"):
            stray.unlink(missing_ok=True)
        yield


def is_running(out: Path, run_id: str) -> bool:
    """Whether a living process holds the run's lock."""
    path = out / LOCKS / run_id
    try:
        handle = path.open("r", encoding="ascii")
    except OSError:
        return False
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
