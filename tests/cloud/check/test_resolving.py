"""What a value will be, as far as it can be known, and in which worlds."""

import pytest

from riskmill.cloud.check.reading import read
from riskmill.cloud.check.values import Map, hole, shown
from riskmill.cloud.check.world import worlds

TEMPLATE = """
Parameters:
  Env: {Type: String, Default: dev, AllowedValues: [dev, prod]}
  Name: {Type: String}
  Empty: {Type: String, Default: ''}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /a/b}
  Zones: {Type: CommaDelimitedList, Default: 'a, b'}
Mappings: {Sizes: {dev: {cpu: 1}, prod: {cpu: 4}}}
Conditions:
  Prod: !Equals [!Ref Env, prod]
  Not: !Not [!Condition Prod]
  Here: !Equals [!Ref 'AWS::Region', eu-west-1]
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      Value: %s
"""


def _values(expression: str) -> list[str]:
    sections = read((TEMPLATE % expression).encode(), "a.yaml")
    return [shown(world.resources["Queue"].properties.get("Value")) for world in worlds(sections)]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("!Ref Env", "dev"),
        ("!Sub 'a-${Env}-${Name}'", "a-dev-${Name}"),
        ("!Sub ['${X}${!Y}', {X: 1}]", "1${Y}"),
        ("!Ref Empty", "${Empty}"),
        ("!Ref Stored", "${Stored}"),
        ("!Ref Zones", "[a, b]"),
        ("!Select [1, !Ref Zones]", "b"),
        ("!Select [9, !Ref Zones]", '${{"Fn::Select": [9, {"Ref": "Zones"}]}}'),
        ("!Join ['/', [a, !Ref Name, !GetAtt Queue.Arn]]", "a/${Name}/${Queue.Arn}"),
        ("!FindInMap [Sizes, !Ref Env, cpu]", "1"),
        ("!Split [':', !Ref Name]", '${{"Fn::Split": [":", {"Ref": "Name"}]}}'),
        ("!Split ['-', 'a-b']", "[a, b]"),
        ("!ImportValue other", "${other}"),
        ("'{{resolve:ssm:/a}}'", "${{{resolve:ssm:/a}}}"),
        ("!If [Prod, a, !Ref 'AWS::NoValue']", ""),
        ("!ToJsonString {a: 1}", '{"a":1}'),
        ("[1, !If [Prod, 2, !Ref 'AWS::NoValue'], 3]", "[1, 3]"),
    ],
)
def test_a_value_is_worked_out_in_the_world_of_the_defaults(expression: str, value: str) -> None:
    assert _values(expression)[0] == value


def test_each_condition_is_met_both_ways() -> None:
    assert set(_values("!If [Prod, big, small]")) == {"big", "small"}
    assert set(_values("!If [Here, near, far]")) == {"near", "far"}


def test_conditions_never_contradict_each_other() -> None:
    assert set(_values("!If [Prod, !If [Not, wrong, right], small]")) == {"right", "small"}


def test_a_mapping_follows_the_parameter_of_its_world() -> None:
    assert set(_values("!If [Prod, !FindInMap [Sizes, !Ref Env, cpu], 0]")) == {"4", "0"}


def test_a_condition_that_cannot_be_known_is_taken_both_ways() -> None:
    text = """
Parameters: {A: {Type: String}, B: {Type: String}}
Conditions: {Same: !Equals [!Ref A, !Ref B]}
Resources: {Queue: {Type: AWS::SQS::Queue, Properties: {Value: !If [Same, 1, 2]}}}
"""
    found = [w.resources["Queue"].properties["Value"] for w in worlds(read(text.encode(), "a"))]
    assert sorted(found) == [1, 2]


def test_equal_unknowns_are_equal_and_a_separator_hides_in_none() -> None:
    one = hole("p", "AWS::Region.x/y")
    assert one == hole("p", "AWS::Region.x/y")
    assert not set(":/.,") & set(one)
    assert shown(one) == "${AWS::Region.x/y}"


def test_marks_of_holes_in_a_template_stand_for_nothing() -> None:
    text = 'Resources: {A: {Type: AWS::SQS::Queue, Properties: {V: "\ue000pX\ue001"}}}'
    value = worlds(read(text.encode(), "a"))[0].resources["A"].properties["V"]
    assert "\ue000" not in str(value)


def test_an_open_mapping_lacks_nothing() -> None:
    mapping = Map()
    assert mapping.lacks("a")
    mapping.open = True
    assert not mapping.lacks("a")
