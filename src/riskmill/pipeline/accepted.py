"""How a reconciled batch is kept: its positions in parts, so that a task reads what it values."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from riskmill.domain import (
    Failure,
    Fixing,
    Hierarchy,
    InputFile,
    Limit,
    MarketData,
    MarketSnapshot,
    PastPnl,
    PositionTable,
    Proxy,
    StressScenario,
)
from riskmill.ingestion import AcceptedBatch
from riskmill.pipeline.ahead import ahead
from riskmill.pipeline.codecs import (
    decode_history,
    decode_positions,
    decode_value,
    encode_history,
    encode_positions,
    encode_value,
)
from riskmill.pipeline.staged import Read
from riskmill.risk import cut_blocks, partition_blocks, take_blocks

BATCH_SCHEMA = "riskmill.accepted-batch/3"
REST, HISTORY = "batch.msgpack", "history.parquet"
CONTEXT = (REST, HISTORY)
"""Artefacts that hold all of a batch but its positions."""
PART_ROWS = 8_192
"""Rows of a part, or a few less: a part holds whole blocks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """What one stored part of the positions holds."""

    rows: int
    blocks: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _BatchRest:
    snapshot: MarketSnapshot
    proxies: tuple[Proxy, ...]
    stress: tuple[StressScenario, ...]
    hierarchy: Hierarchy
    limits: tuple[Limit, ...]
    fixings: tuple[Fixing, ...]
    past_pnl: tuple[PastPnl, ...]
    failures: tuple[Failure, ...]
    inputs: tuple[InputFile, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredBatch:
    """An `AcceptedBatch` whose positions are read when they are asked for."""

    market: MarketData
    hierarchy: Hierarchy
    limits: tuple[Limit, ...]
    past_pnl: tuple[PastPnl, ...]
    failures: tuple[Failure, ...]
    inputs: tuple[InputFile, ...]
    parts: tuple[Part, ...]
    """Of its positions, in order; one at least."""
    read: Read

    @property
    def rows(self) -> int:
        """Positions of the batch."""
        return sum(part.rows for part in self.parts)

    def partition(self, index: int, of: int) -> PositionTable:
        """Positions of partition *index* (from 0) *of* so many, as `riskmill.risk.partition`."""
        ends = tuple(accumulate(part.blocks for part in self.parts))
        chosen = partition_blocks(ends[-1], index, of)
        tables = [
            take_blocks(self._part(number), range(max(chosen.start, first) - first, stop - first))
            for number, (first, end) in enumerate(pairwise((0, *ends)))
            if (stop := min(chosen.stop, end)) > max(chosen.start, first)
        ]
        return PositionTable.joined(tables or [take_blocks(self._part(0), range(0))])

    def positions(self) -> Iterator[PositionTable]:
        """Give all positions part by part, in order."""
        return (self._part(number) for number in range(len(self.parts)))

    def _part(self, number: int) -> PositionTable:
        return decode_positions(self.read(_part(number)))


def encode_batch(batch: AcceptedBatch) -> Iterator[tuple[str, bytes]]:
    """Artefacts of a reconciled batch, each made when it is asked for."""
    parts = tuple(_cut(batch.positions))
    rest = _BatchRest(
        snapshot=batch.market.snapshot,
        proxies=batch.market.proxies,
        stress=batch.market.stress,
        hierarchy=batch.hierarchy,
        limits=batch.limits,
        fixings=batch.market.fixings,
        past_pnl=batch.past_pnl,
        failures=batch.failures,
        inputs=batch.inputs,
        parts=parts,
    )
    yield REST, encode_value(rest, BATCH_SCHEMA)
    yield HISTORY, encode_history(batch.market.history)
    edges = pairwise((0, *accumulate(part.rows for part in parts)))
    yield from ahead(
        (_part(number), encode_positions(batch.positions.take(np.arange(start, stop))))
        for number, (start, stop) in enumerate(edges)
    )


def decode_batch(read: Read) -> StoredBatch:
    """Read what `encode_batch` wrote, but for the positions."""
    rest = decode_value(read(REST), _BatchRest, BATCH_SCHEMA)
    return StoredBatch(
        market=MarketData(
            snapshot=rest.snapshot,
            history=decode_history(read(HISTORY)),
            proxies=rest.proxies,
            stress=rest.stress,
            fixings=rest.fixings,
        ),
        hierarchy=rest.hierarchy,
        limits=rest.limits,
        past_pnl=rest.past_pnl,
        failures=rest.failures,
        inputs=rest.inputs,
        parts=rest.parts,
        read=read,
    )


def _cut(positions: PositionTable) -> Iterator[Part]:
    """Parts of as many whole blocks as `PART_ROWS` hold; an empty one where there is no block."""
    rows = blocks = 0
    for block in cut_blocks(positions):
        if rows + len(block) > PART_ROWS:
            yield Part(rows=rows, blocks=blocks)
            rows = blocks = 0
        rows, blocks = rows + len(block), blocks + 1
    yield Part(rows=rows, blocks=blocks)


def _part(number: int) -> str:
    return f"positions-{number + 1:05d}.parquet"
