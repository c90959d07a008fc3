"""Numbers as a desk sets them: thousands separated, a real minus, the unit at hand."""

import math
from dataclasses import dataclass, replace
from decimal import Decimal

MINUS = "\N{MINUS SIGN}"
SPACE = "\N{NO-BREAK SPACE}"
MISSING = "n/a"
NONE_HELD = "\N{EN DASH}"

_MOST_FRACTION = 1e4
_STEPS = ((0.9995e9, 1e9, "bn"), (0.9995e6, 1e6, "m"), (9_999.5, 1e3, "k"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Number:
    """A figure with the text that is printed for it."""

    value: float | None
    """Full precision, never rounded; none where there is no such figure."""
    text: str
    """As printed, rounded; `n/a` or a dash where there is no value."""
    unit: str
    """Currency code, `count`, `%`, `bp`, `vol pt` or `x` (a multiple)."""


def fixed(value: float, decimals: int) -> str:
    """Write *value* with thousands separated; what rounds to nothing has no sign."""
    digits = f"{abs(value):,.{decimals}f}"
    return f"{MINUS}{digits}" if value < 0 and digits.strip("0.,") else digits


def signed(value: float, decimals: int) -> str:
    """Write *value* with its sign, plus included; what rounds to nothing has no sign."""
    text = fixed(value, decimals)
    return f"+{text}" if value > 0 and text.strip("0.,") else text


def present(value: float | None) -> float | None:
    """The value, or none where it is missing or not finite."""
    return float(value) if value is not None and math.isfinite(value) else None


def money(value: float | None, currency: str, decimals: int = 0) -> Number:
    """An amount in units of *currency*, rounded to *decimals* in its text only."""
    known = present(value)
    text = MISSING if known is None else fixed(known, decimals)
    return Number(value=known, text=text, unit=currency)


def compact(value: float | None, currency: str) -> Number:
    """An amount of about three digits in thousands (k), millions (m) or billions (bn)."""
    known = present(value)
    text = MISSING if known is None else _in_steps(known)
    return Number(value=known, text=text, unit=currency)


def _in_steps(value: float) -> str:
    for least, size, suffix in _STEPS:
        if abs(value) >= least:
            scaled = value / size
            return f"{fixed(scaled, _decimals(scaled, suffix))}{SPACE}{suffix}"
    return fixed(value, 0 if abs(value) >= 1_000 else 2)


def _decimals(scaled: float, suffix: str) -> int:
    if abs(scaled) >= 99.995:
        return 1 if suffix != "k" else 0
    return 2 if suffix != "k" else 1


def exposure(value: float | None, currency: str, decimals: int = 0) -> Number:
    """A sensitivity; a dash where the portfolio has no such exposure."""
    amount = money(value, currency, decimals)
    return replace(amount, text=NONE_HELD) if amount.value is None else amount


def count(value: float | None) -> Number:
    """A count of things."""
    known = present(value)
    text = MISSING if known is None else fixed(known, 0)
    return Number(value=known, text=text, unit="count")


def percent(fraction: float | None, decimals: int = 1) -> Number:
    """A fraction shown in percent; `value` is in percent too."""
    known = present(fraction)
    if known is None:
        return Number(value=None, text=MISSING, unit="%")
    return Number(value=known * 100, text=f"{fixed(known * 100, decimals)}{SPACE}%", unit="%")


def multiple(value: float | None) -> Number:
    """A ratio of two amounts, such as `1.31 x`."""
    known = present(value)
    text = MISSING if known is None else f"{fixed(known, 2)}{SPACE}\N{MULTIPLICATION SIGN}"
    return Number(value=known, text=text, unit="x")


def ratio(value: float | None, whole: float | None) -> float | None:
    """*value* over *whole*; none where either is missing or the whole is nothing."""
    part, total = present(value), present(whole)
    return None if part is None or not total else part / total


def share(change: float | None, before: float | None) -> Number:
    """
    A change in percent of the size *before*, with its sign; a dash where there is none.

    A change of more than a million per cent is none either: *before* was next to nothing.
    """
    fraction = ratio(change, None if before is None else abs(before))
    if fraction is None or abs(fraction) > _MOST_FRACTION:
        return Number(value=None, text=NONE_HELD, unit="%")
    return Number(value=fraction * 100, text=f"{signed(fraction * 100, 1)}{SPACE}%", unit="%")


def confidence(text: str) -> str:
    """A confidence such as `0.975` as `97.5 %`; decimals as stated, none invented."""
    percentage = (Decimal(text) * 100).normalize()
    return f"{percentage:f}{SPACE}%"
