"""A latest move that is out of all proportion to the factor's own past (W307)."""

from collections.abc import Iterator

import numpy as np

from riskmill.domain import Failure, FailureReason
from riskmill.ingestion.quality.check import warning
from riskmill.ingestion.quality.examined import Examined


def jumps(market: Examined, deviations: float) -> Iterator[Failure]:
    """
    Latest moves beyond so many robust *deviations*: the history's last, and that into the snapshot.

    Where the history ends on the business date and agrees with the snapshot, the two
    are one and told once.
    """
    yield from _in_the_history(market, deviations)
    yield from _into_the_snapshot(market, deviations)


def _in_the_history(market: Examined, deviations: float) -> Iterator[Failure]:
    history = market.history
    if len(history.dates) < 2:
        return
    distances = np.abs(market.moves.distances[-1])
    for place in np.flatnonzero(distances > deviations).tolist():
        before, after = history.values[-2:, place].tolist()
        yield warning(
            "W307",
            FailureReason.MISMATCH,
            _says(history.factors[place], before, after, distances[place])
            + f" on {history.dates[-1]}, the history's last date.",
            file=market.history_file,
            subject=history.factors[place],
            column=history.factors[place],
            value=repr(after),
        )


def _into_the_snapshot(market: Examined, deviations: float) -> Iterator[Failure]:
    history, snapshot = market.history, market.snapshot
    earlier = np.flatnonzero([day < snapshot.valuation_date for day in history.dates[-2:]])
    if not len(earlier):
        return
    row = len(history.dates[:-2]) + int(earlier[-1])
    for factor, value in snapshot.quotes.items():
        place = market.places.get(factor)
        if place is None or (row < len(history.dates) - 1 and history.values[-1, place] == value):
            continue
        before = float(history.values[row, place])
        distance = market.moves.distance(place, before, value)
        if distance > deviations:
            file, record, line = market.where(factor)
            yield warning(
                "W307",
                FailureReason.MISMATCH,
                _says(factor, before, value, distance)
                + f" from {history.dates[row]} in the history to the snapshot.",
                file=file,
                record=record,
                line=line,
                subject=factor,
                column="value",
                value=repr(value),
            )


def _says(factor: str, before: float, after: float, distance: float) -> str:
    return (
        f"Factor '{factor}' moves from {before!r} to {after!r}, {distance:.1f} times its usual "
        "(robust) deviation,"
    )
