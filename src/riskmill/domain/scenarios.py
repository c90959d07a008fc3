"""Scenario sets: the factor levels under which a portfolio is revalued."""

from dataclasses import dataclass

from riskmill.domain.market import FloatArray


@dataclass(frozen=True, kw_only=True, slots=True)
class ScenarioSet:
    """
    Ordered and immutable: entry *i* of every vector means scenario *i*.

    A factor that is not listed keeps its base level in every scenario.
    """

    name: str
    """`historical`, `stress`, `sensitivity`, or the caller's own."""
    labels: tuple[str, ...]
    """One a scenario: an ISO date, a stress name, a bump such as `IR:USD:10Y +1bp`."""
    factors: tuple[str, ...]
    """Ids of the factors that move in any scenario."""
    levels: FloatArray
    """Shape (factors, scenarios): level of each factor under each scenario, in its own unit."""

    def __len__(self) -> int:
        return len(self.labels)
