"""Control totals: exact sums of a text column by currency."""

from collections.abc import Mapping
from decimal import Context, Decimal

import polars as pl

_PLAIN = r"^[0-9]{1,18}(\.[0-9]{1,6})?$"
"""Numbers that fit the exact column type; the few others are added one by one."""
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?$"

_EXACT = Context(prec=400)


def added(one: Mapping[str, Decimal], other: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Add two sums by currency without rounding."""
    totals = dict(one)
    for currency, amount in other.items():
        totals[currency] = _EXACT.add(totals.get(currency, Decimal(0)), amount)
    return totals


def notional_by_currency(frame: pl.DataFrame) -> Mapping[str, Decimal]:
    """Sum `notional` by the text of `currency`, exactly; cells that are no number are left out."""
    cells = frame.select("currency", "notional").with_columns(
        plain=pl.col("notional").str.contains(_PLAIN)
    )
    exact = pl.col("notional").cast(pl.Decimal(38, 6))
    sums = cells.filter("plain").group_by("currency", maintain_order=True).agg(exact.sum())
    totals: dict[str, Decimal] = dict(sums.iter_rows())
    unusual = cells.filter(~pl.col("plain") & pl.col("notional").str.contains(_NUMBER))
    for currency, notional, _ in unusual.iter_rows():
        totals = added(totals, {currency: Decimal(notional)})
    return totals
