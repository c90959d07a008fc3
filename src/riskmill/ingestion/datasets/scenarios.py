"""Named stress scenarios: shocks that are applied together."""

import polars as pl

from riskmill.domain import (
    BatchFile,
    BatchManifest,
    FailureReason,
    InputRejected,
    ShockKind,
    StressScenario,
    StressShock,
)
from riskmill.ingestion.blocks import Source
from riskmill.ingestion.cells import (
    choice,
    identifier,
    number,
    numeric,
    required,
    value_of,
)
from riskmill.ingestion.factors import known_factor, with_class
from riskmill.ingestion.layouts import Checked, Layout, check_rows
from riskmill.ingestion.rules import Rule
from riskmill.ingestion.staged import StagedFile

_COLUMNS = ("scenario", "factor", "kind", "shock")


def stage_scenarios(entry: BatchFile, source: Source, manifest: BatchManifest) -> StagedFile:
    """Check a file of scenarios; one that lost a shock is left out whole."""
    checked = _whole_scenarios(entry, check_rows(LAYOUT, entry, manifest, source))
    shocks: dict[str, list[StressShock]] = {}
    rows = checked.frame.select("scenario", "factor", "kind", "size").iter_rows()
    for scenario, factor, kind, size in rows:
        shocks.setdefault(scenario, []).append(StressShock(factor=factor, kind=kind, size=size))
    return StagedFile(
        entry=entry,
        content=tuple(
            StressScenario(name=name, shocks=tuple(parts)) for name, parts in shocks.items()
        ),
        records=checked.records,
        lines=checked.lines,
        failures=checked.failures,
        rows=checked.rows,
    )


def _rules(manifest: BatchManifest) -> tuple[Rule, ...]:
    return (
        *(required(column) for column in _COLUMNS),
        *identifier("scenario"),
        *identifier("factor"),
        known_factor("factor", patterns=True),
        choice("kind", [kind.value for kind in ShockKind]),
        *numeric("shock"),
        Rule(
            code="E128",
            reason=FailureReason.INVALID_VALUE,
            column="shock",
            broken=(pl.col("kind") == ShockKind.RELATIVE.value)
            & (pl.col(value_of("shock")) <= -1.0),
            says="Column 'shock' holds '{value}', but a relative shock must be above -1: nothing "
            "loses all of its value or more.",
        ),
    )


LAYOUT = Layout(
    required=_COLUMNS,
    subject="scenario",
    unique=("scenario", "factor"),
    values=(number("shock"),),
    derive=lambda frame: with_class(frame, "factor"),
    rules=_rules,
    keep=(pl.col("scenario", "factor", "kind"), pl.col(value_of("shock")).alias("size")),
)


def _whole_scenarios(entry: BatchFile, checked: Checked) -> Checked:
    """Take out the other rows of each scenario that lost one."""
    torn = sorted({found.failure.subject for found in checked.found})
    if "" in torn:
        raise InputRejected(
            "E034",
            f"a row of '{entry.name}' cannot be read, so nobody can say which scenario lacks it",
            place=_place(entry, checked),
            remedy="Mend the row and deliver the file again.",
        )
    rule = Rule(
        code="E131",
        reason=FailureReason.MISMATCH,
        column="scenario",
        broken=pl.col("scenario").is_in(torn),
        says="Another row of scenario '{value}' was rejected, and a scenario that lacks a shock "
        "would give a wrong result.",
    )
    return checked.without(rule, file=entry.name, subject="scenario")


def _place(entry: BatchFile, checked: Checked) -> str:
    first = next(failure for failure in checked.failures if not failure.subject)
    return f"{entry.name}, record {first.record}, line {first.line}: {first.code} {first.message}"
