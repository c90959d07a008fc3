"""What ingestion hands on: a checked file, and a batch whose files agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from riskmill.domain import (
    BatchFile,
    Dividend,
    FactorHistory,
    Failure,
    Fixing,
    Hierarchy,
    InputFile,
    InputRejected,
    Limit,
    MarketData,
    MarketSnapshot,
    PastPnl,
    PositionTable,
    Proxy,
    StressScenario,
)
from riskmill.ingestion.totals import added

Content = (
    PositionTable
    | MarketSnapshot
    | FactorHistory
    | tuple[Proxy, ...]
    | tuple[StressScenario, ...]
    | Hierarchy
    | tuple[Limit, ...]
    | tuple[Fixing, ...]
    | tuple[Dividend, ...]
    | tuple[PastPnl, ...]
)
"""What a file of each dataset turns into."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Replaced:
    """Rows of an earlier file of positions that a later one replaces, and no file between them."""

    file: str
    """Name of the earlier file in the batch."""
    records: npt.NDArray[np.int64]
    """1-based records, ascending, good and bad ones."""
    notional: dict[str, Decimal]
    """Sum of `notional` by currency over those that could be read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StagedFile:
    """One delivered file after its own rules: the good rows, and what was wrong."""

    entry: BatchFile
    content: Content
    records: npt.NDArray[np.int64]
    """1-based record of each kept row, in the order of the content; empty for a history."""
    lines: npt.NDArray[np.int64]
    """Physical line of each kept row; 0 where the format has no lines."""
    failures: tuple[Failure, ...]
    rows: int
    """Data rows delivered."""
    notional: Mapping[str, Decimal] = field(default_factory=dict)
    """Sum of `notional` by currency over every delivered row that could be read; positions only."""
    replaces: tuple[Replaced, ...] = ()
    """Rows of the positions before it that an amending file takes the place of."""


def joined(blocks: Sequence[StagedFile]) -> StagedFile:
    """Put the blocks of one file together again; there is at least one."""
    if len(blocks) == 1:
        return blocks[0]
    tables = [block.content for block in blocks if isinstance(block.content, PositionTable)]
    totals: dict[str, Decimal] = {}
    for block in blocks:
        totals = added(totals, block.notional)
    return StagedFile(
        entry=blocks[0].entry,
        content=PositionTable.joined(tables),
        records=np.concatenate([block.records for block in blocks]),
        lines=np.concatenate([block.lines for block in blocks]),
        failures=tuple(failure for block in blocks for failure in block.failures),
        rows=sum(block.rows for block in blocks),
        notional=totals,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptedBatch:
    """A batch after the rules across its files: what may be valued, and what may not."""

    positions: PositionTable
    """Sorted by book in hierarchy order, then instrument, then position id by code point."""
    market: MarketData
    hierarchy: Hierarchy
    limits: tuple[Limit, ...]
    failures: tuple[Failure, ...]
    """Of all files, in the order of the manifest and of the records."""
    inputs: tuple[InputFile, ...]
    past_pnl: tuple[PastPnl, ...] = ()
    """P&L of past days, in delivered order; empty where none was delivered."""
    refusal: InputRejected | None = None
    """Why the batch may not be used, where totals disagree or its own policy forbids it."""
