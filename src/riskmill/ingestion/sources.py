"""A delivered file opened as its format says."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import polars as pl

from riskmill.domain import UNGUARD, BatchFile, FileFormat
from riskmill.ingestion.blocks import ORIGIN, Source, TextBlock
from riskmill.ingestion.columnar import open_parquet
from riskmill.ingestion.delimited import open_csv
from riskmill.ingestion.formats import CSV, PARQUET, XLSX, format_of
from riskmill.ingestion.streams import whole
from riskmill.ingestion.workbooks import open_workbook

Chunks = Iterable[bytes]
"""The bytes of a file in order, in pieces of any size."""

READERS: Mapping[str, Callable[[BatchFile, FileFormat, Chunks], Source]] = {
    CSV: open_csv,
    PARQUET: lambda entry, declared, chunks: open_parquet(entry, whole(entry, chunks)),
    XLSX: lambda entry, declared, chunks: open_workbook(entry, declared, whole(entry, chunks)),
}
"""Kinds of format and what opens them; only CSV is read as it comes."""


def open_source(entry: BatchFile, chunks: Chunks) -> Source:
    """Open a file as its format says; raises `InputRejected` where it cannot be read."""
    declared = format_of(entry)
    source = READERS[declared.kind](entry, declared, chunks)
    if ORIGIN not in source.columns:
        return source
    return replace(source, blocks=lambda wanted: map(_as_sent, source.blocks(wanted)))


def _as_sent(block: TextBlock) -> TextBlock:
    """Take away what a quarantine file has put before cells that would calculate."""
    pattern, cell = UNGUARD
    return replace(block, frame=block.frame.with_columns(pl.all().str.replace(pattern, cell)))
