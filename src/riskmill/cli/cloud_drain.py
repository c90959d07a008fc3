"""`riskmill cloud drain`: let an environment finish its work and stop."""

import click

from riskmill.cli import cloud_options, options
from riskmill.cli.complaints import OK


@click.command("drain", short_help="Take in no new work, finish what goes on, stop the tasks.")
@cloud_options.place
@click.option("--resume", is_flag=True, help="Take work in again instead.")
@click.option(
    "--minutes",
    type=click.IntRange(min=0),
    default=180,
    show_default=True,
    help="How long to wait for what goes on.",
)
@options.as_json
def command(
    environment: str,
    region: str | None,
    profile: str | None,
    resume: bool,
    minutes: int,
    as_json: bool,
) -> int:
    """
    Take in no new work, wait for what goes on, and hold the services at no task.

    Deliveries that land meanwhile stay in their bucket; deliver them again after --resume, since
    their events are gone.
    """
    from riskmill.cli.output import write_json, write_talk
    from riskmill.cloud import deployment

    account, request = cloud_options.reached(environment, region, profile)
    waiting = deployment.Waiting(tell=write_talk)
    if resume:
        found = deployment.resume(account, request)
    else:
        patience = int(minutes * 60 / waiting.seconds) + 1
        found = deployment.drain(account, request, waiting, patience=patience)
    if as_json:
        write_json(found)
    else:
        write_talk(
            f"{found.environment}: rules {found.rules}, {found.tasks} tasks wanted. "
            + ("" if resume else "Next: riskmill cloud drain --resume, or riskmill cloud destroy")
        )
    return OK
