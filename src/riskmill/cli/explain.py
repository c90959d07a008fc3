"""`riskmill explain`: what a code means and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from riskmill.cli import options

if TYPE_CHECKING:
    from riskmill.domain import Code


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """One code as JSON."""

    code: str
    title: str
    cause: str
    remedy: str
    example: str


@click.command("explain", short_help="Say what a code means and what to do about it.")
@click.argument("code", metavar="[CODE]", required=False)
@options.as_json
def command(code: str | None, as_json: bool) -> None:
    """Say what CODE means, why it matters and how to mend it; without CODE list all codes."""
    from riskmill.cli.output import write_data, write_json, write_table

    known = all_codes()
    if code is None:
        found = [_explanation(name, known[name]) for name in sorted(known)]
    else:
        found = [_explanation(code.upper(), _find(known, code.upper()))]
    if as_json:
        write_json(found if code is None else found[0])
    elif code is None:
        write_table(("code", "meaning"), [(one.code, one.title) for one in found])
    else:
        write_data(_worded(found[0]))


def all_codes() -> "Mapping[str, Code]":
    """Return every code that riskmill can give, the command line's own included."""
    from riskmill.cli.codes import CODES
    from riskmill.cloud import CODES as CODES_OF_THE_CLOUD
    from riskmill.runtime import CODES as CODES_OF_THE_ROOMS

    return {**CODES_OF_THE_ROOMS, **CODES_OF_THE_CLOUD, **CODES}


def _find(known: "Mapping[str, Code]", code: str) -> "Code":
    from riskmill.domain import UsageError

    if code in known:
        return known[code]
    raise UsageError(
        "E704",
        f"'{code}' is not a code of riskmill",
        place="riskmill explain",
        remedy="`riskmill explain` without a code lists them all.",
    )


def _explanation(name: str, code: "Code") -> Explanation:
    return Explanation(
        code=name, title=code.title, cause=code.cause, remedy=code.remedy, example=code.example
    )


def _worded(explanation: Explanation) -> str:
    return (
        f"{explanation.code}: {explanation.title}\n\n"
        f"{explanation.cause}\n\n"
        f"To mend it: {explanation.remedy}\n"
        f"Example: {explanation.example}"
    )
