"""A snapshot value other than the history's on the same date (W301)."""

from collections.abc import Iterator

from riskmill.domain import Failure, FailureReason
from riskmill.ingestion.quality.check import warning
from riskmill.ingestion.quality.examined import Examined


def snapshot_mismatches(market: Examined, difference: float) -> Iterator[Failure]:
    """Factors whose two values of the business date differ by more than a relative *difference*."""
    history, snapshot = market.history, market.snapshot
    if history.dates[-1] != snapshot.valuation_date:
        return
    last = dict(zip(history.factors, history.values[-1].tolist(), strict=True))
    for factor, value in snapshot.quotes.items():
        before = last.get(factor, value)
        if abs(value - before) > difference * max(abs(value), abs(before)):
            file, record, line = market.where(factor)
            yield warning(
                "W301",
                FailureReason.MISMATCH,
                f"The snapshot has {value!r} for '{factor}', the history has {before!r} on the "
                "same date; the position is valued at the first and shocked from the second.",
                file=file,
                record=record,
                line=line,
                subject=factor,
                column="value",
                value=repr(value),
            )
