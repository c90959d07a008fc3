"""`riskmill cloud destroy`: remove an environment, and say what stays."""

import click

from riskmill.cli import cloud_options, options
from riskmill.cli.complaints import OK


@click.command("destroy", short_help="Remove an environment; its data stays.")
@cloud_options.place
@click.option("--foundation", is_flag=True, help="Remove the foundation too, after the workload.")
@cloud_options.yes
@options.as_json
def command(
    environment: str,
    region: str | None,
    profile: str | None,
    foundation: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """
    Remove the workload of an environment, and say what stays.

    Buckets, images, logs and the key are never removed, not even with --foundation. You are asked
    for the environment's name first.
    """
    from riskmill.cli.output import write_json, write_talk
    from riskmill.cloud import deployment

    account, request = cloud_options.reached(environment, region, profile)
    only = "foundation" if foundation else "workload"
    found = deployment.removal(account, request, only=only)
    write_talk(f"In account {account.number}, {account.region}:")
    for name in found.removed:
        write_talk(f"  goes:  {name}")
    for name in found.kept:
        write_talk(f"  stays: {name}")
    if not yes:
        said = click.prompt(
            f"Type '{environment}' to go on", default="", show_default=False, err=True
        )
        if said != environment:
            write_talk("Nothing was removed.")
            raise click.Abort
    deployment.remove(account, found, deployment.Waiting(tell=write_talk))
    if as_json:
        write_json(found)
    return OK
