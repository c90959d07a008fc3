"""What the measures accept: P&L as plain arrays, checked once at the door."""

from collections.abc import Sequence

import numpy as np

from riskmill.domain import FloatArray, UsageError

PnlInput = FloatArray | Sequence[float]
"""P&L by scenario in one currency, gains positive."""

VectorsInput = FloatArray | Sequence[Sequence[float]]
"""P&L of several parts, shape (parts, scenarios), in one currency, gains positive."""


def checked_pnl(pnl: PnlInput) -> FloatArray:
    """One P&L vector as a float array; `UsageError` (E453) unless 1-D, filled and finite."""
    return _checked(pnl, 1, "a P&L vector")


def checked_vectors(vectors: VectorsInput) -> FloatArray:
    """P&L vectors of several parts; `UsageError` (E453) unless 2-D, filled and finite."""
    return _checked(vectors, 2, "a table of P&L vectors")


def _checked(values: PnlInput | VectorsInput, dimensions: int, what: str) -> FloatArray:
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as cause:
        raise _refused(f"{what} must hold numbers only, and as many in every row") from cause
    if array.ndim != dimensions:
        raise _refused(f"{what} has {dimensions} dimension(s), this array has {array.ndim}")
    if array.size == 0:
        raise _refused(f"{what} needs at least one scenario, this one is empty")
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        place = tuple(bad[0].tolist())
        raise _refused(f"{what} must be finite, entry {place} is {array[place]}")
    return array


def _refused(message: str) -> UsageError:
    return UsageError(
        "E453",
        message,
        remedy="Pass P&L by scenario as finite numbers, and leave out what could not be valued.",
    )
