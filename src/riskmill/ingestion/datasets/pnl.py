"""P&L of past days, which backtests hold against the VaR of those days."""

import polars as pl

from riskmill.domain import BatchFile, BatchManifest, FailureReason, PastPnl
from riskmill.ingestion.blocks import Source
from riskmill.ingestion.cells import (
    choice,
    currency,
    dated,
    day,
    day_of,
    filled,
    identifier,
    not_after,
    number,
    numeric,
    required,
    value_of,
)
from riskmill.ingestion.conflicts import without_conflicts
from riskmill.ingestion.currencies import CURRENCIES
from riskmill.ingestion.layouts import Layout, check_rows
from riskmill.ingestion.rules import Rule
from riskmill.ingestion.staged import StagedFile

KINDS = ("actual", "hypothetical", "value_at_risk")
_COLUMNS = ("date", "portfolio", "kind", "value", "currency")
_KEY = ("date", "portfolio", "kind")


def stage_pnl(entry: BatchFile, source: Source, manifest: BatchManifest) -> StagedFile:
    """Check a file of past P&L; it keeps its delivered order, and a day with two has none."""
    checked = check_rows(LAYOUT, entry, manifest, source)
    checked = without_conflicts(checked, _KEY, file=entry.name, subject="portfolio")
    rows = checked.frame.select("day", "portfolio", "kind", "number", "currency").iter_rows()
    return StagedFile(
        entry=entry,
        content=tuple(
            PastPnl(date=over, portfolio=portfolio, kind=kind, value=value, currency=unit)
            for over, portfolio, kind, value, unit in rows
        ),
        records=checked.records,
        lines=checked.lines,
        failures=checked.failures,
        rows=checked.rows,
    )


def _rules(manifest: BatchManifest) -> tuple[Rule, ...]:
    return (
        *(required(column) for column in _COLUMNS),
        dated("date"),
        not_after("date", manifest.business_date),
        *identifier("portfolio"),
        choice("kind", KINDS),
        *numeric("value"),
        currency("currency"),
        _reported_in(manifest.reporting_currency),
    )


def _reported_in(reporting_currency: str) -> Rule:
    foreign = pl.col("currency") != reporting_currency
    return Rule(
        code="E144",
        reason=FailureReason.MISMATCH,
        column="currency",
        broken=filled("currency") & pl.col("currency").is_in(sorted(CURRENCIES)) & foreign,
        says=f"The P&L is in '{{value}}', but the report is in {reporting_currency}.",
    )


LAYOUT = Layout(
    required=_COLUMNS,
    subject="portfolio",
    values=(number("value"), day("date")),
    rules=_rules,
    keep=(
        pl.col("date", "portfolio", "kind", "value", "currency"),
        pl.col(day_of("date")).alias("day"),
        pl.col(value_of("value")).alias("number"),
    ),
)
