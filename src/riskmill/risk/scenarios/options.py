"""What a risk spec may ask of the scenarios, checked before anything is computed."""

from collections.abc import Iterator
from datetime import date
from math import isfinite
from numbers import Integral, Real

from riskmill.domain import (
    SCENARIO_SETS,
    InputRejected,
    MonteCarloSpec,
    RiskSpec,
    StressedSpec,
    UsageError,
)
from riskmill.risk.measures import MEASURES, exact_confidence, scenarios_needed
from riskmill.risk.pricing.quotes import check_market_words
from riskmill.risk.scenarios.shocks import kinds_of

TIME_SCALINGS = ("none", "square_root")
DISTRIBUTIONS = ("gaussian", "student_t")
COVARIANCES = ("sample", "ewma", "ledoit_wolf", "oas")
SEQUENCES = ("sobol", "philox")
MOST_DRAWS = 1 << 20
LARGEST_SEED = 2**63 - 1


def check_spec(spec: RiskSpec) -> None:
    """
    Refuse a spec that cannot be carried out, whatever the data.

    Raises `UsageError`: E451 for lengths, shock kinds and words about curves and smiles, E452
    for a confidence that is none,
    E481 for any other option, with its name as place and what it may be.
    """
    kinds_of(spec)
    check_market_words(spec)
    for option, message, remedy in _complaints(spec):
        raise UsageError("E481", message, place=option, remedy=remedy)
    for confidence in (*spec.confidences, spec.headline_var, spec.headline_es):
        exact_confidence(confidence)


def check_length(found: int, spec: RiskSpec, *, asked: int, place: str) -> None:
    """
    Refuse *found* scenarios where they are too few for the confidences of *spec*.

    With fewer than 1 / (1 - c) of them VaR at c is merely the worst one, and no estimate.
    Raises `UsageError` (E480) where no more were *asked* for, `InputRejected` (E480) where
    the history holds no more.
    """
    highest = max((*spec.confidences, spec.headline_var, spec.headline_es), key=exact_confidence)
    needed = scenarios_needed(highest)
    if found >= needed:
        return
    refusal = UsageError if asked < needed else InputRejected
    raise refusal(
        "E480",
        f"a confidence of {highest} needs {needed:,} scenarios, there are {found:,}",
        place=place,
        remedy=f"Use at least {needed:,} scenarios, deliver a longer history, or lower the "
        "confidence.",
    )


Complaint = tuple[str, str, str]
"""Option, what is wrong with it, what it may be."""


def _complaints(spec: RiskSpec) -> Iterator[Complaint]:
    yield from _word("scenario_set", spec.scenario_set, SCENARIO_SETS)
    yield from _word("time_scaling", spec.time_scaling, TIME_SCALINGS)
    if not isinstance(spec.decay, Real) or not 0.0 < spec.decay < 1.0:
        yield (
            "decay",
            f"the decay is {spec.decay}, which weights no past",
            "Choose a decay above 0 and below 1, such as 0.94.",
        )
    yield from _days(spec.first_day, spec.last_day, "")
    yield from _monte_carlo(spec.monte_carlo)
    if spec.stressed:
        yield from _stressed(spec.stressed)


def _monte_carlo(spec: MonteCarloSpec) -> Iterator[Complaint]:
    yield from _word("monte_carlo.distribution", spec.distribution, DISTRIBUTIONS)
    yield from _word("monte_carlo.covariance", spec.covariance, COVARIANCES)
    yield from _word("monte_carlo.sequence", spec.sequence, SEQUENCES)
    yield from _number("monte_carlo.draws", spec.draws, 1, MOST_DRAWS)
    yield from _number("monte_carlo.seed", spec.seed, 0, LARGEST_SEED)
    freedom = spec.degrees_of_freedom
    given = isinstance(freedom, Real) and isfinite(freedom) and freedom > 2.0
    if freedom is not None and not given:
        yield (
            "monte_carlo.degrees_of_freedom",
            f"with {freedom} degrees of freedom Student's t has no variance to match",
            "Choose more than 2 degrees of freedom, or leave them out to have them fitted.",
        )


def _stressed(spec: StressedSpec) -> Iterator[Complaint]:
    yield from _word("stressed.measure", spec.measure, tuple(MEASURES))
    yield from _number("stressed.scenarios", spec.scenarios, 1, MOST_DRAWS)
    if (spec.first_day is None) is not (spec.last_day is None):
        yield (
            "stressed.first_day, stressed.last_day",
            "the stressed period has only one of its two days",
            "Give both days, or neither to have the worst period found.",
        )
    yield from _days(spec.first_day, spec.last_day, "stressed.")


def _days(first: date | None, last: date | None, table: str) -> Iterator[Complaint]:
    if first and last and first > last:
        yield (
            f"{table}first_day, {table}last_day",
            f"the first day, {first.isoformat()}, is after the last, {last.isoformat()}",
            "Give the earlier day first.",
        )


def _word(option: str, given: str, known: tuple[str, ...]) -> Iterator[Complaint]:
    if given not in known:
        yield option, f"'{given}' is no {option}", f"Choose one of {', '.join(known)}."


def _number(option: str, given: int, least: int, most: int) -> Iterator[Complaint]:
    if not isinstance(given, Integral) or not least <= given <= most:
        yield option, f"{given} is no {option}", f"Choose between {least:,} and {most:,}."
