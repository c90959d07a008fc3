"""Rules about risk factor ids and the patterns that match several of them."""

from collections.abc import Iterable

import polars as pl

from riskmill.domain import FailureReason, InputRejected, RiskClass, parse_factor
from riskmill.ingestion.cells import filled
from riskmill.ingestion.rules import Rule

ABOVE_ZERO = frozenset({RiskClass.EQUITY, RiskClass.COMMODITY, RiskClass.FX, RiskClass.VOLATILITY})
"""Classes whose values are never zero or negative; rates and yields may be."""
_PATTERN = rf"^({'|'.join(RiskClass)}):[A-Za-z0-9._:\-]*\*$"


def class_of(factor_id: str) -> str:
    """Risk class of an id; empty where it is none."""
    try:
        return parse_factor(factor_id).risk_class.value
    except InputRejected:
        return ""


def with_class(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Add the column `<column>_class`: each cell's risk class, empty where it is no factor id."""
    ids = frame[column].unique().to_list()
    classes = {factor_id: class_of(factor_id) for factor_id in ids}
    return frame.with_columns(
        pl.col(column).replace_strict(classes, return_dtype=pl.String).alias(f"{column}_class")
    )


def known_factor(column: str, besides: Iterable[str] = (), *, patterns: bool = False) -> Rule:
    """The cell, if filled, is a factor id, one of the words *besides*, or a prefix with `*`."""
    besides = tuple(besides)
    known = (pl.col(f"{column}_class") != "") | pl.col(column).is_in(list(besides))
    says = f"Column '{column}' holds '{{value}}', which is not a risk factor id such as EQ:AAPL, "
    says += "IR:USD:10Y or FX:EURUSD"
    if patterns:
        known = known | pl.col(column).str.contains(_PATTERN)
        says += ", nor the beginning of one followed by *"
    return Rule(
        code="E150",
        reason=FailureReason.INVALID_VALUE,
        column=column,
        broken=filled(column) & ~known,
        says=f"{says}.",
        options=tuple(besides),
    )


def matches(pattern: str, factor_id: str) -> bool:
    """Whether *pattern*, an id or a prefix with `*`, covers *factor_id*."""
    if pattern.endswith("*"):
        return factor_id.startswith(pattern[:-1])
    return factor_id == pattern
