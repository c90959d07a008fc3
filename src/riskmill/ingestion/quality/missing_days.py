"""Gaps between the dates of a history (W310)."""

from collections.abc import Iterator

import numpy as np

from riskmill.domain import Failure, FailureReason
from riskmill.ingestion.quality.check import warning
from riskmill.ingestion.quality.examined import Examined, weekdays_between


def missing_days(market: Examined, days: float) -> Iterator[Failure]:
    """
    Whether more than *days* weekdays in a row have no date in the history.

    riskmill knows no calendar: a weekday without a date may be a holiday, and holidays
    rarely take more than two weekdays in a row. The move across a gap is one scenario
    that spans several days.
    """
    dates = market.history.dates
    gaps = weekdays_between(dates)
    long = np.flatnonzero(gaps > days)
    if not len(long):
        return
    widest = int(long[np.argmax(gaps[long])])
    missing, before, after = int(gaps[widest]), dates[widest], dates[widest + 1]
    more = f" It is the longest of {len(long)} such gaps." if len(long) > 1 else ""
    yield warning(
        "W310",
        FailureReason.MISSING_MARKET_DATA,
        f"The history has no date between {before} and {after}, where {missing} weekdays lie, so "
        f"one scenario holds the moves of all of them.{more}",
        file=market.history_file,
        column="date",
        value=after.isoformat(),
    )
