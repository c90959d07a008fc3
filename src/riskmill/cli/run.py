"""`riskmill run`: a batch from its files to its report."""

from pathlib import Path

import click

from riskmill.cli import options


@click.command("run", short_help="Run a batch from its files to its report.")
@options.source
@options.out
@options.workers
@options.partitions
@options.scenarios
@options.by_risk_class
@options.scenario_set
@options.risk_file
@options.previous
@options.no_previous
@click.option(
    "--force",
    is_flag=True,
    help="Calculate a finished run again and compare it byte for byte. Nothing is written over.",
)
@options.fail_on_breach
@options.as_json
def command(
    source: Path,
    out: Path,
    workers: int | None,
    partitions: int | None,
    scenarios: int | None,
    scenario_set: str | None,
    risk_file: Path | None,
    by_risk_class: bool,
    previous: str | None,
    no_previous: bool,
    force: bool,
    fail_on_breach: bool,
    as_json: bool,
) -> int:
    """
    Run the batch in PATH and leave its report under DIR/reports.

    The same inputs are the same run: a finished one is not done again, and one that
    was interrupted goes on from its finished tasks.
    """
    from riskmill.cli.outcome import outcome_code, tell_outcome
    from riskmill.cli.progress import watched
    from riskmill.runtime import start_run

    chosen = options.run_options(
        workers=workers,
        partitions=partitions,
        scenarios=scenarios,
        scenario_set=scenario_set,
        risk_file=risk_file,
        force=force,
        by_risk_class=by_risk_class,
        previous=previous,
        no_previous=no_previous,
    )
    with watched(out) as observe:
        outcome = start_run(source, out, chosen, observe)
    tell_outcome(outcome, out, as_json=as_json)
    return outcome_code(outcome, fail_on_breach=fail_on_breach)
