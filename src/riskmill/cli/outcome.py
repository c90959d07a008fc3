"""How a run's end is told, and which exit code it gives: `run`, `rerun` and `demo` alike."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from riskmill.cli.complaints import LIMIT_BREACH, OK
from riskmill.cli.output import write_data, write_json
from riskmill.cli.progress import suggest
from riskmill.runtime import RunOutcome

STATES = {
    "finished": "Finished.",
    "already finished": "Nothing to do: this run was finished before, with the same inputs.",
    "recalculated": "Calculated again: every byte is as before.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class OutcomeView:
    """A run's end as JSON."""

    run_id: str
    batch_id: str
    state: str
    """`finished`, `already finished` or `recalculated`."""
    status: str
    """`complete` or `complete with failures`."""
    report: str
    """Path of the HTML report."""
    files: tuple[str, ...]
    """Paths of all published files of the report: page, print, workbook, tables, data."""
    reporting_currency: str
    value_at_risk: float
    """Of the firm at the headline confidence, loss positive."""
    expected_shortfall: float
    """Of the firm at its headline confidence, loss positive."""
    breaches: tuple[str, ...]
    """One sentence a breached limit."""
    warnings: int
    """Limits on warning."""
    rejected: int
    """Delivered rows that did not get through."""
    unvalued: int
    """Accepted positions that could not be valued."""
    notes: tuple[str, ...]
    """What is superseded, carried forward or amended, a sentence each."""
    stressed: tuple[str, ...]
    """Stressed figures and the worst past scenario, a sentence each; empty where not asked for."""


def tell_outcome(outcome: RunOutcome, out: Path, *, as_json: bool) -> None:
    """Write the end of a run to standard output, and the next step to standard error."""
    if as_json:
        write_json(view_of(outcome))
    else:
        write_data("\n".join(sentences(outcome)))
    suggest(next_step(outcome, out))


def outcome_code(outcome: RunOutcome, *, fail_on_breach: bool) -> int:
    """Return the exit code of a run that came to its end."""
    return LIMIT_BREACH if fail_on_breach and outcome.summary.breaches else OK


def view_of(outcome: RunOutcome) -> OutcomeView:
    """Return the outcome in the form that JSON shows."""
    summary = outcome.summary
    return OutcomeView(
        run_id=outcome.run_id,
        batch_id=outcome.batch_id,
        state=outcome.state,
        status=summary.status,
        report=str(outcome.report),
        files=tuple(str(path) for path in outcome.files),
        reporting_currency=summary.reporting_currency,
        value_at_risk=summary.value_at_risk,
        expected_shortfall=summary.expected_shortfall,
        breaches=summary.breaches,
        warnings=summary.warnings,
        rejected=summary.rejected,
        unvalued=summary.unvalued,
        notes=summary.notes,
        stressed=summary.stressed,
    )


def sentences(outcome: RunOutcome) -> list[str]:
    """Tell the outcome in lines: state, status, the firm's risk, breaches, report."""
    summary = outcome.summary
    currency = summary.reporting_currency
    return [
        STATES[outcome.state],
        f"Run {outcome.run_id}: {status_line(outcome)}.",
        f"Firm: value at risk {percent(summary.headline_var)} is "
        f"{summary.value_at_risk:,.0f} {currency}, expected shortfall "
        f"{percent(summary.headline_es)} is {summary.expected_shortfall:,.0f} {currency}.",
        *summary.stressed,
        *(f"Note: {note}" for note in summary.notes),
        *(f"Breach: {breach}" for breach in summary.breaches),
        *beside(outcome),
        f"Report: {outcome.report}",
    ]


def beside(outcome: RunOutcome) -> list[str]:
    """Name the other files of the report, the tables by their number."""
    here = outcome.report.parent
    files = [str(path.relative_to(here)) for path in outcome.files if path != outcome.report]
    tables = [name for name in files if "/" in name or "\\" in name]
    named = [name for name in files if name not in tables]
    if tables:
        named.append(counted(len(tables), "table in tables/", "tables in tables/"))
    return [f"Beside it: {', '.join(named)}"] if named else []


def status_line(outcome: RunOutcome) -> str:
    """Return status and counts, such as `complete with failures, 9 rows rejected`."""
    summary = outcome.summary
    counts = (
        counted(summary.rejected, "row rejected", "rows rejected"),
        counted(summary.unvalued, "position not valued", "positions not valued"),
        counted(len(summary.breaches), "limit breached", "limits breached"),
        counted(summary.warnings, "limit on warning", "limits on warning"),
    )
    return ", ".join([summary.status, *(count for count in counts if count)])


def percent(confidence: str) -> str:
    """Return a decimal confidence as a reader says it: `0.975` is `97.5 %`."""
    return f"{(Decimal(confidence) * 100).normalize():f} %"


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun; nothing for zero."""
    return f"{number:,} {one if number == 1 else many}" if number else ""


def next_step(outcome: RunOutcome, out: Path) -> str:
    """Return one sentence on what the reader may do next."""
    if outcome.summary.rejected or outcome.summary.unvalued:
        return "Open the report; its section on data quality names each row and position left out."
    return f"Open the report; riskmill status --out {out} lists all runs."
