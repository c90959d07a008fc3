"""All scenarios of a run, over one list of factors."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from riskmill.domain import (
    FloatArray,
    InputRejected,
    MarketData,
    RiskClass,
    RiskSpec,
    ScenarioSet,
    UsageError,
    parse_factor,
)
from riskmill.risk.scenarios.description import scenario_facts
from riskmill.risk.scenarios.filtered import filtered_levels
from riskmill.risk.scenarios.historical import ShockedLevels, historical_levels
from riskmill.risk.scenarios.monte_carlo import DrawnLevels, monte_carlo_levels
from riskmill.risk.scenarios.options import check_spec
from riskmill.risk.scenarios.sensitivity import bumped, bumps
from riskmill.risk.scenarios.stress import stress_levels
from riskmill.risk.scenarios.stressed import stressed_levels

STRESSED = "stressed "
"""Before a label of the stressed set on the axis of all: the same days may be historical."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenarios:
    """The scenario sets of a run; all list the same factors in the same order."""

    historical: ScenarioSet
    """What VaR and ES are measured on, the set that the spec names: historical or filtered,
    oldest first, each label the date on which its window ends; or Monte Carlo, `draw 0001`."""
    stress: ScenarioSet
    """In delivered order; each label is the scenario's name."""
    sensitivity: ScenarioSet
    """Zero rates, then currency pairs; a label is such as `IR:USD:10Y +1bp`."""
    without_history: frozenset[str]
    """Factors of the snapshot with neither a usable history nor a proxy."""
    proxied: tuple[tuple[str, str, str], ...]
    """Factor, whose value or shock it takes, reason; by factor id."""
    by_class: tuple[ScenarioSet, ...] = ()
    """The headline set once for each class that moves in it, the other factors at their base;
    named by the class. Empty unless the spec asks for figures by risk class."""
    stressed: ScenarioSet | None = None
    """Past windows, oldest first, among which the stressed period is looked for or that are
    it; none where no stressed figures are asked for."""
    facts: tuple[tuple[str, str], ...] = ()
    """What decides the headline set, seeds and fitted numbers among it: a name and a value."""

    @property
    def sets(self) -> tuple[ScenarioSet, ...]:
        """Every set, in the order of the axis."""
        always = (self.historical, self.stress, self.sensitivity, *self.by_class)
        return always if self.stressed is None else (*always, self.stressed)


DEFAULT_SPEC = RiskSpec()


def historical_scenarios(market: MarketData, spec: RiskSpec = DEFAULT_SPEC) -> ScenarioSet:
    """
    Only the historical set, of a market in which every factor has one.

    Raises `InputRejected`: E459 where a factor has neither a usable history nor a proxy, since
    it would pass for one that never moves, E454 where not one scenario can be made; `UsageError`
    (E451, E481) for an unusable spec.
    """
    return _alone(market, spec, "historical")


def filtered_historical_scenarios(market: MarketData, spec: RiskSpec = DEFAULT_SPEC) -> ScenarioSet:
    """
    Only the filtered historical set: past moves at today's volatility, by `spec.decay`.

    Raises as `historical_scenarios` does (docs/methodology/filtered_historical.md).
    """
    return _alone(market, spec, "filtered_historical")


def monte_carlo_scenarios(market: MarketData, spec: RiskSpec = DEFAULT_SPEC) -> ScenarioSet:
    """
    Only the Monte Carlo set, drawn as `spec.monte_carlo` says; equal seeds give equal sets.

    Raises as `historical_scenarios` does, and `InputRejected` (E482) where the history is too
    short for a covariance (docs/methodology/monte_carlo.md).
    """
    return _alone(market, spec, "monte_carlo")


def _alone(market: MarketData, spec: RiskSpec, scenario_set: str) -> ScenarioSet:
    chosen = replace(spec, scenario_set=scenario_set)
    check_spec(chosen)
    found = _headline(market, chosen).shocked
    if found.without_history:
        names = sorted(found.without_history)
        raise InputRejected(
            "E459",
            f"{len(names)} factor(s) have neither a usable history nor a proxy: "
            f"{', '.join(names[:5])}{', ...' if len(names) > 5 else ''}",
            place="history, proxies",
            remedy="Add a history or a proxy; the proxy 'none' holds a factor constant.",
        )
    factors = tuple(sorted(found.levels))
    base = np.array([market.snapshot.quotes[factor] for factor in factors])
    return _set(scenario_set, found.labels, factors, base, found.levels)


