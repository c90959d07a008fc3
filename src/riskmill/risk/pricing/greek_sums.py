"""Sums of greeks over the positions of a block, name by name."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from riskmill.domain import FloatArray
from riskmill.risk.pricing.group_values import Valued
from riskmill.risk.valued import BlockGreeks

Kinds: TypeAlias = tuple[npt.NDArray[np.int64], FloatArray]
"""Numbers of sensitivities among the names of a valuation, and their totals."""


class Names:
    """Measures with their keys, numbered as they are met."""

    def __init__(self) -> None:
        self._of_measure: dict[str, dict[str, int]] = {}
        self.every: list[tuple[str, str]] = []

    def numbers(self, measure: str, keys: Iterable[str | None]) -> npt.NDArray[np.int64]:
        """Give the number of each key's name; -1 where there is no key."""
        known = self._of_measure.setdefault(measure, {})
        for key in dict.fromkeys(keys):
            if key is not None and key not in known:
                known[key] = len(self.every)
                self.every.append((measure, key))
        return np.array([-1 if key is None else known[key] for key in keys], dtype=np.int64)


def sum_greeks(block: Valued, names: Names) -> Kinds:
    """Totals by name, in row order; a position without a key for a measure has none."""
    kinds = [np.empty(0, dtype=np.int64)]
    totals: list[FloatArray] = [np.empty(0)]
    for measure, keys, values in block.batch.greeks() if block.batch else ():
        numbers = names.numbers(measure, keys)
        kept = block.kept & (numbers >= 0)
        if kept.any():
            own, places = np.unique(numbers[kept], return_inverse=True)
            kinds.append(own)
            totals.append(np.bincount(places, weights=values[kept]).astype(np.float64, copy=False))
    return np.concatenate(kinds), np.concatenate(totals)


def no_greeks(block: Valued, names: Names) -> Kinds:
    """No totals, where nobody asks for greeks."""
    return np.empty(0, dtype=np.int64), np.empty(0)


def greeks_by_block(names: Names, sums: Sequence[Kinds]) -> BlockGreeks:
    """Put the totals of all blocks into columns."""
    none = (np.empty(0, dtype=np.int64), np.empty(0))
    kinds, values = zip(none, *sums, strict=True)
    return BlockGreeks(
        names=tuple(names.every),
        blocks=np.repeat(np.arange(len(sums)), [len(own) for own, _ in sums]),
        kinds=np.concatenate(kinds),
        values=np.concatenate(values),
    )
