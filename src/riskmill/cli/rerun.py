"""`riskmill rerun`: finish a run that did not come to its end."""

from pathlib import Path

import click

from riskmill.cli import options


@click.command("rerun", short_help="Finish a run, or repeat what failed in it.")
@click.argument("run_id", metavar="RUN")
@options.out
@click.option("--failed", is_flag=True, help="Only if a task of it has failed.")
@options.workers
@options.fail_on_breach
@options.as_json
def command(
    run_id: str,
    out: Path,
    failed: bool,
    workers: int | None,
    fail_on_breach: bool,
    as_json: bool,
) -> int:
    """
    Do the tasks of RUN that have no result yet, as new attempts of the same run.

    Finished tasks are not repeated, and a finished run is left alone.
    """
    from riskmill.cli.outcome import outcome_code, tell_outcome
    from riskmill.cli.output import write_json
    from riskmill.cli.progress import suggest, watched
    from riskmill.runtime import rerun, run_status

    if failed and not any(stage.failed for stage in run_status(out, run_id).stages):
        suggest(f"No task of run {run_id} has failed; riskmill status {run_id} --out {out}")
        if as_json:
            write_json(run_status(out, run_id))
        return 0
    with watched(out) as observe:
        outcome = rerun(out, run_id, options.run_options(workers=workers), observe)
    tell_outcome(outcome, out, as_json=as_json)
    return outcome_code(outcome, fail_on_breach=fail_on_breach)
