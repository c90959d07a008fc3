"""
Segments and blocks of positions: what is kept between runs, and what P&L is summed in.

Where a segment ends depends on its own rows alone, so a row that comes or goes changes
one segment and no other. Sums run inside each block in row order, then over blocks in
order. A partition is made of whole segments and cuts into the very same blocks again, so
no figure depends on how many partitions there were (docs/methodology/aggregation.md).
"""

from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

import numpy as np

from riskmill.domain import PositionTable, UsageError

BLOCK_ROWS = 256
"""Most rows a block holds; changing it changes the last digits of every sum."""
SEGMENT_ROWS = 2_048
"""Most rows a segment holds: eight blocks."""
SEGMENT_END = 512
"""One position id in so many ends its segment."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Consecutive rows of one book and one instrument; a segment is one as well."""

    start: int
    """First row."""
    stop: int
    """Row after the last one."""

    def __len__(self) -> int:
        return self.stop - self.start


def cut_segments(positions: PositionTable) -> tuple[Block, ...]:
    """
    Cut *positions* into segments, in row order and without gap or overlap.

    A segment ends where the book or the instrument changes, after a position id whose
    CRC-32 is a multiple of 512, and after 2,048 rows.
    """
    if not len(positions):
        return ()
    edges = [0, *_ends(positions)]
    return tuple(
        Block(start=start, stop=min(start + SEGMENT_ROWS, stop))
        for first, stop in pairwise(edges)
        for start in range(first, stop, SEGMENT_ROWS)
    )


def cut_blocks(positions: PositionTable) -> tuple[Block, ...]:
    """Cut *positions* into blocks: each segment after every 256 rows."""
    return tuple(
        Block(start=start, stop=min(start + BLOCK_ROWS, segment.stop))
        for segment in cut_segments(positions)
        for start in range(segment.start, segment.stop, BLOCK_ROWS)
    )


def _ends(positions: PositionTable) -> list[int]:
    """Rows before which a segment ends, the number of rows at last."""
    book = positions.texts["book"].codes
    instrument = positions.texts["instrument"].codes
    changed = (book[1:] != book[:-1]) | (instrument[1:] != instrument[:-1])
    ids = positions.position_id[:-1].tolist()
    chosen = np.fromiter((crc32(id_.encode()) % SEGMENT_END == 0 for id_ in ids), np.bool_)
    return [*(np.flatnonzero(changed | chosen) + 1).tolist(), len(positions)]


def partition(positions: PositionTable, index: int, of: int) -> PositionTable:
    """
    Rows of partition *index* (from 0) *of* so many: whole segments, in order.

    It is empty where there are more partitions than segments. Raises `UsageError` (E450)
    unless 0 <= index < of.
    """
    segments = cut_segments(positions)
    chosen = partition_segments(len(segments), index, of)
    if not chosen:
        return positions.take(np.empty(0, dtype=np.int64))
    rows = np.arange(segments[chosen.start].start, segments[chosen.stop - 1].stop, dtype=np.int64)
    return positions.take(rows)


def partition_segments(segments: int, index: int, of: int) -> range:
    """
    Numbers of the segments that make partition *index* (from 0) *of* so many.

    With S segments they are floor(index S / of) up to, not including, floor((index + 1) S / of).
    Raises `UsageError` (E450) unless 0 <= index < of.
    """
    if not 0 <= index < of:
        raise UsageError(
            "E450",
            f"there is no partition {index} of {of}",
            remedy="Partitions are counted from 0 and there is at least one.",
        )
    return range(index * segments // of, (index + 1) * segments // of)
