"""The run catalogue as one typed model: every run of a store, newest first."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from riskmill.reporting.past_runs import PastRun
from riskmill.reporting.views import words
from riskmill.reporting.views.past_rows import CatalogueRow, Standing, catalogue_row
from riskmill.reporting.views.strip import Verdict
from riskmill.reporting.views.var_history import VarHistory, var_history

SCHEMA = "riskmill.catalogue/1"
IN_FULL = 260
"""Rows that the page shows in full, about a year of days; earlier ones are short."""

Pair = tuple[str, str]
"""Run ids, the earlier first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Catalogue:
    """Everything that the page of all runs says."""

    schema: str
    counts: str
    """How many runs there are, and how they ended."""
    latest: Verdict
    """The run of the latest date, in a sentence."""
    limits: Verdict
    """Whether its limits hold."""
    breaches: tuple[str, ...]
    """Its breached limits, a sentence each."""
    signed: Verdict
    history: VarHistory
    rows: tuple[CatalogueRow, ...]
    """By date, then snapshot, version and run id, the latest first."""


def build_catalogue(runs: Sequence[PastRun], comparisons: Set[Pair] = frozenset()) -> Catalogue:
    """
    Set the runs of a store in order; *comparisons* are the pairs that a page compares.

    Pure: the same runs, in whatever order, give the same catalogue.
    """
    ordered = sorted(runs, key=_newest_last, reverse=True)
    standing = _standing(ordered)
    rows = tuple(catalogue_row(run, standing, comparisons) for run in ordered)
    current = sorted(standing.current.values(), key=_newest_last)
    latest = current[-1] if current else None
    return Catalogue(
        schema=SCHEMA,
        counts=_counts(ordered),
        latest=_latest(latest),
        limits=_limits(latest),
        breaches=latest.risk.breaches if latest and latest.risk else (),
        signed=_signed(latest),
        history=var_history(current),
        rows=rows,
    )


def _newest_last(run: PastRun) -> tuple[date, str, int, str]:
    return run.business_date, run.snapshot, _number(run.version), run.run_id


def _number(version: str) -> int:
    digits = version.removeprefix("v")
    return int(digits) if digits.isdecimal() else 0


def _standing(runs: Sequence[PastRun]) -> Standing:
    """Find what is superseded, and which run counts for each date and snapshot."""
    corrected = {run.supersedes: run.version for run in runs if run.finished and run.supersedes}
    current: dict[tuple[date, str], PastRun] = {}
    for run in sorted(runs, key=_weight):
        if run.finished and run.batch_id not in corrected:
            current[run.business_date, run.snapshot] = run
    days: dict[str, list[date]] = {}
    for day, snapshot in sorted(current):
        days.setdefault(snapshot, []).append(day)
    return Standing(
        days=days,
        superseded=corrected,
        current=current,
        runs_of_batch=Counter(run.batch_id for run in runs if run.finished),
        finished={run.batch_id: run for run in sorted(runs, key=_weight) if run.finished},
    )


def _weight(run: PastRun) -> tuple[int, bool, str]:
    """Of several runs of a date and snapshot, the one of the greatest weight counts."""
    return _number(run.version), bool(run.signatures), run.run_id


def _counts(runs: Sequence[PastRun]) -> str:
    if not runs:
        return "There are no runs yet."
    states: Mapping[str, int] = Counter(run.status for run in runs)
    ended = [f"{count:,} {state}" for state, count in sorted(states.items())]
    signed = sum(bool(run.signatures) for run in runs)
    days = len({run.business_date for run in runs})
    return (
        f"{words.quantity(len(runs), 'run')} of {words.quantity(days, 'business day')}: "
        f"{words.listed(ended, most=len(ended))}; {signed:,} signed."
    )


def _latest(run: PastRun | None) -> Verdict:
    if run is None or run.risk is None:
        return Verdict(tone="none", word="No report", sentence="No run has finished yet.")
    risk = run.risk
    var = words.measure("value_at_risk", risk.headline_var)
    es = words.measure("expected_shortfall", risk.headline_es)
    complete, currency = run.status == "complete", words.quoted(risk.currency)
    return Verdict(
        tone="ok" if complete else "warning",
        word="Latest" if complete else "Incomplete",
        sentence=f"{words.long_date(run.business_date)}, {words.quoted(run.snapshot)} "
        f"{words.quoted(run.version)}, {run.status}: {var} is {risk.value_at_risk:,.0f} "
        f"{currency}, {es} is {risk.expected_shortfall:,.0f} {currency}.",
    )


def _limits(run: PastRun | None) -> Verdict:
    if run is None or run.risk is None:
        return Verdict(tone="none", word="No limits", sentence="No limit has been checked yet.")
    breaches, warnings = run.risk.breaches, words.quantity(run.risk.warnings, "limit")
    if breaches:
        more = f", {warnings} on warning" if run.risk.warnings else ""
        sentence = f"{words.quantity(len(breaches), 'limit')} breached{more}."
        return Verdict(tone="breach", word="Limits", sentence=sentence)
    if run.risk.warnings:
        return Verdict(
            tone="warning", word="Warning", sentence=f"No limit is breached, {warnings} on warning."
        )
    return Verdict(tone="ok", word="Within limits", sentence="No limit is breached or on warning.")


def _signed(run: PastRun | None) -> Verdict:
    if run is None or not run.signatures:
        sentence = "Nobody has signed the latest report: it is a draft."
        return Verdict(tone="none", word="Not signed", sentence=sentence)
    names = list(dict.fromkeys(words.quoted(given.signer) for given in run.signatures))
    last = words.quoted(words.instant(run.signatures[-1].instant))
    sentence = f"The latest report is signed by {words.listed(names, most=5)}, last at {last}."
    return Verdict(tone="ok", word="Signed", sentence=sentence)
