"""Files for a user to go on with: all of them are new, or none is written."""

from collections.abc import Mapping
from pathlib import Path

from riskmill.domain import StoreError, UsageError


def write_new(contents: Mapping[Path, bytes]) -> tuple[Path, ...]:
    """
    Write each file, its directories made where they are missing, and say which.

    Raises `UsageError` (E615) where one of them is there already: nothing is
    overwritten, and then nothing is written at all.
    """
    for path in contents:
        if path.exists():
            raise UsageError(
                "E615",
                "there is such a file already, and nothing is overwritten",
                place=str(path),
                remedy="Choose an empty directory.",
            )
    try:
        for path, data in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    except OSError as cause:
        raise StoreError(
            "E604",
            f"the files cannot be written: {cause.strerror}",
            place=str(cause.filename or next(iter(contents))),
            remedy="Choose a directory that you may write, with room on its disk.",
        ) from cause
    return tuple(contents)
