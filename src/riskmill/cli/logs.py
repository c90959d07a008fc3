"""`riskmill logs`: every attempt of a run, in the order they ended."""

from pathlib import Path

import click

from riskmill.cli import options


@click.command("logs", short_help="Show each attempt of a run.")
@click.argument("run_id", metavar="[RUN]", required=False)
@options.out
@options.as_json
def command(run_id: str | None, out: Path, as_json: bool) -> None:
    """Show each attempt of RUN, or of the last run under DIR; with --json a line of JSON each."""
    from riskmill.cli.output import write_json_line, write_table
    from riskmill.runtime import read_log

    records = tuple(read_log(out, run_id or _last_run(out)))
    if as_json:
        for record in records:
            write_json_line(record)
        return
    rows = [
        (
            record.instant,
            record.task_id,
            str(record.attempt),
            record.outcome,
            f"{record.seconds:.3f} s",
            record.message,
        )
        for record in records
    ]
    write_table(("instant", "task", "attempt", "outcome", "took", "message"), rows)


def _last_run(out: Path) -> str:
    """Return the run whose last attempt ended last; `UsageError` (E705) where there is none."""
    from riskmill.domain import UsageError
    from riskmill.runtime import list_runs, read_log

    ended = {
        run.run_id: max((record.instant for record in read_log(out, run.run_id)), default="")
        for run in list_runs(out)
    }
    if not ended:
        raise UsageError(
            "E705",
            "there is no run yet",
            place=str(out),
            remedy="Name the directory that was given to `riskmill run --out`.",
        )
    return max(ended, key=lambda run_id: ended[run_id])
