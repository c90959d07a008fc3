"""What a check is, and how a batch's policy turns it on, off and tighter."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from riskmill.domain import BatchPolicy, Failure, FailureReason, QualityRule, Severity

WARN, FAIL, OFF = "warn", "fail", "off"
ACTIONS = (WARN, FAIL, OFF)
MOST_TOLD = 1_000
"""Findings of one check that are told apart; the others have the same cause and are counted."""
DAYS = "business days"
"""Unit of a limit that is a whole number; a business day is a weekday here."""

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Check(Generic[T]):
    """One thing that can be odd about market data."""

    code: str
    look: Callable[[T, float], Iterator[Failure]]
    """Gives a warning for each find beyond the limit."""
    limit: float = 0.0
    """Usual limit, from which the check speaks; a policy may set another."""
    unit: str = ""
    """Unit of the limit; empty where the check has none."""
    least: float = 0.0
    """Lowest limit that makes sense."""


def found_by(checks: Mapping[str, Check[T]], policy: BatchPolicy, subject: T) -> Iterator[Failure]:
    """Every warning of the *checks* that the *policy* does not turn off, check by check."""
    for name, check in checks.items():
        rule = policy.quality.get(name, QualityRule(action=WARN))
        if rule.action != OFF:
            limit = check.limit if rule.limit is None else rule.limit
            yield from _told(check.look(subject, limit))


def warning(
    code: str,
    reason: FailureReason,
    message: str,
    *,
    file: str,
    record: int | None = None,
    line: int | None = None,
    subject: str = "",
    column: str = "",
    value: str = "",
) -> Failure:
    """Put what a check found into words; the datum stays in use."""
    return Failure(
        code=code,
        reason=reason,
        message=message,
        severity=Severity.WARNING,
        file=file,
        record=record,
        line=line,
        subject=subject,
        column=column,
        value=value,
    )


def _told(found: Iterator[Failure]) -> Iterator[Failure]:
    last = None
    for last in islice(found, MOST_TOLD):
        yield last
    untold = sum(1 for _ in found)
    if last and untold:
        yield warning(
            last.code,
            last.reason,
            f"The same was found {untold} more times; only the first {MOST_TOLD} are listed.",
            file=last.file,
        )
