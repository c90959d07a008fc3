"""
The stages as the cloud runs them: one table from which everything per stage follows.

Queue, dead letters, roles, task definition, service, scaling, alarms and the states of the
state machine are made from these rows.
"""

from dataclasses import dataclass
from typing import Literal

from riskmill.domain import INBOX, SERVICES

DEPLOYED = "deployed-"
"""Beginning of the tag that an image carries from its first deployment on."""
CPU_TARGET = 70
"""Percent of its processor that a service is kept at."""
COOLDOWN_SECONDS = 300
STOP_SECONDS = 120
"""What Fargate grants at most between SIGTERM and SIGKILL."""
START_SECONDS = 600
"""A task may take so long from being asked for until it receives its first message."""
PATIENCE = 3
"""A task that still sends heartbeats is given up after so many times its silence."""
ATTEMPTS = 3
"""A message that was received so often and never deleted is a dead letter."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """What a stage may do in one bucket, and under which keys."""

    bucket: Literal["data", "output"]
    verbs: tuple[Literal["read", "write", "list"], ...]
    prefixes: tuple[str, ...]
    """Beginnings of keys, each ending with a slash."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """A service of workers that take the tasks of one stage from its queue."""

    room: str
    """The stage as the plan calls it: `ingestion`, `risk` or `reporting`."""
    prefix: str
    """Beginning of the logical ids, such as `DataIngestion`."""
    cpu: int
    """CPU units; 1024 are one processor."""
    memory: int
    """MiB."""
    floor: int
    """Tasks that always run, by default."""
    ceiling: int
    """Tasks that run at most, by default."""
    backlog: int
    """Messages that may wait or be worked on for each running task."""
    item_seconds: int
    """A message is done within this time, nearly always."""
    spot: bool
    """Whether its tasks beyond the floor may run on Spot capacity."""
    grants: tuple[Grant, ...]
    starts_runs: bool = False
    """Whether its workers start executions of the state machine."""

    @property
    def name(self) -> str:
        """Name of service, queue, repository and container: `data-ingestion`."""
        return SERVICES[self.room]

    @property
    def heartbeat_seconds(self) -> int:
        """
        Silence after which a task token is given up.

        The clock runs while the message waits: for tasks to start, and for the messages
        before it, of which there are at most `backlog` for each task.
        """
        return START_SECONDS + self.backlog * self.item_seconds

    @property
    def limit_seconds(self) -> int:
        """Longest time from sending a message to its answer."""
        return PATIENCE * self.heartbeat_seconds


STAGES: tuple[Stage, ...] = (
    Stage(
        room="ingestion",
        prefix="DataIngestion",
        cpu=1024,
        memory=2048,
        floor=1,
        ceiling=10,
        backlog=4,
        item_seconds=120,
        spot=False,
        grants=(
            Grant(bucket="data", verbs=("read", "list"), prefixes=(INBOX,)),
            Grant(
                bucket="output",
                verbs=("read", "write", "list"),
                prefixes=("runs/", "staged/", "quarantine/"),
            ),
        ),
        starts_runs=True,
    ),
    Stage(
        room="risk",
        prefix="RiskCalculation",
        cpu=2048,
        memory=4096,
        floor=2,
        ceiling=20,
        backlog=4,
        item_seconds=300,
        spot=True,
        grants=(
            Grant(bucket="output", verbs=("read", "write", "list"), prefixes=("runs/", "valued/")),
        ),
    ),
    Stage(
        room="reporting",
        prefix="ReportGeneration",
        cpu=512,
        memory=1024,
        floor=1,
        ceiling=5,
        backlog=1,
        item_seconds=300,
        spot=False,
        grants=(
            Grant(bucket="output", verbs=("read", "write", "list"), prefixes=("runs/", "reports/")),
            # The catalogue tells of refused batches, and a comparison of what positions are worth.
            # Without leave to list, what is missing there would look like what is forbidden.
            Grant(bucket="output", verbs=("read", "list"), prefixes=("quarantine/", "valued/")),
        ),
    ),
)
"""The seed's three stages with the seed's sizes."""
BY_ROOM = {stage.room: stage for stage in STAGES}
