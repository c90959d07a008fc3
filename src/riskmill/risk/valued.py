"""What valuation finds: sums by block with their greeks, or P&L position by position."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from riskmill.domain import Failure, FloatArray


@dataclass(frozen=True, kw_only=True, slots=True)
class BlockGreek:
    """One sensitivity of one block, in the unit of `riskmill.domain.Figure`."""

    block: int
    """Index into the block arrays."""
    measure: str
    """`delta`, `gamma`, `vega` or `theta`."""
    key: str
    """Underlying (delta, gamma), surface (vega), or empty (theta)."""
    value: float
    """In reporting currency."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BlockGreeks:
    """Sensitivities of many blocks in columns; iterating gives them one by one."""

    names: tuple[tuple[str, str], ...]
    """Measure and key, each pair once."""
    blocks: npt.NDArray[np.int64]
    """Index into the block arrays, ascending; shape (sensitivities,)."""
    kinds: npt.NDArray[np.int64]
    """Index into the names, same shape."""
    values: FloatArray
    """In reporting currency, same shape."""

    @classmethod
    def of(cls, greeks: "Iterable[BlockGreek]") -> Self:
        """Put single ones into columns."""
        every = tuple(greeks)
        names = tuple(dict.fromkeys((one.measure, one.key) for one in every))
        place = {name: number for number, name in enumerate(names)}
        return cls(
            names=names,
            blocks=np.array([one.block for one in every], dtype=np.int64),
            kinds=np.array([place[one.measure, one.key] for one in every], dtype=np.int64),
            values=np.array([one.value for one in every], dtype=np.float64),
        )

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> "Iterator[BlockGreek]":
        columns = (self.blocks.tolist(), self.kinds.tolist(), self.values.tolist())
        for block, kind, value in zip(*columns, strict=True):
            measure, key = self.names[kind]
            yield BlockGreek(block=block, measure=measure, key=key, value=value)


@dataclass(frozen=True, kw_only=True, slots=True)
class ValuedBlocks:
    """
    A partition of positions under every scenario, summed by block.

    A position that could not be valued is a failure and is in no sum and no count.
    """

    currency: str
    """Reporting currency of every amount."""
    books: tuple[str, ...]
    """Book of each block."""
    instruments: tuple[str, ...]
    """Instrument of each block."""
    counts: npt.NDArray[np.int64]
    """Positions valued, shape (blocks,)."""
    present_values: FloatArray
    """Shape (blocks,)."""
    pnl: FloatArray
    """Shape (blocks, scenarios), gains positive."""
    greeks: BlockGreeks
    """By block."""
    position_ids: npt.NDArray[np.object_]
    """Positions valued, in row order."""
    position_values: FloatArray
    """Present value of each of them, shape (positions valued,)."""
    position_worst: FloatArray
    """Largest loss of each under any headline scenario, zero where it never loses; same shape."""
    failures: tuple[Failure, ...]
    """One for each position that could not be valued, in row order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Revaluation:
    """
    Positions under every scenario, one by one.

    Arrays hold the positions that could be valued, in the order they were given; the
    others are failures.
    """

    currency: str
    """Reporting currency of every amount."""
    position_ids: npt.NDArray[np.object_]
    """Shape (positions,)."""
    present_values: FloatArray
    """Shape (positions,)."""
    pnl: FloatArray
    """Present value under each scenario less the base's, shape (positions, scenarios)."""
    failures: tuple[Failure, ...]
