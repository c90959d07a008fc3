"""What is different between two runs: positions, factors and settings."""

from dataclasses import dataclass

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True, kw_only=True, slots=True)
class PositionChange:
    """A position that only one of two runs has, or that has other terms in the second."""

    position_id: str
    book: str
    instrument: str
    kind: str
    """`added`, `removed` or `changed`."""
    columns: tuple[str, ...]
    """Columns with other contents; empty for a position that only one run has."""
    before: float | None
    """Present value in the first run's currency; none where it has none."""
    after: float | None
    """Present value in the second run's currency; none where it has none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PositionChanges:
    """How the positions of a second run differ from those of a first."""

    added: int
    removed: int
    changed: int
    unchanged: int
    largest: tuple[PositionChange, ...]
    """Of each kind the largest by value, added before removed before changed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FactorMove:
    """How a factor moved from one snapshot to another."""

    factor: str
    before: float
    after: float
    move: float
    """In `unit`."""
    unit: str
    """`%`, `bp` or `vol pt`."""
    typical: float | None
    """Standard deviation of its moves from day to day in the second run's history, same unit."""

    @property
    def multiple(self) -> float | None:
        """Size of the move in daily standard deviations; none without a history."""
        return abs(self.move) / self.typical if self.typical else None


@dataclass(frozen=True, kw_only=True, slots=True)
class FactorMoves:
    """How the market moved from one snapshot to another."""

    moved: int
    still: int
    added: tuple[str, ...]
    """Factors of the second snapshot only."""
    removed: tuple[str, ...]
    """Factors of the first snapshot only."""
    largest: tuple[FactorMove, ...]
    """By daily standard deviations; those without a history last, by size."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingChange:
    """Something besides data that decides numbers, and is another in the second run."""

    name: str
    before: str
    after: str
