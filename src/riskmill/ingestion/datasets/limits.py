"""Limits: ceilings on a measure for a portfolio."""

from decimal import Decimal

import polars as pl

from riskmill.domain import BatchFile, BatchManifest, FailureReason, Limit
from riskmill.ingestion.blocks import Source
from riskmill.ingestion.cells import (
    choice,
    currency,
    filled,
    identifier,
    number,
    numeric,
    positive,
    required,
    value_of,
)
from riskmill.ingestion.layouts import Layout, check_rows
from riskmill.ingestion.rules import Rule
from riskmill.ingestion.staged import StagedFile

MEASURES = ("value_at_risk", "expected_shortfall", "delta", "vega", "dv01", "stress_loss")
WITH_CONFIDENCE = ("value_at_risk", "expected_shortfall")
_REQUIRED = ("limit_id", "portfolio", "measure", "amount", "currency", "warning")
_CONFIDENCE = r"^0?\.[0-9]{1,9}$"


def stage_limits(entry: BatchFile, source: Source, manifest: BatchManifest) -> StagedFile:
    """Check a file of limits; they keep their delivered order."""
    checked = check_rows(LAYOUT, entry, manifest, source)
    return StagedFile(
        entry=entry,
        content=tuple(_limit(*row) for row in checked.frame.select(_KEPT).iter_rows()),
        records=checked.records,
        lines=checked.lines,
        failures=checked.failures,
        rows=checked.rows,
    )


def _limit(
    limit_id: str,
    portfolio: str,
    measure: str,
    confidence: str,
    amount: float,
    currency: str,
    warning: float,
) -> Limit:
    has_confidence = measure in WITH_CONFIDENCE
    return Limit(
        limit_id=limit_id,
        portfolio=portfolio,
        measure=measure,
        confidence=Decimal(confidence).normalize() if has_confidence else None,
        amount=amount,
        currency=currency,
        warning=warning,
    )


def _rules(manifest: BatchManifest) -> tuple[Rule, ...]:
    confident = pl.col("measure").is_in(WITH_CONFIDENCE)
    return (
        *(required(column) for column in _REQUIRED),
        required("confidence", confident, ", which a limit on VaR or ES needs"),
        *identifier("limit_id"),
        *identifier("portfolio"),
        choice("measure", MEASURES),
        _between(
            "confidence",
            confident
            & filled("confidence")
            & ~(
                pl.col("confidence").str.contains(_CONFIDENCE)
                & (pl.col(value_of("confidence")) > 0.0)
            ),
            "is not a decimal between 0 and 1 such as 0.99",
        ),
        *numeric("amount"),
        positive("amount"),
        currency("currency"),
        *numeric("warning"),
        _between(
            "warning",
            ~pl.col(value_of("warning")).is_between(0.0, 1.0),
            "must lie between 0 and 1",
        ),
    )


def _between(column: str, broken: pl.Expr, says: str) -> Rule:
    return Rule(
        code="E128",
        reason=FailureReason.INVALID_VALUE,
        column=column,
        broken=broken,
        says=f"Column '{column}' holds '{{value}}', which {says}.",
    )


_KEPT = ("limit_id", "portfolio", "measure", "confidence", "ceiling", "currency", "share")
LAYOUT = Layout(
    required=_REQUIRED,
    optional=("confidence",),
    exact=("confidence",),
    subject="limit_id",
    unique=("limit_id",),
    values=(number("amount"), number("warning"), number("confidence")),
    rules=_rules,
    keep=(
        pl.col("limit_id", "portfolio", "measure", "confidence", "currency"),
        pl.col(value_of("amount")).alias("ceiling"),
        pl.col(value_of("warning")).alias("share"),
    ),
)
