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
    """Records whose cells cannot be told apart; they are not in the frame."""
    suspicious: bool = False
    """Whether some cell may hold a control character or bytes that are not UTF-8."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """An opened file: its columns, and its blocks in order."""

    columns: tuple[str, ...]
    """Names in the header, in delivered order."""
    rows: int
    """Data records, readable or not."""
    blocks: Callable[[tuple[str, ...]], Iterator[TextBlock]]
    """Reads the given columns, which must be among `columns`."""
