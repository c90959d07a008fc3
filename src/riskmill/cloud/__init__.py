"""
The cloud as code: a table of stages enters, and two CloudFormation templates leave.

They are rendered from `riskmill.cloud.stages` and the waves of `riskmill.domain`, so that
laptop and cloud do the same work in the same order. Nothing here reaches for an account,
a clock or the environment, and no template is ever written by hand.
"""

from riskmill.cloud.codes import CODES
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

__all__ = [
    "AS_OF",
    "CODES",
    "GB_HOUR",
    "HOURS_A_MONTH",
    "OPTIONAL_TEMPLATES",
    "SOURCE",
    "SPOT_DISCOUNT",
    "STAGES",
    "TEMPLATES",
    "VCPU_HOUR",
    "Stage",
    "hourly",
    "idle_monthly",
    "render",
    "rendered_size",
]
