"""Rates and volatilities so large that they may be percent and not decimals (W317)."""

from collections.abc import Iterator

from riskmill.domain import Failure, FailureReason, RiskClass
from riskmill.ingestion.factors import class_of
from riskmill.ingestion.quality.check import warning
from riskmill.ingestion.quality.examined import Examined

ROOM = {RiskClass.RATES: 1.0, RiskClass.YIELD: 1.0, RiskClass.VOLATILITY: 10.0}
"""How many times the limit a value of each class may reach."""


def percents_for_decimals(market: Examined, level: float) -> Iterator[Failure]:
    """
    Rates and yields beyond *level*, and volatilities beyond ten times as much.

    Of the snapshot, and of the last date of the history where the snapshot has no value.
    """
    history, quotes = market.history, market.snapshot.quotes
    for factor, value in quotes.items():
        if _too_large(factor, value, level):
            file, record, line = market.where(factor)
            yield warning(
                "W317",
                FailureReason.INVALID_VALUE,
                _says(factor, value),
                file=file,
                record=record,
                line=line,
                subject=factor,
                column="value",
                value=repr(value),
            )
    for factor, value in zip(history.factors, history.values[-1].tolist(), strict=True):
        if factor not in quotes and _too_large(factor, value, level):
            yield warning(
                "W317",
                FailureReason.INVALID_VALUE,
                _says(factor, value),
                file=market.history_file,
                subject=factor,
                column=factor,
                value=repr(value),
            )


def _too_large(factor: str, value: float, level: float) -> bool:
    room = {kind.value: times for kind, times in ROOM.items()}.get(class_of(factor))
    return room is not None and abs(value) > room * level


def _says(factor: str, value: float) -> str:
    return (
        f"Factor '{factor}' has {value!r}, which as a decimal is {100.0 * value:,.0f} %; it may be "
        "meant in percent."
    )
