"""Positions that amend others: which of the earlier rows each of them replaces."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np
import polars as pl

from riskmill.domain import BatchFile, PositionTable
from riskmill.ingestion.blocks import ORIGIN, TextBlock
from riskmill.ingestion.sources import Chunks, open_source
from riskmill.ingestion.staged import Replaced, StagedFile
from riskmill.ingestion.streams import Delivered
from riskmill.ingestion.totals import added, notional_by_currency

_ID, _RECORD = "position_id", "record_"
_NEEDED = (_ID, "currency", "notional")
_RECORD_NUMBER = re.compile(r"[0-9]{1,12}")
_DIGITS = 16
"""Of a file's hash, in an origin: enough to tell the files of a batch apart."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveredPositions:
    """A file of positions that can be read as often as need be."""

    entry: BatchFile
    chunks: Callable[[], Chunks]
    """Gives its bytes from the start."""

    def blocks(self, columns: Sequence[str]) -> Iterator[TextBlock]:
        """
        Give those of *columns* that it has, and where it has none its first, block by block.

        Raises `InputRejected` where the file cannot be used, at the end at the latest.
        """
        delivered = Delivered(self.entry, self.chunks())
        source = open_source(self.entry, delivered)
        found = tuple(name for name in columns if name in source.columns)
        yield from source.blocks(found or source.columns[:1])
        delivered.close()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Targets:
    """What the rows of an amending file take the place of."""

    ids: Set[str]
    origins: Set[str] = field(default_factory=frozenset)


def origin(entry: BatchFile, record: int) -> str:
    """Say where a rejected row came from, whatever its file is called in a later batch."""
    return f"record {record} of {entry.sha256[:_DIGITS]}"


def replaced_rows(files: Sequence[DeliveredPositions]) -> tuple[Replaced, ...]:
    """
    Find the rows that the last of *files* replaces in each of those before it.

    *files* are the positions of a batch in the order of its manifest, up to one that amends.
    A row is replaced by a row of the same `position_id`, and by a row of a corrected
    quarantine file that names it as its origin. That holds for good and bad rows on
    either side: what is named later counts. Rows that a file between the two has
    replaced already are not named again. Raises `InputRejected` where a file is
    unusable as a whole.
    """
    later = [_targets(file) for file in files[1:]]
    return tuple(_replaced(file, later[at:]) for at, file in enumerate(files[:-1]))


def amended(files: Sequence[StagedFile]) -> tuple[StagedFile, ...]:
    """Take out of each file of positions what later ones replace: rows, failures and notional."""
    return tuple(
        _without(file, [r for other in files for r in other.replaces if r.file == file.entry.name])
        for file in files
    )


def _targets(file: DeliveredPositions) -> _Targets:
    found: dict[str, set[str]] = {_ID: set(), ORIGIN: set()}
    for block in file.blocks((_ID, ORIGIN)):
        for name in found.keys() & set(block.frame.columns):
            found[name].update(block.frame[name].to_list())
    return _Targets(ids=found[_ID] - {""}, origins=found[ORIGIN] - {""})


def _replaced(file: DeliveredPositions, later: Sequence[_Targets]) -> Replaced:
    """Rows of *file* that the last of *later* replaces and none before it."""
    named = [_originating(file.entry, targets) for targets in later]
    records = set(named[-1]).difference(*named[:-1])
    taken = frozenset[str]().union(*(targets.ids for targets in later[:-1]))
    before = sorted(frozenset[int]().union(*named[:-1]))
    notional: dict[str, Decimal] = {}
    rows = 0
    for block in file.blocks(_NEEDED):
        rows += block.rows
        if len(block.frame.columns) < len(_NEEDED):
            continue
        numbered = block.frame.with_columns(pl.Series(_RECORD, block.records))
        hit = numbered.filter(
            pl.col(_ID).is_in(later[-1].ids) | pl.col(_RECORD).is_in(sorted(named[-1])),
            ~pl.col(_ID).is_in(taken),
            ~pl.col(_RECORD).is_in(before),
        )
        records.update(hit[_RECORD].to_list())
        notional = added(notional, notional_by_currency(hit))
    return Replaced(
        file=file.entry.name,
        records=np.array(sorted(n for n in records if n <= rows), dtype=np.int64),
        notional=notional,
    )


def _originating(entry: BatchFile, targets: _Targets) -> frozenset[int]:
    """Records of the file that corrected quarantine rows say they came from."""
    ending = origin(entry, 0).removeprefix("record 0")
    numbers = (
        text.removeprefix("record ").removesuffix(ending)
        for text in targets.origins
        if text.endswith(ending)
    )
    records = (int(text) for text in numbers if _RECORD_NUMBER.fullmatch(text))
    return frozenset(record for record in records if record)


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
