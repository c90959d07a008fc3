"""How the ingestion room's results are kept between its tasks and the risk room's."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from riskmill.domain import (
    BatchFile,
    FactorHistory,
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
from riskmill.ingestion import AcceptedBatch, Replaced, StagedFile, added
from riskmill.pipeline.codecs import (
    decode_history,
    decode_parts,
    decode_positions,
    decode_value,
    encode_history,
    encode_part,
    encode_positions,
    encode_value,
)

STAGED_SCHEMA = "riskmill.staged-file/2"
REST = "staged.msgpack"
"""Artefact that says what is known of an ingested file beside its content; always the last."""
CONTENT_SCHEMA = "riskmill.staged-content/1"
BATCH_SCHEMA = "riskmill.accepted-batch/2"

Read = Callable[[str], bytes]
"""Gives the bytes of a named artefact of one task."""

_CONTENTS: Mapping[str, Any] = {
    "market": MarketSnapshot,
    "proxies": tuple[Proxy, ...],
    "scenarios": tuple[StressScenario, ...],
    "hierarchy": Hierarchy,
    "limits": tuple[Limit, ...],
    "fixings": tuple[Fixing, ...],
    "pnl": tuple[PastPnl, ...],
}


@dataclass(frozen=True, kw_only=True, slots=True)
class StagedRest:
    """What is known of an ingested file beside its content."""

    parts: int
    """Artefacts that hold its positions; 1 for every other dataset."""
    records: npt.NDArray[np.int64]
    """As in `StagedFile`; empty for positions, whose parts hold them."""
    lines: npt.NDArray[np.int64]
    failures: tuple[Failure, ...]
    rows: int
    notional: dict[str, Decimal]
    replaces: tuple[Replaced, ...] = ()
    """Of a file that amends others."""


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


def encode_staged(blocks: Iterable[StagedFile]) -> Iterator[tuple[str, bytes]]:
    """
    Artefacts of one ingested file: its content, and at last what was wrong with it.

    A block of positions is a part of its own, written as soon as it is known.
    """
    failures: list[Failure] = []
    notional: dict[str, Decimal] = {}
    rows = parts = 0
    records = lines = np.empty(0, dtype=np.int64)
    for parts, block in enumerate(_ahead(iter(blocks)), start=1):
        if isinstance(block.content, PositionTable):
            yield _part(parts), encode_part(block.content, block.records, block.lines)
        else:
            yield _encode_content(block.content)
            records, lines = block.records, block.lines
        failures += block.failures
        notional = added(notional, block.notional)
        rows += block.rows
    rest = StagedRest(
        parts=parts,
        records=records,
        lines=lines,
        failures=tuple(failures),
        rows=rows,
        notional=notional,
    )
    yield REST, encode_value(rest, STAGED_SCHEMA)


def decode_staged(entry: BatchFile, read: Read) -> StagedFile:
    """Read what `encode_staged` wrote for the file *entry*, its parts put together."""
    rest = decode_rest(read)
    content: Any
    if entry.dataset == "positions":
        parts = (read(_part(number)) for number in range(1, rest.parts + 1))
        content, records, lines = decode_parts(parts)
    else:
        content, records, lines = _decode_content(entry.dataset, read), rest.records, rest.lines
    return StagedFile(
        entry=entry,
        content=content,
        records=records,
        lines=lines,
        failures=rest.failures,
        rows=rest.rows,
        notional=rest.notional,
        replaces=rest.replaces,
    )


def _ahead(blocks: Iterator[StagedFile]) -> Iterator[StagedFile]:
    """Give *blocks* in order, the next one being made while one is used."""
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = thread.submit(next, blocks, None)
            yield block


def decode_rest(read: Read) -> StagedRest:
    """Read what `encode_staged` wrote of a file beside its content."""
    return decode_value(read(REST), StagedRest, STAGED_SCHEMA)


def amending(
    artefacts: Iterable[tuple[str, bytes]], find: Callable[[], tuple[Replaced, ...]]
) -> Iterator[tuple[str, bytes]]:
    """Complete what `encode_staged` gives of a file that amends others by what *find* finds."""
    for name, data in artefacts:
        if name != REST:
            yield name, data
            continue
        rest = decode_value(data, StagedRest, STAGED_SCHEMA)
        yield name, encode_value(replace(rest, replaces=find()), STAGED_SCHEMA)


def _part(number: int) -> str:
    return f"positions-{number:05d}.parquet"


def encode_batch(batch: AcceptedBatch) -> dict[str, bytes]:
    """Artefacts of a reconciled batch."""
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
    )
    return {
        "positions.parquet": encode_positions(batch.positions),
        "history.parquet": encode_history(batch.market.history),
        "batch.msgpack": encode_value(rest, BATCH_SCHEMA),
    }


def decode_batch(read: Read) -> AcceptedBatch:
    """Read what `encode_batch` wrote."""
    rest = decode_value(read("batch.msgpack"), _BatchRest, BATCH_SCHEMA)
    return AcceptedBatch(
        positions=decode_positions(read("positions.parquet")),
        market=MarketData(
            snapshot=rest.snapshot,
            history=decode_history(read("history.parquet")),
            proxies=rest.proxies,
            stress=rest.stress,
            fixings=rest.fixings,
        ),
        hierarchy=rest.hierarchy,
        limits=rest.limits,
        past_pnl=rest.past_pnl,
        failures=rest.failures,
        inputs=rest.inputs,
    )


def _encode_content(content: object) -> tuple[str, bytes]:
    if isinstance(content, FactorHistory):
        return "history.parquet", encode_history(content)
    return "content.msgpack", encode_value(content, CONTENT_SCHEMA)


def _decode_content(dataset: str, read: Read) -> Any:
    if dataset == "history":
        return decode_history(read("history.parquet"))
    return decode_value(read("content.msgpack"), _CONTENTS[dataset], CONTENT_SCHEMA)
