"""One delivered file: its bytes against the manifest, its format, its dataset."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import PurePosixPath

import polars as pl

from riskmill.domain import BatchFile, BatchManifest, BatchPolicy, InputRejected
from riskmill.ingestion.amendments import OpenedFile, replaced_rows
from riskmill.ingestion.blocks import REASON_COLUMNS, Source
from riskmill.ingestion.columnar import as_text, open_parquet, parquet_file, parquet_table
from riskmill.ingestion.datasets.fixings import stage_fixings
from riskmill.ingestion.datasets.hierarchy import stage_hierarchy
from riskmill.ingestion.datasets.history import DATE, WideTable, stage_history
from riskmill.ingestion.datasets.limits import stage_limits
from riskmill.ingestion.datasets.market import stage_market
from riskmill.ingestion.datasets.pnl import stage_pnl
from riskmill.ingestion.datasets.positions import stage_positions
from riskmill.ingestion.datasets.proxies import stage_proxies
from riskmill.ingestion.datasets.scenarios import stage_scenarios
from riskmill.ingestion.delimited import open_csv
from riskmill.ingestion.layouts import check_header
from riskmill.ingestion.staged import StagedFile

CSV, PARQUET = ".csv", ".parquet"
FORMATS: Mapping[str, Callable[[BatchFile, bytes], Source]] = {
    CSV: open_csv,
    PARQUET: open_parquet,
}
"""File name endings and what opens them."""

DATASETS_OF_ROWS: Mapping[str, Callable[[BatchFile, Source, BatchManifest], StagedFile]] = {
    "positions": stage_positions,
    "market": stage_market,
    "proxies": stage_proxies,
    "scenarios": stage_scenarios,
    "hierarchy": stage_hierarchy,
    "limits": stage_limits,
    "fixings": stage_fixings,
    "pnl": stage_pnl,
}
"""Datasets whose files have one row a datum; only the history is wide."""


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
    manifest = staging_terms(entry.dataset, manifest)
    check_bytes(entry, raw)
    source = open_source(entry, raw)
    if entry.dataset == "history":
        return stage_history(entry, _wide_table(entry, raw, source), manifest)
    return DATASETS_OF_ROWS[entry.dataset](entry, source, manifest)


def with_replaced(staged: StagedFile, files: Sequence[tuple[BatchFile, bytes]]) -> StagedFile:
    """
    Say of an amending file which rows of the positions before it it takes the place of.

    *files* are those positions in the order of the manifest, and last the file itself.
    Raises `InputRejected` where one of them is unusable as a whole.
    """
    for entry, raw in files:
        check_bytes(entry, raw)
    opened = [OpenedFile(entry=entry, source=open_source(entry, raw)) for entry, raw in files]
    return replace(staged, replaces=replaced_rows(opened))


def check_bytes(entry: BatchFile, raw: bytes) -> None:
    """Refuse a file that is empty, or not the one that its sender announced."""
    remedy = "Deliver the file again whole, with a manifest that was made from it."
    if not raw:
        raise InputRejected("E022", f"'{entry.name}' is empty", place=entry.name, remedy=remedy)
    if len(raw) != entry.size:
        raise InputRejected(
            "E020",
            f"'{entry.name}' has {len(raw)} bytes, the manifest announces {entry.size}",
            place=entry.name,
            remedy=remedy,
        )
    digest = hashlib.sha256(raw).hexdigest()
    if digest != entry.sha256:
        raise InputRejected(
            "E021",
            f"'{entry.name}' has the SHA-256 {digest}, the manifest announces {entry.sha256}",
            place=entry.name,
            remedy=remedy,
        )


def is_csv(entry: BatchFile) -> bool:
    """Whether the file is comma-separated text, by the ending of its name."""
    return PurePosixPath(entry.name).suffix.lower() == CSV


def open_source(entry: BatchFile, raw: bytes) -> Source:
    """Open a file by the ending of its name; raises `InputRejected` (E024) for any other."""
    ending = PurePosixPath(entry.name).suffix.lower()
    if ending not in FORMATS:
        raise InputRejected(
            "E024",
            f"'{entry.name}' is in no format that riskmill reads",
            place=entry.name,
            remedy=f"Deliver a file whose name ends in {' or '.join(FORMATS)}.",
        )
    return FORMATS[ending](entry, raw)


def _wide_table(entry: BatchFile, raw: bytes, source: Source) -> WideTable:
    """Every column of a history; its factors are the columns beside the date."""
    factors = [name for name in source.columns if name not in (DATE, *REASON_COLUMNS)]
    check_header(entry, source.columns, (DATE,), factors)
    columns = tuple(name for name in source.columns if name not in REASON_COLUMNS)
    if not is_csv(entry):
        frame = parquet_table(entry, parquet_file(entry, raw)).select(columns)
        kept = [name for name in columns if name != DATE and frame[name].dtype.is_numeric()]
        as_sent = as_text(frame.select(pl.exclude(kept)))
        return WideTable(columns=columns, frame=frame.select(kept).hstack(as_sent))
    blocks = list(source.blocks(columns)) if source.rows else []
    for block in blocks:
        for failure in block.unreadable:
            raise InputRejected(
                "E034",
                f"a row of '{entry.name}' cannot be read: {failure.message}",
                place=f"{entry.name}, record {failure.record}, line {failure.line}",
                remedy="Mend the row: a history with a lost day would give wrong shocks.",
            )
    return WideTable(
        columns=columns,
        frame=pl.concat([block.frame for block in blocks]) if blocks else pl.DataFrame(),
        lines=tuple(int(line) for block in blocks for line in block.lines),
    )
