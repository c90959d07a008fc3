"""
Sums of valued blocks, book by book and portfolio by portfolio.

Additions happen in one order, whatever the partitions were: blocks in row order into their
book, then books in delivered order into each portfolio (docs/methodology/aggregation.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmill.domain import FloatArray, Hierarchy, UsageError
from riskmill.risk.valued import BlockGreeks, ValuedBlocks


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """Additive results, one row a name: a book or any portfolio."""

    names: tuple[str, ...]
    positions: npt.NDArray[np.int64]
    """Priced positions; shape (names,)."""
    present_values: FloatArray
    """Shape (names,), reporting currency."""
    pnl: FloatArray
    """Shape (names, scenarios), reporting currency, gains positive."""
    greeks: Mapping[tuple[str, str], FloatArray]
    """Measure and key, in ascending order, to values of shape (names,)."""


def book_totals(blocks: Sequence[ValuedBlocks], hierarchy: Hierarchy, *, scenarios: int) -> Totals:
    """
    Sum *blocks*, given in partition order, into the books of *hierarchy*.

    A book without positions has zeros. Raises `UsageError` (E457) where a block has another
    number of scenarios than *scenarios*, or a book that *hierarchy* does not know.
    """
    row_of = {book: row for row, book in enumerate(hierarchy.books)}
    totals = _nothing(hierarchy.books, scenarios)
    greeks = _GreekSums(len(row_of))
    for part in blocks:
        _check(part, row_of, scenarios)
        rows = [row_of[book] for book in part.books]
        for block, row in enumerate(rows):
            totals.positions[row] += part.counts[block]
            totals.present_values[row] += part.present_values[block]
            totals.pnl[row] += part.pnl[block]
        greeks.add(part.greeks, np.array(rows, dtype=np.int64))
    return _with_greeks(totals, greeks.by_name())


class _GreekSums:
    """Sensitivities by measure and key, book by book, added up in the order of the blocks."""

    def __init__(self, books: int) -> None:
        self._kind_of: dict[tuple[str, str], int] = {}
        self._sums = np.zeros((0, books))

    def add(self, greeks: BlockGreeks, books: npt.NDArray[np.int64]) -> None:
        """Add the sensitivities of blocks; *books* is the row of each block's book."""
        kinds = [self._kind_of.setdefault(name, len(self._kind_of)) for name in greeks.names]
        new = len(self._kind_of) - len(self._sums)
        self._sums = np.concatenate([self._sums, np.zeros((new, self._sums.shape[1]))])
        places = (np.array(kinds, dtype=np.int64)[greeks.kinds], books[greeks.blocks])
        np.add.at(self._sums, places, greeks.values)

    def by_name(self) -> Mapping[tuple[str, str], FloatArray]:
        """Measure and key to sums of shape (books,)."""
        return {name: self._sums[kind] for name, kind in self._kind_of.items()}


def portfolio_totals(books: Totals, hierarchy: Hierarchy) -> Totals:
    """Sum *books*, in delivered order, into every portfolio of *hierarchy*."""
    row_of = {book: row for row, book in enumerate(books.names)}
    names = tuple(portfolio.name for portfolio in hierarchy.portfolios)
    totals = _nothing(names, books.pnl.shape[1])
    greeks = {place: np.zeros(len(names)) for place in books.greeks}
    for number, name in enumerate(names):
        for row in (row_of[book] for book in hierarchy.books_of(name)):
            totals.positions[number] += books.positions[row]
            totals.present_values[number] += books.present_values[row]
            totals.pnl[number] += books.pnl[row]
            for place, values in books.greeks.items():
                greeks[place][number] += values[row]
    return _with_greeks(totals, greeks)


def _nothing(names: tuple[str, ...], scenarios: int) -> Totals:
    return Totals(
        names=names,
        positions=np.zeros(len(names), dtype=np.int64),
        present_values=np.zeros(len(names)),
        pnl=np.zeros((len(names), scenarios)),
        greeks={},
    )


def _with_greeks(totals: Totals, greeks: Mapping[tuple[str, str], FloatArray]) -> Totals:
    return Totals(
        names=totals.names,
        positions=totals.positions,
        present_values=totals.present_values,
        pnl=totals.pnl,
        greeks={place: greeks[place] for place in sorted(greeks)},
    )


def _check(part: ValuedBlocks, row_of: Mapping[str, int], scenarios: int) -> None:
    if part.pnl.shape != (len(part.books), scenarios):
        raise _misfit(
            f"blocks hold P&L of shape {part.pnl.shape}, "
            f"({len(part.books)}, {scenarios}) was expected"
        )
    unknown = sorted(set(part.books) - set(row_of))
    if unknown:
        raise _misfit(f"the hierarchy has no book '{unknown[0]}', blocks have positions in it")


def _misfit(message: str) -> UsageError:
    return UsageError(
        "E457",
        message,
        remedy="Measure blocks with the scenarios and the hierarchy they were valued with.",
    )
