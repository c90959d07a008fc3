"""Templates as text: readable, in a fixed order, and small enough to be deployed as they are."""

import json
from collections.abc import Mapping

from riskmill.domain import UsageError

TEMPLATES = ("foundation", "workload")
"""The two stacks, in the order of their deployment."""
OPTIONAL_TEMPLATES = ("endpoints",)
"""For a VPC without NAT: between the two."""
LARGEST = 51_200
"""Bytes that CloudFormation takes as a template body."""
_WIDTH = 200
"""A value that fits in a line of this width stays on it."""
_DEEPEST = 3
"""Below this depth everything stays on one line: blanks count against the limit, too."""


def render(name: str) -> str:
    """
    Return the template of the stack *name* as JSON text, the same bytes each time.

    Raises `UsageError`: E760 for an unknown stack, E761 for one that CloudFormation would
    refuse for its size, E762 where the extra `cloud` is not installed.
    """
    try:
        text = _laid_out(_template(name), 0) + "\n"
    except ModuleNotFoundError as missing:
        raise UsageError(
            "E762",
            f"stacks are rendered with {missing.name}, which is not installed",
            place=name,
            remedy="Install riskmill with its extra: pip install 'riskmill[cloud]'.",
        ) from missing
    if len(text.encode()) > LARGEST:
        raise UsageError(
            "E761",
            f"the template '{name}' has {len(text.encode()):,} bytes, of at most {LARGEST:,}",
            place=name,
            remedy="Make the stack smaller, or split it.",
        )
    return text


def rendered_size(name: str) -> int:
    """Bytes of the template as it is deployed."""
    return len(render(name).encode())


def _template(name: str) -> object:
    # troposphere comes with the extra `cloud` and is loaded only where a template is rendered.
    if name == "foundation":
        from riskmill.cloud.foundation import foundation

        return foundation().to_dict()
    if name == "workload":
        from riskmill.cloud.workload import workload

        return workload().to_dict()
    if name == "endpoints":
        from riskmill.cloud.endpoints import endpoints

        return endpoints().to_dict()
    raise UsageError(
        "E760",
        f"there is no stack '{name}'",
        place=name,
        remedy=f"Ask for one of: {', '.join((*TEMPLATES, *OPTIONAL_TEMPLATES))}.",
    )


def _laid_out(value: object, depth: int) -> str:
    """JSON with a line for whatever fits on one."""
    flat = json.dumps(value, separators=(",", ":"), ensure_ascii=True)
    fits = len(flat) + depth <= _WIDTH or depth > _DEEPEST
    if fits or not isinstance(value, dict | list):
        return flat
    if isinstance(value, Mapping):
        inner = [f"{json.dumps(key)}:{_laid_out(one, depth + 1)}" for key, one in value.items()]
        opening, closing = "{}"
    else:
        inner = [_laid_out(one, depth + 1) for one in value]
        opening, closing = "[]"
    margin = " " * min(depth + 1, 3)
    lines = f",\n{margin}".join(inner)
    return f"{opening}\n{margin}{lines}\n{' ' * min(depth, 3)}{closing}"
