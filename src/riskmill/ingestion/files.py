"""One delivered file: its bytes against the manifest, its format, its dataset."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import chain

import polars as pl

from riskmill.domain import BatchFile, BatchManifest, BatchPolicy, InputRejected
from riskmill.ingestion.blocks import REASON_COLUMNS, Source, pointed
from riskmill.ingestion.columnar import as_text, parquet_file, parquet_table
from riskmill.ingestion.datasets.dividends import stage_dividends
from riskmill.ingestion.datasets.fixings import stage_fixings
from riskmill.ingestion.datasets.hierarchy import stage_hierarchy
from riskmill.ingestion.datasets.history import DATE, WideTable, stage_history
from riskmill.ingestion.datasets.limits import stage_limits
from riskmill.ingestion.datasets.market import stage_market
from riskmill.ingestion.datasets.pnl import stage_pnl
from riskmill.ingestion.datasets.positions import position_blocks
from riskmill.ingestion.datasets.proxies import stage_proxies
from riskmill.ingestion.datasets.scenarios import stage_scenarios
from riskmill.ingestion.formats import PARQUET, format_of
from riskmill.ingestion.layouts import check_header
from riskmill.ingestion.lines import sliced
from riskmill.ingestion.sources import Chunks, open_source
from riskmill.ingestion.staged import StagedFile, joined
from riskmill.ingestion.streams import Delivered, whole

DATASETS_OF_ROWS: Mapping[str, Callable[[BatchFile, Source, BatchManifest], StagedFile]] = {
    "market": stage_market,
    "proxies": stage_proxies,
    "scenarios": stage_scenarios,
    "hierarchy": stage_hierarchy,
    "limits": stage_limits,
    "fixings": stage_fixings,
    "dividends": stage_dividends,
    "pnl": stage_pnl,
}
"""Datasets that are held whole and have one row a datum; only the history is wide."""


STAGED_FROM: Mapping[str, tuple[str, ...]] = {
    "positions": ("business_date",),
    "market": ("business_date", "as_of", "policy"),
    "history": ("business_date",),
    "fixings": ("business_date",),
    "pnl": ("business_date", "reporting_currency"),
}
"""Fields of the manifest that the rules of a file depend on; none for the other datasets."""

_NOTHING = BatchManifest(
    business_date=date.min,
    snapshot="",
    version="",
    supersedes="",
    as_of="",
    reporting_currency="",
    policy=BatchPolicy(),
    files=(),
)


def staging_terms(dataset: str, manifest: BatchManifest) -> BatchManifest:
    """
    Give the part of a manifest that staging a file of *dataset* depends on, all else blank.

    Equal files under equal terms are staged into equal values, so that a file which
    landed before its manifest need not be checked again.
    """
    terms = {name: getattr(manifest, name) for name in STAGED_FROM.get(dataset, ())}
    return replace(_NOTHING, **terms)


def ingest_file(entry: BatchFile, raw: bytes, manifest: BatchManifest) -> StagedFile:
    """
    Check one delivered file and turn its good rows into the values of its dataset.

    Every failed rule of every row is in the result's failures. Raises
    `InputRejected` only where the file as a whole cannot be used.
    """
    return ingest_chunks(entry, sliced(raw), manifest)


def ingest_chunks(entry: BatchFile, chunks: Chunks, manifest: BatchManifest) -> StagedFile:
    """Do what `ingest_file` does with bytes that come piece by piece; no file is held whole."""
    return joined(list(ingest_blocks(entry, chunks, manifest)))


def ingest_blocks(
    entry: BatchFile, chunks: Chunks, manifest: BatchManifest
) -> Iterator[StagedFile]:
    """
    Check a file block by block, and give the good rows and failures of each as they are known.

    Positions come in as many blocks as their size asks for, the same ones however
    the bytes are chunked; every other dataset is one. Where `InputRejected` is
    raised, at the end at the latest, no block may be used: the file is not the
    announced one, or cannot be used as a whole.
    """
    delivered = Delivered(entry, chunks)
    try:
        yield from _blocks(entry, delivered, staging_terms(entry.dataset, manifest))
    except InputRejected:
        delivered.close()
        raise
    delivered.close()


def _blocks(entry: BatchFile, chunks: Chunks, manifest: BatchManifest) -> Iterator[StagedFile]:
    if entry.dataset == "history":
        yield stage_history(entry, _wide_table(entry, chunks), manifest)
    elif entry.dataset == "positions":
        yield from position_blocks(entry, open_source(entry, chunks), manifest)
    else:
        yield DATASETS_OF_ROWS[entry.dataset](entry, open_source(entry, chunks), manifest)


def _wide_table(entry: BatchFile, chunks: Chunks) -> WideTable:
    """Every column of a history; its factors are the columns beside the date."""
    if format_of(entry).kind == PARQUET:
        return _typed_table(entry, whole(entry, chunks))
    source = open_source(entry, chunks)
    columns = _wide_columns(entry, source.columns)
    blocks = list(source.blocks(columns))
    for failure in chain.from_iterable(block.unreadable for block in blocks):
        raise InputRejected(
            "E034",
            f"a row of '{entry.name}' cannot be read: {failure.message}",
            place=f"{entry.name}, record {failure.record}, line {failure.line}",
            remedy="Mend the row: a history with a lost day would give wrong shocks.",
        )
    frame = pl.concat([block.frame for block in blocks]) if blocks else pl.DataFrame()
    numbers = [pointed(name, source.decimal) for name in columns if name != DATE]
    return WideTable(
        columns=columns,
        frame=frame.with_columns(numbers) if blocks else frame,
        lines=tuple(int(line) for block in blocks for line in block.lines),
    )


def _wide_columns(entry: BatchFile, found: tuple[str, ...]) -> tuple[str, ...]:
    factors = [name for name in found if name not in (DATE, *REASON_COLUMNS)]
    check_header(entry, found, (DATE,), factors)
    return tuple(name for name in found if name not in REASON_COLUMNS)


def _typed_table(entry: BatchFile, raw: bytes) -> WideTable:
    """A history whose numbers need not be written and read again."""
    file = parquet_file(entry, raw)
    columns = _wide_columns(entry, tuple(file.schema_arrow.names))
    table = parquet_table(entry, file)
    if table.is_empty():
        return WideTable(columns=columns, frame=pl.DataFrame())
    frame = table.select(columns)
    kept = [name for name in columns if name != DATE and frame[name].dtype.is_numeric()]
    as_sent = as_text(frame.select(pl.exclude(kept)))
    return WideTable(columns=columns, frame=as_sent.hstack(frame.select(kept)))
