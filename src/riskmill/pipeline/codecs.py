"""
Values to bytes and back, exactly.

Positions and histories are Parquet, which others can read; everything else
between two tasks is MessagePack of the frozen value, an array as its type,
shape and raw bytes. Both carry the name and version of their schema.
"""

import io
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from riskmill.domain import (
    DATE_COLUMNS,
    NUMBER_COLUMNS,
    TEXT_COLUMNS,
    ArtefactConflict,
    FactorHistory,
    Labels,
    PositionTable,
)
from riskmill.pipeline.ahead import ahead

T = TypeVar("T")

POSITIONS_SCHEMA = "riskmill.positions/1"
PART_SCHEMA = "riskmill.staged-positions/1"
HISTORY_SCHEMA = "riskmill.history/1"

RECORD, LINE = "record", "line"
"""Columns of a part that say where in the delivered file a row stood."""


def encode_value(value: object, schema: str) -> bytes:
    """MessagePack of a frozen value under the name *schema*; equal values give equal bytes."""
    return msgspec.msgpack.encode((schema, value), enc_hook=_encode_array, order="deterministic")


def decode_value(raw: bytes, kind: type[T], schema: str) -> T:
    """Read a value of type *kind*; `ArtefactConflict` (E504) where *raw* holds another schema."""
    envelope: Any = tuple[str, kind]  # type: ignore[valid-type]
    try:
        found, value = msgspec.msgpack.decode(raw, type=envelope, dec_hook=_decode_array)
    except msgspec.DecodeError as cause:
        raise _wrong_schema(schema, "something else") from cause
    if found != schema:
        raise _wrong_schema(schema, found)
    decoded: T = value
    return decoded


def encode_positions(positions: PositionTable) -> bytes:
    """Parquet of a position table, columns as in `docs/datasets.md`."""
    return _to_parquet(pa.table(_position_columns(positions)), POSITIONS_SCHEMA)


def decode_positions(raw: bytes) -> PositionTable:
    """Read what `encode_positions` wrote."""
    return _positions(_from_parquet(raw, POSITIONS_SCHEMA))


def encode_part(
    positions: PositionTable, records: npt.NDArray[np.int64], lines: npt.NDArray[np.int64]
) -> bytes:
    """Parquet of one block of a delivered file, with the place of each row in it."""
    places = {RECORD: pa.array(records), LINE: pa.array(lines)}
    return _to_parquet(pa.table({**_position_columns(positions), **places}), PART_SCHEMA)


