"""Options that the commands below `riskmill cloud` share, and how they reach the account."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from riskmill.cloud import deployment

Command = TypeVar("Command", bound=Callable[..., Any])

_PLACE = (
    click.option(
        "--environment",
        default="dev",
        show_default=True,
        metavar="NAME",
        help="Environment: the suffix of every name.",
    ),
    click.option("--region", metavar="NAME", help="Region. Default: as the aws command line."),
    click.option("--profile", metavar="NAME", help="Profile of ~/.aws. Default: the usual one."),
)
parameters = click.option(
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter of either stack; may be given more than once.",
)
images = click.option(
    "--images",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Directory with an OCI archive STAGE.tar of each image to push.",
)
only = click.option(
    "--only", type=click.Choice(("foundation", "workload")), help="One of the two stacks."
)
yes = click.option("--yes", is_flag=True, help="Do not ask.")


def place(command: Command) -> Command:
    """Add the options that say which environment, where, and as whom."""
    for option in reversed(_PLACE):
        command = option(command)
    return command


def reached(
    environment: str, region: str | None, profile: str | None, given: tuple[str, ...] = ()
) -> "tuple[deployment.Account, deployment.Asked]":
    """Judge what is asked for, then find the account; nothing is called for a wrong request."""
    from riskmill.cloud import deployment

    request = deployment.asked(environment, given)
    return deployment.connect(region=region, profile=profile), request
