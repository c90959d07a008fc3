"""Each rule finds its fault, on the right resource, and lets a near miss pass."""

import pytest

from riskmill.cloud import ALL_RULES
from tests.cloud.check.conftest import cases, codes, judged, judged_text

CASES = cases()
WRITTEN_TWICE = "C101"  # no data format can hold it: see the test of its own


def test_every_rule_has_a_case() -> None:
    assert sorted({*CASES, WRITTEN_TWICE}) == sorted(ALL_RULES)


@pytest.mark.parametrize("code", CASES)
def test_a_rule_finds_its_fault(code: str) -> None:
    found = [finding for finding in judged(CASES[code]["bad"]) if finding.code == code]
    assert CASES[code]["resource"] in {finding.resource for finding in found}
    assert all(finding.message and finding.remedy and finding.reason for finding in found)


@pytest.mark.parametrize("code", CASES)
def test_a_rule_lets_a_near_miss_pass(code: str) -> None:
    assert code not in codes(judged(CASES[code]["good"]))


def test_a_key_written_twice_is_found_in_json_and_yaml() -> None:
    yaml = "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n  Queue: {Type: AWS::SNS::Topic}\n"
    json = '{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}, "Q": {"Type": "AWS::SQS::Queue"}}}'
    (in_yaml,) = judged_text(yaml)
    (in_json,) = judged_text(json, "template.json")
    assert (in_yaml.code, in_yaml.line, in_yaml.resource) == (WRITTEN_TWICE, 3, "Queue")
    assert (in_json.code, in_json.resource) == (WRITTEN_TWICE, "Q")


@pytest.mark.parametrize("rule", ALL_RULES.values(), ids=lambda rule: rule.code)
def test_a_rule_says_what_why_whence_and_how_to_mend_it(rule) -> None:
    assert all((rule.title, rule.reason, rule.source, rule.remedy, rule.example))
    assert rule.code[0] in "FHC"


@pytest.mark.parametrize(
    "parameter", ["{Type: String}", "{Type: String, AllowedPattern: '^[a-z0-9.-]+$'}"]
)
@pytest.mark.parametrize(("below", "fits"), [("", False), ("/*", True), ("/in/*", True)])
def test_a_bucket_that_is_named_by_a_parameter_is_no_object(
    parameter: str, below: str, fits: bool
) -> None:
    found = judged_text(f"""
Parameters: {{Name: {parameter}}}
Resources:
  Reader:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: read
      Roles: [reader]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: s3:GetObject
            Resource: !Sub "arn:${{AWS::Partition}}:s3:::${{Name}}{below}"
""")
    assert ("C200" in codes(found)) is not fits
