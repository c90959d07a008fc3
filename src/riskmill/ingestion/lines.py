"""Where the records of a delimited file lie, found in its bytes before any cell is read."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

BLOCK_BYTES = 4 * 1024 * 1024
"""Bytes that are looked at together; what bounds the memory of every pass."""
LONGEST_RECORD = 1024 * 1024
"""Bytes of a record; a longer one is a lost line end or an attack, never a position."""
LONGEST_KEPT = 16 * LONGEST_RECORD
"""Bytes of a line after which the rest of it is passed over unseen."""
LONGEST_CELL_LINES = 100
"""Lines over which a quoted cell may run; a lost quote costs its own line only."""
WIDE = 6
"""Cells of a record from which on two lines that are whole by themselves are never joined."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
SUBSTITUTE = "\x1a"
"""Stands for each byte that is not UTF-8, so that offsets and lines stay what they were."""

MOST_MENDED = 32
"""Places that are mended one by one; where there are more, all are at once."""
MOST_OPEN = 100_000
"""Lines with open quotes that are looked at; further ones are set aside unseen."""

_LINE_FEED, _RETURN, _QUOTE = 10, 13, 34
_UNDECIDED = -1

Offsets = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Records:
    """Byte spans of records; blank lines are none."""

    starts: Offsets
    """Offset of the first byte."""
    ends: Offsets
    """Offset behind the last byte, the line end not counted."""
    lines: Offsets
    """1-based physical line of the first byte, in the whole file."""
    misquoted: npt.NDArray[np.bool_]
    """Whether the record's quotes do not pair, so that its cells cannot be told apart."""

    def __len__(self) -> int:
        return len(self.starts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """A stretch of a file that holds whole records."""

    raw: bytes
    records: Records
    """Offsets count within `raw`."""
    first: int
    """Number of the first record; the header is record 0."""

    def record(self, place: int) -> bytes:
        """Bytes of one of the window's records, its line end left out."""
        return self.raw[int(self.records.starts[place]) : int(self.records.ends[place])]


def read_windows(
    chunks: Iterable[bytes], separator: str = ",", size: int = BLOCK_BYTES
) -> Iterator[Window]:
    """
    Find every record of a file, a line each unless a quoted cell runs over several.

    Line ends are LF, CR LF or CR. A line whose quotes do not pair is joined with the
    lines behind it only if that makes a record with as many cells as the header.
    Windows are cut every *size* bytes, at the next record: how the bytes were
    chunked changes nothing, and no more than `LONGEST_KEPT` and a window is held.
    """
    finder = _Finder(separator)
    for piece, last in _pieces(chunks, size):
        window = finder.window(piece, last=last)
        if window is not None:
            yield window


def sliced(raw: bytes) -> Iterator[bytes]:
    """Give bytes that are held already in pieces."""
    for at in range(0, len(raw), BLOCK_BYTES):
        yield raw[at : at + BLOCK_BYTES]


def decoded(raw: bytes) -> bytes:
    """Valid UTF-8 of the same length: every byte that is none becomes `SUBSTITUTE`."""
    text, at = bytearray(raw), 0
    for _ in range(MOST_MENDED):
        try:
            str(memoryview(raw)[at:], "utf-8")
        except UnicodeDecodeError as wrong:
            first, at = at + wrong.start, at + wrong.end
            text[first:at] = SUBSTITUTE.encode() * (at - first)
        else:
            return bytes(text) if at else raw
    rest = bytes(text).decode("utf-8", "surrogateescape")
    return re.sub("[\udc80-\udcff]", SUBSTITUTE, rest).encode()


def cells_of(record: bytes, separator: str = ",") -> list[str] | None:
    """Cells of one record by RFC 4180; nothing where its quotes do not pair."""
    try:
        rows = list(csv.reader([decoded(record).decode()], strict=True, delimiter=separator))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _pieces(chunks: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Cut anew into pieces of *size* bytes, and say which one is the last."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) > size:
            yield bytes(held[:size]), False
            del held[:size]
    yield bytes(held), True


class _Finder:
    """What is known of a file up to the window that comes next."""

    def __init__(self, separator: str) -> None:
        self._separator = separator
        cell = rf'(?:|[^"{separator}\r\n][^{separator}\r\n]*|"(?:[^"\r\n]|"")*")'
        self._well_quoted = rf"^{cell}(?:{re.escape(separator)}{cell})*$"
        self._carried = b""
        self._begun = False
        self._line, self._record = 1, 0
        self._width = 0
        self._open_seen = 0

    def window(self, piece: bytes, *, last: bool) -> Window | None:
        """The records that end in *piece*; nothing where its line is too long to be kept."""
        if len(self._carried) > LONGEST_KEPT and not self._carried.endswith(b"\r"):
            piece = piece[_first_break(piece) :]
            if not piece and not last:
                return None
        raw = self._carried + piece
        if not self._begun:
            self._begun = True
            raw = raw.removeprefix(BYTE_ORDER_MARK)
        starts, ends, tail = _lines(raw, last=last)
        filled = np.flatnonzero(ends > starts)
        lines = Records(
            starts=starts[filled],
            ends=ends[filled],
            lines=filled + self._line,
            misquoted=np.zeros(len(filled), dtype=np.bool_),
        )
        if len(lines) and not self._record:
            header = raw[int(lines.starts[0]) : int(lines.ends[0])]
            self._width = len(cells_of(header[: LONGEST_RECORD + 1], self._separator) or ())
        self._line += len(starts)
        if b'"' in raw:
            lines, stop = self._joined(raw, lines, last=last)
            if stop is not None:
                tail, self._line = stop
        self._carried = raw[tail:]
        found = Window(raw=raw, records=lines, first=self._record)
        self._record += len(lines)
        return found

    def _joined(
        self, raw: bytes, lines: Records, *, last: bool
    ) -> tuple[Records, tuple[int, int] | None]:
        """
        Join the lines of cells that run over several, and mark the lines nothing mends.

        Where the lines behind the window decide, offset and line from which they do.
        """
        keep = np.ones(len(lines), dtype=np.bool_)
        ends, misquoted = lines.ends.copy(), lines.misquoted.copy()
        joined_to, stop = -1, None
        for first in self._open_lines(raw, lines):
            if first <= joined_to:
                continue
            found = self._last_line(raw, lines, first, last=last)
            if found == _UNDECIDED:
                keep[first:] = False
                stop = int(lines.starts[first]), int(lines.lines[first])
                break
            self._open_seen += 1
            if found is None:
                misquoted[first] = True
                continue
            ends[first] = lines.ends[found]
            keep[first + 1 : found + 1] = False
            joined_to = found
        joined = Records(
            starts=lines.starts[keep],
            ends=ends[keep],
            lines=lines.lines[keep],
            misquoted=misquoted[keep],
        )
        return joined, stop

    def _open_lines(self, raw: bytes, lines: Records) -> list[int]:
        """Lines that are not a whole record by RFC 4180; those too long to be one left out."""
        quotes = np.flatnonzero(np.frombuffer(raw, dtype=np.uint8) == _QUOTE)
        quoted = np.searchsorted(quotes, lines.ends) > np.searchsorted(quotes, lines.starts)
        rows = np.flatnonzero(quoted & (lines.ends - lines.starts <= LONGEST_RECORD))
        starts, ends = lines.starts[rows], lines.ends[rows]
        spans = zip(starts.tolist(), ends.tolist(), strict=True)
        text = pa.Array.from_buffers(
            pa.large_string(),
            len(rows),
            [
                None,
                pa.py_buffer(np.concatenate([[0], np.cumsum(ends - starts)])),
                pa.py_buffer(decoded(b"".join(raw[start:end] for start, end in spans))),
            ],
        )
        found = pl.select(line=pl.Series(values=text), row=pl.Series(rows))
        open_: list[int] = found.filter(~pl.col("line").str.contains(self._well_quoted))[
            "row"
        ].to_list()
        return open_

    def _last_line(self, raw: bytes, lines: Records, first: int, *, last: bool) -> int | None:
        """Last line of the record that begins on line *first*; none where quotes do not pair."""
        if self._open_seen >= MOST_OPEN:
            return None
        begin = int(lines.starts[first])
        for at in range(first + 1, first + LONGEST_CELL_LINES):
            if at == len(lines):
                open_end = not last and len(raw) - 1 - begin <= LONGEST_RECORD
                return _UNDECIDED if open_end else None
            start, end = int(lines.starts[at]), int(lines.ends[at])
            if end - begin > LONGEST_RECORD:
                return None
            if raw.count(b'"', start, end) % 2:
                opens, closes = raw[begin : int(lines.ends[first])], raw[start:end]
                joined = self._whole(raw[begin:end]) and not self._lost_quotes(opens, closes)
                return at if joined else None
        return None

    def _whole(self, record: bytes) -> bool:
        cells = cells_of(record, self._separator)
        return cells is not None and len(cells) == self._width

    def _lost_quotes(self, opens: bytes, closes: bytes) -> bool:
        """
        Whether two lines are records of their own, each with a quote too many.

        Quotes lost in the same column of two lines pair, and would make one cell of every
        good line between them. No text happens to have as many separators as a wide record.
        """
        if self._width < WIDE:
            return False
        full = opens.count(self._separator.encode()) >= self._width - 1
        return full and self._whole(closes)


def _first_break(piece: bytes) -> int:
    """Where the first line end of *piece* is; behind it all where there is none."""
    found = [at for at in (piece.find(b"\n"), piece.find(b"\r")) if at >= 0]
    return min(found, default=len(piece))


def _lines(raw: bytes, *, last: bool) -> tuple[Offsets, Offsets, int]:
    """Start and end of every whole line, blank ones too, and where the unfinished one starts."""
    view = np.frombuffer(raw, dtype=np.uint8)
    feeds = view == _LINE_FEED
    if b"\r" in raw:
        returns = view == _RETURN
        paired = feeds[1:] & returns[:-1]
        broken = feeds | returns
        broken[:-1] &= ~paired
        broken[-1] &= last or not returns[-1]
        breaks = np.flatnonzero(broken)
        ends = breaks.copy()
        ends[breaks > 0] -= paired[breaks[breaks > 0] - 1]
    else:
        ends = breaks = np.flatnonzero(feeds)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), breaks + 1])
    if last:
        return starts, np.concatenate([ends, [len(raw)]]), len(raw)
    return starts[:-1], ends, int(starts[-1])
