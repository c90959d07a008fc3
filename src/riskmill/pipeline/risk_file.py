"""A risk file: what the runs of a firm ask of scenarios and measures, written down in TOML."""

import tomllib
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, get_args, get_type_hints

import msgspec

from riskmill.domain import DEFAULT_SHOCKS, RiskSpec, UsageError


def read_risk_file(raw: bytes) -> RiskSpec:
    """
    Read a risk file; what it does not name keeps its default.

    Keys are the fields of `RiskSpec`, tables those of `MonteCarloSpec` and `StressedSpec`, and
    `[shocks]` names the kind of some risk classes. Dates are TOML dates, confidences text.
    Raises `UsageError` (E489) for bytes that are no TOML, an unknown name, or a value of
    another type.
    """
    try:
        content = tomllib.loads(raw.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as cause:
        raise _refused(f"it is not TOML: {cause}") from cause
    _check_names(content, RiskSpec, "")
    for name, hint in get_type_hints(RiskSpec).items():
        for kind in filter(is_dataclass, (hint, *get_args(hint))):
            if isinstance(content.get(name), dict):
                _check_names(content[name], kind, f"{name}.")
    if isinstance(content.get("shocks"), dict):
        content["shocks"] = list({**dict(DEFAULT_SHOCKS), **content["shocks"]}.items())
    try:
        return msgspec.convert(content, RiskSpec, builtin_types=(date,))
    except msgspec.ValidationError as cause:
        raise _refused(str(cause)) from cause


def _check_names(table: dict[str, Any], kind: Any, prefix: str) -> None:
    known = {field.name for field in fields(kind)}
    for name in table:
        if name not in known:
            raise _refused(f"there is no option '{prefix}{name}'")


def _refused(problem: str) -> UsageError:
    return UsageError(
        "E489",
        f"the risk file cannot be used: {problem}",
        place="risk file",
        remedy="Correct it; docs/howto/choose-scenarios.md lists every option.",
    )
