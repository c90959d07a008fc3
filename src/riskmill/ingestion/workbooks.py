"""The structure pass over XLSX: the rows of one sheet as text blocks, read as a stream."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
import polars as pl

from riskmill.domain import BatchFile, Failure, FailureReason, FileFormat, InputRejected
from riskmill.ingestion.blocks import Source, TextBlock
from riskmill.ingestion.lines import LONGEST_RECORD
from riskmill.ingestion.rules import MOST_FAILURES, SHORTENED, too_many
from riskmill.ingestion.workbook_parts import Package
from riskmill.ingestion.workbook_rows import SheetRow, read_rows, read_styles, read_texts

ROWS_AT_ONCE = 20_000


def open_workbook(entry: BatchFile, declared: FileFormat, raw: bytes) -> Source:
    """
    Open a sheet of a workbook, whose first row that is not blank names the columns.

    Raises `InputRejected` where it is no workbook or damaged (E038), unpacks beyond
    measure (E037), declares entities (E039), or has not the one sheet meant (E040).
    """
    package = Package(entry, raw)
    part = _sheet(entry, declared, package.sheets())
    texts = read_texts(package)
    rows = read_rows(package, part, texts, read_styles(package))
    header = next(rows, None)
    columns = _columns(header) if header else ()
    return Source(
        columns=columns,
        blocks=lambda wanted: _blocks(entry, rows, columns, wanted),
    )


def _sheet(entry: BatchFile, declared: FileFormat, sheets: Mapping[str, str]) -> str:
    """The part that holds the rows: the named sheet, or the only one."""
    if declared.sheet in sheets:
        return sheets[declared.sheet]
    if not declared.sheet and len(sheets) == 1:
        return next(iter(sheets.values()))
    names = ", ".join(f"'{name[:40]}'" for name in islice(sheets, 10))
    says = f"has no sheet '{declared.sheet[:40]}'" if declared.sheet else "has several sheets"
    raise InputRejected(
        "E040",
        f"'{entry.name}' {says}: {names or 'it has none at all'}",
        place=entry.name,
        remedy='Name the sheet in the manifest: "format": {"kind": "xlsx", "sheet": "..."}.',
    )


def _columns(header: SheetRow) -> tuple[str, ...]:
    width = max(header.cells) + 1
    return tuple(header.cells.get(place, "") for place in range(width))


def _blocks(
    entry: BatchFile, rows: Iterator[SheetRow], header: tuple[str, ...], wanted: tuple[str, ...]
) -> Iterator[TextBlock]:
    record, bad = 1, 0
    places = [header.index(name) for name in wanted]
    for first in rows:
        some = [first, *islice(rows, ROWS_AT_ONCE - 1)]
        failures = {
            n: _unreadable(entry, row, record + n, len(header))
            for n, row in _odd(some, len(header))
        }
        bad += len(failures)
        if bad > MOST_FAILURES:
            raise too_many(entry.name, next(iter(failures.values())))
        yield _block(some, places, wanted, record, failures)
        record += len(some)


def _odd(rows: Sequence[SheetRow], width: int) -> Iterator[tuple[int, SheetRow]]:
    """Rows that are too long, or have a cell where the header has none."""
    for number, row in enumerate(rows):
        if row.size > LONGEST_RECORD or max(row.cells) >= width:
            yield number, row


def _block(
    rows: Sequence[SheetRow],
    places: Sequence[int],
    wanted: tuple[str, ...],
    record: int,
    failures: Mapping[int, Failure],
) -> TextBlock:
    kept = [n for n in range(len(rows)) if n not in failures]
    frame = pl.DataFrame(
        {
            name: pl.Series([rows[n].cells.get(place, "") for n in kept], dtype=pl.String)
            for name, place in zip(wanted, places, strict=True)
        }
    )
    return TextBlock(
        frame=frame,
        records=np.array(kept, dtype=np.int64) + record,
        lines=np.array([rows[n].number for n in kept], dtype=np.int64),
        unreadable=tuple(failures.values()),
        suspicious=np.arange(len(kept)),
        calculated=True,
    )


def _unreadable(entry: BatchFile, row: SheetRow, record: int, width: int) -> Failure:
    too_long = row.size > LONGEST_RECORD
    says = (
        f"has more than {LONGEST_RECORD} bytes, which is more than is read."
        if too_long
        else f"has a cell in column {max(row.cells) + 1}, where the header has {width}."
    )
    return Failure(
        code="E103" if too_long else "E101",
        reason=FailureReason.UNREADABLE,
        message=f"Record {record} {says}",
        file=entry.name,
        record=record,
        line=row.number,
        value=",".join(row.cells.values())[:SHORTENED],
    )
