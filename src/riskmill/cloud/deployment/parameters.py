"""What is asked for: the parameters of the stacks, judged before AWS hears of them."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from riskmill.cloud.rendering import TEMPLATES, render
from riskmill.domain import UsageError

ENVIRONMENT = "EnvironmentSuffix"
_OF_AWS = ("Fn::ValueOf", "Fn::RefAll", "Fn::EachMemberIn")
_ALWAYS = {"Fn::Equals": ["", ""]}


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a person asked for, by name of parameter; what is not here keeps its value."""

    environment: str
    given: Mapping[str, str]

    def stack(self, template: str) -> str:
        """Name of the stack of a template in this environment."""
        return f"riskmill-{template}-{self.environment}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """A template as it will be deployed."""

    name: str
    body: str

    @property
    def document(self) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
        """The template, read."""
        found: Mapping[str, Mapping[str, Mapping[str, object]]] = json.loads(self.body)
        return found

    @property
    def parameters(self) -> Mapping[str, Mapping[str, object]]:
        """Its parameters by name."""
        return self.document["Parameters"]

    @property
    def required(self) -> tuple[str, ...]:
        """Parameters that have no default."""
        return tuple(name for name, about in self.parameters.items() if "Default" not in about)

    @property
    def retained(self) -> Mapping[str, str]:
        """What stays when its stack is deleted: logical id and type."""
        return {
            name: str(resource["Type"])
            for name, resource in self.document["Resources"].items()
            if resource.get("DeletionPolicy") == "Retain"
        }

    def broken_rules(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """
        What the template's Rules say against these parameters, one sentence each.

        Rules about what AWS knows of a subnet are left to AWS, which is asked for them anyway.
        """
        known = self._complete(values)
        return tuple(
            str(assertion["AssertDescription"])
            for rule in self.rules
            for assertion in rule["Assertions"]
            if not any(name in json.dumps(assertion) for name in _OF_AWS)
            and _holds(rule.get("RuleCondition", _ALWAYS), {}, known)
            and not _holds(assertion["Assert"], {}, known)
        )

    @property
    def rules(self) -> "tuple[Mapping[str, Any], ...]":
        """The Rules that CloudFormation asks before it begins."""
        document: Mapping[str, Any] = json.loads(self.body)
        return tuple(document.get("Rules", {}).values())

    def _complete(self, values: Mapping[str, str]) -> Mapping[str, str]:
        return {
            name: values.get(name, str(about.get("Default", "")))
            for name, about in self.parameters.items()
        }

    def resources(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """Return logical id and type of each resource that there is with these parameters."""
        known = self._complete(values)
        conditions = self.document["Conditions"]
        return {
            name: str(resource["Type"])
            for name, resource in self.document["Resources"].items()
            if "Condition" not in resource or _holds(resource["Condition"], conditions, known)
        }


def _holds(condition: object, conditions: Mapping[str, object], values: Mapping[str, str]) -> bool:
    """Whether a condition, by name or written out, holds for these parameters."""
    if isinstance(condition, str):
        return _holds(conditions[condition], conditions, values)
    assert isinstance(condition, dict)
    ((function, inner),) = condition.items()
    if function == "Condition":
        return _holds(inner, conditions, values)
    if function == "Fn::Equals":
        one, other = (values[v["Ref"]] if isinstance(v, dict) else str(v) for v in inner)
        return bool(one == other)
    found = [_holds(one, conditions, values) for one in inner]
    return {"Fn::And": all(found), "Fn::Or": any(found), "Fn::Not": not found[0]}[function]


def template(name: str) -> Template:
    """Render the template *name*."""
    return Template(name=name, body=render(name))


def asked(environment: str, assignments: Iterable[str]) -> Asked:
    """
    Read `Name=value` assignments and the environment's name, and judge each by its parameter.

    Raises `UsageError`: E820 for a value that does not fit, E821 for a name that neither stack
    has, or that is given twice.
    """
    given: dict[str, str] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals or name in given:
            raise UsageError(
                "E821",
                f"'{assignment}' is no assignment" if not equals else f"{name} is given twice",
                place="--parameter",
                remedy="Write --parameter Name=value, once for each name.",
            )
        given[name] = value
    known = {name: about for one in TEMPLATES for name, about in template(one).parameters.items()}
    if unknown := sorted(given.keys() - known.keys()):
        raise UsageError(
            "E821",
            f"no stack has the parameter {unknown[0]}",
            place="--parameter",
            remedy=f"Choose from: {', '.join(sorted(known))}.",
        )
    if given.get(ENVIRONMENT, environment) != environment:
        raise UsageError(
            "E820",
            "the environment is named twice, differently",
            place="--environment",
            remedy="Leave EnvironmentSuffix out; --environment sets it.",
        )
    for name, value in {**given, ENVIRONMENT: environment}.items():
        _judge(name, value, known[name])
    return Asked(environment=environment, given=given)


def _judge(name: str, value: str, about: Mapping[str, object]) -> None:
    if not _fits(value, about):
        raise UsageError(
            "E820",
            f"'{value}' does not fit {name}",
            place="--environment" if name == ENVIRONMENT else f"--parameter {name}",
            remedy=_what_fits(about),
        )


def _fits(value: str, about: Mapping[str, object]) -> bool:
    values = about.get("AllowedValues")
    if isinstance(values, list) and value not in {str(one) for one in values}:
        return False
    if re.fullmatch(str(about.get("AllowedPattern", r"[\s\S]*")), value) is None:
        return False
    return about["Type"] != "Number" or _within(value, about)


def _within(value: str, about: Mapping[str, object]) -> bool:
    if re.fullmatch(r"-?\d{1,12}", value) is None:
        return False
    least, most = (int(str(about.get(bound, value))) for bound in ("MinValue", "MaxValue"))
    return least <= int(value) <= most


def _what_fits(about: Mapping[str, object]) -> str:
    if said := about.get("ConstraintDescription"):
        return str(said)
    if isinstance(values := about.get("AllowedValues"), list):
        return f"One of: {', '.join(str(one) for one in values)}."
    if about["Type"] == "Number":
        return f"A whole number from {about.get('MinValue')} to {about.get('MaxValue')}."
    return str(about.get("Description", ""))
