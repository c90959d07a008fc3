"""Which order statistics a quantile of P&L is taken from (docs/methodology/value_at_risk.md)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from riskmill.domain import UsageError


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a quantile lies among n order statistics, the worst having rank 1."""

    rank: int
    """The worse of the two it lies between, 1 to n."""
    next_rank: int
    """The better one, 1 to n; may be the same."""
    weight: float
    """Share of the better one, 0 to 1."""


Rule = Callable[[int, Fraction], tuple[int, Fraction]]
"""From n and the tail probability to a rank and the weight of the rank after it."""


def _inverted_cdf(scenarios: int, tail: Fraction) -> tuple[int, Fraction]:
    return ceil(scenarios * tail), Fraction(0)


def _averaged_inverted_cdf(scenarios: int, tail: Fraction) -> tuple[int, Fraction]:
    place = scenarios * tail
    return ceil(place), Fraction(1, 2) if place.denominator == 1 else Fraction(0)


def _lower(scenarios: int, tail: Fraction) -> tuple[int, Fraction]:
    return floor((scenarios - 1) * tail) + 1, Fraction(0)


def _higher(scenarios: int, tail: Fraction) -> tuple[int, Fraction]:
    return ceil((scenarios - 1) * tail) + 1, Fraction(0)


def _interpolated(alpha: Fraction, beta: Fraction) -> Rule:
    """Linear between the plotting positions (k - alpha) / (n + 1 - alpha - beta)."""

    def rule(scenarios: int, tail: Fraction) -> tuple[int, Fraction]:
        place = scenarios * tail + alpha + tail * (1 - alpha - beta)
        return floor(place), place - floor(place)

    return rule


CONVENTIONS: Mapping[str, Rule] = {
    "inverted_cdf": _inverted_cdf,
    "averaged_inverted_cdf": _averaged_inverted_cdf,
    "interpolated_inverted_cdf": _interpolated(Fraction(0), Fraction(1)),
    "hazen": _interpolated(Fraction(1, 2), Fraction(1, 2)),
    "weibull": _interpolated(Fraction(0), Fraction(0)),
    "linear": _interpolated(Fraction(1), Fraction(1)),
    "median_unbiased": _interpolated(Fraction(1, 3), Fraction(1, 3)),
    "normal_unbiased": _interpolated(Fraction(3, 8), Fraction(3, 8)),
    "lower": _lower,
    "higher": _higher,
}
"""Conventions of the empirical quantile, by the names that numpy gives them; ours is the first."""


def quantile_place(scenarios: int, tail: Fraction, convention: str) -> Place:
    """
    Where the *tail* quantile of *scenarios* P&Ls lies.

    Raises `UsageError` (E471) for a convention that is not in `CONVENTIONS`.
    """
    rule = CONVENTIONS.get(str(convention))
    if rule is None:
        raise unknown_convention(convention, tuple(CONVENTIONS))
    rank, weight = rule(scenarios, tail)
    return Place(
        rank=min(max(rank, 1), scenarios),
        next_rank=min(max(rank + (weight > 0), 1), scenarios),
        weight=float(weight),
    )


def unknown_convention(convention: object, known: tuple[str, ...]) -> UsageError:
    """The refusal of a convention that nobody has defined."""
    return UsageError(
        "E471",
        f"{convention!r} is no convention of this measure",
        place="convention",
        remedy=f"Choose one of {', '.join(known)}.",
    )
