"""The rendered stacks as the tests read them."""

import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any

from riskmill.cloud import OPTIONAL_TEMPLATES, TEMPLATES, render

STACKS: Mapping[str, Any] = {name: json.loads(render(name)) for name in TEMPLATES}
ALL: Mapping[str, Any] = {
    **STACKS,
    **{name: json.loads(render(name)) for name in OPTIONAL_TEMPLATES},
}
RESOURCES: Mapping[str, Any] = {
    logical_id: resource
    for stack in STACKS.values()
    for logical_id, resource in stack["Resources"].items()
}


def of_type(kind: str) -> Mapping[str, Any]:
    """Give the properties of every resource of a type, by logical id."""
    return {
        logical_id: resource["Properties"]
        for logical_id, resource in RESOURCES.items()
        if resource["Type"] == kind
    }


def statements(role: str) -> list[Any]:
    """Give every statement of a role."""
    return [
        statement
        for policy in of_type("AWS::IAM::Role")[role]["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def texts(value: Any) -> Iterator[str]:
    """Give every text in a template, keys included."""
    if isinstance(value, Mapping):
        yield from itertools.chain.from_iterable(texts(one) for one in (*value, *value.values()))
    elif isinstance(value, list):
        yield from itertools.chain.from_iterable(texts(one) for one in value)
    elif isinstance(value, str):
        yield value


def as_list(value: Any) -> list[Any]:
    """Return a value that may stand alone or in a list as a list."""
    return value if isinstance(value, list) else [value]


def watched_metrics(alarm: Any) -> list[Any]:
    """Give every metric that an alarm watches, alone or in an expression."""
    queries = [one for one in alarm.get("Metrics", []) if "MetricStat" in one]
    return [one["MetricStat"]["Metric"] for one in queries] or [alarm]
