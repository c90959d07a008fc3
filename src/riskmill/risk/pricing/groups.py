"""Positions in groups that are valued together: one instrument, at most a block."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmill.domain import INSTRUMENTS, Position, PositionTable, UsageError
from riskmill.risk.blocks import BLOCK_ROWS, cut_blocks
from riskmill.risk.pricing.batches import Holding
from riskmill.risk.pricing.contracts import contracts, no_pricer


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Positions of one instrument, at most a block of them."""

    instrument: str
    """Its word in the column `instrument`."""
    rows: npt.NDArray[np.int64]
    """Where each position stands among all."""
    position_ids: list[str]
    table: PositionTable | None = None
    """Of which these are consecutive rows; none for positions that come one by one."""
    given: tuple[Holding, ...] = ()
    """Those that come one by one."""

    def holdings(self) -> Sequence[Holding]:
        """The positions with their contracts."""
        if self.table is None:
            return self.given
        start, stop = int(self.rows[0]), int(self.rows[-1]) + 1
        quantities = self.table.numbers["quantity"][start:stop].tolist()
        terms = contracts(self.table, start, stop)
        return [Holding(*row) for row in zip(self.position_ids, quantities, terms, strict=True)]


def table_groups(positions: PositionTable) -> list[tuple[str, Group]]:
    """The blocks of a table, in order, each with its book."""
    return [
        (positions.texts["book"].text(block.start), _slice(positions, block.start, block.stop))
        for block in cut_blocks(positions)
    ]


def _slice(positions: PositionTable, start: int, stop: int) -> Group:
    return Group(
        instrument=positions.texts["instrument"].text(start),
        rows=np.arange(start, stop, dtype=np.int64),
        position_ids=positions.position_id[start:stop].tolist(),
        table=positions,
    )


def position_groups(positions: Sequence[Position]) -> list[Group]:
    """
    Positions by instrument, each group in the order given.

    Those whose instrument has no pricer are groups of their own, each saying so (E406).
    Raises `UsageError` (E413) for anything that is no position.
    """
    rows: dict[str, list[int]] = {}
    for at, one in enumerate(positions):
        rows.setdefault(_instrument_of(at, one), []).append(at)
    return [
        _given(instrument, places[first : first + BLOCK_ROWS], positions)
        for instrument, places in sorted(rows.items())
        for first in range(0, len(places), BLOCK_ROWS)
    ]


def _given(instrument: str, places: list[int], positions: Sequence[Position]) -> Group:
    holdings = tuple(_holding(positions[at]) for at in places)
    return Group(
        instrument=instrument,
        rows=np.array(places, dtype=np.int64),
        position_ids=[holding.position_id for holding in holdings],
        given=holdings,
    )


_WORD_OF = {kind: word for word, kind in INSTRUMENTS.items()}


def _instrument_of(at: int, position: Position) -> str:
    if not isinstance(position, Position):
        raise UsageError(
            "E413",
            f"entry {at} is a {type(position).__name__}, and no position",
            place="positions",
            remedy="Pass riskmill.Position objects, or a position table.",
        )
    return _WORD_OF.get(type(position.instrument), "")


def _holding(position: Position) -> Holding:
    known = type(position.instrument) in _WORD_OF
    contract = position.instrument if known else no_pricer(type(position.instrument).__name__)
    return Holding(position.position_id, position.quantity, contract)
