"""Findings, suppressions and SARIF."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmill.cloud import ALL_RULES, check_template, sarif
from riskmill.cloud.check.globs import can_meet
from riskmill.domain import UsageError
from tests.cloud.check.conftest import CASES, cases, codes, judged

SEED = Path(__file__).with_name("seed.json").read_text(encoding="utf-8")
ODD = {"Type": "AWS::SQS::Queue", "Properties": {"FifoQueue": True, "QueueName": "work"}}
REASON = "The name is given by another team."


def _waived(waiver: dict[str, str], where: str) -> set[str]:
    metadata = {"riskmill": {"suppress": [waiver]}}
    queue = {**ODD, "Metadata": metadata} if where == "resource" else ODD
    template: dict[str, object] = {"Resources": {"Queue": queue}}
    if where == "template":
        template["Metadata"] = metadata
    return codes(judged(template))


@pytest.mark.parametrize("where", ["resource", "template"])
def test_a_suppression_with_a_reason_waives_its_code(where: str) -> None:
    assert _waived({"code": "C240", "reason": REASON}, where) == set()


def test_a_suppression_of_the_template_can_be_limited_to_a_resource() -> None:
    assert _waived({"code": "C240", "reason": REASON, "resource": "Queue"}, "template") == set()
    other = _waived({"code": "C240", "reason": REASON, "resource": "Other"}, "template")
    assert other == {"C240", "C111"}


@pytest.mark.parametrize("waiver", [{"code": "C240"}, {"code": "C240", "reason": "  "}])
def test_a_suppression_without_a_reason_waives_nothing_and_is_found(waiver: dict[str, str]) -> None:
    assert _waived(waiver, "resource") == {"C240", "C110"}


def test_a_suppression_of_nothing_is_found() -> None:
    assert _waived({"code": "H10", "reason": REASON}, "resource") == {"C240", "C111"}


@pytest.mark.parametrize("suppress", [None, "C240", 7, [None], [[]], {"code": []}])
def test_a_suppression_of_another_shape_does_no_harm(suppress: object) -> None:
    queue = {**ODD, "Metadata": {"riskmill": {"suppress": suppress}}}
    assert "C240" in codes(judged({"Queue": queue}))


def test_a_finding_says_under_which_parameters_it_is_so() -> None:
    template = {
        "Parameters": {"Kind": {"Type": "String", "Default": "plain"}},
        "Conditions": {"Fifo": {"Fn::Equals": [{"Ref": "Kind"}, "fifo"]}},
        "Resources": {
            "Queue": {
                "Type": "AWS::SQS::Queue",
                "Properties": {"QueueName": "q", "FifoQueue": {"Fn::If": ["Fifo", True, False]}},
            }
        },
    }
    (finding,) = judged(template)
    assert (finding.code, finding.when) == ("C240", "Kind is 'fifo'")


def test_the_same_template_gives_the_same_findings_in_the_order_of_lines() -> None:
    first, second = (check_template(SEED.encode(), "seed.json") for _ in range(2))
    assert first == second
    assert [f.line for f in first] == sorted(f.line for f in first)


SARIF_SHAPE = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "required": ["tool", "results"],
                "properties": {
                    "tool": {"required": ["driver"]},
                    "results": {
                        "items": {
                            "required": ["message", "ruleId", "ruleIndex", "level", "locations"],
                            "properties": {
                                "level": {"enum": ["error", "warning", "note", "none"]},
                                "message": {"required": ["text"]},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                            },
                        }
                    },
                },
            },
        },
    },
}
"""What SARIF 2.1.0 asks of the parts that are written here."""


def test_sarif_has_a_rule_for_each_result_and_a_place_in_the_file() -> None:
    findings = check_template(SEED.encode(), "a dir/seed.json")
    written = json.loads(json.dumps(sarif(findings, "1.0")))
    jsonschema.validate(written, SARIF_SHAPE)
    (run,) = written["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(findings)
    for result, finding in zip(run["results"], findings, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.code
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "a%20dir/seed.json"
        assert place["region"]["startLine"] == finding.line


HOSTILE = {
    "openings": {"Type": "AWS::SQS::Queue", "Properties": {"X": {"Fn::Sub": "${" * 100_000}}},
    "lookups": {"Type": "AWS::SQS::Queue", "Properties": {"X": "{{resolve:" * 50_000}},
    "braces": {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {"DefinitionString": "{" * 100_000},
    },
    "brackets": {"Type": "AWS::CloudWatch::Dashboard", "Properties": {"DashboardBody": "[" * 9999}},
    "digits": {
        "Type": "AWS::Events::Rule",
        "Properties": {"ScheduleExpression": f"rate({'1' * 5000} days)"},
    },
    "stars": {
        "Type": "AWS::IAM::Policy",
        "Properties": {
            "PolicyDocument": {
                "Statement": {
                    "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:" + "*a" * 5000,
                }
            }
        },
    },
}  # fmt: skip
"""Texts that make a careless reader slow, deep or large."""


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_text_is_judged_like_any_other(kind: str) -> None:
    assert judged({"Thing": HOSTILE[kind]}) is not None


ODDITIES = st.sampled_from(
    [None, True, 0, -1, 10**18, "", "x", "*", "arn:aws:s3:::a", [], {}, [[]], [None], {"Ref": "X"},
     {"Ref": []}, {"Fn::If": ["Y", 1]}, {"Fn::Sub": 7}, {"Fn::GetAtt": []}, {"Fn::Join": "a"},
     {"Fn::Select": ["a", "b"]}, {"Fn::Transform": {}}, {"Fn::Split": [None, None]}]
)  # fmt: skip


def _places(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    children = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [path] * bool(path) + [
        p for key, child in children for p in _places(child, (*path, key))
    ]


def _replaced(template: object, path: tuple[object, ...], value: object) -> object:
    copy = json.loads(json.dumps(template))
    inner = copy
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return copy


FAULTY = [case["bad"] for case in cases().values()]
TEMPLATES = [
    *(template if "Resources" in template else {"Resources": template} for template in FAULTY),
    json.loads(SEED),
]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_spoilt_template_gives_findings_or_a_told_error(data: st.DataObject) -> None:
    template = data.draw(st.sampled_from(TEMPLATES))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(_places(template)))
        template = _replaced(template, path, data.draw(ODDITIES))
        if not _places(template):
            break
    try:
        said = codes(check_template(json.dumps(template).encode(), "a.json"))
    except UsageError as error:
        said = {error.code}
    assert said <= {*ALL_RULES, "E753", "E754", "E755"}


@given(st.text("ab:/*#~?", max_size=8), st.text("ab:/", max_size=8))
def test_a_pattern_meets_a_text_exactly_where_it_matches(pattern: str, text: str) -> None:
    marks = {"*": ".*", "#": "[^:/]*", "~": "[^:]*", "?": "."}
    expression = "".join(marks.get(mark, re.escape(mark)) for mark in pattern)
    assert can_meet(pattern, text) == bool(re.fullmatch(expression, text))
    assert can_meet(text, pattern) == can_meet(pattern, text)


def test_every_case_file_is_read() -> None:
    assert len(list(CASES.glob("*.yaml"))) == 4
