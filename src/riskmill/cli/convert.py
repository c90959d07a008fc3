"""`riskmill convert`: the files of another system as a batch of riskmill."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from riskmill.cli import findings, options
from riskmill.cli.findings import CodeCount, Refusal

if TYPE_CHECKING:
    from riskmill.domain import Failure
    from riskmill.ingestion import SourceFile
    from riskmill.runtime import ConvertedDelivery

NEEDED = ("positions.csv", "market.csv", "history.csv", "hierarchy.csv")
"""Files without which a batch cannot be closed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConversionView:
    """A conversion as JSON."""

    written: tuple[Path, ...]
    sources: "tuple[SourceFile, ...]"
    counts: tuple[CodeCount, ...]
    failures: "tuple[Failure, ...]"
    refusal: Refusal | None


@click.command("convert", short_help="Turn another system's files into a batch.")
@click.argument("source", metavar="PATH", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "form",
    type=click.Choice(["ore"]),
    required=True,
    help="System that the files are of: ore is the Open Source Risk Engine.",
)
@click.option(
    "--business-date",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    required=True,
    help="Valuation date: what ended before it is rejected.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="Directory of the batch (DIR/input) and of DIR/rejects.csv.",
)
@click.option("--book", default="", metavar="NAME", help="Put every position into this book.")
@click.option(
    "--market",
    "besides",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Scenario, simulation or fixing file outside of PATH; give it once for each.",
)
@options.as_json
@findings.rows
def command(
    source: Path,
    form: str,
    business_date: datetime,
    out: Path,
    book: str,
    besides: tuple[Path, ...],
    as_json: bool,
    rows: int,
) -> int:
    """
    Convert PATH, a portfolio file or the directory it lies in, and say what was left out.

    Nothing that is there already is written over. Every row that is written passes
    the rules of `riskmill validate`. Exit code 3 means that there was nothing to write.
    """
    from riskmill.cli.complaints import OK, exit_code
    from riskmill.runtime import convert_delivery

    day = business_date.date()
    found = convert_delivery(source, out, form=form, business_date=day, book=book, besides=besides)
    _tell(found, as_json=as_json, rows=rows)
    if found.refusal:
        return exit_code(found.refusal)
    _suggest(found, day.isoformat())
    return OK


def _tell(found: "ConvertedDelivery", *, as_json: bool, rows: int) -> None:
    from riskmill.cli.complaints import complaint_about, worded
    from riskmill.cli.output import write_json, write_talk

    if as_json:
        write_json(
            ConversionView(
                written=found.written,
                sources=found.sources,
                counts=findings.counted(found.failures),
                failures=found.failures,
                refusal=findings.refusal_of(found.refusal),
            )
        )
    else:
        _write_text(found, rows)
    if found.refusal:
        write_talk(worded(complaint_about(found.refusal)))


def _write_text(found: "ConvertedDelivery", rows: int) -> None:
    from riskmill.cli.output import write_columns, write_data

    write_columns(
        ("records", "converted", "form", "file"),
        [
            (f"{one.records:,}", f"{one.taken:,}", one.form or "-", one.name)
            for one in found.sources
        ],
    )
    findings.write_findings(found.failures, rows)
    if found.written:
        write_data("\nWritten:\n" + "\n".join(f"  {path}" for path in found.written))


def _suggest(found: "ConvertedDelivery", day: str) -> None:
    from riskmill.cli.progress import suggest

    written = {path.name for path in found.written}
    missing = ", ".join(name for name in NEEDED if name not in written)
    first = f"Add {missing} to {found.batch}, then close" if missing else "Close"
    suggest(
        f"{first} the batch: riskmill validate {found.batch} --write-manifest "
        f"--business-date {day} --currency CCY"
    )
