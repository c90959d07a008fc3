"""The cases of the rules, and templates as the tests write them."""

import json
from collections.abc import Mapping
from pathlib import Path

import yaml

from riskmill.cloud import Finding, check_template

CASES = Path(__file__).with_name("cases")


def judged(template: Mapping[str, object]) -> tuple[Finding, ...]:
    """Judge a template, or only its resources."""
    whole = template if "Resources" in template else {"Resources": template}
    return check_template(json.dumps(whole).encode(), "template.json")


def judged_text(text: str, name: str = "template.yaml") -> tuple[Finding, ...]:
    """Judge a template that is given as text."""
    return check_template(text.encode(), name)


def codes(findings: tuple[Finding, ...]) -> set[str]:
    """Codes of findings."""
    return {finding.code for finding in findings}


def cases() -> dict[str, dict[str, object]]:
    """Every case by code."""
    found: dict[str, dict[str, object]] = {}
    for file in sorted(CASES.glob("*.yaml")):
        found |= yaml.safe_load(file.read_text(encoding="utf-8"))
    return found
