"""`riskmill cloud diff`: what a deployment would change."""

from pathlib import Path

import click

from riskmill.cli import cloud_options, options
from riskmill.cli.complaints import OK


@click.command("diff", short_help="Show what a deployment would change.")
@cloud_options.place
@cloud_options.parameters
@cloud_options.images
@cloud_options.only
@options.as_json
def command(
    environment: str,
    region: str | None,
    profile: str | None,
    parameters: tuple[str, ...],
    images: Path | None,
    only: str | None,
    as_json: bool,
) -> int:
    """Ask CloudFormation, by change sets, what `deploy` with the same options would change."""
    from riskmill.cli.output import write_json, write_table, write_talk
    from riskmill.cloud import deployment

    account, request = cloud_options.reached(environment, region, profile, parameters)
    waiting = deployment.Waiting(tell=write_talk)
    changes = deployment.difference(account, request, waiting, images=images, only=only or "")
    if as_json:
        write_json(changes)
    elif changes:
        header = ("stack", "", "resource", "type", "replaced", "because of")
        rows = [
            (one.stack, one.action, one.resource, one.type, one.replaced, ", ".join(one.because))
            for one in changes
        ]
        write_table(header, rows)
    else:
        write_talk("Nothing would change.")
    return OK
