"""The market snapshot: one value for each risk factor."""

from dataclasses import replace

import polars as pl

from riskmill.domain import BatchFile, BatchManifest, MarketSnapshot
from riskmill.ingestion.blocks import Source
from riskmill.ingestion.cells import (
    choice,
    identifier,
    instant,
    longest,
    number,
    numeric,
    positive,
    required,
    value_of,
)
from riskmill.ingestion.conflicts import without_conflicts
from riskmill.ingestion.factors import ABOVE_ZERO, known_factor, with_class
from riskmill.ingestion.layouts import Layout, check_rows
from riskmill.ingestion.quality.check import found_by
from riskmill.ingestion.quality.checks import QUOTE_CHECKS
from riskmill.ingestion.quality.examined import QuoteRows
from riskmill.ingestion.rules import Rule
from riskmill.ingestion.staged import StagedFile

_COLUMNS = ("factor", "value", "unit", "source", "as_of", "status")


def stage_market(entry: BatchFile, source: Source, manifest: BatchManifest) -> StagedFile:
    """Check a file of factor values; a factor with two different values has none."""
    checked = check_rows(LAYOUT, entry, manifest, source)
    checked = without_conflicts(checked, ("factor",), file=entry.name, subject="factor")
    quotes = QuoteRows(
        file=entry.name,
        frame=checked.frame,
        business_date=manifest.business_date,
        frozen=manifest.as_of,
    )
    checked = checked.remarking(found_by(QUOTE_CHECKS, manifest.policy, quotes))
    # The stored form of a mapping is in the order of its keys; so are the places of its rows.
    checked = replace(checked, frame=checked.frame.sort("factor"))
    frame = checked.frame
    return StagedFile(
        entry=entry,
        content=MarketSnapshot(
            valuation_date=manifest.business_date,
            quotes=dict(zip(frame["factor"], frame["number"], strict=True)),
            proxied=frozenset(frame.filter(pl.col("status") == "proxied")["factor"]),
        ),
        records=checked.records,
        lines=checked.lines,
        failures=checked.failures,
        rows=checked.rows,
    )


def _rules(manifest: BatchManifest) -> tuple[Rule, ...]:
    return (
        *(required(column) for column in _COLUMNS),
        *identifier("factor"),
        known_factor("factor"),
        *numeric("value"),
        positive("value", pl.col("factor_class").is_in(sorted(ABOVE_ZERO))),
        longest("unit"),
        longest("source"),
        instant("as_of"),
        choice("status", ("observed", "proxied")),
    )


LAYOUT = Layout(
    required=_COLUMNS,
    subject="factor",
    prose=("source",),
    values=(number("value"),),
    derive=lambda frame: with_class(frame, "factor"),
    rules=_rules,
    keep=(
        pl.col("factor", "value", "source", "as_of", "status"),
        pl.col(value_of("value")).alias("number"),
    ),
)
