"""Why a batch was refused: one typed model, for the page beside its `reject.json`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from riskmill.domain import Failure, Severity
from riskmill.reporting.views import words
from riskmill.reporting.views.numbers import Number, count
from riskmill.reporting.views.quality import FailureGroup, grouped


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedFile:
    """A file of a refused batch, as far as it was looked at."""

    name: str
    dataset: str
    rows: int | None
    """Data rows; none where it was not read to its end."""
    rejected: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedRow:
    """The same as the page shows it."""

    name: str
    dataset: str
    rows: Number
    rejected: Number


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusalNotice:
    """Everything that the page of a refused batch says."""

    batch_id: str
    run_id: str
    date_text: str
    code: str
    message: str
    place: str
    remedy: str
    also: tuple[str, ...]
    """Further reasons, a sentence each."""
    files: tuple[CheckedRow, ...]
    rejected: tuple[FailureGroup, ...]
    warnings: tuple[FailureGroup, ...]
    rejected_text: str
    notes: tuple[str, ...]
    """How the batch came together."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusedBatch:
    """A refusal, and what was found before it."""

    batch_id: str
    run_id: str
    business_date: date
    code: str
    message: str
    place: str
    remedy: str
    also: tuple[str, ...]
    files: tuple[CheckedFile, ...]
    failures: Sequence[Failure]
    notes: tuple[str, ...]


def refusal_notice(refused: RefusedBatch) -> RefusalNotice:
    """Set what a refusal says, what to do about it, and all that was wrong, grouped by code."""
    errors = [f for f in refused.failures if f.severity is Severity.ERROR]
    warnings = [f for f in refused.failures if f.severity is Severity.WARNING]
    rows = sum(file.rejected or 0 for file in refused.files)
    return RefusalNotice(
        batch_id=refused.batch_id,
        run_id=refused.run_id,
        date_text=words.long_date(refused.business_date),
        code=refused.code,
        message=refused.message,
        place=refused.place,
        remedy=refused.remedy,
        also=refused.also,
        files=tuple(_row(file) for file in refused.files),
        rejected=grouped(errors),
        warnings=grouped(warnings),
        rejected_text=(
            f"{words.quantity(rows, 'row')} rejected for {words.quantity(len(errors), 'reason')}."
            if errors
            else "No row was rejected."
        ),
        notes=refused.notes,
    )


def _row(file: CheckedFile) -> CheckedRow:
    return CheckedRow(
        name=file.name,
        dataset=file.dataset,
        rows=count(file.rows),
        rejected=count(file.rejected),
    )
