"""`riskmill plan`: what a run would do, before it does it."""

from pathlib import Path

import click

from riskmill.cli import options


@click.command("plan", short_help="Show what a run would do.")
@options.source
@options.out
@options.partitions
@options.workers
@options.scenarios
@options.by_risk_class
@options.scenario_set
@options.risk_file
@options.as_json
def command(
    source: Path,
    out: Path,
    partitions: int | None,
    workers: int | None,
    scenarios: int | None,
    scenario_set: str | None,
    risk_file: Path | None,
    by_risk_class: bool,
    as_json: bool,
) -> None:
    """Show the tasks that a run of the batch in PATH would consist of, and how long it may take."""
    from riskmill.cli.output import write_data, write_json, write_table
    from riskmill.runtime import preview

    chosen = options.run_options(
        workers=workers,
        partitions=partitions,
        scenarios=scenarios,
        scenario_set=scenario_set,
        risk_file=risk_file,
        by_risk_class=by_risk_class,
    )
    plan = preview(source, chosen, out)
    if as_json:
        write_json(plan)
        return
    write_data(
        f"Run {plan.run_id} of batch {plan.batch_id}: {plan.positions:,} positions under "
        f"{plan.scenarios:,} scenarios in {plan.partitions:,} partitions, "
        f"about {plan.estimated_seconds:.0f} s.\n"
    )
    write_table(
        ("stage", "wave", "tasks"),
        [(wave.stage, wave.wave, f"{wave.tasks:,}") for wave in plan.waves],
    )
