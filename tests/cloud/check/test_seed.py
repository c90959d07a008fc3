"""The template that the project began with: every fault that keeps it from working is named."""

import json
import re
from pathlib import Path

import pytest
import yaml

from riskmill.cloud import check_template

SEED = Path(__file__).with_name("seed.json").read_bytes()
SERVICES = {"DataIngestionService", "RiskCalculationService", "ReportGenerationService"}
TASKS = {
    "DataIngestionTaskDefinition",
    "RiskCalculationTaskDefinition",
    "ReportGenerationTaskDefinition",
}
REPOSITORIES = {
    "DataIngestionRepository",
    "RiskCalculationRepository",
    "ReportGenerationRepository",
}
POLICIES = {
    "DataIngestionScalingPolicy", "RiskCalculationScalingPolicy", "ReportGenerationScalingPolicy",
}  # fmt: skip
FAULTS = {
    "F1": SERVICES,
    "F2": SERVICES,
    "F3": SERVICES,
    "F4": {"S3EventRule"},
    "F5": {"TaskRole", "RiskCalculationService", "ReportGenerationService"},
    "H1": {"TaskFailureAlarm"},
    "H2": {"TaskFailureAlarm"},
    "H3": {"TaskFailureAlarm"},
    "H4": {"S3EventRule"},
    "H5": {"S3EventRule"},
    "H6": {"S3EventRule"},
    "H7": {"DataIngestionService"},
    "H8": POLICIES,
    "H9": TASKS,
    "H10": SERVICES,
    "H11": SERVICES,
    "H12": TASKS | REPOSITORIES,
    "H13": REPOSITORIES,
    "H14": {"TaskRole"},
    "H15": {"TaskRole"},
}
"""Each fault of the seed and the resources that have it."""


@pytest.fixture(scope="module")
def found() -> dict[str, set[str]]:
    by_code: dict[str, set[str]] = {}
    for finding in check_template(SEED, "seed.json"):
        by_code.setdefault(finding.code, set()).add(finding.resource)
    return by_code


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_is_named_on_the_resources_that_have_it(
    code: str, found: dict[str, set[str]]
) -> None:
    assert found[code] == FAULTS[code]


def test_the_seed_as_yaml_has_the_same_faults(found: dict[str, set[str]]) -> None:
    text = re.sub(
        r"\n( *)Ref: ([\w:]+)(?=\n)",
        r" !Ref '\2'",
        yaml.safe_dump(json.loads(SEED), sort_keys=False),
    )
    assert "!Ref" in text
    by_code: dict[str, set[str]] = {}
    for finding in check_template(text.encode(), "seed.yaml"):
        by_code.setdefault(finding.code, set()).add(finding.resource)
    assert by_code == found


def test_nothing_else_is_called_an_error(found: dict[str, set[str]]) -> None:
    others = {
        finding.code for finding in check_template(SEED, "seed.json") if finding.severity == "error"
    }
    assert others - set(FAULTS) == set()


def test_each_finding_points_at_its_line() -> None:
    lines = SEED.decode().splitlines()
    for finding in check_template(SEED, "seed.json"):
        last = [step for step in finding.path.split("/") if not step.isdigit()][-1]
        nearby = lines[finding.line - 1]
        assert last in nearby or finding.resource in nearby or "{" in nearby, finding


EDITS = {
    "F1": ('"PlacementStrategies"', '"Tags"'),
    "F4": ('"Id": "DataIngestionTask",', '"Id": "DataIngestionTask", "Input": "{}",'),
    "H1": ('"MetricName": "TasksFailed"', '"MetricName": "CPUUtilization"'),
    "H2": ("exceeds 5%", "exceeds five"),
    "H3": ('"AlarmName"', '"AlarmActions": ["arn:aws:sns:x"], "AlarmName"'),
    "H10": ('"DesiredCount": ', '"MaxTaskCount": '),
    "H11": (
        '"LaunchType": "FARGATE"',
        '"CapacityProviderStrategy": [{"CapacityProvider": "FARGATE"}]',
    ),
    "H13": ('\\"tagStatus\\":\\"any\\"', '\\"tagStatus\\":\\"untagged\\"'),
    "H14": ('"s3:GetObject",', '"s3:GetObject", "kms:Decrypt",'),
    "H15": ('"s3:PutObjectAcl"', '"s3:GetObject"'),
}
"""One edit each that mends a fault."""


@pytest.mark.parametrize("code", EDITS)
def test_a_fault_that_is_mended_is_named_no_longer(code: str) -> None:
    before, after = EDITS[code]
    text = SEED.decode()
    assert before in text
    mended = check_template(text.replace(before, after).encode(), "seed.json")
    assert code not in {finding.code for finding in mended}
    assert mended
