"""The files of a batch against one another and against what was announced."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from riskmill.domain import (
    BatchManifest,
    Failure,
    Hierarchy,
    InputFile,
    MarketData,
    PositionTable,
)
from riskmill.ingestion.cross_rules import cross_failures
from riskmill.ingestion.delivery import (
    Delivery,
    delivery_of,
    kept_rows,
    position_table,
    rejected_records,
)
from riskmill.ingestion.policy import (
    refusal_of,
    totals_readable,
    unproven_total,
    wrong_totals,
)
from riskmill.ingestion.quality.check import found_by
from riskmill.ingestion.quality.checks import MARKET_CHECKS
from riskmill.ingestion.quality.examined import examine
from riskmill.ingestion.staged import AcceptedBatch, StagedFile


def reconcile(manifest: BatchManifest, staged: Sequence[StagedFile]) -> AcceptedBatch:
    """
    Try the rules across files on *staged* and put the batch together.

    The result's `refusal` says why the batch may not be used, if so: announced rows
    or totals that do not agree, nothing left to value, or its own policy. Raises
    `InputRejected` where *staged* is not exactly the files of the manifest (E208) or
    more is wrong than can be told (E031).
    """
    delivery = delivery_of(manifest, staged)
    crossed = cross_failures(delivery, manifest.reporting_currency)
    warned = _warnings(delivery, manifest)
    failures = {
        file.entry.name: _in_order(
            file, crossed.get(file.entry.dataset, []), warned.get(file.entry.name, [])
        )
        for file in delivery.amended
    }
    batch = AcceptedBatch(
        positions=_positions(delivery, crossed["positions"]),
        market=MarketData(
            snapshot=delivery.snapshot,
            history=delivery.history,
            proxies=tuple(delivery.proxies[n] for n in _rows(delivery, "proxies", crossed)),
            stress=delivery.stress,
            fixings=delivery.fixings,
            dividends=delivery.dividends,
        ),
        hierarchy=delivery.hierarchy,
        limits=tuple(delivery.limits[n] for n in _rows(delivery, "limits", crossed)),
        past_pnl=tuple(delivery.past_pnl[n] for n in _rows(delivery, "pnl", crossed)),
        failures=tuple(f for file in delivery.files for f in failures[file.entry.name]),
        inputs=tuple(_input(file, failures[file.entry.name]) for file in delivery.amended),
    )
    return replace(batch, refusal=refusal_of(manifest, delivery, batch))


def _warnings(delivery: Delivery, manifest: BatchManifest) -> dict[str, list[Failure]]:
    """Warnings that no single file's rules can give, by the name of the file they are about."""
    found = {
        file.entry.name: [
            unproven_total(file, currency, says) for currency, says in wrong_totals(file).items()
        ]
        for file in delivery.delivered_positions
        if not totals_readable(file)
    }
    for failure in found_by(MARKET_CHECKS, manifest.policy, examine(delivery)):
        found.setdefault(failure.file, []).append(failure)
    return found


def _in_order(
    file: StagedFile, crossed: Iterable[Failure], warned: Iterable[Failure]
) -> list[Failure]:
    """By record; what is about no record stands last."""
    others = (failure for failure in (*crossed, *warned) if failure.file == file.entry.name)
    failures = [*file.failures, *others]
    return sorted(failures, key=lambda f: (f.record is None, f.record or 0))


def _rows(delivery: Delivery, dataset: str, crossed: dict[str, list[Failure]]) -> list[int]:
    if not any(file.entry.dataset == dataset for file in delivery.files):
        return []
    rows: list[int] = kept_rows(delivery.file(dataset), crossed[dataset]).tolist()
    return rows


def _positions(delivery: Delivery, crossed: Iterable[Failure]) -> PositionTable:
    of_file: dict[str, list[Failure]] = {}
    for failure in crossed:
        of_file.setdefault(failure.file, []).append(failure)
    kept = [
        (position_table(file), kept_rows(file, of_file.get(file.entry.name, [])))
        for file in delivery.position_files
    ]
    if len(kept) == 1:
        positions, rows = kept[0]
    else:
        positions = PositionTable.joined([table.take(rows) for table, rows in kept])
        rows = np.arange(len(positions))
    return positions.take(_sorted(positions, rows, delivery.hierarchy))


def _sorted(
    positions: PositionTable, rows: npt.NDArray[np.int64], hierarchy: Hierarchy
) -> npt.NDArray[np.int64]:
    """The rows by book in hierarchy order, instrument, position id; text by code point."""
    place = {book: n for n, book in enumerate(hierarchy.books)}
    books, instruments = positions.texts["book"], positions.texts["instrument"]
    rank = np.array([place.get(book, len(place)) for book in books.values], dtype=np.int64)
    order = pl.select(
        book=pl.Series(rank[books.codes[rows]]),
        instrument=pl.Series(instruments.codes[rows]),
        position_id=pl.Series(positions.position_id[rows].tolist(), dtype=pl.String),
    )
    by = order.select(pl.arg_sort_by("book", "instrument", "position_id"))
    ordered: npt.NDArray[np.int64] = rows[by.to_series().to_numpy()]
    return ordered


def _input(file: StagedFile, failures: Iterable[Failure]) -> InputFile:
    return InputFile(
        name=file.entry.name,
        dataset=file.entry.dataset,
        sha256=file.entry.sha256,
        size=file.entry.size,
        rows=file.rows,
        rejected=len(rejected_records(failures)),
        mode=file.entry.mode,
        carried_from=file.entry.carried_from,
    )
