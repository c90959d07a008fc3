"""Quotes that were observed before the business date (W315)."""

from collections.abc import Iterator
from datetime import date

from riskmill.domain import Failure, FailureReason
from riskmill.ingestion.quality.check import warning
from riskmill.ingestion.quality.examined import QuoteRows, business_days_after
from riskmill.ingestion.rules import LINE, RECORD

_DATE = len("2018-12-31")


def stale_quotes(quotes: QuoteRows, days: float) -> Iterator[Failure]:
    """Quotes more than *days* weekdays older than the business date, once a source and instant."""
    groups: dict[tuple[str, str], list[tuple[str, int, int]]] = {}
    rows = quotes.frame.select("source", "as_of", "factor", RECORD, LINE).iter_rows()
    for source, as_of, factor, record, line in rows:
        groups.setdefault((source, as_of), []).append((factor, record, line))
    for (source, as_of), members in groups.items():
        age = business_days_after(date.fromisoformat(as_of[:_DATE]), quotes.business_date)
        if age > days:
            factor, record, line = members[0]
            more = f" and {len(members) - 1} more" if len(members) > 1 else ""
            yield warning(
                "W315",
                FailureReason.MISSING_MARKET_DATA,
                f"{factor}{more} of source '{source}' were observed at {as_of}, "
                f"{_counted(age)} before the business date {quotes.business_date}.",
                file=quotes.file,
                record=record,
                line=line or None,
                subject=factor,
                column="as_of",
                value=as_of,
            )


def _counted(days: int) -> str:
    return "1 business day" if days == 1 else f"{days} business days"
