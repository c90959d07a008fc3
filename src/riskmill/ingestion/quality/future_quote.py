"""Quotes that were observed after the inputs were frozen (W304)."""

from collections.abc import Iterator

import polars as pl

from riskmill.domain import Failure, FailureReason
from riskmill.ingestion.quality.check import warning
from riskmill.ingestion.quality.examined import QuoteRows
from riskmill.ingestion.rules import LINE, RECORD

_TO_THE_SECOND = len("2018-12-31T22:00:00")


def future_quotes(quotes: QuoteRows, _: float) -> Iterator[Failure]:
    """Quotes whose own instant is after that of the batch."""
    later = pl.col("as_of").str.slice(0, _TO_THE_SECOND) > quotes.frozen[:_TO_THE_SECOND]
    rows = quotes.frame.filter(later).select("factor", "as_of", RECORD, LINE).iter_rows()
    for factor, as_of, record, line in rows:
        yield warning(
            "W304",
            FailureReason.MISMATCH,
            f"This value was observed at {as_of}, after the inputs were frozen at {quotes.frozen}.",
            file=quotes.file,
            record=record,
            line=line or None,
            subject=factor,
            column="as_of",
            value=as_of,
        )
