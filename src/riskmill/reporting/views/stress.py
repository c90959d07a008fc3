"""Named stress scenarios: P&L of the firm and of each desk."""

from dataclasses import dataclass

from riskmill.reporting.views import words
from riskmill.reporting.views.findings import Findings, desks
from riskmill.reporting.views.numbers import Number


@dataclass(frozen=True, kw_only=True, slots=True)
class StressRow:
    """One stress scenario, P&L with gains positive."""

    scenario: str
    firm: Number
    desks: tuple[Number, ...]
    """One a desk, in the table's order."""
    description: str
    """The row in words, worst desk first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StressTable:
    """Stress P&L, the firm's worst scenario first."""

    caption: str
    desks: tuple[str, ...]
    rows: tuple[StressRow, ...]
    empty: str


def stress_table(found: Findings) -> StressTable:
    """Set each named scenario against each desk, worst for the firm first."""
    names = desks(found.result)
    rows = [_row(found, scenario, names) for scenario in found.keys.get("stress", ())]
    rows.sort(key=lambda row: (row.firm.value is None, row.firm.value))
    return StressTable(
        caption=(
            f"P&L in {found.currency}, gains positive, full revaluation. "
            "Shading compares desks over all scenarios: orange losses, blue gains."
        ),
        desks=names,
        rows=tuple(rows),
        empty="" if rows else "No stress scenarios were delivered with this batch; none was run.",
    )


def _row(found: Findings, scenario: str, names: tuple[str, ...]) -> StressRow:
    figures = tuple(found.money(found.value(desk, "stress", scenario)) for desk in names)
    worst_first = sorted(zip(names, figures, strict=True), key=lambda pair: pair[1].value or 0.0)
    told = [f"{words.quoted(desk)} {figure.text}" for desk, figure in worst_first]
    return StressRow(
        scenario=scenario,
        firm=found.money(found.value(found.firm, "stress", scenario)),
        desks=figures,
        description=f"P&L in {found.currency} by desk: {words.listed(told, 4)}.",
    )
