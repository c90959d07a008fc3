"""Tables as Parquet, so that equal tables give equal bytes."""

import pyarrow as pa
import pyarrow.parquet as pq


def to_parquet(table: pa.Table) -> bytes:
    """Write *table*, texts dictionary-encoded; its schema's metadata says what it holds."""
    texts = [field.name for field in table.schema if pa.types.is_string(field.type)]
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        compression="zstd",
        compression_level=9,
        version="2.6",
        use_dictionary=texts,
        write_statistics=True,
    )
    return bytes(sink.getvalue().to_pybytes())
