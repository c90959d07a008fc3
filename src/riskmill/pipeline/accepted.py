"""How a reconciled batch is kept: its positions in parts, so that a task reads what it values."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from riskmill.domain import (
    Dividend,
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
from riskmill.risk import cut_segments, partition_segments

BATCH_SCHEMA = "riskmill.accepted-batch/3"
MARKET_SCHEMA = "riskmill.accepted-market/1"
REST, MARKET, HISTORY = "batch.msgpack", "market.msgpack", "history.parquet"
MARKET_DATA = (MARKET, HISTORY)
"""Artefacts that hold what positions are valued with."""
PART_ROWS = 8_192
"""Rows of a part, or a few less: a part holds whole segments."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """What one stored part of the positions holds."""

    rows: int
    segments: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Market:
    snapshot: MarketSnapshot
    proxies: tuple[Proxy, ...]
    stress: tuple[StressScenario, ...]
    fixings: tuple[Fixing, ...]
    dividends: tuple[Dividend, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _BatchRest:
    hierarchy: Hierarchy
    limits: tuple[Limit, ...]
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
        segments = tuple(self.segments(index, of))
        return PositionTable.joined(segments or (_no_rows(self._part(0)),))

    def segments(self, index: int, of: int) -> Iterator[PositionTable]:
        """Give the segments of a partition one by one, in order."""
        ends = tuple(accumulate(part.segments for part in self.parts))
        chosen = partition_segments(ends[-1], index, of)
        for number, (first, end) in enumerate(pairwise((0, *ends))):
            inside = range(max(chosen.start, first), min(chosen.stop, end))
            if inside:
                table = self._part(number)
                for segment in cut_segments(table)[inside.start - first : inside.stop - first]:
                    yield table.take(np.arange(segment.start, segment.stop))

    def positions(self) -> Iterator[PositionTable]:
        """Give all positions part by part, in order."""
        return (self._part(number) for number in range(len(self.parts)))

    def _part(self, number: int) -> PositionTable:
        return decode_positions(self.read(_part(number)))


def encode_batch(batch: AcceptedBatch) -> Iterator[tuple[str, bytes]]:
    """Artefacts of a reconciled batch, each made when it is asked for."""
    parts = tuple(_cut(batch.positions))
    market = _Market(
        snapshot=batch.market.snapshot,
        proxies=batch.market.proxies,
        stress=batch.market.stress,
        fixings=batch.market.fixings,
        dividends=batch.market.dividends,
    )
    rest = _BatchRest(
        hierarchy=batch.hierarchy,
        limits=batch.limits,
        past_pnl=batch.past_pnl,
        failures=batch.failures,
        inputs=batch.inputs,
        parts=parts,
    )
    yield REST, encode_value(rest, BATCH_SCHEMA)
    yield MARKET, encode_value(market, MARKET_SCHEMA)
    yield HISTORY, encode_history(batch.market.history)
    edges = pairwise((0, *accumulate(part.rows for part in parts)))
    yield from ahead(
        (_part(number), encode_positions(batch.positions.take(np.arange(start, stop))))
        for number, (start, stop) in enumerate(edges)
    )


def decode_batch(read: Read) -> StoredBatch:
    """Read what `encode_batch` wrote, but for the positions."""
    rest = decode_value(read(REST), _BatchRest, BATCH_SCHEMA)
    market = decode_value(read(MARKET), _Market, MARKET_SCHEMA)
    return StoredBatch(
        market=MarketData(
            snapshot=market.snapshot,
            history=decode_history(read(HISTORY)),
            proxies=market.proxies,
            stress=market.stress,
            fixings=market.fixings,
            dividends=market.dividends,
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
    """As many whole segments a part as `PART_ROWS` hold; an empty part where there is none."""
    rows = segments = 0
    for segment in cut_segments(positions):
        if rows + len(segment) > PART_ROWS:
            yield Part(rows=rows, segments=segments)
            rows = segments = 0
        rows, segments = rows + len(segment), segments + 1
    yield Part(rows=rows, segments=segments)


def _no_rows(positions: PositionTable) -> PositionTable:
    return positions.take(np.empty(0, dtype=np.int64))


def _part(number: int) -> str:
    return f"positions-{number + 1:05d}.parquet"
