"""The structure pass over delimited text: records and cells, no meaning yet."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.csv as pa_csv

from riskmill.domain import BatchFile, Failure, FailureReason, FileFormat, InputRejected
from riskmill.ingestion.blocks import Source, TextBlock
from riskmill.ingestion.lines import (
    LONGEST_RECORD,
    SUBSTITUTE,
    Offsets,
    Window,
    cells_of,
    decoded,
    read_windows,
)
from riskmill.ingestion.rules import MOST_FAILURES, SHORTENED, too_many
from riskmill.ingestion.streams import unpacked

_LINE_FEED, _BLANK, _DELETE = 10, 32, 127
_UNSEEN = ((0xC2, range(0x80, 0xA0)), (0xE2, range(0x80, 0x82)), (0xEF, (0xBB,)))
"""First byte of characters of which some cannot be seen, and their second ones."""


def open_csv(entry: BatchFile, declared: FileFormat, chunks: Iterable[bytes]) -> Source:
    """
    Unpack a delimited file and read its header.

    Raises `InputRejected` where the encoding is not UTF-8 or the header unreadable.
    """
    header, windows = open_windows(entry, declared, chunks)
    columns = _columns(entry, declared, header)
    return Source(
        columns=columns,
        blocks=lambda wanted: _blocks(entry, declared, windows, columns, wanted),
        decimal=declared.decimal,
    )


def open_windows(
    entry: BatchFile, declared: FileFormat, chunks: Iterable[bytes]
) -> tuple[Window | None, Iterator[Window]]:
    """Give the window that begins with the header, if there is any record, and all from it on."""
    windows = read_windows(unpacked(entry, chunks, declared.compression), declared.separator)
    for count, window in enumerate(windows):
        if not count:
            _refuse_wide_characters(entry, window.raw)
        if len(window.records):
            return window, chain((window,), windows)
    return None, iter(())


def _refuse_wide_characters(entry: BatchFile, raw: bytes) -> None:
    """UTF-16 and UTF-32 hold a NUL beside each Latin letter of a header."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or raw[:512].count(0) * 4 > len(raw[:512]):
        raise InputRejected(
            "E023",
            f"'{entry.name}' is UTF-16 or UTF-32 text",
            place=f"{entry.name}, byte 0",
            remedy="Save the file as UTF-8 and deliver it again.",
        )


def _columns(entry: BatchFile, declared: FileFormat, window: Window | None) -> tuple[str, ...]:
    if window is None:
        return ()
    line = window.record(0)
    cells = cells_of(line, declared.separator) if len(line) <= LONGEST_RECORD else None
    if cells is None or any(SUBSTITUTE in cell or "\x00" in cell for cell in cells):
        raise InputRejected(
            "E025",
            f"the header of '{entry.name}' cannot be read: its quotes do not pair, it is longer "
            "than 1 MiB, or it is not UTF-8 text",
            place=f"{entry.name}, line {int(window.records.lines[0])}",
            remedy="Write the column names separated by commas, as UTF-8.",
        )
    return tuple(cells)


def _blocks(
    entry: BatchFile,
    declared: FileFormat,
    windows: Iterable[Window],
    header: tuple[str, ...],
    wanted: tuple[str, ...],
) -> Iterator[TextBlock]:
    for window in windows:
        places = np.arange(0 if window.first else 1, len(window.records))
        if len(places):
            yield _Reader(entry, declared, header, wanted).read(window, places)


