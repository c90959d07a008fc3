"""Which resources an IAM action can be limited to, from `iam_actions.json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, kw_only=True, slots=True)
class Actions:
    """The actions of one service, in lower case."""

    arns: Mapping[str, tuple[str, ...]]
    """Action and the shapes of ARN it can be limited to; empty where it accepts only `*`."""


@cache
def actions_of(service: str) -> Actions | None:
    """Return the actions of an IAM prefix such as `sqs`; None where they are not in the table."""
    entry = _table().get(service)
    if entry is None:
        return None
    return Actions(
        arns={
            action: tuple(entry["arns"][kind] for kind in kinds.split())
            for kinds, names in entry["actions"].items()
            for action in names.split()
        }
    )


@cache
def _table() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    text = files("riskmill.cloud.check.facts").joinpath("iam_actions.json").read_text("utf-8")
    table: Mapping[str, Mapping[str, Mapping[str, str]]] = json.loads(text)["services"]
    return table