def build_scenarios(market: MarketData, spec: RiskSpec) -> Scenarios:
    """
    The headline, stress, sensitivity and, if asked for, stressed sets of *spec* and *market*.

    Levels are in each factor's own unit. Fewer historical scenarios than asked for are
    possible and show in the set's length. Raises `UsageError` (E451, E452, E481) for an
    unusable spec; `InputRejected`: E454 where not one historical scenario can be made, E455 and
    E456 for a stress scenario that cannot be used, E480 and E483 for a stressed period that
    cannot be measured on, E482 for a covariance that cannot be estimated.
    """
    check_spec(spec)
    drawn = _headline(market, spec)
    headline = drawn.shocked
    past = stressed_levels(market, spec, spec.stressed, headline) if spec.stressed else None
    moves = (headline.levels, stress_levels(market), bumped(market.snapshot))
    factors = tuple(sorted({factor for levels in moves for factor in levels}))
    base = np.array([market.snapshot.quotes[factor] for factor in factors])
    names = (
        headline.labels,
        tuple(scenario.name for scenario in market.stress),
        tuple(bump.label for bump in bumps(market.snapshot)),
    )
    headline_set, stress, sensitivity = (
        _set(name, labels, factors, base, levels)
        for name, labels, levels in zip(
            (spec.scenario_set, "stress", "sensitivity"), names, moves, strict=True
        )
    )
    return Scenarios(
        historical=headline_set,
        stress=stress,
        sensitivity=sensitivity,
        without_history=headline.without_history,
        proxied=headline.proxied,
        by_class=class_sets(headline_set, base) if spec.by_risk_class else (),
        stressed=_set("stressed", past[0], factors, base, past[1]) if past else None,
        facts=scenario_facts(spec, drawn.facts),
    )


def class_sets(scenarios: ScenarioSet, base: FloatArray) -> tuple[ScenarioSet, ...]:
    """
    Take *scenarios* apart by risk class: in each set only the factors of one class move.

    *base* holds every factor's base level. A class without a factor that moves has no set.
    """
    classes = np.array([parse_factor(factor).risk_class.value for factor in scenarios.factors])
    moving = (scenarios.levels != base[:, np.newaxis]).any(axis=1)
    still = np.repeat(base[:, np.newaxis], len(scenarios), axis=1)
    return tuple(
        replace(
            scenarios,
            name=one.value,
            levels=np.where((classes == one.value)[:, np.newaxis], scenarios.levels, still),
        )
        for one in RiskClass
        if (moving & (classes == one.value)).any()
    )


def _headline(market: MarketData, spec: RiskSpec) -> DrawnLevels:
    if spec.scenario_set == "monte_carlo":
        return monte_carlo_levels(market, spec)
    found: ShockedLevels = (
        historical_levels(market, spec)
        if spec.scenario_set == "historical"
        else filtered_levels(market, spec)
    )
    return DrawnLevels(shocked=found, facts=())


def _set(
    name: str,
    labels: tuple[str, ...],
    factors: tuple[str, ...],
    base: FloatArray,
    moves: Mapping[str, FloatArray],
) -> ScenarioSet:
    levels = np.repeat(base[:, np.newaxis], len(labels), axis=1)
    for row, factor in enumerate(factors):
        if factor in moves:
            levels[row] = moves[factor]
    return ScenarioSet(name=name, labels=labels, factors=factors, levels=levels)


def combined(scenarios: Scenarios) -> ScenarioSet:
    """
    Headline, stress, sensitivity, class and stressed scenarios on one axis, in this order.

    Labels are unchanged, but for those of the stressed set, which begin with `stressed`.
    Raises `UsageError` (E457) where the sets do not list the same factors.
    """
    sets = scenarios.sets
    if any(one.factors != sets[0].factors for one in sets):
        raise UsageError(
            "E457",
            "the scenario sets list different factors",
            remedy="Take scenarios as build_scenarios makes them.",
        )
    return ScenarioSet(
        name="combined",
        labels=tuple(
            f"{STRESSED if one is scenarios.stressed else ''}{label}"
            for one in sets
            for label in one.labels
        ),
        factors=sets[0].factors,
        levels=np.concatenate([one.levels for one in sets], axis=1),
    )
