"""
The cloud as code: stages go in, templates come out; any template goes in, findings come out.

The two stacks are rendered from `riskmill.cloud.stages` and the waves of `riskmill.domain`, so
that laptop and cloud do the same work in the same order; `riskmill.cloud.check` judges any
CloudFormation template by what AWS does with it. Only `deployment`, which brings the stacks into an
account, and `laptop`, which runs an embedded AWS, reach outside, and are imported where they are
needed; no template is ever written by hand.
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
    ALARM_MONTH,
    AS_OF,
    DASHBOARD_MONTH,
    ENDPOINT_HOUR,
    GB_HOUR,
    HOURS_A_MONTH,
    KEY_MONTH,
    METRIC_MONTH,
    OTHER_PRICES,
    SOURCE,
    SPOT_DISCOUNT,
    TRANSITION,
    VCPU_HOUR,
    Price,
    hourly,
    idle_monthly,
)
from riskmill.cloud.rendering import OPTIONAL_TEMPLATES, TEMPLATES, render, rendered_size
from riskmill.cloud.stages import STAGES, Stage

CODES = {**check.CODES, **codes.CODES}
"""What can be wrong with files of templates and with rendering, by code."""

__all__ = [
    "ALARM_MONTH", "ALL_RULES", "AS_OF", "CODES", "DASHBOARD_MONTH", "ENDPOINT_HOUR", "GB_HOUR",
    "HOURS_A_MONTH", "KEY_MONTH", "METRIC_MONTH", "OPTIONAL_TEMPLATES", "OTHER_PRICES",
    "RULE_CODES", "SOURCE", "SPOT_DISCOUNT", "STAGES", "TEMPLATES", "TRANSITION", "VCPU_HOUR",
    "Finding", "Price", "Rule", "Severity", "Stage", "check_template", "hourly", "idle_monthly",
    "render", "rendered_size", "sarif",
]  # fmt: skip
