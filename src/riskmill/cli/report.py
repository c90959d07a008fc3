"""`riskmill report`: a finished report again, in other forms, parts or looks."""

from pathlib import Path

import click

from riskmill.cli import options

HELP = """
Render the stored report of RUN again, and print where its files are.

Figures come from the published report.json, whose hash is checked: nothing is computed
again, and what the run published stays as it is.

\b
riskmill report RUN --section limits --section pnl --format pdf --open
riskmill report RUN --template our-bank --to for-the-board
"""
"""Help of the command; the backspace keeps click from filling the lines below it."""


@click.command("report", short_help="Render a finished report again, whole or in parts.", help=HELP)
@click.argument("run_id", metavar="RUN")
@options.out
@click.option(
    "--section",
    "sections",
    multiple=True,
    metavar="NAME",
    help="Section to keep, such as limits, pnl or stress; give it again for more. "
    "Default: all. The summary always stays.",
)
@click.option(
    "--format",
    "formats",
    metavar="LIST",
    default="",
    help="Forms, separated by commas: html, pdf, xlsx, csv. Default: all.",
)
@click.option(
    "--template",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Your own templates, style and logo, in place of riskmill's of the same name.",
)
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Directory for the files. Default: report-RUN. Nothing in it is written over.",
)
@click.option("--open", "shown", is_flag=True, help="Open the first file when it is there.")
@options.as_json
def command(
    run_id: str,
    out: Path,
    sections: tuple[str, ...],
    formats: str,
    template: Path | None,
    to: Path | None,
    shown: bool,
    as_json: bool,
) -> None:
    """Render a stored report again; see `HELP`."""
    from riskmill.cli.output import write_data, write_json
    from riskmill.runtime import RenderOptions, render_again

    wanted = tuple(part for word in formats.split(",") if (part := word.strip()))
    chosen = RenderOptions(sections=sections, forms=wanted, template=template)
    rendered = render_again(out, run_id, to or Path(f"report-{run_id}"), chosen)
    if as_json:
        write_json(rendered)
    else:
        write_data("\n".join(str(path) for path in rendered.files))
    if shown:
        from riskmill.cli.demo import open_in_browser

        open_in_browser(rendered.files[0])
