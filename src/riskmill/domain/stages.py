"""
The stages of a run and the order of their work: one truth for every runner.

The plan of a run, the state machine of the cloud and the workers' queues all follow
from `WAVES`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Per(StrEnum):
    """What a wave has one task for."""

    FILE = "file"
    """Each delivered file."""
    PARTITION = "partition"
    """Each partition of the positions."""
    EARLIER = "earlier"
    """Each partition, where there is a run before to compare with."""
    RUN = "run"
    """The run as a whole."""
    FORM = "form"
    """Each form of the report beside its page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WaveShape:
    """A wave before it is known how many tasks it has."""

    stage: str
    """`ingestion`, `risk` or `reporting`."""
    name: str
    """Name within the stage; with the stage it names the handler."""
    per: Per


WAVES: tuple[WaveShape, ...] = (
    WaveShape(stage="ingestion", name="file", per=Per.FILE),
    WaveShape(stage="ingestion", name="reconcile", per=Per.RUN),
    WaveShape(stage="risk", name="value", per=Per.PARTITION),
    WaveShape(stage="risk", name="compare", per=Per.EARLIER),
    WaveShape(stage="risk", name="measure", per=Per.RUN),
    WaveShape(stage="risk", name="attribute", per=Per.PARTITION),
    WaveShape(stage="risk", name="examine", per=Per.RUN),
    WaveShape(stage="ingestion", name="rows", per=Per.RUN),
    WaveShape(stage="reporting", name="render", per=Per.RUN),
    WaveShape(stage="reporting", name="forms", per=Per.FORM),
)
"""Every wave of a run, in order: a wave starts when all before it are done."""

SERVICES: Mapping[str, str] = {
    "ingestion": "data-ingestion",
    "risk": "risk-calculation",
    "reporting": "report-generation",
}
"""Stage to the service that does its tasks: the name of its queue, image and log group."""
