"""The structure pass over Parquet: the same text blocks as from comma-separated files."""

from collections.abc import Iterator

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pa_parquet

from riskmill.domain import BatchFile, InputRejected
from riskmill.ingestion.blocks import Source, TextBlock

ROWS_AT_ONCE = 65_536
MOST_UNPACKED = 4 * 1024**3
"""Bytes a Parquet file may unpack to by its own account."""
_MAGIC = b"PAR1"


def open_parquet(entry: BatchFile, raw: bytes) -> Source:
    """Open a Parquet file whose cells are given as text; raises `InputRejected` (E026)."""
    file = parquet_file(entry, raw)
    return Source(
        columns=tuple(file.schema_arrow.names),
        rows=file.metadata.num_rows,
        blocks=lambda wanted: _blocks(entry, file, wanted),
    )


def parquet_file(entry: BatchFile, raw: bytes) -> pa_parquet.ParquetFile:
    """Read a Parquet file's footer, and refuse one that is damaged or unpacks beyond measure."""
    if not (raw.startswith(_MAGIC) and raw.endswith(_MAGIC)):
        raise _refusal(entry, "does not begin and end as a Parquet file does")
    try:
        file = pa_parquet.ParquetFile(pa.BufferReader(raw))
        groups = (file.metadata.row_group(n) for n in range(file.metadata.num_row_groups))
        unpacked = sum(group.total_byte_size for group in groups)
    except (pa.ArrowException, OSError, ValueError) as cause:
        raise _refusal(entry, "has a damaged footer") from cause
    if unpacked > MOST_UNPACKED:
        raise _refusal(entry, f"unpacks to {unpacked} bytes; at most {MOST_UNPACKED} are read")
    return file


def parquet_table(entry: BatchFile, file: pa_parquet.ParquetFile) -> pl.DataFrame:
    """Read every column in its own type."""
    try:
        return _frame(entry, file.read())
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
        for batch in file.iter_batches(ROWS_AT_ONCE, columns=list(wanted)):
            frame = as_text(_frame(entry, pa.Table.from_batches([batch]))).select(wanted)
            yield TextBlock(
                frame=frame,
                records=np.arange(record, record + len(frame)),
                lines=np.zeros(len(frame), dtype=np.int64),
                suspicious=True,
            )
            record += len(frame)
    except (pa.ArrowException, OSError, ValueError) as cause:
        raise _refusal(entry, "has damaged data") from cause


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
