"""What was found in a delivery, as a person reads it: a count a code, and the first places."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from riskmill.domain import Failure, RiskmillError

rows = click.option(
    "--rows",
    type=click.IntRange(min=0),
    default=3,
    show_default=True,
    metavar="N",
    help="Findings of each code that are shown; --json holds them all.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeCount:
    """How often one code was found."""

    code: str
    title: str
    severity: str
    """`error` took a row out; `warning` is shown only."""
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """Why the delivery as a whole cannot be used."""

    code: str
    message: str
    place: str
    remedy: str


def counted(failures: "Iterable[Failure]") -> tuple[CodeCount, ...]:
    """Count the failures of each code and severity, codes ascending."""
    from riskmill.runtime import CODES

    numbers = Counter((failure.code, failure.severity.value) for failure in failures)
    return tuple(
        CodeCount(code=code, title=CODES[code].title, severity=severity, count=number)
        for (code, severity), number in sorted(numbers.items())
    )


def refusal_of(error: "RiskmillError | None") -> Refusal | None:
    """Return a refusal in the form that JSON shows."""
    if error is None:
        return None
    return Refusal(code=error.code, message=error.message, place=error.place, remedy=error.remedy)


def write_findings(failures: "Sequence[Failure]", shown: int) -> None:
    """Write a table of codes with their counts, then the first *shown* findings of each."""
    from riskmill.cli.output import paragraph, write_columns, write_data

    counts = counted(failures)
    if not counts:
        return
    write_data("")
    write_columns(
        ("code", "severity", "count", "meaning"),
        [(one.code, one.severity, f"{one.count:,}", one.title) for one in counts],
    )
    for one in counts if shown else ():
        same = [f for f in failures if (f.code, f.severity.value) == (one.code, one.severity)]
        lines = [f"\n{one.code} {one.title}"]
        lines += [paragraph(f"{_place(failure)}{failure.message}") for failure in same[:shown]]
        if len(same) > shown:
            lines.append(f"  and {len(same) - shown:,} more; --json shows them all")
        write_data("\n".join(lines))


def _place(failure: "Failure") -> str:
    if not failure.file:
        return ""
    record = f" record {failure.record}" if failure.record and not failure.line else ""
    line = f" line {failure.line}" if failure.line else ""
    return f"{failure.file}{line}{record}: "
