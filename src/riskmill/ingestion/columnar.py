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
MOST_TEXT = 256 * 1024 * 1024
"""Bytes of text in rows that are read together; repeated cells take next to none of a file."""
_MAGIC = b"PAR1"


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
    try:
        batches = [_plain(entry, batch) for batch in _batches(file, list(file.schema_arrow.names))]
        return _frame(entry, pa.Table.from_batches(batches)) if batches else pl.DataFrame()
    except (pa.ArrowException, OSError, ValueError) as cause:
        raise _refusal(entry, "has damaged data") from cause


def as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Write every cell as a comma-separated file would: shortest digits, ISO dates."""
    return frame.select(_text(frame[name]) for name in frame.columns)


def _text(column: pl.Series) -> pl.Series:
    if isinstance(column.dtype, pl.Datetime):
        zoned = column.dtype.time_zone is not None
        column = column.dt.convert_time_zone("UTC") if zoned else column
        whole_days = not zoned and bool((column.dt.truncate("1d") == column).all())
        seconds = "%Y-%m-%dT%H:%M:%SZ" if zoned else "%Y-%m-%dT%H:%M:%S"
        column = column.dt.strftime("%Y-%m-%d" if whole_days else seconds)
    return column.cast(pl.String).fill_null("")


def _blocks(
    entry: BatchFile, file: pa_parquet.ParquetFile, wanted: tuple[str, ...]
) -> Iterator[TextBlock]:
    record = 1
    try:
        for batch in _batches(file, list(wanted)):
            table = pa.Table.from_batches([_plain(entry, batch)])
            frame = as_text(_frame(entry, table)).select(wanted)
            yield TextBlock(
                frame=frame,
                records=np.arange(record, record + len(frame)),
                lines=np.zeros(len(frame), dtype=np.int64),
                suspicious=np.arange(len(frame)),
            )
            record += len(frame)
    except (pa.ArrowException, OSError, ValueError) as cause:
        raise _refusal(entry, "has damaged data") from cause


def _batches(file: pa_parquet.ParquetFile, wanted: list[str]) -> Iterator[pa.RecordBatch]:
    # Threads of pyarrow's pools that are still starting when a short process ends abort it.
    batches: Iterator[pa.RecordBatch] = file.iter_batches(
        ROWS_AT_ONCE, columns=wanted, use_threads=False
    )
    return batches


def _with_dictionaries(raw: bytes, file: pa_parquet.ParquetFile) -> pa_parquet.ParquetFile:
    """The file with its texts left in dictionaries, so that none is repeated before it is seen."""
    schema = file.schema_arrow
    texts = [field.name for field in schema if pa.types.is_string(field.type)]
    return pa_parquet.ParquetFile(pa.BufferReader(raw), read_dictionary=texts, pre_buffer=False)


def _plain(entry: BatchFile, batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch without dictionaries; refused where its texts are longer than any delivery's."""
    texts = sum(_bytes_of_texts(column) for column in batch.columns)
    if texts > MOST_TEXT:
        raise _refusal(entry, f"has {texts} bytes of text in {len(batch)} rows")
    columns = [
        column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _bytes_of_texts(column: pa.Array) -> int:
    """Bytes of all cells of a column that is kept in a dictionary of texts."""
    if not pa.types.is_dictionary(column.type) or not len(column.dictionary):
        return 0
    column.validate(full=True)
    if not pa.types.is_string(column.dictionary.type):
        return 0
    lengths = pc.binary_length(column.dictionary).to_numpy(zero_copy_only=False)
    times = np.bincount(column.indices.drop_null().to_numpy(), minlength=len(lengths))
    return int(lengths.astype(np.int64) @ times)


def _frame(entry: BatchFile, table: pa.Table) -> pl.DataFrame:
    """A frame of plain columns; nested and binary ones have no place in a dataset."""
    table.validate(full=True)
    frame = pl.from_arrow(table)
    if isinstance(frame, pl.DataFrame) and not any(_unfit(kind) for kind in frame.dtypes):
        return frame
    raise _refusal(entry, "has nested or binary columns")


def _unfit(kind: pl.DataType) -> bool:
    return kind.is_nested() or kind == pl.Binary


def _refusal(entry: BatchFile, says: str) -> InputRejected:
    return InputRejected(
        "E026",
        f"'{entry.name}' {says}",
        place=entry.name,
        remedy="Write the file again from its source and deliver it with its new hash.",
    )
