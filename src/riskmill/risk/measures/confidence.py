"""Confidence levels, kept exact: with floats, 100 x (1 - 0.99) is more than 1."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction

from riskmill.domain import UsageError

Confidence = Decimal | str
"""A decimal strictly between 0 and 1, such as `Decimal("0.99")` or `"0.99"`."""


def exact_confidence(confidence: Confidence) -> Fraction:
    """
    The confidence as an exact fraction.

    Raises `UsageError` (E452) for anything but a decimal, or its text, between 0 and 1.
    """
    if not isinstance(confidence, Decimal | str):
        raise _refused(confidence)
    try:
        number = Decimal(confidence)
    except InvalidOperation as cause:
        raise _refused(confidence) from cause
    if not number.is_finite() or not 0 < number < 1:
        raise _refused(confidence)
    return Fraction(number)


def _refused(confidence: object) -> UsageError:
    return UsageError(
        "E452",
        f"{confidence!r} is not a confidence: it must be a decimal, or its text, between 0 and 1",
        remedy="Write it as text or Decimal, for example '0.99'; a float cannot hold 0.99 exactly.",
    )
