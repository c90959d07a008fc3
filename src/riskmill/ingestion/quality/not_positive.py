"""Prices and volatilities that were left out because they are not above zero (W311)."""

from collections.abc import Iterator

from riskmill.domain import Failure, FailureReason
from riskmill.ingestion.quality.check import warning
from riskmill.ingestion.quality.examined import Examined

_REJECTED = {"market": "E109", "history": "E142"}
_NAMED = 5


def not_positive(market: Examined, _: float) -> Iterator[Failure]:
    """Say once a file how many factors lost a value that was zero or negative."""
    for dataset, code in _REJECTED.items():
        file = market.delivery.file(dataset)
        factors = list(dict.fromkeys(f.subject for f in file.failures if f.code == code))
        if factors:
            more = f" and {len(factors) - _NAMED} more" if len(factors) > _NAMED else ""
            yield warning(
                "W311",
                FailureReason.INVALID_VALUE,
                f"'{file.entry.name}' has prices or volatilities that are not above zero, of "
                f"{', '.join(factors[:_NAMED])}{more}; what needs them is not valued.",
                file=file.entry.name,
                subject=factors[0],
            )
