"""`riskmill cloud doctor`: whether an account has what a deployment needs."""

from pathlib import Path

import click

from riskmill.cli import cloud_options, options
from riskmill.cli.complaints import CLOUD, OK


@click.command("doctor", short_help="Check that an account has what a deployment needs.")
@cloud_options.place
@cloud_options.parameters
@cloud_options.images
@options.as_json
def command(
    environment: str,
    region: str | None,
    profile: str | None,
    parameters: tuple[str, ...],
    images: Path | None,
    as_json: bool,
) -> int:
    """
    Check credentials, stacks, permissions, roles, quotas, bucket events and the way out.

    Give the options that you would give to `deploy`. Exit code 6 if one thing is wrong; what you
    may not look at is told as not known.
    """
    from riskmill.cli.output import write_columns, write_json
    from riskmill.cloud import deployment

    account, request = cloud_options.reached(environment, region, profile, parameters)
    ready = deployment.images_in(images) if images else ()
    digests = {image.stage: image.digest for image in ready}
    found = deployment.examine(account, request, digests)
    if as_json:
        write_json(found)
    else:
        rows = [(one.state, one.name, _worded(one.found, one.remedy)) for one in found]
        write_columns(("", "check", "found"), rows)
    return CLOUD if any(one.state == "wrong" for one in found) else OK


def _worded(seen: str, remedy: str) -> str:
    return f"{seen}. To mend it: {remedy}" if remedy else seen
