"""The structure pass over comma-separated text: records and cells, no meaning yet."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.csv as pa_csv

from riskmill.domain import BatchFile, Failure, FailureReason, InputRejected
from riskmill.ingestion.blocks import Source, TextBlock
from riskmill.ingestion.lines import SUBSTITUTE, Records, cells_of, decoded, find_records
from riskmill.ingestion.rules import MOST_FAILURES, SHORTENED, too_many

LONGEST_RECORD = 1024 * 1024
"""Bytes of a record; a longer one is a lost line end or an attack, never a position."""


def open_csv(entry: BatchFile, raw: bytes) -> Source:
    """
    Find the records of a comma-separated file and read its header.

    Raises `InputRejected` where the encoding is not UTF-8 or the header unreadable.
    """
    _refuse_wide_characters(entry, raw)
    records = find_records(raw)
    return Source(
        columns=_header(entry, raw, records),
        rows=max(len(records) - 1, 0),
        blocks=lambda wanted: _blocks(entry, raw, records, wanted),
    )


def _refuse_wide_characters(entry: BatchFile, raw: bytes) -> None:
    """UTF-16 and UTF-32 hold a NUL beside each Latin letter of a header."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or raw[:512].count(0) * 4 > len(raw[:512]):
        raise InputRejected(
            "E023",
            f"'{entry.name}' is UTF-16 or UTF-32 text",
            place=f"{entry.name}, byte 0",
            remedy="Save the file as UTF-8 and deliver it again.",
        )


def _header(entry: BatchFile, raw: bytes, records: Records) -> tuple[str, ...]:
    if not len(records):
        return ()
    line = raw[int(records.starts[0]) : int(records.ends[0])]
    cells = cells_of(line) if len(line) <= LONGEST_RECORD else None
    if cells is None or any(SUBSTITUTE in cell or "\x00" in cell for cell in cells):
        raise InputRejected(
            "E025",
            f"the header of '{entry.name}' cannot be read: its quotes do not pair, it is longer "
            "than 1 MiB, or it is not UTF-8 text",
            place=f"{entry.name}, line {int(records.lines[0])}",
            remedy="Write the column names separated by commas, as UTF-8.",
        )
    return tuple(cells)


def _blocks(
    entry: BatchFile, raw: bytes, records: Records, wanted: tuple[str, ...]
) -> Iterator[TextBlock]:
    header = _header(entry, raw, records)
    for first, stop in records.blocks():
        yield _read(entry, raw, records, np.arange(first, stop), header, wanted)


def _read(
    entry: BatchFile,
    raw: bytes,
    records: Records,
    numbers: npt.NDArray[np.int64],
    header: tuple[str, ...],
    wanted: tuple[str, ...],
) -> TextBlock:
    """Read the records *numbers*; those that have no clear cells become failures."""
    too_long = records.ends[numbers] - records.starts[numbers] > LONGEST_RECORD
    misquoted = records.misquoted[numbers]
    sound = numbers[~too_long & ~misquoted]
    text = decoded(_bytes_of(raw, records, sound, whole=len(sound) == len(numbers)))
    ragged: list[pa_csv.InvalidRow] = []
    frame = _parse(text, header, wanted, ragged)
    odd = np.array([row.number for row in ragged], dtype=np.int64) - 1
    kept = np.delete(sound, odd)
    if len(ragged) > MOST_FAILURES:
        raise too_many(entry.name, _ragged(entry, records, int(sound[odd[0]]), ragged[0]))
    if np.count_nonzero(misquoted) > MOST_FAILURES:
        raise too_many(entry.name, _misquoted(entry, raw, records, int(numbers[misquoted][0])))
    failures = [_too_long(entry, records, int(n)) for n in numbers[too_long]]
    failures += [_misquoted(entry, raw, records, int(n)) for n in numbers[misquoted & ~too_long]]
    failures += [
        _ragged(entry, records, int(n), row) for n, row in zip(sound[odd], ragged, strict=True)
    ]
    return TextBlock(
        frame=frame,
        records=kept,
        lines=records.lines[kept],
        unreadable=tuple(failures),
        suspicious=_has_controls(text),
    )


def _bytes_of(
    raw: bytes, records: Records, numbers: npt.NDArray[np.int64], *, whole: bool
) -> bytes:
    if not len(numbers):
        return b""
    starts, ends = records.starts[numbers], records.ends[numbers]
    if whole:
        return raw[int(starts[0]) : int(ends[-1])] + b"\n"
    pieces = zip(starts.tolist(), ends.tolist(), strict=True)
    return b"".join(raw[start:end] + b"\n" for start, end in pieces)


def _parse(
    text: bytes,
    header: tuple[str, ...],
    wanted: tuple[str, ...],
    ragged: list[pa_csv.InvalidRow],
) -> pl.DataFrame:
    if not text:
        return pl.DataFrame(schema=dict.fromkeys(wanted, pl.String))

    def set_aside(row: pa_csv.InvalidRow) -> str:
        ragged.append(row)
        return "skip"

    table = pa_csv.read_csv(
        pa.py_buffer(text),
        read_options=pa_csv.ReadOptions(
            use_threads=False, block_size=len(text) + 1, column_names=list(header)
        ),
        parse_options=pa_csv.ParseOptions(
            newlines_in_values=b'"' in text, invalid_row_handler=set_aside
        ),
        convert_options=pa_csv.ConvertOptions(
            check_utf8=False,
            column_types=dict.fromkeys(wanted, pa.string()),
            include_columns=list(wanted),
            strings_can_be_null=False,
        ),
    )
    frame = pl.from_arrow(table)
    if not isinstance(frame, pl.DataFrame):
        raise TypeError("a table becomes a frame")
    return frame


def _has_controls(text: bytes) -> bool:
    """Whether there is any control character but one LF or CR LF a record outside quotes."""
    controls = int(np.count_nonzero(np.frombuffer(text, dtype=np.uint8) < ord(" ")))
    expected = text.count(b"\n") + text.count(b"\r")
    return controls != expected or b'"' in text or b"\x7f" in text


def _too_long(entry: BatchFile, records: Records, number: int) -> Failure:
    size = int(records.ends[number] - records.starts[number])
    return _unreadable(
        entry, records, number, "E103", "", f"has {size} bytes; at most {LONGEST_RECORD} are read."
    )


def _misquoted(entry: BatchFile, raw: bytes, records: Records, number: int) -> Failure:
    text = decoded(raw[int(records.starts[number]) : int(records.ends[number])]).decode()
    says = "has a quote that is never closed, or text behind a closing quote."
    return _unreadable(entry, records, number, "E102", text, says)


def _ragged(entry: BatchFile, records: Records, number: int, row: pa_csv.InvalidRow) -> Failure:
    says = f"has {row.actual_columns} cells where the header has {row.expected_columns}."
    return _unreadable(entry, records, number, "E101", row.text, says)


def _unreadable(
    entry: BatchFile, records: Records, number: int, code: str, value: str, says: str
) -> Failure:
    return Failure(
        code=code,
        reason=FailureReason.UNREADABLE,
        message=f"Record {number} {says}",
        file=entry.name,
        record=number,
        line=int(records.lines[number]),
        value=value[:SHORTENED],
    )
