"""
The cloud as code: stages go in, templates come out; any template goes in, findings come out.

The two stacks are rendered from `riskmill.cloud.stages` and the waves of `riskmill.domain`, so
that laptop and cloud do the same work in the same order; `riskmill.cloud.check` judges any
CloudFormation template by what AWS does with it, and `riskmill.cloud.laptop`, imported where it
is needed only, runs an embedded AWS on one machine. Nothing else here reaches for an account, a
clock or the environment, and no template is ever written by hand.
"""

from riskmill.cloud import check, codes
from riskmill.cloud.check import (
    ALL_RULES,
    RULE_CODES,
    Finding,
    Rule,
    Severity,
    check_template,
    sarif,
)
from riskmill.cloud.prices import (
    AS_OF,
    GB_HOUR,
    HOURS_A_MONTH,
    SOURCE,
    SPOT_DISCOUNT,
    VCPU_HOUR,
    hourly,
    idle_monthly,
)
from riskmill.cloud.rendering import OPTIONAL_TEMPLATES, TEMPLATES, render, rendered_size
from riskmill.cloud.stages import STAGES, Stage

CODES = {**check.CODES, **codes.CODES}
"""What can be wrong with files of templates and with rendering, by code."""

__all__ = [
    "ALL_RULES", "AS_OF", "CODES", "GB_HOUR", "HOURS_A_MONTH", "OPTIONAL_TEMPLATES", "RULE_CODES",
    "SOURCE", "SPOT_DISCOUNT", "STAGES", "TEMPLATES", "VCPU_HOUR", "Finding", "Rule", "Severity",
    "Stage", "check_template", "hourly", "idle_monthly", "render", "rendered_size", "sarif",
]  # fmt: skip
