"""`riskmill validate`: what riskmill thinks of a delivery, before anything is computed."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from riskmill.cli import findings, options
from riskmill.cli.findings import CodeCount, Refusal

if TYPE_CHECKING:
    from riskmill.domain import Failure, InputFile
    from riskmill.runtime import Validation


@dataclass(frozen=True, kw_only=True, slots=True)
class ValidationView:
    """A validation as JSON."""

    batch_id: str
    accepted: bool
    files: "tuple[InputFile, ...]"
    counts: tuple[CodeCount, ...]
    failures: "tuple[Failure, ...]"
    refusal: Refusal | None
    further: tuple[Refusal | None, ...]
    """What else would refuse the batch, file by file."""


@click.command("validate", short_help="Check a delivery without computing anything.")
@options.source
@options.as_json
@findings.rows
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
    rows: int,
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

    if write_manifest:
        if supersedes:
            _write_follow_up(source, supersedes)
        else:
            _write_manifest(source, business_date, snapshot, currency)
    validation = _validated(source, as_json=as_json)
    _tell(validation, as_json=as_json, rows=rows)
    return exit_code(validation.refusal) if validation.refusal else OK


def _validated(source: Path, *, as_json: bool) -> "Validation":
    """Validate; what stops it before a file is read is JSON too, where JSON was asked for."""
    from riskmill.cli.output import write_json
    from riskmill.domain import RiskmillError
    from riskmill.runtime import validate

    try:
        return validate(source)
    except RiskmillError as error:
        if as_json:
            write_json(
                ValidationView(
                    batch_id="",
                    accepted=False,
                    files=(),
                    counts=(),
                    failures=(),
                    refusal=findings.refusal_of(error),
                    further=(),
                )
            )
        raise


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


def _tell(validation: "Validation", *, as_json: bool, rows: int) -> None:
    from riskmill.cli.complaints import complaint_about, worded
    from riskmill.cli.output import write_json, write_talk

    if as_json:
        write_json(view_of(validation))
    else:
        _write_text(validation, rows)
    for refusal in (validation.refusal, *validation.further):
        if refusal:
            write_talk(worded(complaint_about(refusal)))


def view_of(validation: "Validation") -> ValidationView:
    """Return the validation in the form that JSON shows."""
    return ValidationView(
        batch_id=validation.batch_id,
        accepted=validation.refusal is None,
        files=validation.files,
        counts=findings.counted(validation.failures),
        failures=validation.failures,
        refusal=findings.refusal_of(validation.refusal),
        further=tuple(findings.refusal_of(refusal) for refusal in validation.further),
    )


def _write_text(validation: "Validation", rows: int) -> None:
    from riskmill.cli.output import write_columns, write_data

    verdict = "would be rejected" if validation.refusal else "would be used"
    write_data(f"Batch {validation.batch_id or '(unknown)'} {verdict}.")
    if validation.files:
        write_data("")
        write_columns(
            ("file", "dataset", "rows", "rejected"),
            [
                (file.name, file.dataset, f"{file.rows:,}", f"{file.rejected:,}")
                for file in validation.files
            ],
        )
    findings.write_findings(validation.failures, rows)
