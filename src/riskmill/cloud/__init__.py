"""
The cloud as code: a table of stages enters, and two CloudFormation templates leave.

They are rendered from `riskmill.cloud.stages` and the waves of `riskmill.domain`, so that
laptop and cloud do the same work in the same order. Nothing here reaches for an account,
a clock or the environment, and no template is ever written by hand.
"""

from riskmill.cloud.codes import CODES
from riskmill.cloud.rendering import OPTIONAL_TEMPLATES, TEMPLATES, render, rendered_size

__all__ = ["CODES", "OPTIONAL_TEMPLATES", "TEMPLATES", "render", "rendered_size"]
