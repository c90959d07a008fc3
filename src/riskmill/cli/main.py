"""
The command `riskmill`: finds the command, runs it, and turns what went wrong into an exit code.

The file of a command is read only when it is called or listed, and imports what
is heavy inside its function, so that `--help` answers at once.
"""

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from riskmill import __version__
from riskmill.cli.complaints import exit_code, tell_error
from riskmill.cli.output import prepare_streams

COMMANDS: Mapping[str, str] = {
    "demo": "riskmill.cli.demo",
    "init": "riskmill.cli.init",
    "convert": "riskmill.cli.convert",
    "schema": "riskmill.cli.schema",
    "validate": "riskmill.cli.validate",
    "plan": "riskmill.cli.plan",
    "run": "riskmill.cli.run",
    "receive": "riskmill.cli.receive",
    "status": "riskmill.cli.status",
    "logs": "riskmill.cli.logs",
    "rerun": "riskmill.cli.rerun",
    "report": "riskmill.cli.report",
    "whatif": "riskmill.cli.whatif",
    "catalogue": "riskmill.cli.catalogue",
    "compare": "riskmill.cli.compare",
    "sign": "riskmill.cli.sign",
    "verify": "riskmill.cli.verify",
    "explain": "riskmill.cli.explain",
    "doctor": "riskmill.cli.doctor",
    "cloud": "riskmill.cli.cloud",
    "worker": "riskmill.cli.worker",
}
"""Each command and the module whose `command` it is, in the order of the help."""


class Commands(click.Group):
    """The commands of `COMMANDS`, imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order in which a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command called *cmd_name*, or None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name]).command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; with `--debug`, show where an error came from before it is told."""
        try:
            return super().invoke(ctx)
        except Exception:
            if ctx.params["debug"]:
                sys.excepthook(*sys.exc_info())
            raise


HELP = """
Turn a day's positions and market data into a risk report.

Start with `riskmill demo`. `riskmill init DIR` writes files to begin your own book with.

\b
Exit codes: 0 done, 1 the run failed, 2 wrong usage, 3 input rejected,
4 too many rejected rows, 5 a limit is breached (with --fail-on-breach),
6 cloud, 130 interrupted.
"""
"""Help of the whole command; the backspace keeps click from filling the lines below it."""


@click.group(cls=Commands, help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="riskmill", message="%(prog)s %(version)s")
@click.option(
    "--debug",
    is_flag=True,
    envvar="RISKMILL_DEBUG",
    help="Show the traceback of an error. Also RISKMILL_DEBUG=1.",
)
def riskmill(debug: bool) -> None:
    """Find the command; `HELP` is what a person reads."""


def main() -> NoReturn:
    """Run the command line of this process and exit."""
    sys.exit(run_command(sys.argv[1:]))


def run_command(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; nothing is raised."""
    prepare_streams()
    try:
        result = riskmill.main(list(arguments), prog_name="riskmill", standalone_mode=False)
    except BaseException as error:  # a panic of a library in Rust is no Exception
        tell_error(error)
        return exit_code(error)
    return result if isinstance(result, int) else 0
