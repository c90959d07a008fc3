"""What a rule is, and what it finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from riskmill.cloud.check.values import Path, Value, shown
from riskmill.cloud.check.world import Resource, World


class Severity(Enum):
    """How much a finding matters; the words are those of SARIF."""

    ERROR = "error"
    """It cannot be created, or cannot work."""
    WARNING = "warning"
    """It works, and loses, hides or costs something."""
    NOTE = "note"
    """It works today, and stands in somebody's way tomorrow."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One place where a rule is not met."""

    resource: str
    """Logical id; a section such as `Parameters.Name` where no resource is at fault."""
    path: Path
    """Below the resource's entry, or below the template for a section."""
    message: str
    """What is wrong there, in one sentence."""
    evidence: str = ""
    """The value that shows it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """Something that AWS does, and that a template should reckon with."""

    code: str
    title: str
    reason: str
    """What AWS really does."""
    source: str
    """Page of the AWS documentation that says so."""
    remedy: str
    example: str
    """A datum that brings it about."""
    find: Callable[[World], Iterator[Found]]
    """Looks through one world."""
    severity: Severity = Severity.WARNING
    once: bool = False
    """Whether it is about what is written, and so the same in every world."""


def found(resource: Resource, path: Path, message: str, value: Value = None) -> Found:
    """Return a finding in the properties of *resource*; *value* is the evidence."""
    return Found(
        resource=resource.id,
        path=("Properties", *path),
        message=message,
        evidence=shown(value) if value is not None else "",
    )
