"""
The rule table: what a row must satisfy, and what is said where it does not.

A rule is an expression over the columns of a block, so a good row costs no
Python; a sentence is written only for a row that fails.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from riskmill.domain import Failure, FailureReason, InputRejected, Severity

RECORD, LINE = "record_", "line_"
"""Columns of a block's frame that hold each row's place."""
SHORTENED = 200
"""Characters of a raw value that a failure carries."""
MOST_FAILURES = 100_000
"""Failures of one file that are told apart; a file with more is refused as a whole."""
_SHOWN = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One thing that every row of a dataset must satisfy."""

    code: str
    reason: FailureReason
    column: str
    """Text column the rule is about; its cell is quoted in the failure."""
    broken: pl.Expr
    """True where a row breaks the rule; null counts as kept."""
    says: str
    """Full sentence; `{value}` becomes the cell."""
    severity: Severity = Severity.ERROR
    options: tuple[str, ...] = ()
    """The words that the cell may hold, where the rule is that it holds one of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A failure and what it is sorted by: its record, then its rule."""

    record: int
    order: int
    failure: Failure


def broken_rows(frame: pl.DataFrame, rules: Sequence[Rule]) -> pl.Series:
    """Whether each row of *frame* breaks any of the *rules*."""
    return frame.with_columns(
        broken_=pl.any_horizontal(rule.broken.fill_null(value=False) for rule in rules)
    )["broken_"]


def findings(
    frame: pl.DataFrame, rules: Sequence[Rule], *, file: str, subject: str
) -> list[Finding]:
    """
    Every rule that each row of *frame* breaks; *subject* is the column that names a row.

    Where there are more than `MOST_FAILURES`, more than that many and not all.
    """
    if frame.is_empty():
        return []
    broken = frame.with_columns(
        rule.broken.fill_null(value=False).alias(str(n)) for n, rule in enumerate(rules)
    )
    found = list[Finding]()
    for order, rule in enumerate(rules):
        rows = np.flatnonzero(broken[str(order)].to_numpy())[: MOST_FAILURES + 1]
        if len(rows) and len(found) <= MOST_FAILURES:
            found += _of_rule(frame[rows], rule, order, file, subject)
    return found


def too_many(file: str, first: Failure) -> InputRejected:
    """Refuse a file with more than `MOST_FAILURES` failures."""
    return InputRejected(
        "E031",
        f"'{file}' has more than {MOST_FAILURES} failures; one of them is {first.code}: "
        f"{first.message.rstrip('.')}",
        place=f"{file}, record {first.record}",
        remedy="Mend what the rows have in common, such as a shifted column, and deliver again.",
    )


def _of_rule(rows: pl.DataFrame, rule: Rule, order: int, file: str, subject: str) -> list[Finding]:
    cells = (rows[name].to_list() for name in (RECORD, LINE, subject, rule.column))
    return [
        Finding(
            record=record,
            order=order,
            failure=Failure(
                code=rule.code,
                reason=rule.reason,
                message=rule.says.format(value=value[:_SHOWN]),
                severity=rule.severity,
                file=file,
                record=record,
                line=line or None,
                subject=name[:SHORTENED],
                column=rule.column,
                value=value[:SHORTENED],
            ),
        )
        for record, line, name, value in zip(*cells, strict=True)
    ]
