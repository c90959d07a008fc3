"""The quarantine file: rejected rows exactly as sent, each with its reasons behind it."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from riskmill.domain import BatchFile, Failure, Severity, guarded, shown_as_text, unguarded
from riskmill.ingestion.amendments import origin
from riskmill.ingestion.blocks import REASON_COLUMNS
from riskmill.ingestion.delimited import open_windows
from riskmill.ingestion.formats import CSV, format_of
from riskmill.ingestion.lines import LONGEST_RECORD, cells_of, sliced
from riskmill.ingestion.sources import open_source

_MAY_CALCULATE = re.compile(rb"[=+@\t\r-]")


def quarantine_csv(entry: BatchFile, raw: bytes, failures: Sequence[Failure]) -> bytes:
    """
    Write the header and the rejected rows of a file, with the reason columns behind them.

    They are `_codes`, `_messages` and `_origin`, which says where the row came from.
    The row's own bytes are not touched, so that it can be corrected and delivered
    again as it is; ingestion reads past the reason columns. The one exception: a cell that
    a spreadsheet would calculate has an apostrophe before it, which ingestion takes away
    again. Rows of a compressed file are unpacked; those of Parquet and XLSX are
    written as comma-separated text. Empty where no failure is about a row.
    """
    return b"".join(quarantine_chunks(entry, sliced(raw), failures))


def quarantine_chunks(
    entry: BatchFile, chunks: Iterable[bytes], failures: Sequence[Failure]
) -> Iterator[bytes]:
    """Write what `quarantine_csv` writes, line by line, from bytes that come piece by piece."""
    reasons = _reasons(entry, failures)
    if not reasons:
        return
    declared = format_of(entry)
    rows = _raw_rows if declared.kind == CSV else _written_rows
    for line in rows(entry, chunks, reasons):
        yield line + b"\n"


def quarantine_name(entry: BatchFile) -> str:
    """Name of a file's quarantine, which is plain CSV whatever the file is."""
    declared = format_of(entry)
    plain = declared.kind == CSV and declared.compression == "none"
    return entry.name if plain else f"{entry.name}.csv"


def _reasons(entry: BatchFile, failures: Iterable[Failure]) -> Mapping[int, bytes]:
    """The reason cells of each rejected record, records ascending."""
    of_record: dict[int, list[Failure]] = {}
    for failure in failures:
        about_row = failure.file == entry.name and failure.record is not None
        if about_row and failure.severity is Severity.ERROR:
            of_record.setdefault(failure.record or 0, []).append(failure)
    separator = format_of(entry).separator
    return {
        record: _cells(entry, record, of_record[record], separator) for record in sorted(of_record)
    }


def _cells(entry: BatchFile, record: int, failures: Sequence[Failure], separator: str) -> bytes:
    codes = " ".join(dict.fromkeys(failure.code for failure in failures))
    messages = shown_as_text(" ".join(failure.message for failure in failures))
    return _line([codes, messages, origin(entry, record)], separator)


def _raw_rows(
    entry: BatchFile, chunks: Iterable[bytes], reasons: Mapping[int, bytes]
) -> Iterator[bytes]:
    declared = format_of(entry)
    separator = declared.separator.encode()
    _, windows = open_windows(entry, declared, chunks)
    wanted = np.fromiter(reasons, dtype=np.int64)
    again = False
    for window in windows:
        if not window.first:
            header = window.record(0)
            cells = cells_of(header, declared.separator) or []
            again = tuple(cells[-len(REASON_COLUMNS) :]) == REASON_COLUMNS
            yield (
                _earlier_cut(header, separator, again=again)
                + separator
                + _line(REASON_COLUMNS, declared.separator)
            )
        begin, stop = np.searchsorted(wanted, [window.first, window.first + len(window.records)])
        for record in wanted[begin:stop].tolist():
            row = _earlier_cut(window.record(record - window.first), separator, again=again)
            yield _safe(row, separator, again=again) + separator + reasons[record]


def _safe(row: bytes, separator: bytes, *, again: bool) -> bytes:
    """
    A row none of whose cells calculates in a spreadsheet; every other byte is as it was.

    Where quotes do not pair, whatever stands behind a separator is taken for a cell.
    """

    def cell(found: re.Match[bytes]) -> bytes:
        before, quote, text = found[1], b'"' if found[2] is not None else b"", found[2] or found[3]
        sent = text or b""
        plain = sent.decode("latin-1")
        kept = guarded(unguarded(plain) if again else plain).encode("latin-1")
        return before + quote + kept + quote

    if len(row) > LONGEST_RECORD or not _MAY_CALCULATE.search(row):
        return row
    mark = re.escape(separator)
    pattern = rb"(^|" + mark + rb')(?:"((?:[^"]|"")*+)"(?=' + mark + rb"|$)|([^" + mark + rb"]*+))"
    return re.sub(pattern, cell, row, flags=re.DOTALL)


def _earlier_cut(row: bytes, separator: bytes, *, again: bool) -> bytes:
    """A row of an earlier quarantine file without its old reasons."""
    if not again or len(row) > LONGEST_RECORD:
        return row
    cell = rb'(?:"(?:[^"]|"")*+"|[^"' + separator + rb"]*+)"
    mark = re.escape(separator)
    found = re.search(rb"(?:" + mark + cell + rb"){%d}$" % len(REASON_COLUMNS), row)
    return row[: found.start()] if found else row


def _written_rows(
    entry: BatchFile, chunks: Iterable[bytes], reasons: Mapping[int, bytes]
) -> Iterator[bytes]:
    source = open_source(entry, chunks)
    columns = tuple(name for name in source.columns if name not in REASON_COLUMNS)
    yield _line((*columns, *REASON_COLUMNS))
    wanted = list(reasons)
    for block in source.blocks(columns):
        lines = {f.record or 0: _line([guarded(f.value)]) for f in block.unreadable}
        numbered = block.frame.with_columns(pl.Series("record_", block.records))
        for row in numbered.filter(pl.col("record_").is_in(wanted)).iter_rows():
            lines[row[-1]] = _line([guarded(cell) for cell in row[:-1]])
        for record in sorted(record for record in lines if record in reasons):
            yield lines[record] + b"," + reasons[record]


def _line(cells: Sequence[str], separator: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n", delimiter=separator).writerow(cells)
    return text.getvalue().removesuffix("\r\n").encode()
