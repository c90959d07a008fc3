"""
What is left of a position once its row of values is forgotten: P&L in a sum, and three numbers.

The last column of a row is the base, so P&L there is zero, and in the columns that pad a
row as well.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from riskmill.domain import FloatArray
from riskmill.risk.pricing.maths import bits_of, is_number, number_of

Asked: TypeAlias = tuple[int, FloatArray, FloatArray]
"""
What a kernel is asked to sum: headline, found, total.

The scenarios that count for the largest loss are the first *headline*. A kernel fills *found*
(positions, 3) with each position's base value, its largest loss among those (or zero), and
one where every value is a finite number, else zero. To *total* (width,) it adds the P&L of the
positions whose values are, in order. An empty *total* asks for nothing.
"""

NOTHING: Asked = (0, np.empty((0, 3)), np.empty(0))
"""Asks a kernel for values alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RowSums:
    """P&L of several positions in one vector, and what is known of each."""

    present_values: FloatArray
    """Shape (positions,)."""
    worst: FloatArray
    """Largest loss of each in the headline scenarios, positive or zero."""
    finite: npt.NDArray[np.bool_]
    """Whether every value of a position is a finite number; the others are in no sum."""
    pnl: FloatArray
    """Shape (width,)."""


def ask(positions: int, width: int, headline: int) -> Asked:
    """Make room for the sums of so many positions."""
    return headline, np.empty((positions, 3)), np.zeros(width)


def answered(asked: Asked) -> RowSums:
    """What a kernel has filled in."""
    _, found, total = asked
    return RowSums(
        present_values=found[:, 0], worst=found[:, 1], finite=found[:, 2] > 0.0, pnl=total
    )


def sum_rows(values: FloatArray, headline: int) -> RowSums:
    """Sum values that are all there, shape (positions, width), to the bit as a kernel does."""
    finite = np.asarray(np.isfinite(values).all(axis=1))
    with np.errstate(all="ignore"):
        pnl = values - values[:, -1:]
        worst = (values[:, -1:] - values[:, :headline]).max(axis=1, initial=0.0)
    total = np.add.reduce(pnl[finite], axis=0, initial=0.0)
    return RowSums(present_values=values[:, -1], worst=worst, finite=finite, pnl=total)


def close_row(row: Any, i: int, asked: Any) -> None:
    """Take position *i* into the sums; its values under all scenarios are in *row*."""
    headline, found, total = asked
    width = total.shape[0]
    if width == 0:
        return
    base = row[width - 1]
    strange = 0
    for s in range(width):
        strange |= 1 - is_number(row[s])
    most = 0
    for s in range(headline):
        most = max(most, bits_of(base - row[s]))
    found[i, 0] = base
    found[i, 1] = number_of(most)
    found[i, 2] = 1.0 - strange
    if strange == 0:
        for s in range(width):
            total[s] += row[s] - base
