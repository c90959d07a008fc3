"""
The stacks of riskmill, and the judge of any CloudFormation template.

Declarations go in, templates and findings come out. Nothing here computes a risk figure.
"""

from riskmill.cloud.check import (
    ALL_RULES,
    CODES,
    RULE_CODES,
    Finding,
    Rule,
    Severity,
    check_template,
    sarif,
)

__all__ = [
    "ALL_RULES",
    "CODES",
    "RULE_CODES",
    "Finding",
    "Rule",
    "Severity",
    "check_template",
    "sarif",
]
