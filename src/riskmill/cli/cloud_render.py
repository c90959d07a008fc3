"""`riskmill cloud render`: the template of a stack, as it is deployed."""

import click

from riskmill.cli.complaints import OK


@click.command("render", short_help="Print the template of a stack.")
@click.argument("template", type=click.Choice(("foundation", "workload", "endpoints")))
def command(template: str) -> int:
    """Print the CloudFormation template of a stack, the same bytes each time."""
    from riskmill.cli.output import write_data
    from riskmill.cloud import render

    write_data(render(template).removesuffix("\n"))
    return OK
