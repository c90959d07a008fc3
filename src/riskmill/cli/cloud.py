"""`riskmill cloud`: the commands about CloudFormation templates and the stacks made from them."""

from collections.abc import Mapping
from importlib import import_module

import click

CLOUD_COMMANDS: Mapping[str, str] = {
    "render": "riskmill.cli.cloud_render",
    "check": "riskmill.cli.cloud_check",
    "doctor": "riskmill.cli.cloud_doctor",
    "diff": "riskmill.cli.cloud_diff",
    "deploy": "riskmill.cli.cloud_deploy",
    "push-images": "riskmill.cli.cloud_push_images",
    "status": "riskmill.cli.cloud_status",
    "logs": "riskmill.cli.cloud_logs",
    "drain": "riskmill.cli.cloud_drain",
    "destroy": "riskmill.cli.cloud_destroy",
}
"""Each command below `cloud` and the module whose `command` it is."""


class CloudCommands(click.Group):
    """The commands of `CLOUD_COMMANDS`, imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the help."""
        return list(CLOUD_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command called *cmd_name*, or None where there is none."""
        if cmd_name not in CLOUD_COMMANDS:
            return None
        command: click.Command = import_module(CLOUD_COMMANDS[cmd_name]).command
        return command


@click.group("cloud", cls=CloudCommands, short_help="Judge and run the stacks on AWS.")
def command() -> None:
    """Judge CloudFormation templates, and run the stacks of riskmill on AWS."""
