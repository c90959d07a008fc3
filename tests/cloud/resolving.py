"""Resolves a template for given parameters as CloudFormation does: conditions, then functions."""

from collections.abc import Mapping
from typing import Any

GONE = object()
"""What a property becomes whose value is `AWS::NoValue`."""


def defaults(template: Mapping[str, Any]) -> dict[str, str]:
    """Give the default of every parameter that has one."""
    return {
        name: str(parameter["Default"])
        for name, parameter in template["Parameters"].items()
        if "Default" in parameter
    }


def holds(template: Mapping[str, Any], condition: Any, values: Mapping[str, str]) -> bool:
    """Whether a condition of a template or a rule holds for these parameters."""
    if isinstance(condition, str):
        return holds(template, template["Conditions"][condition], values)
    ((function, inner),) = condition.items()
    if function == "Fn::Equals":
        one, other = (values[v["Ref"]] if isinstance(v, Mapping) else str(v) for v in inner)
        return one == other
    if function == "Condition":
        return holds(template, inner, values)
    found = [holds(template, one, values) for one in inner]
    return {"Fn::And": all(found), "Fn::Or": any(found), "Fn::Not": not found[0]}[function]


def resolved(template: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """Give the resources that there would be, with every `Fn::If` decided."""
    return {
        logical_id: _decided(template, resource, values)
        for logical_id, resource in template["Resources"].items()
        if "Condition" not in resource or holds(template, resource["Condition"], values)
    }


def refused_by(template: Mapping[str, Any], values: Mapping[str, str]) -> list[str]:
    """Give what the rules say against these parameters, rules on zones and networks left out."""
    said = []
    for name, rule in template.get("Rules", {}).items():
        if name.startswith("Subnets"):
            continue
        if "RuleCondition" in rule and not holds(template, rule["RuleCondition"], values):
            continue
        said += [
            one["AssertDescription"]
            for one in rule["Assertions"]
            if not holds(template, one["Assert"], values)
        ]
    return said


def _decided(template: Mapping[str, Any], value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        found = [_decided(template, one, values) for one in value]
        return [one for one in found if one is not GONE]
    if not isinstance(value, Mapping):
        return value
    if value == {"Ref": "AWS::NoValue"}:
        return GONE
    if set(value) == {"Fn::If"}:
        condition, one, other = value["Fn::If"]
        chosen = one if holds(template, condition, values) else other
        return _decided(template, chosen, values)
    decided = {key: _decided(template, one, values) for key, one in value.items()}
    return {key: one for key, one in decided.items() if one is not GONE}
