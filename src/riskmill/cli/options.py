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
    metavar="N",
    help="Windows of history, counted back from the business date. Default: 500.",
)
scenario_set = click.option(
    "--scenario-set",
    type=click.Choice(("historical", "filtered_historical", "monte_carlo")),
    help="Scenarios that VaR and ES are measured on. Default: historical.",
)
risk_file = click.option(
    "--risk",
    "risk_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Risk file (TOML) with every option of the scenarios; options given here count more.",
)
by_risk_class = click.option(
    "--by-risk-class",
    is_flag=True,
    help="Tell VaR and ES by risk class too. Values the positions once more for each class.",
)
previous = click.option(
    "--previous",
    metavar="RUN",
    help="Run to compare with. Default: the finished one of the latest earlier date.",
)
no_previous = click.option(
    "--no-previous", is_flag=True, help="Compare with no run, and begin past days anew."
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
    scenarios: int | None = None,
    scenario_set: str | None = None,
    risk_file: Path | None = None,
    force: bool = False,
    by_risk_class: bool = False,
    previous: str | None = None,
    no_previous: bool = False,
) -> "RunOptions":
    """Gather what was asked for into the runtime's own form."""
    from dataclasses import replace

    from riskmill.domain import RiskSpec
    from riskmill.runtime import RunOptions, read_risk_options

    spec = read_risk_options(risk_file) if risk_file else RiskSpec()
    if scenarios is not None:
        spec = replace(spec, scenarios=scenarios)
    if scenario_set is not None:
        spec = replace(spec, scenario_set=scenario_set)
    if by_risk_class:
        spec = replace(spec, by_risk_class=True)
    return RunOptions(
        partitions=partitions,
        workers=workers,
        force=force,
        spec=spec,
        previous="" if no_previous else previous,
    )
