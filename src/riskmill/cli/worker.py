"""`riskmill worker`: what a container of the cloud runs."""

import tempfile
import time
from pathlib import Path

import click

STAGES = ("data-ingestion", "risk-calculation", "report-generation")
STALE_SECONDS = 60.0
"""A worker that lives touches its file every few seconds."""


@click.command("worker", short_help="Do the tasks of a stage's queue; what a container runs.")
@click.argument("stage", type=click.Choice(STAGES), metavar="STAGE")
@click.option("--health", is_flag=True, help="Ask whether the worker in this container lives.")
def command(stage: str, health: bool) -> int:
    """
    Work as data-ingestion, risk-calculation or report-generation until SIGTERM.

    It is told by DATA_BUCKET, OUTPUT_BUCKET, QUEUE_URL, RISKMILL_ENVIRONMENT, AWS_REGION and, for
    data-ingestion, STATE_MACHINE_ARN. Lines of JSON go to standard output.
    """
    alive = Path(tempfile.gettempdir()) / f"riskmill-{stage}.alive"
    if health:
        return 0 if _lives(alive) else 1
    from riskmill.runtime import run_worker

    return run_worker(stage, alive)


def _lives(alive: Path) -> bool:
    try:
        return time.time() - alive.stat().st_mtime < STALE_SECONDS
    except OSError:
        return False
