"""
Fixed blocks of positions: the unit in which P&L is summed.

Sums run inside each block in row order, then over blocks in order. A partition is
made of whole blocks and cuts into the very same blocks again, so no figure depends on
how many partitions there were (docs/methodology/aggregation.md).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from riskmill.domain import PositionTable, UsageError

BLOCK_ROWS = 256
"""Most rows a block holds; changing it changes the last digits of every sum."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Consecutive rows of one book and one instrument."""

    start: int
    """First row."""
    stop: int
    """Row after the last one."""

    def __len__(self) -> int:
        return self.stop - self.start


def cut_blocks(positions: PositionTable) -> tuple[Block, ...]:
    """
    Cut *positions* into blocks, in row order and without gap or overlap.

    A block ends where the book or the instrument changes, and after 256 rows.
    """
    edges = _changes(positions)
    return tuple(
        Block(start=start, stop=min(start + BLOCK_ROWS, stop))
        for first, stop in pairwise(edges)
        for start in range(first, stop, BLOCK_ROWS)
    )


def _changes(positions: PositionTable) -> list[int]:
    """Rows at which a run of one book and one instrument starts, and the number of rows."""
    rows = len(positions)
    if rows == 0:
        return [0]
    book = positions.texts["book"].codes
    instrument = positions.texts["instrument"].codes
    changed = (book[1:] != book[:-1]) | (instrument[1:] != instrument[:-1])
    return [0, *(np.flatnonzero(changed) + 1).tolist(), rows]


def partition(positions: PositionTable, index: int, of: int) -> PositionTable:
    """
    Rows of partition *index* (from 0) *of* so many: whole blocks, in order.

    It is empty where there are more partitions than blocks. Raises `UsageError` (E450)
    unless 0 <= index < of.
    """
    blocks = cut_blocks(positions)
    return _take(positions, blocks, partition_blocks(len(blocks), index, of))


def partition_blocks(blocks: int, index: int, of: int) -> range:
    """
    Numbers of the blocks that make partition *index* (from 0) *of* so many.

    With B blocks they are floor(index B / of) up to, not including, floor((index + 1) B / of).
    Raises `UsageError` (E450) unless 0 <= index < of.
    """
    if not 0 <= index < of:
        raise UsageError(
            "E450",
            f"there is no partition {index} of {of}",
            remedy="Partitions are counted from 0 and there is at least one.",
        )
    return range(index * blocks // of, (index + 1) * blocks // of)


def take_blocks(positions: PositionTable, chosen: range) -> PositionTable:
    """Rows of the blocks with these consecutive numbers among those of *positions*."""
    return _take(positions, cut_blocks(positions), chosen)


def _take(positions: PositionTable, blocks: tuple[Block, ...], chosen: range) -> PositionTable:
    if not chosen:
        return positions.take(np.empty(0, dtype=np.int64))
    first, last = blocks[chosen.start], blocks[chosen.stop - 1]
    return positions.take(np.arange(first.start, last.stop, dtype=np.int64))
