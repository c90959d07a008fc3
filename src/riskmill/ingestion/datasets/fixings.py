"""Fixings: the rates at which floating indices were set on past dates."""

import polars as pl

from riskmill.domain import BatchFile, BatchManifest, Fixing
from riskmill.ingestion.blocks import Source
from riskmill.ingestion.cells import (
    choice,
    dated,
    day,
    day_of,
    identifier,
    longest,
    not_after,
    number,
    numeric,
    required,
    value_of,
)
from riskmill.ingestion.conflicts import without_conflicts
from riskmill.ingestion.layouts import Layout, check_rows
from riskmill.ingestion.rules import Rule
from riskmill.ingestion.staged import StagedFile

UNITS = ("decimal",)
_COLUMNS = ("index", "date", "value", "unit", "source")


def stage_fixings(entry: BatchFile, source: Source, manifest: BatchManifest) -> StagedFile:
    """Check a file of fixings; they keep their delivered order, and a date with two has none."""
    checked = check_rows(LAYOUT, entry, manifest, source)
    checked = without_conflicts(checked, ("index", "date"), file=entry.name, subject="index")
    rows = checked.frame.select("index", "day", "number", "source").iter_rows()
    return StagedFile(
        entry=entry,
        content=tuple(
            Fixing(index=index, date=set_on, value=value, source=where)
            for index, set_on, value, where in rows
        ),
        records=checked.records,
        lines=checked.lines,
        failures=checked.failures,
        rows=checked.rows,
    )


def _rules(manifest: BatchManifest) -> tuple[Rule, ...]:
    return (
        *(required(column) for column in _COLUMNS),
        *identifier("index"),
        dated("date"),
        not_after("date", manifest.business_date),
        *numeric("value"),
        choice("unit", UNITS),
        longest("source"),
    )


LAYOUT = Layout(
    required=_COLUMNS,
    subject="index",
    prose=("source",),
    values=(number("value"), day("date")),
    rules=_rules,
    keep=(
        pl.col("index", "date", "value", "source"),
        pl.col(day_of("date")).alias("day"),
        pl.col(value_of("value")).alias("number"),
    ),
)
