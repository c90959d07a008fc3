"""The hierarchy of portfolios: one firm, business lines, desks, books."""

import polars as pl

from riskmill.domain import (
    LEVELS,
    BatchFile,
    BatchManifest,
    FailureReason,
    Hierarchy,
    InputRejected,
    Portfolio,
)
from riskmill.ingestion.blocks import Source
from riskmill.ingestion.cells import choice, filled, identifier, required
from riskmill.ingestion.layouts import Checked, Layout, check_rows
from riskmill.ingestion.rules import LINE, RECORD, Rule
from riskmill.ingestion.staged import StagedFile

_COLUMNS = ("portfolio", "level", "parent")
_TOP = LEVELS[0]
_RANKS = {level: rank for rank, level in enumerate(LEVELS)}


def stage_hierarchy(entry: BatchFile, source: Source, manifest: BatchManifest) -> StagedFile:
    """
    Check a file of portfolios, parents before children.

    A portfolio whose parent is rejected is rejected with it, so that no book hangs
    in the air. Raises `InputRejected` where there is not exactly one firm.
    """
    checked = check_rows(LAYOUT, entry, manifest, source)
    _one_firm(entry, checked)
    for level in range(1, len(LEVELS)):
        checked = _with_parents(entry, checked, level)
    frame = checked.frame.sort("rank", maintain_order=True)
    rows = frame.select("portfolio", "level", "parent").iter_rows()
    return StagedFile(
        entry=entry,
        content=Hierarchy(
            tuple(Portfolio(name=name, level=level, parent=parent) for name, level, parent in rows)
        ),
        records=frame[RECORD].to_numpy(),
        lines=frame[LINE].to_numpy(),
        failures=checked.failures,
        rows=checked.rows,
    )


def _rules(manifest: BatchManifest) -> tuple[Rule, ...]:
    below = filled("level") & (pl.col("level") != _TOP)
    return (
        required("portfolio"),
        required("level"),
        *identifier("portfolio"),
        *identifier("parent"),
        choice("level", LEVELS),
        required("parent", below, ", but only the firm has no parent"),
        Rule(
            code="E133",
            reason=FailureReason.MISMATCH,
            column="parent",
            broken=(pl.col("level") == _TOP) & filled("parent"),
            says="Column 'parent' holds '{value}', but the firm has no parent.",
        ),
    )


LAYOUT = Layout(
    required=_COLUMNS,
    subject="portfolio",
    unique=("portfolio",),
    rules=_rules,
    keep=(
        pl.col(*_COLUMNS),
        pl.col("level")
        .replace_strict({n: i for i, n in enumerate(LEVELS)}, default=None)
        .alias("rank"),
    ),
)


def _one_firm(entry: BatchFile, checked: Checked) -> None:
    firms = checked.frame.filter(pl.col("level") == _TOP)["portfolio"].to_list()
    if not firms:
        raise InputRejected(
            "E220",
            "the hierarchy has no top: no row of level 'firm' can be used",
            place=entry.name,
            remedy="Deliver one row of level 'firm' whose parent is empty.",
        )
    if len(firms) > 1:
        raise InputRejected(
            "E221",
            f"the hierarchy has {len(firms)} firms: {', '.join(firms[:5])}",
            place=entry.name,
            remedy="Keep one row of level 'firm' and place the others below it.",
        )


def _with_parents(entry: BatchFile, checked: Checked, level: int) -> Checked:
    """Reject the portfolios of a level whose parent is not one of the level above."""
    above = checked.frame.filter(pl.col("level") == LEVELS[level - 1])["portfolio"].to_list()
    rule = Rule(
        code="E132",
        reason=FailureReason.UNKNOWN_REFERENCE,
        column="parent",
        broken=(pl.col("level") == LEVELS[level]) & ~pl.col("parent").is_in(above),
        says=f"Column 'parent' holds '{{value}}', which is not an accepted {LEVELS[level - 1]}; "
        f"a {LEVELS[level]} stands directly below one.",
    )
    return checked.without(rule, file=entry.name, subject="portfolio")
