"""Judging a template: every rule over every world, and what the template itself waives."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from riskmill.cloud.check.reading import read
from riskmill.cloud.check.rule import Found, Rule
from riskmill.cloud.check.rules import RULES
from riskmill.cloud.check.suppressions import NO_REASON, UNUSED, Waiver, waivers
from riskmill.cloud.check.values import Map, Path, at, line_at
from riskmill.cloud.check.world import worlds

ALL_RULES: Mapping[str, Rule] = {**RULES, NO_REASON.code: NO_REASON, UNUSED.code: UNUSED}
"""Every rule by code, those about suppressions included."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something in a template that AWS would refuse, lose, or do otherwise than it seems."""

    code: str
    severity: str
    """`error`, `warning` or `note`."""
    file: str
    line: int
    """1-based line of the place, or of the nearest thing around it."""
    resource: str
    """Logical id, or a section such as `Parameters.Name`."""
    path: str
    """Place below the resource, joined by slashes."""
    message: str
    evidence: str
    """The value that shows it; empty where an absence does."""
    when: str
    """Parameter values under which it is so; empty for the defaults."""
    title: str
    reason: str
    source: str
    """Page of the AWS documentation."""
    remedy: str


def check_template(raw: bytes, file: str) -> tuple[Finding, ...]:
    """
    Judge one CloudFormation template by what AWS really does.

    *file* is the name that findings carry. Findings are in the order of the lines. `UsageError`
    (E750 to E756) says that *raw* is no template.
    """
    sections = read(raw, file)
    granted = waivers(sections)
    used: set[Waiver] = set()
    kept = []
    for rule, item, label in _all_found(sections):
        waiver = next((w for w in granted if w.covers(rule.code, item.resource)), None)
        if waiver is None:
            kept.append(_finding(sections, file, rule, item, label))
        else:
            used.add(waiver)
    for rule, item in _about_waivers(sections, granted, used):
        kept.append(_finding(sections, file, rule, item, ""))
    return tuple(sorted(kept, key=lambda f: (f.line, f.code, f.resource, f.path, f.message)))


def _all_found(sections: Map) -> Iterator[tuple[Rule, Found, str]]:
    """Every finding once, in the first world that has it."""
    seen: set[tuple[str, str, Path, str]] = set()
    for place, world in enumerate(worlds(sections)):
        for rule in RULES.values():
            for item in rule.find(world) if not (rule.once and place) else ():
                key = (rule.code, item.resource, item.path, item.message)
                if key not in seen:
                    seen.add(key)
                    yield rule, item, "" if rule.once else world.choice.label


def _about_waivers(
    sections: Map, granted: tuple[Waiver, ...], used: set[Waiver]
) -> Iterator[tuple[Rule, Found]]:
    for waiver in granted:
        if not waiver.reason:
            message = f"suppresses {waiver.code or 'nothing'} and gives no reason"
            yield NO_REASON, Found(resource=waiver.holder, path=waiver.path, message=message)
        elif waiver not in used:
            message = f"suppresses {waiver.code}, which is not found here"
            yield (
                UNUSED,
                Found(
                    resource=waiver.holder,
                    path=waiver.path,
                    message=message,
                    evidence=waiver.reason,
                ),
            )


def _finding(sections: Map, file: str, rule: Rule, item: Found, label: str) -> Finding:
    return Finding(
        code=rule.code,
        severity=rule.severity.value,
        file=file,
        line=_line(sections, item),
        resource=item.resource,
        path="/".join(str(step) for step in item.path),
        message=item.message,
        evidence=item.evidence,
        when=label,
        title=rule.title,
        reason=rule.reason,
        source=rule.source,
        remedy=rule.remedy,
    )


def _line(sections: Map, item: Found) -> int:
    """Return the line of a finding, looking through `Fn::If` for what it is about."""
    resources = sections.get("Resources")
    entry = at(resources, item.resource)
    if not isinstance(resources, Map) or not isinstance(entry, Map):
        return line_at(sections, item.path, 1)
    line = resources.lines.get(item.resource, 1)
    written = line_at(entry, item.path, line)
    return written or line
