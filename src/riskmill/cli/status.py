"""`riskmill status`: the runs of a directory and how far each has come."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from riskmill.cli import options

if TYPE_CHECKING:
    from riskmill.runtime import RunStatus


@click.command("status", short_help="Show runs and how far they have come.")
@click.argument("run_id", metavar="[RUN]", required=False)
@options.out
@options.as_json
def command(run_id: str | None, out: Path, as_json: bool) -> None:
    """Show all runs under DIR, or the stages of one RUN."""
    from riskmill.cli.output import write_json
    from riskmill.runtime import list_runs, run_status

    found = list_runs(out) if run_id is None else run_status(out, run_id)
    if as_json:
        write_json(found)
    elif isinstance(found, tuple):
        _tell_all(found, out)
    else:
        _tell_one(found)


def _tell_all(runs: "tuple[RunStatus, ...]", out: Path) -> None:
    from riskmill.cli.output import write_table, write_talk

    if not runs:
        write_talk(f"No runs under {out} yet. Start one: riskmill run PATH --out {out}")
        return
    rows = [
        (run.run_id, run.batch_id, _status(run), f"{run.done}/{run.tasks}", run.report or "-")
        for run in runs
    ]
    write_table(("run", "batch", "status", "tasks", "report"), rows)


def _status(run: "RunStatus") -> str:
    return f"{run.status}, superseded by {run.superseded_by}" if run.superseded_by else run.status


def _tell_one(run: "RunStatus") -> None:
    from riskmill.cli.output import write_data, write_table

    write_data(f"Run {run.run_id} of batch {run.batch_id}: {_status(run)}.")
    if run.report:
        write_data(f"Report: {run.report}")
    write_data("")
    rows = [
        (stage.stage, stage.wave, f"{stage.done}/{stage.tasks}", str(stage.failed))
        for stage in run.stages
    ]
    write_table(("stage", "wave", "done", "failed"), rows)
