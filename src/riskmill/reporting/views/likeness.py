"""Whether figures of two runs are of one kind, so that one may be subtracted from the other."""

from dataclasses import dataclass

from riskmill.domain import RiskResult, RiskSpec
from riskmill.reporting.views import words
from riskmill.reporting.views.numbers import confidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Likeness:
    """What two runs have in common."""

    amounts: bool
    """Whether amounts may be subtracted: both runs have one currency."""
    measures: bool
    """Whether VaR and ES may be, too: losses are over one period."""
    confidences: tuple[str, ...]
    """Confidences that both have, ascending."""
    var: str
    """Confidence of the VaR that is shown; empty where they have none in common."""
    es: str
    """Confidence of the ES that is shown."""
    unlike: tuple[str, ...]
    """What is of another kind, a sentence each."""


def likeness(
    before: RiskResult, after: RiskResult, spec_before: RiskSpec, spec_after: RiskSpec
) -> Likeness:
    """Say what the two have in common, and in words what they have not."""
    common = tuple(level for level in before.confidences if level in after.confidences)
    currencies = before.record.reporting_currency, after.record.reporting_currency
    periods = _period(spec_before), _period(spec_after)
    sentences = [
        f"Amounts are in {currencies[0]} before and in {currencies[1]} after, so none is "
        "subtracted from another."
        if currencies[0] != currencies[1]
        else "",
        f"Losses are over {periods[0]} before and over {periods[1]} after, so VaR and ES are not "
        "subtracted."
        if periods[0] != periods[1]
        else "",
        _confidences(before, after, common),
        _headlines(before, after),
        _scenarios(spec_before, spec_after),
    ]
    return Likeness(
        amounts=currencies[0] == currencies[1],
        measures=currencies[0] == currencies[1] and periods[0] == periods[1],
        confidences=common,
        var=_shown(after.headline_var, common),
        es=_shown(after.headline_es, common),
        unlike=tuple(text for text in sentences if text),
    )


def _shown(headline: str, common: tuple[str, ...]) -> str:
    if headline in common:
        return headline
    return common[-1] if common else ""


def _period(spec: RiskSpec) -> str:
    days = words.quantity(spec.holding_days, "business day")
    scaled = spec.time_scaling != "none" and spec.holding_days > 1
    return f"{days}, scaled from one" if scaled else days


def _confidences(before: RiskResult, after: RiskResult, common: tuple[str, ...]) -> str:
    if before.confidences == after.confidences:
        return ""
    both = words.listed([confidence(level) for level in common], most=len(common) or 1)
    then = f"only {both} of both are compared" if common else "no VaR or ES is compared"
    return (
        f"Confidences are {_levels(before.confidences)} before and {_levels(after.confidences)} "
        f"after; {then}."
    )


def _levels(levels: tuple[str, ...]) -> str:
    return words.listed([confidence(level) for level in levels], most=len(levels))


def _headlines(before: RiskResult, after: RiskResult) -> str:
    pairs = (("VaR", before.headline_var, after.headline_var),
             ("ES", before.headline_es, after.headline_es))  # fmt: skip
    other = [
        f"the headline {name} is at {confidence(old)} before and at {confidence(new)} after"
        for name, old, new in pairs
        if old != new
    ]
    if not other:
        return ""
    sentence = " and ".join(other)
    return f"{sentence[0].upper()}{sentence[1:]}; one confidence is compared with itself only."


def _scenarios(before: RiskSpec, after: RiskSpec) -> str:
    if before.scenario_set == after.scenario_set:
        return ""
    old, new = (spec.scenario_set.replace("_", " ") for spec in (before, after))
    return f"Scenarios are {old} before and {new} after: part of every change is that of the set."
