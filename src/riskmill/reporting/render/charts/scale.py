"""Scales and ticks: from amounts to pixels."""

import math
from dataclasses import dataclass

from riskmill.reporting.views.numbers import SPACE, fixed

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_SUFFIXES = ((1e9, "bn"), (1e6, "m"), (1e3, "k"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """Maps amounts from *low* to *high* onto pixels from *start* to *stop*, linearly."""

    low: float
    high: float
    start: float
    stop: float

    def __call__(self, amount: float) -> float:
        """The pixel of an amount."""
        span = (self.high - self.low) or 1.0
        return self.start + (amount - self.low) / span * (self.stop - self.start)


def ticks(low: float, high: float, most: int) -> tuple[float, ...]:
    """Round amounts between *low* and *high*, about *most* of them, nought included."""
    span = (high - low) or 1.0
    rough = span / max(most, 1)
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(s * size for s in _STEPS if s * size >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(number * step for number in range(first, last + 1))


def tick_texts(amounts: tuple[float, ...]) -> tuple[str, ...]:
    """Ticks in one common unit (k, m, bn) with as many decimals as they need."""
    largest = max((abs(amount) for amount in amounts), default=0.0)
    size, suffix = next(((s, x) for s, x in _SUFFIXES if largest >= s), (1.0, ""))
    scaled = [amount / size for amount in amounts]
    decimals = next((d for d in range(4) if all(_exact(x, d) for x in scaled)), 4)
    unit = f"{SPACE}{suffix}" if suffix else ""
    return tuple(fixed(x, decimals) + unit if x else "0" for x in scaled)


def _exact(value: float, decimals: int) -> bool:
    return abs(round(value, decimals) - value) <= 1e-6 * max(1.0, abs(value))
