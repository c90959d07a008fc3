"""`riskmill cloud deploy`: foundation, images and workload, in one command."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from riskmill.cli import cloud_options, options
from riskmill.cli.complaints import OK

if TYPE_CHECKING:
    from riskmill.cloud import deployment


@click.command("deploy", short_help="Bring an environment to what is asked for.")
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
    """
    Deploy the foundation, push the images, deploy the workload, and wait for each.

    What is there already is changed only where it differs. What can be known to fail is refused
    before anything is created; after any other failure the same command goes on.
    """
    from riskmill.cli.output import write_data, write_json, write_talk
    from riskmill.cloud import deployment

    account, request = cloud_options.reached(environment, region, profile, parameters)
    waiting = deployment.Waiting(tell=write_talk)
    done = deployment.deploy(account, request, waiting, images=images, only=only or "")
    if as_json:
        write_json(done)
    else:
        write_data(_worded(done))
        write_talk("\n".join(["", "Next:", *(f"  {sentence}" for sentence in done.next)]))
    return OK


def _worded(done: "deployment.Deployed") -> str:
    changed = f"{len(done.changes)} resources changed, {_new(done)} images pushed"
    lines = [f"{done.environment} in {done.region}: {changed}"]
    return "\n".join(lines + [f"  {name}: {value}" for name, value in done.outputs.items()])


def _new(done: "deployment.Deployed") -> int:
    return sum(one.new for one in done.pushed)
