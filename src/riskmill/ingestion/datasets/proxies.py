"""Proxies: whose shocks a factor without a history of its own takes."""

import polars as pl

from riskmill.domain import BatchFile, BatchManifest, Proxy
from riskmill.ingestion.blocks import Source
from riskmill.ingestion.cells import (
    identifier,
    longest,
    number,
    numeric,
    required,
    value_of,
)
from riskmill.ingestion.factors import known_factor, with_class
from riskmill.ingestion.layouts import Layout, check_rows
from riskmill.ingestion.rules import Rule
from riskmill.ingestion.staged import StagedFile

_COLUMNS = ("factor", "proxy", "beta", "reason")


def stage_proxies(entry: BatchFile, source: Source, manifest: BatchManifest) -> StagedFile:
    """Check a file of proxies; they keep their delivered order."""
    checked = check_rows(LAYOUT, entry, manifest, source)
    rows = checked.frame.select("factor", "proxy", "number", "reason").iter_rows()
    return StagedFile(
        entry=entry,
        content=tuple(
            Proxy(factor=factor, proxy=proxy, beta=beta, reason=reason)
            for factor, proxy, beta, reason in rows
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
        known_factor("factor", patterns=True),
        known_factor("proxy", ("none",)),
        *numeric("beta"),
        longest("reason"),
    )


LAYOUT = Layout(
    required=_COLUMNS,
    subject="factor",
    unique=("factor",),
    prose=("reason",),
    values=(number("beta"),),
    derive=lambda frame: with_class(with_class(frame, "factor"), "proxy"),
    rules=_rules,
    keep=(pl.col("factor", "proxy", "reason"), pl.col(value_of("beta")).alias("number")),
)
