"""
The metrics of riskmill: their names, units and dimensions, for who sends and who watches.

A worker writes them into its log in embedded metric format; alarms and the dashboard read
them. Counts and seconds only: never a position, price or account.
"""

from collections.abc import Mapping
from dataclasses import dataclass

NAMESPACE = "Riskmill"
DIMENSION_SETS: tuple[tuple[str, ...], ...] = (("Environment",), ("Environment", "Stage"))
"""A worker sends each metric under both; `Stage` is the service, such as `risk-calculation`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """A metric in `NAMESPACE`."""

    unit: str
    """As CloudWatch spells it."""
    meaning: str


METRICS: Mapping[str, Metric] = {
    "ItemsFinished": Metric(
        unit="Count", meaning="1 for a task that was done, 0 for one that failed; each attempt."
    ),
    "ItemsFailed": Metric(
        unit="Count", meaning="1 for a task that failed, 0 for one that was done; each attempt."
    ),
    "ItemSeconds": Metric(unit="Seconds", meaning="From receiving a task to its answer."),
    "Valuations": Metric(
        unit="Count", meaning="Positions times scenarios that a task has valued, 0 for others."
    ),
    "BatchesAccepted": Metric(unit="Count", meaning="Batches whose run was started."),
    "BatchesRefused": Metric(unit="Count", meaning="Batches that were answered with a refusal."),
}
"""What workers send, `ItemsFinished` and `ItemsFailed` always together, so that a rate exists."""

WATCHES: Mapping[str, Metric] = {
    "BatchesMissing": Metric(
        unit="Count", meaning="1 where no run of the business date had begun at the cut-off."
    ),
    "RunsLate": Metric(
        unit="Count", meaning="1 while a run goes on beyond its deadline, 0 once it has ended."
    ),
}
"""What the watching state machines send, under `Environment` alone."""
