"""`riskmill validate`: what riskmill thinks of a delivery, before anything is computed."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from riskmill.cli import options

if TYPE_CHECKING:
    from riskmill.domain import Failure, InputFile, RiskmillError
    from riskmill.runtime import Validation

SHOWN_PER_CODE = 3
"""Failures of one code that the text shows; JSON holds them all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeCount:
    """How often one code was found."""

    code: str
    title: str
    severity: str
    """`error` took a row out; `warning` is shown only."""
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """Why the delivery as a whole cannot be used."""

    code: str
    message: str
    place: str
    remedy: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ValidationView:
    """A validation as JSON."""

    batch_id: str
    accepted: bool
    files: "tuple[InputFile, ...]"
    counts: tuple[CodeCount, ...]
    failures: "tuple[Failure, ...]"
    refusal: Refusal | None


@click.command("validate", short_help="Check a delivery without computing anything.")
@options.source
@options.as_json
@click.option("--write-manifest", is_flag=True, help="First write PATH/manifest.json.")
@click.option(
    "--business-date",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Valuation date of the manifest to write.",
)
@click.option("--snapshot", default="EOD", show_default=True, help="Name of the market snapshot.")
@click.option("--currency", metavar="CCY", help="Reporting currency of the manifest to write.")
@click.option(
    "--supersedes",
    metavar="VERSION",
    help="Write the manifest of a correction of VERSION, which lies beside PATH.",
)
def command(
    source: Path,
    as_json: bool,
    write_manifest: bool,
    business_date: datetime | None,
    snapshot: str,
    currency: str | None,
    supersedes: str | None,
) -> int:
    """
    Read the batch in PATH and report every row and file that is not in order.

    Nothing is changed, unless --write-manifest asks for a manifest of the files as
    they are. Exit code 3 means that the batch would be rejected, 4 that too many of
    its rows would be.
    """
    from riskmill.cli.complaints import OK, exit_code
    from riskmill.runtime import validate

    if write_manifest:
        if supersedes:
            _write_follow_up(source, supersedes)
        else:
            _write_manifest(source, business_date, snapshot, currency)
    validation = validate(source)
    _tell(validation, as_json=as_json)
    return exit_code(validation.refusal) if validation.refusal else OK


def _write_manifest(
    source: Path, business_date: datetime | None, snapshot: str, currency: str | None
) -> None:
    from riskmill.cli.output import write_talk
    from riskmill.domain import UsageError
    from riskmill.runtime import write_manifest

    if business_date is None or currency is None:
        raise UsageError(
            "E703",
            "a manifest states a business date and a reporting currency",
            place="--write-manifest",
            remedy="Give both: --business-date 2018-12-31 --currency USD",
        )
    written = write_manifest(
        source, business_date=business_date.date(), snapshot=snapshot, reporting_currency=currency
    )
    write_talk(f"Wrote {written}.")


def _write_follow_up(source: Path, supersedes: str) -> None:
    from riskmill.cli.output import write_talk
    from riskmill.runtime import write_follow_up

    write_talk(f"Wrote {write_follow_up(source, supersedes=supersedes)}.")


def _tell(validation: "Validation", *, as_json: bool) -> None:
    from riskmill.cli.complaints import complaint_about, worded
    from riskmill.cli.output import write_data, write_json, write_talk

    view = view_of(validation)
    if as_json:
        write_json(view)
    else:
        write_data("\n".join(_sentences(view)))
    if validation.refusal:
        write_talk(worded(complaint_about(validation.refusal)))


def view_of(validation: "Validation") -> ValidationView:
    """Return the validation in the form that JSON shows."""
    return ValidationView(
        batch_id=validation.batch_id,
        accepted=validation.refusal is None,
        files=validation.files,
        counts=_counts(validation.failures),
        failures=validation.failures,
        refusal=_refusal(validation.refusal),
    )


def _counts(failures: "tuple[Failure, ...]") -> tuple[CodeCount, ...]:
    from riskmill.runtime import CODES

    numbers = Counter((failure.code, failure.severity.value) for failure in failures)
    return tuple(
        CodeCount(code=code, title=CODES[code].title, severity=severity, count=number)
        for (code, severity), number in sorted(numbers.items())
    )


def _refusal(error: "RiskmillError | None") -> Refusal | None:
    if error is None:
        return None
    return Refusal(code=error.code, message=error.message, place=error.place, remedy=error.remedy)


def _sentences(view: ValidationView) -> list[str]:
    verdict = "would be used" if view.accepted else "would be rejected"
    lines = [f"Batch {view.batch_id or '(unknown)'} {verdict}."]
    lines += [
        f"  {file.name} ({file.dataset}): {file.rows:,} rows, {file.rejected:,} rejected"
        for file in view.files
    ]
    for count in view.counts:
        lines += ["", f"{count.code} {count.title}: {count.count:,} ({count.severity})"]
        same = [failure for failure in view.failures if failure.code == count.code]
        lines += [f"  {_place(failure)}{failure.message}" for failure in same[:SHOWN_PER_CODE]]
        if len(same) > SHOWN_PER_CODE:
            lines.append(f"  and {len(same) - SHOWN_PER_CODE:,} more; --json shows them all")
    return lines


def _place(failure: "Failure") -> str:
    line = f" line {failure.line}" if failure.line else ""
    return f"{failure.file}{line}: " if failure.file else ""
