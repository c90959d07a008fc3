"""A history that ends before the business date (W305)."""

from collections.abc import Iterator

from riskmill.domain import Failure, FailureReason
from riskmill.ingestion.quality.check import warning
from riskmill.ingestion.quality.examined import Examined, business_days_after


def early_end(market: Examined, days: float) -> Iterator[Failure]:
    """Whether more than *days* weekdays lie after the history, up to the business date."""
    end, business_date = market.history.dates[-1], market.snapshot.valuation_date
    if business_days_after(end, business_date) > days:
        yield warning(
            "W305",
            FailureReason.MISSING_MARKET_DATA,
            f"The history ends on {end}, before the business date {business_date}, so the latest "
            "moves are in no scenario.",
            file=market.history_file,
            column="date",
            value=end.isoformat(),
        )