def decode_parts(
    parts: Iterable[bytes], rows: int
) -> tuple[PositionTable, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """
    Put the parts of one file together: its positions, their records and lines.

    *rows* are those of all parts. Besides the result, no more than two parts are held.
    """
    whole = _Gathered(rows)
    records = np.empty(rows, dtype=np.int64)
    lines = np.empty(rows, dtype=np.int64)
    start = 0
    for table in ahead(_from_parquet(raw, PART_SCHEMA) for raw in parts):
        stop = start + table.num_rows
        whole.fill(start, table)
        records[start:stop], lines[start:stop] = table[RECORD].to_numpy(), table[LINE].to_numpy()
        start = stop
    return whole.positions(), records, lines


class _Gathered:
    """Columns of positions that are filled part by part; an empty one takes no room."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._ids = np.empty(rows, dtype=np.object_)
        self._words: dict[str, dict[str, int]] = {name: {} for name in TEXT_COLUMNS}
        self._columns: dict[str, npt.NDArray[Any]] = {
            **{name: self._empty(np.int32(-1)) for name in TEXT_COLUMNS},
            **{name: self._empty(np.float64("nan")) for name in NUMBER_COLUMNS},
            **{name: self._empty(np.datetime64("NaT", "D")) for name in DATE_COLUMNS},
        }

    def _empty(self, value: np.generic) -> npt.NDArray[Any]:
        return np.broadcast_to(value, (self._rows,))

    def fill(self, start: int, table: pa.Table) -> None:
        """Take over the rows of *table*, the first of them as row *start*."""
        part = _positions(table)
        rows = slice(start, start + len(part))
        self._ids[rows] = part.position_id
        for name, labels in part.texts.items():
            known = self._words[name]
            places = [known.setdefault(word, len(known)) for word in labels.values]
            codes = np.array([*places, -1], dtype=np.int32)[labels.codes]
            self._put(name, rows, codes, filled=bool((codes >= 0).any()))
        for name, numbers in part.numbers.items():
            self._put(name, rows, numbers, filled=not np.isnan(numbers).all())
        for name, days in part.dates.items():
            self._put(name, rows, days, filled=not np.isnat(days).all())

    def _put(self, name: str, rows: slice, values: npt.NDArray[Any], *, filled: bool) -> None:
        """Copy *values* into a column, which gets its room when the first of them is no gap."""
        column = self._columns[name]
        if filled and not column.flags.writeable:
            column = self._columns[name] = column.copy()
        if column.flags.writeable:
            column[rows] = values

    def positions(self) -> PositionTable:
        """Give the table; the words of a column are sorted."""
        return PositionTable(
            position_id=self._ids,
            texts={name: self._labels(name) for name in TEXT_COLUMNS},
            numbers={name: self._columns[name] for name in NUMBER_COLUMNS},
            dates={name: self._columns[name] for name in DATE_COLUMNS},
        )

    def _labels(self, name: str) -> Labels:
        words, codes = self._words[name], self._columns[name]
        if not words:
            return Labels(codes, ())
        order = sorted(words)
        place = np.empty(len(words) + 1, dtype=np.int32)
        place[[words[word] for word in order]] = np.arange(len(order))
        place[-1] = -1
        return Labels(place[codes], tuple(order))


def _position_columns(positions: PositionTable) -> dict[str, pa.Array]:
    columns: dict[str, pa.Array] = {
        "position_id": pa.array(positions.position_id.tolist(), pa.string())
    }
    for name in TEXT_COLUMNS:
        labels = positions.texts[name]
        codes = pa.array(labels.codes, mask=labels.codes < 0)
        columns[name] = pa.DictionaryArray.from_arrays(codes, pa.array(labels.values, pa.string()))
    for name in NUMBER_COLUMNS:
        columns[name] = pa.array(positions.numbers[name])
    for name in DATE_COLUMNS:
        columns[name] = pa.array(positions.dates[name])
    return columns


def _positions(table: pa.Table) -> PositionTable:
    return PositionTable(
        position_id=table["position_id"].to_numpy(),
        texts={name: _labels(table[name]) for name in TEXT_COLUMNS},
        numbers={name: table[name].to_numpy() for name in NUMBER_COLUMNS},
        dates={name: table[name].to_numpy().astype("datetime64[D]") for name in DATE_COLUMNS},
    )


def encode_history(history: FactorHistory) -> bytes:
    """Parquet of a factor history: `date` and a column per factor."""
    names = ["date", *history.factors]
    arrays = [pa.array(history.dates, pa.date32()), *map(pa.array, history.values.T)]
    return _to_parquet(pa.table(arrays, names=names), HISTORY_SCHEMA)


def decode_history(raw: bytes) -> FactorHistory:
    """Read what `encode_history` wrote."""
    table = _from_parquet(raw, HISTORY_SCHEMA)
    factors = tuple(table.column_names[1:])
    columns: Sequence[Any] = [table[name].to_numpy() for name in factors]
    values = np.column_stack(columns) if columns else np.empty((table.num_rows, 0))
    return FactorHistory(
        dates=tuple(table["date"].to_pylist()),
        factors=factors,
        values=np.ascontiguousarray(values, dtype=np.float64),
    )


def _labels(column: pa.ChunkedArray) -> Labels:
    encoded = column.combine_chunks().dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    return Labels(codes, tuple(encoded.dictionary.to_pylist()))


def _to_parquet(table: pa.Table, schema: str) -> bytes:
    sink = io.BytesIO()
    marked = table.replace_schema_metadata({b"riskmill.schema": schema.encode()})
    labels = [field.name for field in table.schema if pa.types.is_dictionary(field.type)]
    pq.write_table(marked, sink, compression="zstd", version="2.6", use_dictionary=labels)
    return sink.getvalue()


def _from_parquet(raw: bytes, schema: str) -> pa.Table:
    # Threads of pyarrow's pools that are still starting when a short process ends abort it.
    table = pq.ParquetFile(pa.BufferReader(raw), pre_buffer=False).read(use_threads=False)
    found = (table.schema.metadata or {}).get(b"riskmill.schema", b"no schema").decode()
    if found != schema:
        raise _wrong_schema(schema, found)
    return table


class _Array(msgspec.Struct, array_like=True, frozen=True):
    dtype: str
    shape: tuple[int, ...]
    data: bytes | list[str]


def _encode_array(value: object) -> object:
    if not isinstance(value, np.ndarray):
        raise TypeError(f"a {type(value).__name__} cannot be stored in an artefact")
    if value.dtype == object:
        return _Array("object", value.shape, value.tolist())
    return _Array(value.dtype.str, value.shape, np.ascontiguousarray(value).tobytes())


def _decode_array(kind: type[object], raw: object) -> object:
    stored = msgspec.convert(raw, _Array)
    if isinstance(stored.data, bytes):
        return np.frombuffer(stored.data, dtype=stored.dtype).reshape(stored.shape)
    texts: Any = stored.data
    return np.array(texts, dtype=object).reshape(stored.shape)


def _wrong_schema(expected: str, found: str) -> ArtefactConflict:
    return ArtefactConflict(
        "E504",
        f"an artefact should be '{expected}' and is '{found}'",
        place=expected,
        remedy="It was written by another version of riskmill: run the batch again.",
    )
