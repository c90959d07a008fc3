"""A factor that stands still at the end of its history (W302)."""

from collections.abc import Iterator

import numpy as np

from riskmill.domain import Failure, FailureReason
from riskmill.ingestion.quality.check import warning
from riskmill.ingestion.quality.examined import Examined


def stale_factors(market: Examined, days: float) -> Iterator[Failure]:
    """Factors whose last *days* moves are all zero: their source may have stopped."""
    history, window = market.history, int(days)
    if len(history.dates) <= window:
        return
    end = history.values[-window - 1 :]
    for place in np.flatnonzero((end == end[-1]).all(axis=0)).tolist():
        factor, levels = history.factors[place], history.values[:, place]
        moved = np.flatnonzero(levels != levels[-1])
        since = int(moved[-1]) + 1 if len(moved) else 0
        yield warning(
            "W302",
            FailureReason.MISSING_MARKET_DATA,
            f"Factor '{factor}' has had the same value since {history.dates[since]}, over "
            f"{len(history.dates) - 1 - since} moves to the end of the history, so its source may "
            "have stopped and its risk is understated.",
            file=market.history_file,
            subject=factor,
            column=factor,
            value=repr(float(levels[-1])),
        )
