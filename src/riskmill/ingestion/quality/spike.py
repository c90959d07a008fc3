"""A value of the history that the next date undoes (W308)."""

from collections.abc import Iterator

import numpy as np

from riskmill.domain import Failure, FailureReason
from riskmill.ingestion.quality.check import warning
from riskmill.ingestion.quality.examined import Examined


def spikes(market: Examined, deviations: float) -> Iterator[Failure]:
    """Two moves in a row, one up and one down, each beyond so many robust *deviations*."""
    history, distances = market.history, market.moves.distances
    there, back = distances[:-1], distances[1:]
    opposite = np.signbit(there) != np.signbit(back)
    smaller = np.where(opposite, np.minimum(np.abs(there), np.abs(back)), 0.0)
    found = smaller > deviations
    for place in np.flatnonzero(found.any(axis=0)).tolist():
        factor, row = history.factors[place], int(np.nanargmax(smaller[:, place]))
        before, value, after = history.values[row : row + 3, place].tolist()
        others = int(found[:, place].sum()) - 1
        more = f" It is the worst of {others + 1} such values." if others else ""
        yield warning(
            "W308",
            FailureReason.MISMATCH,
            f"Factor '{factor}' has {value!r} on {history.dates[row + 1]} between {before!r} and "
            f"{after!r}: two opposite moves of more than {smaller[row, place]:.0f} times its usual "
            f"(robust) deviation, as a wrong value makes them.{more}",
            file=market.history_file,
            subject=factor,
            column=factor,
            value=repr(value),
        )
