"""Foreign deliveries on this machine: their files read, converted and laid down as a batch."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from riskmill.domain import Failure, InputRejected, UsageError
from riskmill.ingestion import REJECTS, SourceFile, convert, rejects_csv
from riskmill.runtime.new_files import write_new

BATCH = "input"
MOST_BYTES = 256 * 1024 * 1024 + 1
"""Bytes that are read of one file: one more than conversion accepts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConvertedDelivery:
    """What was written, and what was not taken over."""

    written: tuple[Path, ...]
    """The batch's files, without a manifest, and the listing of rejects."""
    batch: Path
    """Directory of the batch."""
    sources: tuple[SourceFile, ...]
    failures: tuple[Failure, ...]
    refusal: InputRejected | None
    """Why there is no batch; none where there is one."""


def convert_delivery(
    source: Path,
    out: Path,
    *,
    form: str,
    business_date: date,
    book: str = "",
    besides: Sequence[Path] = (),
) -> ConvertedDelivery:
    """
    Convert the file or directory *source* and the files *besides* into a batch below *out*.

    The rows go to `out/input`, what was not taken over to `out/rejects.csv`. Raises
    `UsageError` where a path cannot be read (E607, E609) or a file is there already (E615).
    """
    files = _read([*_files_of(source), *besides])
    found = convert(form, files, business_date=business_date, book=book)
    contents = {out / BATCH / name: raw for name, raw in found.files.items() if not found.refusal}
    if found.failures:
        contents[out / REJECTS] = rejects_csv(found.failures)
    return ConvertedDelivery(
        written=write_new(contents),
        batch=out / BATCH,
        sources=found.sources,
        failures=found.failures,
        refusal=found.refusal,
    )


def _files_of(source: Path) -> list[Path]:
    """The file itself, or the files of the directory, hidden ones left aside."""
    if not source.is_dir():
        return [source]
    if not os.access(source, os.R_OK | os.X_OK):
        raise _closed(source)
    found = sorted(path for path in source.iterdir() if not path.name.startswith("."))
    return [path for path in found if path.is_file()]


def _read(paths: Sequence[Path]) -> dict[str, bytes]:
    """Bytes of each file by its name, or by its whole path where two have the same name."""
    times = Counter(path.name for path in paths)
    return {
        path.name if times[path.name] == 1 else str(path): _bytes_of(path)
        for path in dict.fromkeys(paths)
    }


def _bytes_of(path: Path) -> bytes:
    if not path.is_file():
        raise UsageError(
            "E607",
            "there is no such file or directory",
            place=str(path),
            remedy="Name a file of the foreign system, or the directory that holds its files.",
        )
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES)
    except OSError as cause:
        raise _closed(path) from cause


def _closed(path: Path) -> UsageError:
    return UsageError(
        "E609",
        "the file or directory may not be read",
        place=str(path),
        remedy="Grant read access to it.",
    )
