"""A run as a row of the catalogue."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from riskmill.reporting.past_runs import PastRisk, PastRun, PublishedFile
from riskmill.reporting.views import words
from riskmill.reporting.views.numbers import (
    NONE_HELD,
    Number,
    confidence,
    count,
    money,
    share,
    signed,
)
from riskmill.reporting.views.strip import Verdict

TONES = {
    "complete": "ok",
    "complete with failures": "warning",
    "failed": "breach",
    "refused": "breach",
    "unfinished": "none",
    "damaged": "breach",
}
FORMATS = {
    "report.html": "HTML",
    "report.pdf": "PDF",
    "report.xlsx": "XLSX",
    "report.json": "JSON",
    "reject.html": "Why it was refused",
}
"""Files of a report that are called by their format; others by their name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkTo:
    """Somewhere to go, and what it is called."""

    text: str
    href: str
    """Relative to the catalogue; empty where there is no such page yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FigureRow:
    """A figure of the firm and how it changed."""

    confidence: str
    value: Number
    change: Number
    """Less that of the day before; no value where there is none or it is of another kind."""
    change_percent: Number
    why: str
    """Why there is no change; empty where there is one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CatalogueRow:
    """A run."""

    run_id: str
    batch_id: str
    business_date: str
    date_text: str
    snapshot: str
    version: str
    status: Verdict
    """In the sentence, why it failed or was refused; empty for a run with a report."""
    superseded_by: str
    """Version that corrects this one; empty where none does."""
    twins: int
    """Finished runs of the same batch, this one counted."""
    var: FigureRow | None
    es: FigureRow | None
    limits: Verdict
    breaches: tuple[str, ...]
    rejected: Number
    unvalued: Number
    signed_by: tuple[str, ...]
    signed_at: str
    """Of the last signature, UTC; empty for a draft."""
    signature: LinkTo | None
    report: LinkTo | None
    files: tuple[LinkTo, ...]
    """The report in every other format, and what belongs to it."""
    tables: tuple[LinkTo, ...]
    """Tables of the report as CSV."""
    before: str
    """Run id of the day before; empty where there is none."""
    corrected: str
    """Run id of the version that it corrects; empty where there is none."""
    comparisons: tuple[LinkTo, ...]
    """With the day before and with the version that it corrects, where pages compare them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How the runs of a store stand to one another."""

    superseded: Mapping[str, str]
    """Batch id to the version of the finished run that corrects it."""
    current: Mapping[tuple[date, str], PastRun]
    """The run that counts for a date and snapshot."""
    runs_of_batch: Mapping[str, int]
    """Finished runs by batch."""
    finished: Mapping[str, PastRun]
    """Batch id to the run of it that counts."""

    days: Mapping[str, Sequence[date]]
    """Dates of the current runs of each snapshot, ascending."""

    def day_before(self, run: PastRun) -> PastRun | None:
        """The run that counts for the latest earlier date of the same snapshot."""
        days = self.days.get(run.snapshot, ())
        place = bisect_left(days, run.business_date)
        return self.current[days[place - 1], run.snapshot] if place else None


def catalogue_row(
    run: PastRun, standing: Standing, comparisons: Set[tuple[str, str]]
) -> CatalogueRow:
    """Set one run among the others."""
    risk, before = run.risk, standing.day_before(run)
    corrected = _corrected(run, standing)
    report = next((file for file in run.files if file.name == "report.html"), None)
    others = sorted((file for file in run.files if file is not report), key=_order)
    return CatalogueRow(
        run_id=run.run_id,
        batch_id=run.batch_id,
        business_date=run.business_date.isoformat(),
        date_text=words.long_date(run.business_date),
        snapshot=run.snapshot,
        version=run.version,
        status=Verdict(tone=TONES[run.status], word=run.status.capitalize(), sentence=run.reason),
        superseded_by=standing.superseded.get(run.batch_id, ""),
        twins=standing.runs_of_batch.get(run.batch_id, 0),
        var=_var(risk, before),
        es=_es(risk, before),
        limits=_limits(risk),
        breaches=risk.breaches if risk else (),
        rejected=count(risk.rejected if risk else None),
        unvalued=count(risk.unvalued if risk else None),
        signed_by=tuple(dict.fromkeys(given.signer for given in run.signatures)),
        signed_at=words.instant(run.signatures[-1].instant) if run.signatures else "",
        signature=LinkTo(text="Signatures", href=run.page) if run.page else None,
        report=LinkTo(text="Report", href=report.place) if report else None,
        files=tuple(_link(file) for file in others if not file.name.endswith(".csv")),
        tables=tuple(_link(file) for file in others if file.name.endswith(".csv")),
        before=before.run_id if before and run.finished else "",
        corrected=corrected.run_id if corrected and run.finished else "",
        comparisons=tuple(_comparisons(run, before, standing, comparisons)),
    )


