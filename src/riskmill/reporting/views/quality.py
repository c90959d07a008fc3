"""Data quality: what was rejected, left out, warned of or put in another's place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from riskmill.domain import Failure, InputFile, Severity
from riskmill.reporting.views import words
from riskmill.reporting.views.findings import Findings
from riskmill.reporting.views.numbers import Number, count, percent, ratio

FIRST = 5
"""Failures of one code shown in full."""
REASONS = 100
"""Reasons shown of one group of proxied factors."""
REASONS_ON_PAGE = 40
"""Of them, reasons that a page shows."""
LISTED = 100
"""Factors proxied for one reason shown by name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileRow:
    """A delivered file and what became of its rows."""

    name: str
    dataset: str
    rows: Number
    rejected: Number
    accepted: Number
    share: Number
    """Rejected rows in percent of delivered ones."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FailureRow:
    """One failure, with all that is needed to mend it."""

    place: str
    """File, record and line, as far as known."""
    subject: str
    """What it is about; `no id` where that is not known."""
    column: str
    value: str
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FailureGroup:
    """Failures of one code."""

    code: str
    reason: str
    failures: Number
    first: tuple[FailureRow, ...]
    more_text: str
    """How many are not shown; empty where all are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProxyReason:
    """Factors that are proxied for one and the same reason."""

    reason: str
    names: tuple[str, ...]
    more_text: str
    """How many are not listed; empty where all are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProxyGroup:
    """Factors of one risk class that take their value or shock from the same factor."""

    heading: str
    """Which and how many factors take whose value or shock."""
    source: str
    """Id of the factor that stands in; `none` where the factors are held constant."""
    factors: Number
    reasons: tuple[ProxyReason, ...]
    more_text: str
    """How many reasons are not shown; empty where all are."""
    page_text: str
    """How many of them a page leaves out, which shows the first; empty where it shows all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QualityView:
    """The state of the data behind the figures."""

    files: tuple[FileRow, ...]
    rejected: tuple[FailureGroup, ...]
    rejected_text: str
    unpriced: tuple[FailureGroup, ...]
    unpriced_text: str
    warnings: tuple[FailureGroup, ...]
    warnings_text: str
    proxied: tuple[ProxyGroup, ...]
    proxied_text: str
    quarantine: str
    """Key of the file that keeps the rejected rows; empty where none was."""


def quality_view(found: Findings) -> QualityView:
    """Sort failures into rejected rows, unpriced positions and warnings, grouped by code."""
    result = found.result
    warnings = [f for f in result.failures if f.severity is Severity.WARNING]
    errors = [f for f in result.failures if f.severity is not Severity.WARNING]
    unpriced = [f for f in errors if f.code.startswith("E4")]
    rejected = [f for f in errors if not f.code.startswith("E4")]
    left_out = len({failure.subject for failure in unpriced})
    return QualityView(
        files=tuple(_file(entry) for entry in result.record.inputs),
        rejected=grouped(rejected),
        rejected_text=_rejected_text(found, len(rejected)),
        unpriced=grouped(unpriced),
        unpriced_text=_unpriced_text(left_out),
        warnings=grouped(warnings),
        warnings_text=_warnings_text(warnings),
        proxied=_proxies(result.proxied),
        proxied_text=_proxied_text(len(result.proxied)),
        quarantine=result.quarantine,
    )


def _rejected_text(found: Findings, reasons: int) -> str:
    rows = sum(entry.rejected for entry in found.result.record.inputs)
    if not rows and not reasons:
        return "No row was rejected."
    return (
        f"{words.quantity(rows, 'row')} rejected for {words.quantity(reasons, 'reason')}. "
        "A rejected row is in no figure of this report."
    )


def _unpriced_text(many: int) -> str:
    if not many:
        return "Every accepted position was valued."
    return (
        f"{words.quantity(many, 'position')} could not be valued and "
        f"{'is' if many == 1 else 'are'} in no figure of this report."
    )


def _warnings_text(warnings: Sequence[Failure]) -> str:
    if not warnings:
        return "None."
    kinds = words.quantity(len({failure.code for failure in warnings}), "code")
    return (
        f"{words.quantity(len(warnings), 'warning')} of {kinds}. What a warning is about is used "
        "as delivered and is in the figures of this report."
    )


def _proxied_text(many: int) -> str:
    if not many:
        return "Every factor was observed and has its own history."
    return (
        f"{words.quantity(many, 'factor')} without an own value or history "
        f"{'takes' if many == 1 else 'take'} another factor's, or "
        f"{'is' if many == 1 else 'are'} held constant."
    )


def _file(entry: InputFile) -> FileRow:
    return FileRow(
        name=entry.name,
        dataset=entry.dataset,
        rows=count(entry.rows),
        rejected=count(entry.rejected),
        accepted=count(entry.rows - entry.rejected),
        share=percent(ratio(entry.rejected, entry.rows), 2),
    )


def grouped(failures: Iterable[Failure]) -> tuple[FailureGroup, ...]:
    """Sort failures by code, the first few of each told in full."""
    by_code: dict[str, list[Failure]] = {}
    for failure in failures:
        by_code.setdefault(failure.code, []).append(failure)
    return tuple(_group(code, by_code[code]) for code in sorted(by_code))


def _group(code: str, failures: list[Failure]) -> FailureGroup:
    hidden = len(failures) - FIRST
    return FailureGroup(
        code=code,
        reason=failures[0].reason.value,
        failures=count(len(failures)),
        first=tuple(_failure(failure) for failure in failures[:FIRST]),
        more_text=f"{hidden:,} more of this code are not shown." if hidden > 0 else "",
    )


def _failure(failure: Failure) -> FailureRow:
    return FailureRow(
        place=_place(failure),
        subject=failure.subject or "no id",
        column=failure.column,
        value=failure.value,
        message=failure.message,
    )


def _place(failure: Failure) -> str:
    parts = [failure.file] if failure.file else []
    if failure.record is not None:
        parts.append(f"record {failure.record:,}")
    if failure.line is not None:
        parts.append(f"line {failure.line:,}")
    return ", ".join(parts)


def _proxies(proxied: tuple[tuple[str, str, str], ...]) -> tuple[ProxyGroup, ...]:
    groups: dict[tuple[str, str], dict[str, list[str]]] = {}
    for factor, source, reason in proxied:
        risk_class = factor.partition(":")[0]
        groups.setdefault((risk_class, source), {}).setdefault(reason, []).append(factor)
    return tuple(
        _proxy_group(risk_class, source, reasons)
        for (risk_class, source), reasons in groups.items()
    )


def _proxy_group(risk_class: str, source: str, reasons: dict[str, list[str]]) -> ProxyGroup:
    many = sum(len(factors) for factors in reasons.values())
    kind = words.RISK_CLASSES.get(risk_class, "Other")
    counted = words.quantity(many, "factor")
    how = "held constant" if source == "none" else f"proxied by {words.quoted(source)}"
    return ProxyGroup(
        heading=f"{kind}: {counted} {how}",
        source=source,
        factors=count(many),
        reasons=tuple(
            ProxyReason(
                reason=reason,
                names=tuple(factors[:LISTED]),
                more_text=_not_listed(len(factors) - LISTED, "factor"),
            )
            for reason, factors in list(reasons.items())[:REASONS]
        ),
        more_text=_not_listed(len(reasons) - REASONS, "reason"),
        page_text=_not_listed(len(reasons) - REASONS_ON_PAGE, "reason"),
    )


def _not_listed(hidden: int, noun: str) -> str:
    return f"and {words.quantity(hidden, f'more {noun}')}" if hidden > 0 else ""
