"""The market snapshot: one value for each risk factor."""

import polars as pl

from riskmill.domain import BatchFile, BatchManifest, FailureReason, MarketSnapshot, Severity
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
from riskmill.ingestion.factors import ABOVE_ZERO, known_factor, with_class
from riskmill.ingestion.layouts import Checked, Layout, check_rows
from riskmill.ingestion.rules import Rule
from riskmill.ingestion.staged import StagedFile

_COLUMNS = ("factor", "value", "unit", "source", "as_of", "status")


def stage_market(entry: BatchFile, source: Source, manifest: BatchManifest) -> StagedFile:
    """Check a file of factor values; a factor with two different values has none."""
    checked = _without_conflicts(entry, check_rows(LAYOUT, entry, manifest, source))
    checked = checked.noting(_from_the_future(manifest), file=entry.name, subject="factor")
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
        pl.col("factor", "value", "as_of", "status"),
        pl.col(value_of("value")).alias("number"),
    ),
)


def _without_conflicts(entry: BatchFile, checked: Checked) -> Checked:
    """Take out all rows of a factor with several values, and repetitions of the same value."""
    several = pl.col("number").n_unique().over("factor") > 1
    conflict = Rule(
        code="E126",
        reason=FailureReason.DUPLICATE,
        column="value",
        broken=several,
        says="Another row gives this factor a value other than '{value}', so neither is used.",
    )
    again = Rule(
        code="E119",
        reason=FailureReason.DUPLICATE,
        column="factor",
        broken=~pl.col("factor").is_first_distinct(),
        says="An earlier row has the same factor: '{value}'.",
    )
    for rule in (conflict, again):
        checked = checked.without(rule, file=entry.name, subject="factor")
    return checked


def _from_the_future(manifest: BatchManifest) -> Rule:
    frozen = manifest.as_of
    to_the_second = len("2018-12-31T22:00:00")
    return Rule(
        code="W304",
        reason=FailureReason.MISMATCH,
        column="as_of",
        broken=pl.col("as_of").str.slice(0, to_the_second) > frozen[:to_the_second],
        says=f"This value was observed at {{value}}, after the inputs were frozen at {frozen}.",
        severity=Severity.WARNING,
    )
