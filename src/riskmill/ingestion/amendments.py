"""Positions that amend others: which of the earlier rows each of them replaces."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np
import polars as pl

from riskmill.domain import (
    DATE_COLUMNS,
    NUMBER_COLUMNS,
    TEXT_COLUMNS,
    BatchFile,
    Labels,
    PositionTable,
)
from riskmill.ingestion.blocks import ORIGIN, Source
from riskmill.ingestion.staged import Replaced, StagedFile
from riskmill.ingestion.totals import added, notional_by_currency

_ID, _RECORD = "position_id", "record_"
_NEEDED = (_ID, "currency", "notional")
_RECORD_NUMBER = re.compile(r"[0-9]{1,12}")
_DIGITS = 16
"""Of a file's hash, in an origin: enough to tell the files of a batch apart."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedFile:
    """A file of positions and what it holds, as text."""

    entry: BatchFile
    source: Source


@dataclass(frozen=True, kw_only=True, slots=True)
class _Targets:
    """What the rows of an amending file take the place of."""

    ids: Set[str]
    origins: Set[str] = field(default_factory=frozenset)


def origin(entry: BatchFile, record: int) -> str:
    """Say where a rejected row came from, whatever its file is called in a later batch."""
    return f"record {record} of {entry.sha256[:_DIGITS]}"


def replaced_rows(files: Sequence[OpenedFile]) -> tuple[Replaced, ...]:
    """
    Find the rows that the last of *files* replaces in each of those before it.

    A row is replaced by a row of the same `position_id`, and by a row of a corrected
    quarantine file that names it as its origin. That holds for good and bad rows on
    either side: what is named later counts. Rows that a file between the two has
    replaced already are not named again.
    """
    later = [_targets(file.source) for file in files[1:]]
    return tuple(_replaced(file, later[at:]) for at, file in enumerate(files[:-1]))


def amended(files: Sequence[StagedFile]) -> tuple[StagedFile, ...]:
    """Take out of each file of positions what later ones replace: rows, failures and notional."""
    return tuple(
        _without(file, [r for other in files for r in other.replaces if r.file == file.entry.name])
        for file in files
    )


def joined(tables: Sequence[PositionTable]) -> PositionTable:
    """Put the rows of several tables below one another; words are encoded in sorted order."""
    if len(tables) == 1:
        return tables[0]
    return PositionTable(
        position_id=np.concatenate([table.position_id for table in tables]),
        texts={name: _joined([table.texts[name] for table in tables]) for name in TEXT_COLUMNS},
        numbers={
            name: np.concatenate([table.numbers[name] for table in tables])
            for name in NUMBER_COLUMNS
        },
        dates={
            name: np.concatenate([table.dates[name] for table in tables]) for name in DATE_COLUMNS
        },
    )


def _joined(columns: Sequence[Labels]) -> Labels:
    words = sorted({word for column in columns for word in column.values})
    place = {word: code for code, word in enumerate(words)}
    codes = [
        np.array([*(place[word] for word in column.values), -1], dtype=np.int32)[column.codes]
        for column in columns
    ]
    return Labels(np.concatenate(codes), tuple(words))


def _targets(source: Source) -> _Targets:
    columns = tuple(name for name in (_ID, ORIGIN) if name in source.columns)
    found: dict[str, set[str]] = {_ID: set(), ORIGIN: set()}
    for block in source.blocks(columns) if source.rows and columns else ():
        for name in columns:
            found[name].update(block.frame[name].to_list())
    return _Targets(ids=found[_ID] - {""}, origins=found[ORIGIN] - {""})


def _replaced(file: OpenedFile, later: Sequence[_Targets]) -> Replaced:
    """Rows of *file* that the last of *later* replaces and none before it."""
    named = [_originating(file, targets) for targets in later]
    records = set(named[-1]).difference(*named[:-1])
    notional: dict[str, Decimal] = {}
    if set(_NEEDED) <= set(file.source.columns) and file.source.rows:
        taken = frozenset[str]().union(*(targets.ids for targets in later[:-1]))
        before = sorted(frozenset[int]().union(*named[:-1]))
        for block in file.source.blocks(_NEEDED):
            rows = block.frame.with_columns(pl.Series(_RECORD, block.records))
            hit = rows.filter(
                pl.col(_ID).is_in(later[-1].ids) | pl.col(_RECORD).is_in(sorted(named[-1])),
                ~pl.col(_ID).is_in(taken),
                ~pl.col(_RECORD).is_in(before),
            )
            records.update(hit[_RECORD].to_list())
            notional = added(notional, notional_by_currency(hit))
    return Replaced(
        file=file.entry.name,
        records=np.array(sorted(records), dtype=np.int64),
        notional=notional,
    )


def _originating(file: OpenedFile, targets: _Targets) -> frozenset[int]:
    """Records of *file* that corrected quarantine rows came from."""
    ending = origin(file.entry, 0).removeprefix("record 0")
    numbers = (
        text.removeprefix("record ").removesuffix(ending)
        for text in targets.origins
        if text.endswith(ending)
    )
    records = (int(text) for text in numbers if _RECORD_NUMBER.fullmatch(text))
    return frozenset(record for record in records if 1 <= record <= file.source.rows)


def _without(file: StagedFile, replaced: Sequence[Replaced]) -> StagedFile:
    if not replaced or not isinstance(file.content, PositionTable):
        return file
    gone = np.concatenate([part.records for part in replaced])
    kept = np.flatnonzero(~np.isin(file.records, gone))
    away = set(gone.tolist())
    notional: Mapping[str, Decimal] = file.notional
    for part in replaced:
        notional = added(notional, {name: -amount for name, amount in part.notional.items()})
    return replace(
        file,
        rows=file.rows - len(gone),
        content=file.content.take(kept),
        records=file.records[kept],
        lines=file.lines[kept],
        failures=tuple(failure for failure in file.failures if failure.record not in away),
        notional=notional,
    )
