"""The quarantine file: rejected rows exactly as sent, each with its reasons behind it."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl

from riskmill.domain import BatchFile, Failure, Severity
from riskmill.ingestion.amendments import origin
from riskmill.ingestion.blocks import REASON_COLUMNS
from riskmill.ingestion.delimited import LONGEST_RECORD
from riskmill.ingestion.files import is_csv, open_source
from riskmill.ingestion.lines import Records, cells_of, find_records

_CELL = rb'(?:"(?:[^"]|"")*+"|[^",]*+)'
_REASONS = re.compile(rb"(?:," + _CELL + rb"){%d}$" % len(REASON_COLUMNS))
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def quarantine_csv(entry: BatchFile, raw: bytes, failures: Sequence[Failure]) -> bytes:
    """
    Write the header and the rejected rows of a file, with the reason columns behind them.

    They are `_codes`, `_messages` and `_origin`, which says where the row came from.
    The row's own bytes are not touched, so that it can be corrected and delivered
    again as it is; ingestion reads past the reason columns. A message never begins as
    a formula. Rows of a Parquet file are written as text. Empty where no failure
    is about a row.
    """
    reasons = _reasons(entry, failures)
    if not reasons:
        return b""
    rows = _raw_rows(raw, reasons) if is_csv(entry) else _written_rows(entry, raw, reasons)
    return b"".join(line + b"\n" for line in rows)


def _reasons(entry: BatchFile, failures: Iterable[Failure]) -> Mapping[int, bytes]:
    """The reason cells of each rejected record, records ascending."""
    of_record: dict[int, list[Failure]] = {}
    for failure in failures:
        about_row = failure.file == entry.name and failure.record is not None
        if about_row and failure.severity is Severity.ERROR:
            of_record.setdefault(failure.record or 0, []).append(failure)
    return {record: _cells(entry, record, of_record[record]) for record in sorted(of_record)}


def _cells(entry: BatchFile, record: int, failures: Sequence[Failure]) -> bytes:
    codes = " ".join(dict.fromkeys(failure.code for failure in failures))
    messages = _harmless(" ".join(failure.message for failure in failures))
    return _line([codes, messages, origin(entry, record)])


def _harmless(text: str) -> str:
    """Text that a spreadsheet shows and does not calculate."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _raw_rows(raw: bytes, reasons: Mapping[int, bytes]) -> Iterator[bytes]:
    records = find_records(raw)
    header = _span(raw, records, 0)
    again = tuple((cells_of(header) or [])[-len(REASON_COLUMNS) :]) == REASON_COLUMNS
    yield (_earlier_cut(header) if again else header) + b"," + _line(REASON_COLUMNS)
    for record, cells in reasons.items():
        row = _span(raw, records, record)
        yield (_earlier_cut(row) if again else row) + b"," + cells


def _span(raw: bytes, records: Records, record: int) -> bytes:
    return raw[int(records.starts[record]) : int(records.ends[record])]


def _earlier_cut(row: bytes) -> bytes:
    """A row of an earlier quarantine file without its old reasons."""
    found = _REASONS.search(row) if len(row) <= LONGEST_RECORD else None
    return row[: found.start()] if found else row


def _written_rows(entry: BatchFile, raw: bytes, reasons: Mapping[int, bytes]) -> Iterator[bytes]:
    source = open_source(entry, raw)
    columns = tuple(name for name in source.columns if name not in REASON_COLUMNS)
    yield _line((*columns, *REASON_COLUMNS))
    wanted = list(reasons)
    for block in source.blocks(columns):
        numbered = block.frame.with_columns(pl.Series("record_", block.records))
        for row in numbered.filter(pl.col("record_").is_in(wanted)).iter_rows():
            yield _line(row[:-1]) + b"," + reasons[row[-1]]


def _line(cells: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue().encode()
