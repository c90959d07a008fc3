"""Confidence levels, kept exact: with floats, 100 x (1 - 0.99) is more than 1."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from riskmill.domain import UsageError

Confidence = Decimal | str | float
"""
Strictly between 0 and 1: `Decimal("0.99")`, `"0.99"`, or the float that is written 0.99.

A float is taken for the decimal it is written as, so 0.99 means 99/100 and not the binary
number beside it; one that needs more than nine decimals is the trace of a calculation.
"""

FLOAT_DECIMALS = 9


def exact_confidence(confidence: Confidence) -> Fraction:
    """
    The confidence as an exact fraction.

    Raises `UsageError` (E452) for anything but a decimal between 0 and 1, its text, or a float
    written with at most nine decimals.
    """
    if isinstance(confidence, bool) or not isinstance(confidence, Decimal | str | float):
        raise _refused(confidence)
    return _exact(confidence)


@lru_cache(maxsize=256, typed=True)
def _exact(confidence: Confidence) -> Fraction:
    """Of the same type and value it is always the same."""
    text = repr(float(confidence)) if isinstance(confidence, float) else confidence
    try:
        number = Decimal(text)
    except InvalidOperation as cause:
        raise _refused(confidence) from cause
    if not number.is_finite() or not 0 < number < 1:
        raise _refused(confidence)
    if isinstance(confidence, float) and round(number, FLOAT_DECIMALS) != number:
        raise _refused(confidence)
    return Fraction(number)


def _refused(confidence: object) -> UsageError:
    return UsageError(
        "E452",
        f"{confidence!r} is not a confidence: it must be a decimal between 0 and 1",
        remedy="Write it as text or Decimal, for example '0.99'.",
    )
