"""Files for a user to go on with: all of them are new and whole, or none is written."""

import errno
from collections.abc import Mapping
from pathlib import Path

from riskmill.domain import StoreError, UsageError

UNFINISHED = ".unfinished"
"""Ending of a file while the others are being written."""


def write_new(contents: Mapping[Path, bytes]) -> tuple[Path, ...]:
    """
    Write each file, its directories made where they are missing, and say which.

    Raises `UsageError` (E615) where one of them is there already: nothing is
    overwritten, and then nothing is written at all. Where writing fails, `StoreError`
    (E603 for want of room, else E604), and no part of a file stays.
    """
    for path in contents:
        if path.exists():
            raise UsageError(
                "E615",
                "there is such a file already, and nothing is overwritten",
                place=str(path),
                remedy="Choose an empty directory.",
            )
    unfinished = {path: path.with_name(path.name + UNFINISHED) for path in contents}
    try:
        for path, data in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished[path].write_bytes(data)
        for path, written in unfinished.items():
            written.rename(path)
    except OSError as cause:
        for written in unfinished.values():
            if written.is_file():
                written.unlink()
        raise _refused(cause, next(iter(contents))) from cause
    return tuple(contents)


def _refused(cause: OSError, place: Path) -> StoreError:
    full = cause.errno in (errno.ENOSPC, errno.EDQUOT)
    return StoreError(
        "E603" if full else "E604",
        "the disk is full" if full else f"the files cannot be written: {cause.strerror}",
        place=str(cause.filename or place),
        remedy="Make room and try again." if full else "Choose a directory that you may write.",
    )
