"""A past move so large that a break in the series is likelier than a market (W309)."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from riskmill.domain import Failure, FailureReason, FloatArray
from riskmill.ingestion.quality.check import warning
from riskmill.ingestion.quality.examined import Examined


def history_jumps(market: Examined, deviations: float) -> Iterator[Failure]:
    """
    Moves before the last one that lie beyond so many robust *deviations*, and stay.

    A move that the one before or after it undoes to half or more is a spike's, and left to
    that check.
    """
    history, signed = market.history, market.moves.distances
    distances = np.where(_undone(signed), 0.0, np.abs(signed))[:-1]
    found = distances > deviations
    for place in np.flatnonzero(found.any(axis=0)).tolist():
        factor, row = history.factors[place], int(np.nanargmax(distances[:, place]))
        before, after = history.values[row : row + 2, place].tolist()
        others = int(found[:, place].sum()) - 1
        more = f" It is the largest of {others + 1} such moves." if others else ""
        yield warning(
            "W309",
            FailureReason.MISMATCH,
            f"Factor '{factor}' moves from {before!r} to {after!r} on {history.dates[row + 1]}, "
            f"{distances[row, place]:.0f} times its usual (robust) deviation, and this move is a "
            f"scenario.{more}",
            file=market.history_file,
            subject=factor,
            column=factor,
            value=repr(after),
        )


def _undone(signed: FloatArray) -> npt.NDArray[np.bool_]:
    """Whether a neighbour of each move is opposite and at least half as large."""
    undone = np.zeros(signed.shape, dtype=np.bool_)
    opposite = np.signbit(signed[1:]) != np.signbit(signed[:-1])
    undone[:-1] |= opposite & (np.abs(signed[1:]) >= np.abs(signed[:-1]) / 2.0)
    undone[1:] |= opposite & (np.abs(signed[:-1]) >= np.abs(signed[1:]) / 2.0)
    return undone
