"""A stretch of a delivered file in which every value is still the text that was sent."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from riskmill.domain import Failure

ORIGIN = "_origin"
"""Column of a quarantine file that says which record of which file a row came from."""
REASON_COLUMNS = ("_codes", "_messages", ORIGIN)
"""Columns that a quarantine file carries; they are read past when it is delivered again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TextBlock:
    """Consecutive records of a file."""

    frame: pl.DataFrame
    """The wanted columns as text, exactly as sent; an empty text is a missing value."""
    records: npt.NDArray[np.int64]
    """1-based record of each row of the frame."""
    lines: npt.NDArray[np.int64]
    """1-based physical line of each row; 0 where the format has no lines."""
    unreadable: tuple[Failure, ...] = ()
    """Records whose cells cannot be told apart, one failure each; they are not in the frame."""
    suspicious: npt.NDArray[np.int64]
    """Rows of the frame of which some cell may hold a control character or what is no text."""
    calculated: bool = False
    """Whether cells were calculated by a spreadsheet, and may hold its errors."""

    @property
    def rows(self) -> int:
        """Data records, readable or not."""
        return len(self.records) + len(self.unreadable)


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """An opened file: its columns, and its blocks in order."""

    columns: tuple[str, ...]
    """Names in the header, in delivered order."""
    blocks: Callable[[tuple[str, ...]], Iterator[TextBlock]]
    """Reads the given columns, which must be among `columns`; once only."""
    decimal: str = "."
    """Character before the decimals of a number."""


def pointed(column: str, decimal: str) -> pl.Expr:
    """The cells of a column of numbers, written with a decimal point."""
    if decimal == ".":
        return pl.col(column)
    cells = pl.col(column)
    strange = cells.str.contains(".", literal=True)
    written = cells.str.replace(",", ".", literal=True)
    return pl.when(strange).then(pl.lit("?")).otherwise(written).alias(column)
