"""Positions as columns: what the whole pipeline carries, one row a position."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

import numpy as np
import numpy.typing as npt

ScalarT = TypeVar("ScalarT", bound=np.generic)


def _taken(column: npt.NDArray[ScalarT], rows: npt.NDArray[np.int64]) -> npt.NDArray[ScalarT]:
    """Some rows of a column; one that stores a single value for all rows goes on doing so."""
    if len(column) and column.strides == (0,):
        return np.broadcast_to(column[:1], rows.shape)
    return column[rows]


@dataclass(frozen=True, slots=True)
class Labels:
    """A text column, dictionary encoded: `values[codes[i]]` is the text of row i."""

    codes: npt.NDArray[np.int32]
    """One a row; -1 where the cell is empty."""
    values: tuple[str, ...]

    @classmethod
    def of(cls, texts: "list[str] | tuple[str, ...]") -> Self:
        """Encode *texts*; an empty text is an empty cell."""
        values = tuple(sorted({t for t in texts if t}))
        number = {text: code for code, text in enumerate(values)}
        return cls(np.array([number.get(t, -1) for t in texts], dtype=np.int32), values)

    @classmethod
    def joined(cls, parts: "Sequence[Labels]") -> Self:
        """One column of several, its texts sorted."""
        values = tuple(sorted({text for part in parts for text in part.values}))
        number = {text: code for code, text in enumerate(values)}
        codes = [
            np.array([*(number[text] for text in part.values), -1], dtype=np.int32)[part.codes]
            for part in parts
        ]
        return cls(np.concatenate(codes), values)

    def __len__(self) -> int:
        return len(self.codes)

    def lean(self) -> Self:
        """The same texts with no value that no row has, sorted: what `of` makes of `texts`."""
        if not self.values:
            return self
        used = np.flatnonzero(np.bincount(self.codes + 1, minlength=1)[1:]).tolist()
        values = tuple(sorted(self.values[code] for code in used))
        place = {text: number for number, text in enumerate(values)}
        renumbered = np.full(len(self.values) + 1, -1, dtype=np.int32)
        renumbered[used] = [place[self.values[code]] for code in used]
        return type(self)(renumbered[self.codes], values)

    def take(self, rows: npt.NDArray[np.int64]) -> Self:
        """The column of the given rows, the dictionary unchanged."""
        return type(self)(_taken(self.codes, rows), self.values)

    def text(self, row: int) -> str:
        """Text of one row; empty where the cell is."""
        code = int(self.codes[row])
        return self.values[code] if code >= 0 else ""

    def texts(self) -> list[str]:
        """Every row's text."""
        return [self.values[code] if code >= 0 else "" for code in self.codes.tolist()]


TEXT_COLUMNS = (
    "book",
    "instrument",
    "currency",
    "underlying",
    "option_type",
    "fixed_day_count",
    "float_day_count",
    "underlying_class",
    "barrier_type",
    "payoff",
    "knocked",
    "index",
    "stub",
    "end_of_month",
    "calendar",
    "fixed_adjustment",
    "float_adjustment",
)
NUMBER_COLUMNS = (
    "quantity",
    "multiplier",
    "strike",
    "price",
    "rate",
    "current_fixing",
    "fixed_frequency_months",
    "float_frequency_months",
    "notional",
    "barrier",
    "rebate",
    "payout",
    "fixings",
    "past_average",
    "spread",
    "fixing_lag_days",
    "payment_lag_days",
    "settlement_lag_days",
    "ex_coupon_days",
)
DATE_COLUMNS = ("expiry", "start", "maturity", "average_start")


@dataclass(frozen=True, kw_only=True, slots=True)
class PositionTable:
    """
    Positions in columns, as `docs/datasets.md` describes them.

    An empty number is NaN, an empty date NaT, an empty text code -1. Which
    columns an instrument needs stands in `riskmill.domain.instruments`.
    """

    position_id: npt.NDArray[np.object_]
    texts: Mapping[str, Labels]
    numbers: Mapping[str, npt.NDArray[np.float64]]
    dates: Mapping[str, npt.NDArray[np.datetime64]]
    """Unit: days."""

    @classmethod
    def joined(cls, parts: "Sequence[PositionTable]") -> "PositionTable":
        """One table of several, in order; there is at least one."""
        return cls(
            position_id=np.concatenate([part.position_id for part in parts]),
            texts={c: Labels.joined([part.texts[c] for part in parts]) for c in TEXT_COLUMNS},
            numbers={
                c: np.concatenate([part.numbers[c] for part in parts]) for c in NUMBER_COLUMNS
            },
            dates={c: np.concatenate([part.dates[c] for part in parts]) for c in DATE_COLUMNS},
        )

    def __len__(self) -> int:
        return len(self.position_id)

    def take(self, rows: npt.NDArray[np.int64]) -> "PositionTable":
        """The table of the given rows, in the given order."""
        return PositionTable(
            position_id=self.position_id[rows],
            texts={name: column.take(rows) for name, column in self.texts.items()},
            numbers={name: _taken(column, rows) for name, column in self.numbers.items()},
            dates={name: _taken(column, rows) for name, column in self.dates.items()},
        )
