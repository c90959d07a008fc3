"""Shocks of named scenarios that move no factor at all (W306)."""

from collections.abc import Iterator

from riskmill.domain import Failure, FailureReason
from riskmill.ingestion.factors import matches
from riskmill.ingestion.quality.check import warning
from riskmill.ingestion.quality.examined import Examined


def idle_shocks(market: Examined, _: float) -> Iterator[Failure]:
    """Patterns that match no factor of the snapshot or the history."""
    delivery = market.delivery
    known = set(market.snapshot.quotes).union(market.history.factors)
    for scenario in delivery.stress:
        for shock in scenario.shocks:
            if not any(matches(shock.factor, factor) for factor in known):
                yield warning(
                    "W306",
                    FailureReason.UNKNOWN_REFERENCE,
                    f"Scenario '{scenario.name}' shocks '{shock.factor}', which matches no factor "
                    "of the snapshot or the history.",
                    file=delivery.file("scenarios").entry.name,
                    subject=scenario.name,
                    column="factor",
                    value=shock.factor,
                )
