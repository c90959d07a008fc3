"""`riskmill init`: files to begin one's own book with."""

from pathlib import Path

import click


@click.command("init", short_help="Write sample files to begin your own book with.")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
def command(directory: Path) -> None:
    """
    Write a small batch into DIR: two positions of each instrument and all they need.

    Nothing that is there already is written over.
    """
    from riskmill.cli.output import write_data
    from riskmill.cli.progress import suggest
    from riskmill.runtime import write_starter

    for path in write_starter(directory):
        write_data(str(path))
    suggest(
        f"Put your own rows in, then close the batch: riskmill validate {directory / 'input'} "
        "--write-manifest --business-date 2018-12-31 --currency USD"
    )
