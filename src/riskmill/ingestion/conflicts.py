"""Rows that say different things of one and the same thing: none of them is used."""

from collections.abc import Sequence

import polars as pl

from riskmill.domain import FailureReason
from riskmill.ingestion.layouts import Checked
from riskmill.ingestion.rules import Rule


def without_conflicts(
    checked: Checked, key: Sequence[str], *, file: str, subject: str, value: str = "value"
) -> Checked:
    """
    Take out all rows of a *key* with several values (E126), and repeats of one value (E119).

    *checked* has the columns of the key, the text in the column *value* and its `number`.
    """
    named = " and ".join(key)
    one = pl.struct(key)
    conflict = Rule(
        code="E126",
        reason=FailureReason.DUPLICATE,
        column=value,
        broken=pl.col("number").n_unique().over(key) > 1,
        says=f"Another row gives this {named} a value other than '{{value}}', so neither is used.",
    )
    again = Rule(
        code="E119",
        reason=FailureReason.DUPLICATE,
        column=key[-1],
        broken=~one.is_first_distinct(),
        says=f"An earlier row has the same {named}: '{{value}}'.",
    )
    for rule in (conflict, again):
        checked = checked.without(rule, file=file, subject=subject)
    return checked
