"""`riskmill compare`: what is different between two runs."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from riskmill.cli import options

if TYPE_CHECKING:
    from riskmill.runtime import RunComparison

ISOLATES = dict.fromkeys((0x2068, 0x2069))
"""Marks that keep a name's direction on a page; a terminal needs none."""


@click.command("compare", short_help="Show what is different between two runs.")
@click.argument("before", metavar="BEFORE")
@click.argument("after", metavar="AFTER")
@options.out
@options.as_json
def command(before: str, after: str, out: Path, as_json: bool) -> None:
    """
    Hold run AFTER against run BEFORE: figures, limits, positions, factors, files, settings.

    Also writes DIR/reports/compare/BEFORE--AFTER.html. Figures of different currencies or
    holding periods are shown side by side and never subtracted.
    """
    from riskmill.cli.output import write_data, write_json
    from riskmill.runtime import compare_runs

    compared = compare_runs(out, before, after)
    if as_json:
        write_json(compared.comparison)
        return
    tell(compared.comparison)
    write_data(f"\nPage: {compared.page}")


def tell(found: "RunComparison") -> None:
    """Print the sentences, then a table of figures and short ones of what changed."""
    from riskmill.cli.output import paragraph, write_data, write_table

    for run, word in ((found.before, "Before"), (found.after, "After")):
        write_data(f"{word}: {run.date_text}, batch {run.batch_id}, run {run.run_id}, {run.status}")
    for verdict in found.headline:
        write_data(paragraph(f"{verdict.word}: {verdict.sentence.translate(ISOLATES)}"))
    write_data("")
    write_table(_header(found), _figures(found))
    for title, header, rows in _tables(found):
        if rows:
            write_data(f"\n{title}")
            write_table(header, rows)


def _header(found: "RunComparison") -> tuple[str, ...]:
    firm = found.portfolios[0].shown(found.likeness)
    labels = [figure.label if figure else "-" for figure in firm]
    return ("portfolio", *(part for label in labels for part in (label, "after", "change", "%")))


def _figures(found: "RunComparison") -> list[tuple[str, ...]]:
    return [
        (
            "  " * row.depth + row.portfolio,
            *(
                text
                for figure in row.shown(found.likeness)
                for text in (
                    (figure.before.text, figure.after.text, figure.change.text, figure.percent.text)
                    if figure
                    else ("-", "-", "-", "-")
                )
            ),
        )
        for row in found.portfolios
    ]


Table = tuple[str, tuple[str, ...], Sequence[tuple[str, ...]]]


def _tables(found: "RunComparison") -> list[Table]:
    limits = [
        (row.limit_id, row.portfolio, row.measure, row.what, row.utilisation_before.text,
         row.utilisation_after.text)
        for row in found.limits.rows
    ]  # fmt: skip
    positions = [
        (row.position_id, row.kind, row.book, _whole(row.before), _whole(row.after),
         ", ".join(row.columns))
        for row in found.positions.largest
    ]  # fmt: skip
    factors = [
        (row.factor, f"{row.before:,.6g}", f"{row.after:,.6g}", f"{row.move:+,.2f} {row.unit}",
         f"{row.multiple:.1f} daily sd" if row.multiple is not None else "-")
        for row in found.market.largest
    ]  # fmt: skip
    files = [
        (row.name, row.what, row.sha256_before[:12] or "-", row.sha256_after[:12] or "-")
        for row in found.inputs
    ]
    settings = [(row.name, row.before, row.after) for row in found.settings]
    return [
        (
            "Limits that changed",
            ("limit", "portfolio", "measure", "what", "before", "after"),
            limits,
        ),
        ("Positions", ("position", "kind", "book", "before", "after", "columns"), positions),
        ("Factors that moved most", ("factor", "before", "after", "move", "size"), factors),
        ("Delivered files", ("file", "what", "before", "after"), files),
        ("Code and settings", ("setting", "before", "after"), settings),
    ]


def _whole(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"
