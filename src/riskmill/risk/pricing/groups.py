"""Positions in groups that are valued together: one instrument, at most a block."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmill.domain import INSTRUMENTS, Position, PositionTable
from riskmill.risk.blocks import BLOCK_ROWS, cut_blocks
from riskmill.risk.pricing.batches import Holding
from riskmill.risk.pricing.contracts import contracts


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Positions of one instrument, at most a block of them."""

    instrument: str
    """Its word in the column `instrument`."""
    rows: npt.NDArray[np.int64]
    """Where each position stands among all."""
    holdings: list[Holding]


def table_groups(positions: PositionTable) -> list[tuple[str, Group]]:
    """The blocks of a table, in order, each with its book."""
    return [
        (positions.texts["book"].text(block.start), _slice(positions, block.start, block.stop))
        for block in cut_blocks(positions)
    ]


def _slice(positions: PositionTable, start: int, stop: int) -> Group:
    ids = positions.position_id[start:stop].tolist()
    quantities = positions.numbers["quantity"][start:stop].tolist()
    terms = contracts(positions, start, stop)
    return Group(
        instrument=positions.texts["instrument"].text(start),
        rows=np.arange(start, stop, dtype=np.int64),
        holdings=[Holding(*row) for row in zip(ids, quantities, terms, strict=True)],
    )


def position_groups(positions: Sequence[Position]) -> list[Group]:
    """Positions by instrument, each group in the order given."""
    groups = []
    for instrument, kind in INSTRUMENTS.items():
        rows = [at for at, one in enumerate(positions) if type(one.instrument) is kind]
        for first in range(0, len(rows), BLOCK_ROWS):
            chosen = rows[first : first + BLOCK_ROWS]
            groups.append(
                Group(
                    instrument=instrument,
                    rows=np.array(chosen, dtype=np.int64),
                    holdings=[_holding(positions[at]) for at in chosen],
                )
            )
    return groups


def _holding(position: Position) -> Holding:
    return Holding(position.position_id, position.quantity, position.instrument)
