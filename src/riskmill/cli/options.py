"""Options that several commands share, worded once."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from riskmill.runtime import RunOptions

Command = TypeVar("Command", bound=Callable[..., Any])
DEFAULT_OUT = Path("out")

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
out = click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=DEFAULT_OUT,
    show_default=True,
    metavar="DIR",
    help="Directory of the runs and their reports.",
)
workers = click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Tasks that run at once. Default: one per processor. Never changes a result.",
)
partitions = click.option(
    "--partitions",
    type=click.IntRange(min=1),
    metavar="N",
    help="Parts the positions are cut into. Default: by size. Never changes a result.",
)
scenarios = click.option(
    "--scenarios",
    type=click.IntRange(min=1),
    default=500,
    show_default=True,
    metavar="N",
    help="Length of the historical scenario set, counted back from the business date.",
)
by_risk_class = click.option(
    "--by-risk-class",
    is_flag=True,
    help="Tell VaR and ES by risk class too. Values the positions once more for each class.",
)
fail_on_breach = click.option(
    "--fail-on-breach", is_flag=True, help="End with exit code 5 when a limit is breached."
)


def source(command: Command) -> Command:
    """Add the argument PATH, a batch's directory."""
    place = click.Path(path_type=Path, readable=False)
    return click.argument("source", metavar="PATH", type=place)(command)


def run_options(
    *,
    workers: int | None = None,
    partitions: int | None = None,
    scenarios: int = 500,
    force: bool = False,
    by_risk_class: bool = False,
) -> "RunOptions":
    """Gather what was asked for into the runtime's own form."""
    from riskmill.domain import RiskSpec
    from riskmill.runtime import RunOptions

    spec = RiskSpec(scenarios=scenarios, by_risk_class=by_risk_class)
    return RunOptions(partitions=partitions, workers=workers, force=force, spec=spec)
