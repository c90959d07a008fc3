"""`riskmill catalogue`: the page of all runs, made anew."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from riskmill.cli import options

if TYPE_CHECKING:
    from riskmill.runtime import Catalogue


@click.command("catalogue", short_help="Make the page of all runs anew, and list them.")
@options.out
@options.as_json
def command(out: Path, as_json: bool) -> None:
    """
    Make DIR/reports/index.html anew from the records of the runs, and list them.

    Each run and each signature does so too: the command is for a directory that was copied,
    or whose pages were lost.
    """
    from riskmill.cli.output import write_data, write_json
    from riskmill.runtime import rebuild_catalogue

    page, catalogue = rebuild_catalogue(out)
    if as_json:
        write_json(catalogue)
        return
    tell(catalogue)
    write_data(f"\nPage: {page}")


def tell(catalogue: "Catalogue") -> None:
    """Print a line a run, latest first."""
    from riskmill.cli.output import write_data, write_table

    write_data(f"{catalogue.counts}\n")
    header = ("date", "batch", "run", "status", "VaR", "change", "ES", "limits", "signed by")
    rows = [
        (
            row.business_date,
            f"{row.snapshot} {row.version}".strip(),
            row.run_id,
            f"{row.status.word}, superseded by {row.superseded_by}"
            if row.superseded_by
            else row.status.word,
            f"{row.var.value.text} {row.var.value.unit}" if row.var else "-",
            row.var.change.text if row.var else "-",
            f"{row.es.value.text} {row.es.value.unit}" if row.es else "-",
            row.limits.word,
            ", ".join(row.signed_by) or "-",
        )
        for row in catalogue.rows
    ]
    if rows:
        write_table(header, rows)
