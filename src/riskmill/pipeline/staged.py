"""How the ingestion room's results are kept between its tasks and the risk room's."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from riskmill.domain import (
    BatchFile,
    Dividend,
    FactorHistory,
    Failure,
    Fixing,
    Hierarchy,
    Limit,
    MarketSnapshot,
    PastPnl,
    PositionTable,
    Proxy,
    StressScenario,
)
from riskmill.ingestion import Replaced, StagedFile, added
from riskmill.pipeline.ahead import ahead
from riskmill.pipeline.codecs import (
    decode_history,
    decode_parts,
    decode_value,
    encode_history,
    encode_part,
    encode_value,
)

STAGED_SCHEMA = "riskmill.staged-file/2"
REST = "staged.msgpack"
"""Artefact that says what is known of an ingested file beside its content; always the last."""
CONTENT_SCHEMA = "riskmill.staged-content/1"

Read = Callable[[str], bytes]
"""Gives the bytes of a named artefact of one task."""

_CONTENTS: Mapping[str, Any] = {
    "market": MarketSnapshot,
    "proxies": tuple[Proxy, ...],
    "scenarios": tuple[StressScenario, ...],
    "hierarchy": Hierarchy,
    "limits": tuple[Limit, ...],
    "fixings": tuple[Fixing, ...],
    "dividends": tuple[Dividend, ...],
    "pnl": tuple[PastPnl, ...],
}


@dataclass(frozen=True, kw_only=True, slots=True)
class StagedRest:
    """What is known of an ingested file beside its content."""

    parts: int
    """Artefacts that hold its positions; 1 for every other dataset."""
    kept: int
    """Good rows in those parts; 0 for every other dataset."""
    records: npt.NDArray[np.int64]
    """As in `StagedFile`; empty for positions, whose parts hold them."""
    lines: npt.NDArray[np.int64]
    failures: tuple[Failure, ...]
    rows: int
    notional: dict[str, Decimal]
    replaces: tuple[Replaced, ...] = ()
    """Of a file that amends others."""


def encode_staged(blocks: Iterable[StagedFile]) -> Iterator[tuple[str, bytes]]:
    """
    Artefacts of one ingested file: its content, and at last what was wrong with it.

    A block of positions is a part of its own, written as soon as it is known.
    """
    failures: list[Failure] = []
    notional: dict[str, Decimal] = {}
    rows = parts = kept = 0
    records = lines = np.empty(0, dtype=np.int64)
    for parts, block in enumerate(ahead(blocks), start=1):
        if isinstance(block.content, PositionTable):
            yield _part(parts), encode_part(block.content, block.records, block.lines)
            kept += len(block.content)
        else:
            yield _encode_content(block.content)
            records, lines = block.records, block.lines
        failures += block.failures
        notional = added(notional, block.notional)
        rows += block.rows
    rest = StagedRest(
        parts=parts,
        kept=kept,
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
        content, records, lines = decode_parts(parts, rest.kept)
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


def _encode_content(content: object) -> tuple[str, bytes]:
    if isinstance(content, FactorHistory):
        return "history.parquet", encode_history(content)
    return "content.msgpack", encode_value(content, CONTENT_SCHEMA)


def _decode_content(dataset: str, read: Read) -> Any:
    if dataset == "history":
        return decode_history(read("history.parquet"))
    return decode_value(read("content.msgpack"), _CONTENTS[dataset], CONTENT_SCHEMA)
