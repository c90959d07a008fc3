"""
What a template waives, each with a reason, in its own Metadata.

    Metadata:
      riskmill:
        suppress:
          - code: H4
            reason: The stack that owns the bucket switches EventBridge on.

In a resource's Metadata it holds for that resource; in the template's for everything, or for the
logical id given as `resource`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from riskmill.cloud.check.rule import Found, Rule, Severity
from riskmill.cloud.check.values import Map, Path, at, items
from riskmill.cloud.check.world import World

_PLACE: Path = ("Metadata", "riskmill", "suppress")


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiver:
    """A suppression, as it is written."""

    code: str
    reason: str
    """Empty where none is given; such a waiver waives nothing."""
    resource: str
    """Logical id that it is limited to; empty for the whole template."""
    holder: str
    """Resource or section it is written in."""
    path: Path

    def covers(self, code: str, resource: str) -> bool:
        """Whether it waives a finding."""
        fits = not self.resource or self.resource == resource
        return bool(self.reason) and self.code == code and fits


def waivers(sections: Map) -> tuple[Waiver, ...]:
    """Return every suppression of a template, those of resources first."""
    found = []
    resources = sections.get("Resources")
    for name, entry in resources.items() if isinstance(resources, Map) else ():
        found += list(_waivers(entry if isinstance(entry, Map) else Map(), name))
    return (*found, *_waivers(sections, ""))


def _waivers(holder: Map, resource: str) -> Iterator[Waiver]:
    for position, entry in enumerate(items(at(holder, *_PLACE))):
        reason = at(entry, "reason")
        named = at(entry, "resource")
        yield Waiver(
            code=str(at(entry, "code") or "").upper(),
            reason=reason.strip() if isinstance(reason, str) else "",
            resource=resource or (named if isinstance(named, str) else ""),
            holder=resource or "Metadata",
            path=(*_PLACE, position),
        )


def _nowhere(world: World) -> Iterator[Found]:
    """Find nothing: these two rules are about waivers, which are judged after all others."""
    return iter(())


NO_REASON = Rule(
    code="C110",
    title="a suppression without a reason",
    reason="Whoever reads the template next year has to know why. Without a reason nothing is "
    "suppressed.",
    source="riskmill: docs/howto/check-a-template.md",
    remedy="Write a sentence into reason, or mend what was found.",
    example="suppress: [{code: H10}]",
    find=_nowhere,
)
UNUSED = Rule(
    code="C111",
    title="a suppression of nothing",
    reason="What it waived is no longer there, or its code is misspelt; it would hide the next "
    "one.",
    source="riskmill: docs/howto/check-a-template.md",
    remedy="Remove it.",
    example="suppress: [{code: H10, reason: scaled by hand}] where H10 is not found",
    find=_nowhere,
    severity=Severity.NOTE,
)
