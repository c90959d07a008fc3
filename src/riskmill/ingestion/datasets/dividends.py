"""Dividends: cash amounts of shares by ex-date."""

import polars as pl

from riskmill.domain import BatchFile, BatchManifest, Dividend
from riskmill.ingestion.blocks import Source
from riskmill.ingestion.cells import (
    currency,
    dated,
    day,
    day_of,
    identifier,
    longest,
    number,
    numeric,
    positive,
    required,
    value_of,
)
from riskmill.ingestion.conflicts import without_conflicts
from riskmill.ingestion.layouts import Layout, check_rows
from riskmill.ingestion.rules import Rule
from riskmill.ingestion.staged import StagedFile

_COLUMNS = ("underlying", "ex_date", "amount", "currency", "source")


def stage_dividends(entry: BatchFile, source: Source, manifest: BatchManifest) -> StagedFile:
    """Check a file of dividends; one ex-date has one amount, or none if rows disagree."""
    checked = check_rows(LAYOUT, entry, manifest, source)
    checked = without_conflicts(
        checked, ("underlying", "ex_date"), file=entry.name, subject="underlying", value="amount"
    )
    rows = checked.frame.select("underlying", "day", "number", "currency", "source").iter_rows()
    return StagedFile(
        entry=entry,
        content=tuple(
            Dividend(underlying=name, ex_date=day, amount=amount, currency=unit, source=where)
            for name, day, amount, unit, where in rows
        ),
        records=checked.records,
        lines=checked.lines,
        failures=checked.failures,
        rows=checked.rows,
    )


def _rules(manifest: BatchManifest) -> tuple[Rule, ...]:
    return (
        *(required(column) for column in _COLUMNS),
        *identifier("underlying"),
        dated("ex_date"),
        *numeric("amount"),
        positive("amount"),
        currency("currency"),
        longest("source"),
    )


LAYOUT = Layout(
    required=_COLUMNS,
    subject="underlying",
    prose=("source",),
    values=(number("amount"), day("ex_date")),
    rules=_rules,
    keep=(
        pl.col("underlying", "ex_date", "amount", "currency", "source"),
        pl.col(day_of("ex_date")).alias("day"),
        pl.col(value_of("amount")).alias("number"),
    ),
)