class _Reader:
    """Turns windows into blocks."""

    def __init__(
        self,
        entry: BatchFile,
        declared: FileFormat,
        header: tuple[str, ...],
        wanted: tuple[str, ...],
    ) -> None:
        self._entry = entry
        self._separator = declared.separator
        self._width = len(header)
        self._wanted = {name: str(header.index(name)) for name in wanted}

    def read(self, window: Window, places: npt.NDArray[np.int64]) -> TextBlock:
        """Read the records at *places*; those that have no clear cells become failures."""
        records = window.records
        too_long = records.ends[places] - records.starts[places] > LONGEST_RECORD
        misquoted = records.misquoted[places] & ~too_long
        self._refuse_too_many(window, places[misquoted])
        sound = places[~too_long & ~misquoted]
        text, starts = _text_of(window, sound)
        text = decoded(text)
        ragged: list[pa_csv.InvalidRow] = []
        frame = self._parse(text, ragged, lambda row: self._ragged(window, sound, row))
        odd = np.array([row.number for row in ragged], dtype=np.int64) - 1
        kept = np.delete(sound, odd)
        failures = [self._too_long(window, place) for place in places[too_long].tolist()]
        failures += [self._misquoted(window, place) for place in places[misquoted].tolist()]
        failures += [self._ragged(window, sound, row) for row in ragged]
        lengths = records.ends[sound] - records.starts[sound]
        return TextBlock(
            frame=frame,
            records=kept + window.first,
            lines=records.lines[kept],
            unreadable=tuple(failures),
            suspicious=_without(_with_controls(text, starts, lengths), odd),
        )

    def _parse(
        self,
        text: bytes,
        ragged: list[pa_csv.InvalidRow],
        told: Callable[[pa_csv.InvalidRow], Failure],
    ) -> pl.DataFrame:
        if not text:
            return pl.DataFrame(schema=dict.fromkeys(self._wanted, pl.String))

        def set_aside(row: pa_csv.InvalidRow) -> str:
            ragged.append(row)
            return "skip" if len(ragged) <= MOST_FAILURES else "error"

        try:
            table = pa_csv.read_csv(
                pa.py_buffer(text),
                read_options=pa_csv.ReadOptions(
                    use_threads=False,
                    block_size=len(text) + 1,
                    column_names=[str(number) for number in range(self._width)],
                ),
                parse_options=pa_csv.ParseOptions(
                    delimiter=self._separator,
                    newlines_in_values=b'"' in text,
                    invalid_row_handler=set_aside,
                ),
                convert_options=pa_csv.ConvertOptions(
                    check_utf8=False,
                    column_types=dict.fromkeys(self._wanted.values(), pa.string()),
                    include_columns=list(self._wanted.values()),
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid as cause:
            if len(ragged) <= MOST_FAILURES:
                raise
            raise too_many(self._entry.name, told(ragged[0])) from cause
        frame = pl.from_arrow(table)
        if not isinstance(frame, pl.DataFrame):
            raise TypeError("a table becomes a frame")
        return frame.rename({number: name for name, number in self._wanted.items()})

    def _refuse_too_many(self, window: Window, misquoted: npt.NDArray[np.int64]) -> None:
        if len(misquoted) > MOST_FAILURES:
            raise too_many(self._entry.name, self._misquoted(window, int(misquoted[0])))

    def _too_long(self, window: Window, place: int) -> Failure:
        says = f"has more than {LONGEST_RECORD} bytes, which is more than is read."
        return self._unreadable(window, place, "E103", "", says)

    def _misquoted(self, window: Window, place: int) -> Failure:
        text = decoded(window.record(place)).decode()
        says = "has a quote that is never closed, or text behind a closing quote."
        return self._unreadable(window, place, "E102", text, says)

    def _ragged(self, window: Window, sound: Offsets, row: pa_csv.InvalidRow) -> Failure:
        place = int(sound[row.number - 1])
        says = f"has {row.actual_columns} cells where the header has {row.expected_columns}."
        return self._unreadable(window, place, "E101", row.text, says)

    def _unreadable(self, window: Window, place: int, code: str, value: str, says: str) -> Failure:
        record = place + window.first
        return Failure(
            code=code,
            reason=FailureReason.UNREADABLE,
            message=f"Record {record} {says}",
            file=self._entry.name,
            record=record,
            line=int(window.records.lines[place]),
            value=value[:SHORTENED],
        )


def _text_of(window: Window, places: Offsets) -> tuple[bytes, Offsets]:
    """The records at *places*, and where each begins in the text; blank lines may lie between."""
    starts, ends = window.records.starts[places], window.records.ends[places]
    pieces, begins, size = list[bytes](), list[Offsets](), 0
    for run in np.split(np.arange(len(places)), np.flatnonzero(np.diff(places) > 1) + 1):
        if len(run):
            first = int(starts[run[0]])
            pieces.append(window.raw[first : int(ends[run[-1]])] + b"\n")
            begins.append(starts[run] - first + size)
            size += len(pieces[-1])
    return b"".join(pieces), np.concatenate([np.empty(0, dtype=np.int64), *begins])


def _with_controls(text: bytes, starts: Offsets, lengths: Offsets) -> npt.NDArray[np.int64]:
    """Records of *text* that may hold a control character, which their line end is not."""
    view = np.frombuffer(text, dtype=np.uint8)
    found = (view < _BLANK) | (view == _DELETE)
    if not text.isascii():
        for lead, seconds in _UNSEEN:
            found[:-1] |= (view[:-1] == lead) & np.isin(view[1:], seconds)
    controls = np.flatnonzero(found)
    if len(controls) == len(starts) and (view[controls] == _LINE_FEED).all():
        return np.empty(0, dtype=np.int64)
    rows = np.searchsorted(starts, controls, side="right") - 1
    inside = (rows >= 0) & (controls < starts[rows] + lengths[rows])
    return np.unique(rows[inside])


def _without(rows: npt.NDArray[np.int64], gone: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Where *rows* are once the rows *gone*, ascending, are taken out."""
    left = np.setdiff1d(rows, gone, assume_unique=True)
    return left - np.searchsorted(gone, left)
