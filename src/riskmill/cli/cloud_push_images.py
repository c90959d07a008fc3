"""`riskmill cloud push-images`: images into the repositories of an environment."""

from pathlib import Path

import click

from riskmill.cli import cloud_options, options
from riskmill.cli.complaints import OK


@click.command("push-images", short_help="Push images to the repositories of an environment.")
@click.argument("directory", type=click.Path(path_type=Path, exists=True, file_okay=False))
@cloud_options.place
@options.as_json
def command(
    directory: Path, environment: str, region: str | None, profile: str | None, as_json: bool
) -> int:
    """
    Push the OCI archives STAGE.tar of DIRECTORY, layer by layer; no daemon is needed.

    What is there already is not sent again. `deploy --images DIRECTORY` makes services run them.
    """
    from riskmill.cli.output import write_data, write_json, write_talk
    from riskmill.cloud import deployment

    account, request = cloud_options.reached(environment, region, profile)
    found = deployment.images_in(directory)
    pushed = deployment.push(account, request.environment, found, write_talk)
    if as_json:
        write_json(pushed)
    else:
        write_data("\n".join(one.image for one in pushed))
        write_talk(f"Next: riskmill cloud deploy --images {directory}")
    return OK
