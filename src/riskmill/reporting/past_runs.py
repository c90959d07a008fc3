"""What the run catalogue is told of each run: facts from its records, nothing computed."""

from dataclasses import dataclass
from datetime import date

COMPLETE, COMPLETE_WITH_FAILURES = "complete", "complete with failures"
FAILED, REFUSED, UNFINISHED, DAMAGED = "failed", "refused", "unfinished", "damaged"
FINISHED = frozenset({COMPLETE, COMPLETE_WITH_FAILURES})
"""States of a run that has a report."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedFile:
    """A file of a report."""

    name: str
    """Inside the report's own directory."""
    place: str
    """Path from the directory of all reports."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenSignature:
    """Who signed, and when."""

    signer: str
    instant: str
    """UTC, ISO 8601."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PastRisk:
    """The firm's figures as a finished run reported them."""

    currency: str
    value_at_risk: float
    """At `headline_var`, loss positive."""
    expected_shortfall: float
    """At `headline_es`, loss positive."""
    headline_var: str
    """Confidence, such as `0.99`."""
    headline_es: str
    holding_days: int
    breaches: tuple[str, ...]
    """One sentence a breached limit."""
    warnings: int
    rejected: int
    unvalued: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PastRun:
    """A run of the store."""

    run_id: str
    batch_id: str
    """Empty where the run's records cannot be read."""
    business_date: date
    snapshot: str
    version: str
    supersedes: str
    """Id of the batch that this one corrects; empty for a first delivery."""
    status: str
    """`complete`, `complete with failures`, `failed`, `refused`, `unfinished` or `damaged`."""
    reason: str = ""
    """Why it failed or was refused, in the words of its error."""
    risk: PastRisk | None = None
    """None where there is no report."""
    files: tuple[PublishedFile, ...] = ()
    signatures: tuple[GivenSignature, ...] = ()
    page: str = ""
    """Path of the page of its signatures; empty where there is none."""

    @property
    def finished(self) -> bool:
        """Whether it has a report."""
        return self.status in FINISHED
