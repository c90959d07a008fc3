"""How the ingestion room's results are kept between its tasks and the risk room's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
from riskmill.ingestion import AcceptedBatch, Replaced, StagedFile
from riskmill.pipeline.codecs import (
    decode_history,
    decode_positions,
    decode_value,
    encode_history,
    encode_positions,
    encode_value,
)

STAGED_SCHEMA = "riskmill.staged-file/1"
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
class _StagedRest:
    records: npt.NDArray[np.int64]
    lines: npt.NDArray[np.int64]
    failures: tuple[Failure, ...]
    rows: int
    notional: dict[str, Decimal]
    replaces: tuple[Replaced, ...] = ()


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


def encode_staged(staged: StagedFile) -> dict[str, bytes]:
    """Artefacts of one ingested file: its content, and what was wrong with it."""
    rest = _StagedRest(
        records=staged.records,
        lines=staged.lines,
        failures=staged.failures,
        rows=staged.rows,
        notional=dict(staged.notional),
        replaces=staged.replaces,
    )
    name, content = _encode_content(staged.content)
    return {name: content, "staged.msgpack": encode_value(rest, STAGED_SCHEMA)}


def decode_staged(entry: BatchFile, read: Read) -> StagedFile:
    """Read what `encode_staged` wrote for the file *entry*."""
    rest = decode_value(read("staged.msgpack"), _StagedRest, STAGED_SCHEMA)
    return StagedFile(
        entry=entry,
        content=_decode_content(entry.dataset, read),
        records=rest.records,
        lines=rest.lines,
        failures=rest.failures,
        rows=rest.rows,
        notional=rest.notional,
        replaces=rest.replaces,
    )


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
    if isinstance(content, PositionTable):
        return "positions.parquet", encode_positions(content)
    if isinstance(content, FactorHistory):
        return "history.parquet", encode_history(content)
    return "content.msgpack", encode_value(content, CONTENT_SCHEMA)


def _decode_content(dataset: str, read: Read) -> Any:
    if dataset == "positions":
        return decode_positions(read("positions.parquet"))
    if dataset == "history":
        return decode_history(read("history.parquet"))
    return decode_value(read("content.msgpack"), _CONTENTS[dataset], CONTENT_SCHEMA)
