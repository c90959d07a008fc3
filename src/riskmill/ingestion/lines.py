"""Where the records of a delimited file lie, found in its bytes before any cell is read."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

BLOCK_BYTES = 4 * 1024 * 1024
"""Bytes that are looked at together; what bounds the memory of every pass."""
LONGEST_CELL_LINES = 100
"""Lines over which a quoted cell may run; a lost quote costs its own line only."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
SUBSTITUTE = "\x1a"
"""Stands for each byte that is not UTF-8, so that offsets and lines stay what they were."""

MOST_OPEN = 100_000
"""Lines with open quotes that are looked at; further ones are set aside unseen."""

_LINE_FEED, _RETURN = 10, 13
_CELL = r'(?:|[^",\r\n][^,\r\n]*|"(?:[^"\r\n]|"")*")'
_WELL_QUOTED = rf"^{_CELL}(?:,{_CELL})*[\r\n]*$"

Offsets = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Records:
    """Byte spans of the records; record 0 is the header, blank lines are none."""

    starts: Offsets
    """Offset of the first byte."""
    ends: Offsets
    """Offset behind the last byte, the line end not counted."""
    lines: Offsets
    """1-based physical line of the first byte."""
    misquoted: npt.NDArray[np.bool_]
    """Whether the record's quotes do not pair, so that its cells cannot be told apart."""

    def __len__(self) -> int:
        return len(self.starts)

    def blocks(self, longest: int = BLOCK_BYTES) -> Iterator[tuple[int, int]]:
        """Cut the data records into runs of about *longest* bytes: first, and behind the last."""
        first = 1
        while first < len(self):
            limit = int(self.starts[first]) + longest
            stop = max(first + 1, int(np.searchsorted(self.ends, limit, side="right")))
            yield first, stop
            first = stop


def find_records(raw: bytes) -> Records:
    """
    Find every record of *raw*, a line each unless a quoted cell runs over several.

    Line ends are LF, CR LF or CR. A line whose quotes do not pair is joined with the
    lines behind it only if that makes a record with as many cells as the header.
    """
    starts, ends = _lines(raw)
    filled = np.flatnonzero(ends > starts)
    records = Records(
        starts=starts[filled],
        ends=ends[filled],
        lines=filled + 1,
        misquoted=np.zeros(len(filled), dtype=np.bool_),
    )
    return _join_quoted(raw, records) if b'"' in raw else records


def decoded(raw: bytes) -> bytes:
    """Valid UTF-8 of the same length: every byte that is none becomes `SUBSTITUTE`."""
    data = pa.py_buffer(raw)
    offsets = pa.py_buffer(np.array([0, len(raw)], dtype=np.int64))
    whole = pa.Array.from_buffers(pa.large_binary(), 1, [None, offsets, data])
    try:
        whole.cast(pa.large_string())
    except pa.ArrowInvalid:
        text = raw.decode("utf-8", "surrogateescape")
        return re.sub("[\udc80-\udcff]", SUBSTITUTE, text).encode()
    return raw


def cells_of(record: bytes) -> list[str] | None:
    """Cells of one record by RFC 4180; nothing where its quotes do not pair."""
    try:
        rows = list(csv.reader([decoded(record).decode()], strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _lines(raw: bytes) -> tuple[Offsets, Offsets]:
    """Start and end of every line, blank ones too."""
    begin = len(BYTE_ORDER_MARK) if raw.startswith(BYTE_ORDER_MARK) else 0
    feeds = _offsets_of(raw, _LINE_FEED)
    if b"\r" not in raw:
        return _between(begin, feeds, feeds, len(raw))
    view = np.frombuffer(raw, dtype=np.uint8)
    returns = _offsets_of(raw, _RETURN)
    paired = np.isin(returns + 1, feeds, assume_unique=True)
    breaks = np.sort(np.concatenate([feeds, returns[~paired]]))
    after_return = (view[breaks] == _LINE_FEED) & (breaks > 0) & (view[breaks - 1] == _RETURN)
    return _between(begin, breaks - after_return, breaks, len(raw))


def _between(begin: int, ends: Offsets, breaks: Offsets, size: int) -> tuple[Offsets, Offsets]:
    return np.concatenate([[begin], breaks + 1]), np.concatenate([ends, [size]])


def _offsets_of(raw: bytes, byte: int) -> Offsets:
    view = np.frombuffer(raw, dtype=np.uint8)
    found = [
        np.flatnonzero(view[at : at + BLOCK_BYTES] == byte) + at
        for at in range(0, len(raw), BLOCK_BYTES)
    ]
    return np.concatenate([np.empty(0, dtype=np.int64), *found])


def _join_quoted(raw: bytes, lines: Records) -> Records:
    """Join the lines of cells that run over several, and mark the lines nothing mends."""
    header = cells_of(_span(raw, lines, 0, 0))
    width = len(header) if header else 0
    keep = np.ones(len(lines), dtype=np.bool_)
    ends, misquoted = lines.ends.copy(), lines.misquoted.copy()
    joined_to = -1
    for seen, first in enumerate(_open_lines(raw, lines)):
        if first <= joined_to:
            continue
        last = _last_line(raw, lines, first, width) if seen < MOST_OPEN else None
        if last is None:
            misquoted[first] = True
            continue
        ends[first] = lines.ends[last]
        keep[first + 1 : last + 1] = False
        joined_to = last
    return Records(
        starts=lines.starts[keep],
        ends=ends[keep],
        lines=lines.lines[keep],
        misquoted=misquoted[keep],
    )


def _open_lines(raw: bytes, lines: Records) -> Iterator[int]:
    """Lines that are not a whole record by RFC 4180."""
    for first, stop in [(0, 1), *lines.blocks()]:
        begin = int(lines.starts[first])
        end = int(lines.starts[stop]) if stop < len(lines) else len(raw)
        text = pa.Array.from_buffers(
            pa.large_string(),
            stop - first,
            [
                None,
                pa.py_buffer(np.append(lines.starts[first:stop], end) - begin),
                pa.py_buffer(decoded(raw[begin:end])),
            ],
        )
        quoted = pl.select(line=pl.Series(values=text), row=pl.int_range(first, stop)).filter(
            pl.col("line").str.contains('"', literal=True)
        )
        yield from quoted.filter(~pl.col("line").str.contains(_WELL_QUOTED))["row"].to_list()


def _last_line(raw: bytes, lines: Records, first: int, width: int) -> int | None:
    """Last line of the record that begins on line *first*; none where its quotes do not pair."""
    for last in range(first + 1, min(first + LONGEST_CELL_LINES, len(lines))):
        if _span(raw, lines, last, last).count(b'"') % 2:
            cells = cells_of(_span(raw, lines, first, last))
            return last if cells is not None and len(cells) == width else None
    return None


def _span(raw: bytes, lines: Records, first: int, last: int) -> bytes:
    return raw[int(lines.starts[first]) : int(lines.ends[last])]
