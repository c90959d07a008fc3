"""`riskmill receive`: an inbox of deliveries, each run as soon as it is whole."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from riskmill.cli import options

if TYPE_CHECKING:
    from riskmill.runtime import InboxState


@click.command("receive", short_help="Run what has landed in an inbox.")
@click.argument("inbox", metavar="INBOX", type=click.Path(path_type=Path))
@options.out
@click.option(
    "--watch/--once",
    "watching",
    default=False,
    help="Look again every few seconds until interrupted, or once. Default: --once.",
)
@options.workers
@options.scenarios
@options.by_risk_class
@options.scenario_set
@options.risk_file
@options.as_json
def command(
    inbox: Path,
    out: Path,
    watching: bool,
    workers: int | None,
    scenarios: int | None,
    scenario_set: str | None,
    risk_file: Path | None,
    by_risk_class: bool,
    as_json: bool,
) -> int:
    """
    Run every closed batch of INBOX that was not run yet, and show how each delivery stands.

    A batch lies at INBOX/<date>/<snapshot>/<version>/. Files that come before their
    manifest are checked at once. A batch is run when its manifest and all files that it
    names are there; what is settled already is left alone. Exit code 3 means that a
    delivery was refused just now, 1 that a run failed.
    """
    from riskmill.cli.progress import watched
    from riskmill.runtime import receive, watch

    chosen = options.run_options(
        workers=workers,
        scenarios=scenarios,
        scenario_set=scenario_set,
        risk_file=risk_file,
        by_risk_class=by_risk_class,
    )
    if not watching:
        with watched(out) as observe:
            state = receive(inbox, out, chosen, observe)
        _tell(state, as_json=as_json)
        return _exit_code(state)
    with watched(out) as observe:
        for state in watch(inbox, out, chosen, observe):
            _tell(state, as_json=as_json)
    return 0


def _tell(state: "InboxState", *, as_json: bool) -> None:
    from riskmill.cli.output import write_data, write_json, write_table

    if as_json:
        write_json(state)
        return
    rows = [
        (one.batch_id, one.state, " ".join(filter(None, (one.code, one.detail))), one.place or "-")
        for one in state.deliveries
    ]
    if rows:
        write_table(("delivery", "state", "detail", "see below DIR"), rows)
    else:
        write_data("Nothing has landed at INBOX/<date>/<snapshot>/<version>/ yet.")
    for gone in state.ignored:
        write_data(f"Ignored: {gone.key} ({gone.reason})")


def _exit_code(state: "InboxState") -> int:
    from riskmill.cli.complaints import INPUT_REJECTED, OK, RUN_FAILED

    now = {one.state for one in state.deliveries if one.acted}
    if "failed" in now:
        return RUN_FAILED
    return INPUT_REJECTED if "refused" in now else OK