def _order(file: PublishedFile) -> tuple[int, str]:
    """Formats of the report in the order of `FORMATS`, then other files by name."""
    known = list(FORMATS)
    return known.index(file.name) if file.name in known else len(known), file.name


def _link(file: PublishedFile) -> LinkTo:
    return LinkTo(text=FORMATS.get(file.name, file.name), href=file.place)


def _comparisons(
    run: PastRun, before: PastRun | None, standing: Standing, pages: Set[tuple[str, str]]
) -> list[LinkTo]:
    others = [("the day before", before), ("the corrected version", _corrected(run, standing))]
    return [
        LinkTo(text=text, href=f"compare/{other.run_id}--{run.run_id}.html")
        for text, other in others
        if other and (other.run_id, run.run_id) in pages
    ]


def _corrected(run: PastRun, standing: Standing) -> PastRun | None:
    return standing.finished.get(run.supersedes) if run.supersedes else None


def _var(risk: PastRisk | None, before: PastRun | None) -> FigureRow | None:
    if risk is None:
        return None
    past = before.risk if before else None
    level = risk.headline_var
    unlike = _unlike(risk, past, level, past.headline_var if past else "")
    return _figure(risk, level, risk.value_at_risk, past.value_at_risk if past else None, unlike)


def _es(risk: PastRisk | None, before: PastRun | None) -> FigureRow | None:
    if risk is None:
        return None
    past = before.risk if before else None
    level = risk.headline_es
    unlike = _unlike(risk, past, level, past.headline_es if past else "")
    value, was = risk.expected_shortfall, past.expected_shortfall if past else None
    return _figure(risk, level, value, was, unlike)


def _unlike(risk: PastRisk, past: PastRisk | None, level: str, past_level: str) -> str:
    """Why a figure may not be subtracted from that of the day before; empty where it may."""
    if past is None:
        return "no day before"
    if risk.currency != past.currency:
        return f"the day before is in {words.quoted(past.currency)}"
    if level != past_level:
        return f"the day before is at {confidence(past_level)}"
    if risk.holding_days != past.holding_days:
        return f"the day before is over {words.quantity(past.holding_days, 'day')}"
    return ""


def _figure(
    risk: PastRisk, level: str, value: float, before: float | None, unlike: str
) -> FigureRow:
    change = None if unlike or before is None else value - before
    text = NONE_HELD if change is None else signed(change, 0)
    return FigureRow(
        confidence=confidence(level),
        value=money(value, risk.currency),
        change=Number(value=change, text=text, unit=risk.currency),
        change_percent=share(change, before),
        why=unlike,
    )


def _limits(risk: PastRisk | None) -> Verdict:
    if risk is None:
        return Verdict(tone="none", word="Not measured", sentence="")
    if risk.breaches:
        return Verdict(
            tone="breach",
            word=f"{len(risk.breaches):,} {'breach' if len(risk.breaches) == 1 else 'breaches'}",
            sentence=words.quantity(risk.warnings, "warning") if risk.warnings else "",
        )
    if risk.warnings:
        return Verdict(tone="warning", word=words.quantity(risk.warnings, "warning"), sentence="")
    return Verdict(tone="ok", word="No breach", sentence="")
