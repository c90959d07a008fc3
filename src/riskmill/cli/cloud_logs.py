"""`riskmill cloud logs`: what the tasks of a stage wrote."""

import re
from datetime import UTC, datetime, timedelta

import click

from riskmill.cli import cloud_options, options
from riskmill.cli.complaints import OK

UNITS = {"m": 60, "h": 3600, "d": 86400}


class Ago(click.ParamType[datetime]):
    """A time that lies so many minutes, hours or days back: `90m`, `3h`, `2d`."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the instant."""
        found = re.fullmatch(r"(\d{1,5})([mhd])", str(value))
        if found is None:
            self.fail(f"'{value}' is no time back; write 90m, 3h or 2d", param, ctx)
        return datetime.now(UTC) - timedelta(seconds=int(found[1]) * UNITS[found[2]])


@click.command("logs", short_help="Show what the tasks of a stage wrote.")
@click.argument(
    "stage", type=click.Choice(("data-ingestion", "risk-calculation", "report-generation"))
)
@cloud_options.place
@click.option("--since", type=Ago(), default="1h", show_default=True, help="How far back.")
@click.option("--run", "run_id", default="", metavar="ID", help="Only lines about this run.")
@options.as_json
def command(
    stage: str,
    environment: str,
    region: str | None,
    profile: str | None,
    since: datetime,
    run_id: str,
    as_json: bool,
) -> int:
    """Show the log lines of a STAGE, oldest first; with --json, one object a line."""
    from riskmill.cli.output import write_data, write_json_line
    from riskmill.cloud import deployment

    account, request = cloud_options.reached(environment, region, profile)
    lines = deployment.log_lines(account, request, stage, since=since, containing=run_id)
    for line in lines:
        if as_json:
            write_json_line(line)
        else:
            write_data(f"{line.instant} {line.task[:12]} {line.message}")
    return OK
