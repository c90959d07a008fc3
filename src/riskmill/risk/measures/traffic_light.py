"""The Basel traffic light: zones of a backtest (docs/methodology/backtests.md)."""

from dataclasses import dataclass

import numpy as np

from riskmill.domain import UsageError
from riskmill.risk.measures.binomial import binomial_at_most
from riskmill.risk.measures.confidence import Confidence, exact_confidence

YELLOW_FROM, RED_FROM = 0.95, 0.9999
"""Probability of at most so many exceptions from which a zone begins."""
BASE_1996, BASE_2019 = 3.0, 1.5
PLUS_1996 = (0.0, 0.0, 0.0, 0.0, 0.0, 0.40, 0.50, 0.65, 0.75, 0.85, 1.00)
PLUS_2019 = (0.0, 0.0, 0.0, 0.0, 0.0, 0.20, 0.26, 0.33, 0.38, 0.42, 0.50)
"""What exceptions of 250 days at 99 % add to the base, the last from ten upwards."""
STANDARD = (250, "0.99")


@dataclass(frozen=True, kw_only=True, slots=True)
class TrafficLight:
    """The zone of a number of exceptions, and the multiplier that follows from it."""

    zone: str
    """`green`, `yellow` or `red`."""
    cumulative_probability: float
    """Probability of at most so many exceptions if the model is right."""
    multiplier_1996: float | None
    """Multiplier of VaR, 3 to 4; none unless 250 days at 99 % were looked at."""
    multiplier_2019: float | None
    """Multiplier of the 2019 framework (MAR99), 1.5 to 2; none as above."""


def traffic_light(
    exceptions: int, observations: int = 250, confidence: Confidence = "0.99"
) -> TrafficLight:
    """
    Zone by the binomial distribution: yellow from 95 %, red from 99.99 % of cumulated probability.

    For 250 days at 99 % these are 0-4, 5-9 and 10 or more exceptions, as published. Raises
    `UsageError`: E452 for a bad confidence, E473 unless 0 <= exceptions <= observations.
    """
    exceptions, observations = checked_counts(exceptions, observations)
    exact = exact_confidence(confidence)
    cumulative = binomial_at_most(exceptions, observations, float(1 - exact))
    standard = observations == STANDARD[0] and exact == exact_confidence(STANDARD[1])
    place = min(exceptions, len(PLUS_1996) - 1)
    return TrafficLight(
        zone=_zone(cumulative),
        cumulative_probability=cumulative,
        multiplier_1996=BASE_1996 + PLUS_1996[place] if standard else None,
        multiplier_2019=BASE_2019 + PLUS_2019[place] if standard else None,
    )


def checked_counts(exceptions: int, observations: int) -> tuple[int, int]:
    """Both counts; `UsageError` (E473) unless so many of so many days can be exceptions."""
    whole = is_count(exceptions) and is_count(observations)
    if not whole or not exceptions <= observations or not observations:
        raise UsageError(
            "E473",
            f"{exceptions!r} exceptions in {observations!r} observations cannot be",
            remedy="Count exceptions among the observations.",
        )
    return int(exceptions), int(observations)


def is_count(number: object) -> bool:
    """Whether it is a whole number, zero or more."""
    return isinstance(number, int | float | np.integer) and bool(number >= 0 and number % 1 == 0)


def _zone(cumulative: float) -> str:
    if cumulative < YELLOW_FROM:
        return "green"
    return "yellow" if cumulative < RED_FROM else "red"
