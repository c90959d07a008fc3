"""What a reader finds behind a figure: a position by itself, and the row that it came from."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class PositionLoss:
    """What one position lost in one scenario."""

    position_id: str
    book: str
    pnl: float
    """Reporting currency, negative."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PositionDetail:
    """One position on the snapshot: its price, its sensitivities and what it reads."""

    position_id: str
    quantity: float
    """Signed, long positive."""
    price: float | None
    """Of one unit, in `currency`; none where the quantity is zero."""
    currency: str
    """The instrument's own."""
    present_value: float
    """Reporting currency."""
    greeks: tuple[tuple[str, str, float], ...]
    """Measure, key and value as in `Figure`, in reporting currency; those that are not zero."""
    factors: tuple[tuple[str, float], ...]
    """Id and quoted value of every factor it reads, those of its conversion among them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InputRow:
    """The delivered row that a position was made from."""

    position_id: str
    file: str
    record: int
    """1-based data record in the file."""
    line: int
    """1-based physical line; 0 where the format has no lines."""
    fields: tuple[tuple[str, str], ...]
    """Column and text exactly as sent, in delivered order; empty cells are left out."""
