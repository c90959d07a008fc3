"""JSON and YAML as CloudFormation reads them; whatever is no template is told, never thrown."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmill.cloud import ALL_RULES, check_template
from riskmill.cloud.check.reading import LARGEST, read
from riskmill.cloud.check.values import at
from riskmill.domain import UsageError
from tests.cloud.check.conftest import codes

SHORT = """
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      A: !Ref Queue
      B: !GetAtt Queue.Arn
      C: !Sub '${Queue}-x'
      D: !If [Yes, 1, !Ref 'AWS::NoValue']
      E: !Join ['', [a, !Select [0, !Split [',', 'b,c']]]]
      F: 2012-10-17
      G: 012345678901
      H: 0755
      I: 1.50
      J: yes
      K: true
      L: "7"
      M: 1e5
      N: !GetAtt [Queue, Arn]
"""


def _property(name: str) -> object:
    return at(read(SHORT.encode(), "a.yaml"), "Resources", "Queue", "Properties", name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("A", {"Ref": "Queue"}),
        ("B", {"Fn::GetAtt": ["Queue", "Arn"]}),
        ("C", {"Fn::Sub": "${Queue}-x"}),
        ("D", {"Fn::If": ["Yes", 1, {"Ref": "AWS::NoValue"}]}),
        ("E", {"Fn::Join": ["", ["a", {"Fn::Select": [0, {"Fn::Split": [",", "b,c"]}]}]]}),
        ("F", "2012-10-17"),
        ("G", "012345678901"),
        ("H", "0755"),
        ("I", 1.5),
        ("J", "yes"),
        ("K", True),
        ("L", "7"),
        ("M", "1e5"),
        ("N", {"Fn::GetAtt": ["Queue", "Arn"]}),
    ],
)
def test_a_value_is_read_as_cloudformation_reads_it(name: str, value: object) -> None:
    found = _property(name)
    assert found == value
    assert type(found) is type(value) or isinstance(value, dict)


def test_json_and_yaml_of_one_template_are_one_value() -> None:
    template = read(SHORT.encode(), "a.yaml")
    text = json.dumps(template, indent=1)
    assert read(text.encode(), "a.json") == template


@pytest.mark.parametrize("lead", ["\ufeff", "\n\n", ""])
def test_lines_are_counted_from_the_top_of_the_file(lead: str) -> None:
    text = lead + '{\n "Resources": {\n  "K": {"Type": "AWS::KMS::Alias",\n   "Properties":\n'
    text += '    {"AliasName": "batch"}}}}'
    (finding,) = check_template(text.encode(), "a.json")
    assert finding.line == 5 + lead.count("\n")


KNOT = "Resources: {A: {Type: 'AWS::S3::Bucket', Properties: &k [*k]}}"
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "\n".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
DEEP = "[" * 3000 + "]" * 3000


@pytest.mark.parametrize(
    ("raw", "name", "code"),
    [
        (b"\xff\xfe\x00", "a.yaml", "E751"),
        (b" " * (LARGEST + 1), "a.yaml", "E752"),
        (b"", "a.yaml", "E753"),
        (b"just text", "a.yaml", "E753"),
        (b"[1, 2]", "a.json", "E753"),
        (b"Resources: []", "a.yaml", "E753"),
        (b"Resources: {a: {Type: x}}", "a.yaml", "E753"),
        (b'{"Resources": {', "a.json", "E754"),
        (b'{"Resources": NaN}', "a.json", "E754"),
        (b"a: b: c", "a.yaml", "E754"),
        (b"a: 1\n---\nb: 2\n", "a.yaml", "E754"),
        (b"\x00\x01", "a.yaml", "E754"),
        (b"a: *nobody", "a.yaml", "E755"),
        (KNOT.encode(), "a.yaml", "E755"),
        (BOMB.encode(), "a.yaml", "E755"),
        (b'{"Resources": ' + DEEP.encode() + b"}", "a.json", "E754"),
        (b"Resources: " + DEEP[:800].encode(), "a.yaml", "E755"),
        (b'{"a": ' + b"9" * 5000 + b"}", "a.json", "E754"),
    ],
)
def test_what_is_no_template_is_told_with_code_and_place(raw: bytes, name: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_template(raw, name)
    assert caught.value.code == code
    assert name in caught.value.place
    assert caught.value.remedy


@settings(max_examples=200)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_findings_or_a_told_error(raw: bytes) -> None:
    try:
        said = codes(check_template(raw, "a.yaml"))
    except UsageError as error:
        said = {error.code}
    assert said <= {*ALL_RULES, "E751", "E753", "E754", "E755"}
