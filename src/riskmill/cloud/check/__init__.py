"""
Text of a CloudFormation template in, findings out: what AWS would refuse, lose or do otherwise.

Every finding has a code, the reason, the evidence and the remedy. No rule asks whose template it
is, nothing calls AWS, and what cannot be known before deployment is never held against anybody.
"""

from riskmill.cloud.check.codes import CODES, RULE_CODES
from riskmill.cloud.check.findings import ALL_RULES, Finding, check_template
from riskmill.cloud.check.rule import Rule, Severity
from riskmill.cloud.check.sarif import sarif

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
