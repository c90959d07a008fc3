"""The structure pass over Parquet: the same text blocks as from comma-separated files."""

from collections.abc import Iterator

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pa_parquet

from riskmill.domain import BatchFile, InputRejected
from riskmill.ingestion.blocks import Source, TextBlock

ROWS_AT_ONCE = 65_536
MOST_UNPACKED = 4 * 1024**3
"""Bytes a Parquet file may unpack to by its own account."""
MOST_ROWS = 200_000_000
MOST_FOOTER = 8 * 1024 * 1024
"""Bytes of a footer, which takes fifty times as much once read: some 80,000 column chunks."""
MOST_TEXT = 256 * 1024 * 1024
"""Bytes of text in rows that are read together; repeated cells take next to none of a file."""
_MAGIC = b"PAR1"
_DAY = 86_400
_EARLIEST, _LATEST = -719_161, 2_932_895
"""Days from 1970 to the years 1 and 9999; moments outside are left the numbers that they are."""
_TICKS = {"ms": 10**3, "us": 10**6, "ns": 10**9}
"""Of a second, by the unit of a column of instants."""
_CELLS = (
    pa.types.is_null, pa.types.is_boolean, pa.types.is_integer, pa.types.is_floating,
    pa.types.is_decimal32, pa.types.is_decimal64, pa.types.is_decimal128,
    pa.types.is_date, pa.types.is_time, pa.types.is_timestamp,
)  # fmt: skip
"""Kinds of columns, beside texts, whose values can be written as text."""


def open_parquet(entry: BatchFile, raw: bytes) -> Source:
    """Open a Parquet file whose cells are given as text; raises `InputRejected` (E026)."""
    file = parquet_file(entry, raw)
    return Source(
        columns=tuple(file.schema_arrow.names),
        blocks=lambda wanted: _blocks(entry, file, wanted),
    )


def parquet_file(entry: BatchFile, raw: bytes) -> pa_parquet.ParquetFile:
    """Read a Parquet file's footer, and refuse one that is damaged or unpacks beyond measure."""
    if not (raw.startswith(_MAGIC) and raw.endswith(_MAGIC)):
        raise _refusal(entry, "does not begin and end as a Parquet file does")
    footer = int.from_bytes(raw[-8:-4], "little")
    if footer > MOST_FOOTER:
        raise _refusal(entry, f"has a footer of {footer} bytes: it has too many row groups")
    try:
        file = pa_parquet.ParquetFile(pa.BufferReader(raw), pre_buffer=False)
        file = _with_dictionaries(raw, file)
        groups = (file.metadata.row_group(n) for n in range(file.metadata.num_row_groups))
        unpacked = sum(group.total_byte_size for group in groups)
    except (pa.ArrowException, OSError, ValueError) as cause:
        raise _refusal(entry, "has a damaged footer") from cause
    if unpacked > MOST_UNPACKED or file.metadata.num_rows > MOST_ROWS:
        raise _refusal(entry, f"unpacks to {unpacked} bytes and {file.metadata.num_rows} rows")
    return file


def parquet_table(entry: BatchFile, file: pa_parquet.ParquetFile) -> pl.DataFrame:
    """Read every column in its own type."""
    names = tuple(file.schema_arrow.names)
    try:
        frames = [_frame(table) for table in _tables(entry, file, names)]
        return pl.concat(frames) if frames else pl.DataFrame()
    except (pa.ArrowException, pl.exceptions.PolarsError, OSError, ValueError) as cause:
        raise _refusal(entry, "has damaged data") from cause


