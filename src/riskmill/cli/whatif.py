"""`riskmill whatif`: what trades would add to the risk of a finished run."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from riskmill.cli import options

if TYPE_CHECKING:
    from riskmill.runtime import WhatIf


@click.command("whatif", short_help="Show what trades would add to a run's VaR and ES.")
@click.argument("run_id", metavar="RUN")
@click.argument("trades", metavar="TRADES", type=click.Path(path_type=Path))
@options.out
@options.as_json
def command(run_id: str, trades: Path, out: Path, as_json: bool) -> None:
    """
    Value the positions in TRADES under the scenarios of RUN, and add them to its vectors.

    TRADES is a file of positions as a batch has it, CSV, Parquet or XLSX. Close a position
    by its opposite. Nothing is written.
    """
    from riskmill.cli.output import write_json
    from riskmill.runtime import try_trades

    found = try_trades(out, run_id, trades)
    if as_json:
        write_json(found)
    else:
        tell(found)


def tell(found: "WhatIf") -> None:
    """Print the changes as a table, amounts in whole units."""
    from riskmill.cli.output import write_data, write_table

    write_data(
        f"{found.trades:,} trades worth {found.present_value:,.0f} {found.currency}, added to run "
        f"{found.run_id}. Losses are positive.\n"
    )
    write_table(
        ("portfolio", "measure", f"before, {found.currency}", "after", "change", "trades alone"),
        [
            (
                one.portfolio,
                f"{MEASURES[one.measure]} {float(one.confidence):.1%}",
                *(f"{x:,.0f}" for x in (one.before, one.after, one.change, one.trades_alone)),
            )
            for one in found.figures
        ],
    )


MEASURES = {"value_at_risk": "VaR", "expected_shortfall": "ES"}
