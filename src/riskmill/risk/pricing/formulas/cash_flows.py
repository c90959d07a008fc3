"""Bonds and swaps: amounts times discount factors."""

from collections.abc import Sequence

from riskmill.risk.pricing.dual import Real


def present_value(amounts: Sequence[Real], discount_factors: Sequence[Real]) -> Real:
    """
    Sum of amounts times the discount factors of their dates, in the order given.

    Raises `ValueError` where the two do not have the same length.
    """
    total: Real = 0.0
    for amount, discount in zip(amounts, discount_factors, strict=True):
        total = total + amount * discount
    return total