def as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Write every cell as a comma-separated file would: shortest digits, ISO dates."""
    return frame.select(_text(frame[name]) for name in frame.columns)


def _text(column: pl.Series) -> pl.Series:
    if column.dtype == pl.Date or isinstance(column.dtype, pl.Datetime):
        return _moments(column).fill_null("")
    return column.cast(pl.String).fill_null("")


def _moments(column: pl.Series) -> pl.Series:
    """Days as YYYY-MM-DD, instants in UTC as YYYY-MM-DDTHH:MM:SSZ, each cell for itself."""
    name, kind = column.name, column.dtype
    cell, number = pl.col(name), pl.col(name).to_physical()
    zone = kind.time_zone if isinstance(kind, pl.Datetime) else None
    ticks = _DAY * _TICKS[kind.time_unit] if isinstance(kind, pl.Datetime) else 1
    told = (number // ticks).is_between(_EARLIEST, _LATEST)
    sound = pl.when(told).then(cell)
    text = sound.dt.strftime("%Y-%m-%d")
    if isinstance(kind, pl.Datetime):
        seconds = "%Y-%m-%dT%H:%M:%SZ" if zone else "%Y-%m-%dT%H:%M:%S"
        is_day = pl.lit(not zone) & (sound.dt.truncate("1d") == sound)
        text = pl.when(is_day).then(text).otherwise(sound.dt.strftime(seconds))
    written = pl.when(told).then(text).otherwise(number.cast(pl.String)).alias(name)
    return column.to_frame().select(written)[name]


def _blocks(
    entry: BatchFile, file: pa_parquet.ParquetFile, wanted: tuple[str, ...]
) -> Iterator[TextBlock]:
    record = 1
    try:
        for table in _tables(entry, file, wanted):
            frame = as_text(_frame(table)).select(wanted)
            yield TextBlock(
                frame=frame,
                records=np.arange(record, record + len(frame)),
                lines=np.zeros(len(frame), dtype=np.int64),
                suspicious=np.arange(len(frame)),
            )
            record += len(frame)
    except (pa.ArrowException, pl.exceptions.PolarsError, OSError, ValueError) as cause:
        raise _refusal(entry, "has damaged data") from cause


def _tables(
    entry: BatchFile, file: pa_parquet.ParquetFile, wanted: tuple[str, ...]
) -> Iterator[pa.Table]:
    """Plain columns of some rows at once, gathered from row groups however small they are."""
    for name in wanted:
        if not _holds_cells(file.schema_arrow.field(name).type):
            raise _refusal(entry, f"has nested or binary columns, such as '{name[:40]}'")
    gathered, rows, texts = list[pa.RecordBatch](), 0, 0
    for batch in _batches(file, list(wanted)):
        more = _bytes_of_texts(entry, batch)
        if gathered and (rows + len(batch) > ROWS_AT_ONCE or texts + more > MOST_TEXT):
            yield pa.Table.from_batches(gathered)
            gathered, rows, texts = [], 0, 0
        gathered.append(_plain(batch))
        rows, texts = rows + len(batch), texts + more
    if gathered:
        yield pa.Table.from_batches(gathered)


def _holds_cells(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _holds_cells(kind.value_type)
    return _is_text(kind) or any(is_kind(kind) for is_kind in _CELLS)


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def _batches(file: pa_parquet.ParquetFile, wanted: list[str]) -> Iterator[pa.RecordBatch]:
    # Threads of pyarrow's pools that are still starting when a short process ends abort it.
    batches: Iterator[pa.RecordBatch] = file.iter_batches(
        ROWS_AT_ONCE, columns=wanted, use_threads=False
    )
    return batches


def _with_dictionaries(raw: bytes, file: pa_parquet.ParquetFile) -> pa_parquet.ParquetFile:
    """The file with its texts left in dictionaries, so that none is repeated before it is seen."""
    schema = file.schema_arrow
    texts = [field.name for field in schema if _is_text(field.type)]
    return pa_parquet.ParquetFile(pa.BufferReader(raw), read_dictionary=texts, pre_buffer=False)


def _plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch without dictionaries, its instants in UTC, whatever zone they are shown in."""
    columns = [_plain_column(column) for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _plain_column(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        return column.dictionary_decode()
    if pa.types.is_timestamp(column.type) and column.type.tz:
        return column.view(pa.timestamp(column.type.unit, "UTC"))
    return column


def _bytes_of_texts(entry: BatchFile, batch: pa.RecordBatch) -> int:
    """Bytes of all texts of the batch; refused where they are more than any delivery has."""
    texts = sum(_bytes_of_column(column) for column in batch.columns)
    if texts > MOST_TEXT:
        raise _refusal(entry, f"has {texts} bytes of text in {len(batch)} rows")
    return texts


def _bytes_of_column(column: pa.Array) -> int:
    """Bytes of all cells of a column that is kept in a dictionary of texts."""
    if not pa.types.is_dictionary(column.type) or not len(column.dictionary):
        return 0
    column.validate(full=True)
    if not _is_text(column.dictionary.type):
        return 0
    lengths = pc.binary_length(column.dictionary).to_numpy(zero_copy_only=False)
    times = np.bincount(column.indices.drop_null().to_numpy(), minlength=len(lengths))
    return int(lengths.astype(np.int64) @ times)


def _frame(table: pa.Table) -> pl.DataFrame:
    """A frame of plain columns."""
    table.validate(full=True)
    frame = pl.from_arrow(table)
    if not isinstance(frame, pl.DataFrame):
        raise TypeError("a table becomes a frame")
    return frame


def _refusal(entry: BatchFile, says: str) -> InputRejected:
    return InputRejected(
        "E026",
        f"'{entry.name}' {says}",
        place=entry.name,
        remedy="Write the file again from its source and deliver it with its new hash.",
    )
