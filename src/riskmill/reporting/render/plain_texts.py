"""Delivered texts for formats that cannot carry every character, and the report's instant."""

import re
from datetime import UTC, date, datetime, time

from riskmill.reporting.report import Report

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066\u2067\ud800-\udfff\ufffe\uffff]"
)
"""Controls, marks that turn the text after them around, and what is no character."""


def plain(text: str) -> str:
    """A text without what no name needs; each such character is replaced by one that shows."""
    return _UNPRINTABLE.sub(REPLACEMENT, text)


def frozen_at(report: Report) -> datetime:
    """
    Instant that a rendered file is dated by: when the inputs were frozen, UTC.

    Midnight of the valuation date where the delivered instant cannot be read. No clock is
    asked, so the same report is dated alike for ever.
    """
    try:
        return datetime.strptime(report.strip.as_of, "%Y-%m-%d %H:%M UTC").replace(tzinfo=UTC)
    except ValueError:
        return datetime.combine(date.fromisoformat(report.strip.business_date), time(), UTC)
