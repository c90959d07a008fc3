"""Warnings about data that is used: what is odd, but not wrong by itself."""

from collections.abc import Iterator

import numpy as np

from riskmill.domain import BatchManifest, Failure, FailureReason, Severity
from riskmill.ingestion.delivery import Delivery
from riskmill.ingestion.factors import matches
from riskmill.ingestion.staged import StagedFile

SAME_VALUE = 1e-6
"""Relative difference up to which the snapshot and the history's last day agree."""
STALE_DAYS = 10
"""Dates over which a factor that does not move at all is called stale."""


def market_warnings(delivery: Delivery, manifest: BatchManifest) -> Iterator[Failure]:
    """Snapshot values that are not those of the history's own valuation date (W301)."""
    history, file = delivery.history, delivery.file("market")
    if history.dates[-1] != manifest.business_date:
        return
    last = dict(zip(history.factors, history.values[-1].tolist(), strict=True))
    for row, (factor, value) in enumerate(delivery.snapshot.quotes.items()):
        before = last.get(factor, value)
        if abs(value - before) > SAME_VALUE * max(abs(value), abs(before)):
            yield _warning(
                "W301",
                FailureReason.MISMATCH,
                f"The snapshot has {value!r} for '{factor}', the history has {before!r} on the "
                "same date; the position is valued at the first and shocked from the second.",
                file=file.entry.name,
                record=int(file.records[row]),
                line=int(file.lines[row]) or None,
                subject=factor,
                column="value",
                value=repr(value),
            )


def history_warnings(delivery: Delivery, manifest: BatchManifest) -> Iterator[Failure]:
    """A history that ends early (W305), and factors that stand still at its end (W302)."""
    history, name = delivery.history, delivery.file("history").entry.name
    if history.dates[-1] < manifest.business_date:
        yield _warning(
            "W305",
            FailureReason.MISSING_MARKET_DATA,
            f"The history ends on {history.dates[-1]}, before the business date "
            f"{manifest.business_date}, so the latest moves are in no scenario.",
            file=name,
        )
    end = history.values[-STALE_DAYS:]
    if len(end) < STALE_DAYS:
        return
    for place in np.flatnonzero((end == end[-1]).all(axis=0)).tolist():
        yield _warning(
            "W302",
            FailureReason.MISSING_MARKET_DATA,
            f"Factor '{history.factors[place]}' has the same value on the last {STALE_DAYS} dates "
            "of the history, so its source may have stopped.",
            file=name,
            subject=history.factors[place],
            column=history.factors[place],
            value=repr(float(end[-1, place])),
        )


def stress_warnings(delivery: Delivery) -> Iterator[Failure]:
    """Shocks of named scenarios that move no factor at all (W306)."""
    known = set(delivery.snapshot.quotes).union(delivery.history.factors)
    for scenario in delivery.stress:
        for shock in scenario.shocks:
            if not any(matches(shock.factor, factor) for factor in known):
                yield _warning(
                    "W306",
                    FailureReason.UNKNOWN_REFERENCE,
                    f"Scenario '{scenario.name}' shocks '{shock.factor}', which matches no factor "
                    "of the snapshot or the history.",
                    file=delivery.file("scenarios").entry.name,
                    subject=scenario.name,
                    column="factor",
                    value=shock.factor,
                )


def unproven_total(file: StagedFile, currency: str, says: str) -> Failure:
    """A control total that disagrees while some rows of the file could not be read (W303)."""
    return _warning(
        "W303",
        FailureReason.MISMATCH,
        f"{says} Rows whose currency or notional could not be read may be the difference.",
        file=file.entry.name,
        subject=currency,
        column="notional",
    )


def _warning(
    code: str,
    reason: FailureReason,
    message: str,
    *,
    file: str,
    record: int | None = None,
    line: int | None = None,
    subject: str = "",
    column: str = "",
    value: str = "",
) -> Failure:
    return Failure(
        code=code,
        reason=reason,
        message=message,
        severity=Severity.WARNING,
        file=file,
        record=record,
        line=line,
        subject=subject,
        column=column,
        value=value,
    )
