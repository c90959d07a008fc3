"""`riskmill cloud status`: what an environment is doing."""

from typing import TYPE_CHECKING

import click

from riskmill.cli import cloud_options, options
from riskmill.cli.complaints import OK

if TYPE_CHECKING:
    from riskmill.cloud import deployment


@click.command("status", short_help="Show what an environment is doing.")
@cloud_options.place
@options.as_json
def command(environment: str, region: str | None, profile: str | None, as_json: bool) -> int:
    """Show stacks, services with their queues, the latest executions, and raised alarms."""
    from riskmill.cli.output import write_json
    from riskmill.cloud import deployment

    account, request = cloud_options.reached(environment, region, profile)
    found = deployment.status(account, request)
    if as_json:
        write_json(found)
    else:
        _show(found)
    return OK


def _show(found: "deployment.Status") -> None:
    from riskmill.cli.output import write_data, write_table

    write_data(f"foundation: {found.foundation}\nworkload: {found.workload}")
    if found.services:
        write_data("")
        header = ("stage", "desired", "running", "deployment", "waiting", "in work", "dead letters")
        write_table(
            header,
            [
                (
                    one.stage,
                    str(one.desired),
                    str(one.running),
                    one.deployment,
                    str(one.waiting),
                    str(one.in_work),
                    str(one.dead_letters),
                )
                for one in found.services
            ],
        )
    if found.executions:
        write_data("")
        rows = [(one.name, one.status, one.started, one.stopped) for one in found.executions]
        write_table(("execution", "state", "started", "stopped"), rows)
    alarms = ", ".join(found.alarms) or "none"
    write_data(f"\nalarms raised: {alarms}")
