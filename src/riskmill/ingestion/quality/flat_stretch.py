"""A factor that stood still for long in the midst of its history (W316)."""

from collections.abc import Iterator

import numpy as np

from riskmill.domain import Failure, FailureReason
from riskmill.ingestion.quality.check import warning
from riskmill.ingestion.quality.examined import Examined


def flat_stretches(market: Examined, days: float) -> Iterator[Failure]:
    """Factors with *days* moves of zero in a row that moved again afterwards."""
    history, least = market.history, max(days, 1.0)
    still = history.values[1:] == history.values[:-1]
    candidates = np.flatnonzero(still.sum(axis=0) >= least)
    if not len(candidates):
        return
    still = still[:, candidates]
    running = np.zeros(len(candidates), dtype=np.int64)
    longest, ends = running.copy(), running.copy()
    for row, same in enumerate(still):
        ended = ~same & (running > longest)
        longest, ends = np.where(ended, running, longest), np.where(ended, row, ends)
        running = np.where(same, running + 1, 0)
    for found in np.flatnonzero(longest >= least).tolist():
        place, end, moves = int(candidates[found]), int(ends[found]), int(longest[found])
        factor = history.factors[place]
        yield warning(
            "W316",
            FailureReason.MISSING_MARKET_DATA,
            f"Factor '{factor}' had the same value from {history.dates[end - moves]} to "
            f"{history.dates[end]}, {moves} moves of zero, so its risk may be understated.",
            file=market.history_file,
            subject=factor,
            column=factor,
            value=repr(float(history.values[end, place])),
        )
