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
from riskmill.risk.scenarios.historical import historical_levels
from riskmill.risk.scenarios.sensitivity import bumped, bumps
from riskmill.risk.scenarios.stress import stress_levels


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenarios:
    """The scenario sets of a run; all three list the same factors in the same order."""

    historical: ScenarioSet
    """Oldest first; each label is the date on which its window ends."""
    stress: ScenarioSet
    """In delivered order; each label is the scenario's name."""
    sensitivity: ScenarioSet
    """Zero rates, then currency pairs; a label is such as `IR:USD:10Y +1bp`."""
    without_history: frozenset[str]
    """Factors of the snapshot with neither a usable history nor a proxy."""
    proxied: tuple[tuple[str, str, str], ...]
    """Factor, whose value or shock it takes, reason; by factor id."""
    by_class: tuple[ScenarioSet, ...] = ()
    """The historical set once for each class that moves in it, the other factors at their base;
    named by the class. Empty unless the spec asks for figures by risk class."""


DEFAULT_SPEC = RiskSpec()


def historical_scenarios(market: MarketData, spec: RiskSpec = DEFAULT_SPEC) -> ScenarioSet:
    """
    Only the historical set, of a market in which every factor has one.

    Raises `InputRejected`: E459 where a factor has neither a usable history nor a proxy, since
    it would pass for one that never moves, E454 where not one scenario can be made; `UsageError`
    (E451) for an unusable spec.
    """
    found = historical_levels(market, spec)
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
    return _set("historical", found.labels, factors, base, found.levels)


def build_scenarios(market: MarketData, spec: RiskSpec) -> Scenarios:
    """
    The historical, stress and sensitivity sets that *spec* asks of *market*.

    Levels are in each factor's own unit. Fewer historical scenarios than asked for are
    possible and show in the set's length. Raises `UsageError` (E451) for an unusable spec;
    `InputRejected`: E454 where not one historical scenario can be made, E455 and E456 for a
    stress scenario that cannot be used.
    """
    historical = historical_levels(market, spec)
    names = tuple(scenario.name for scenario in market.stress)
    moves = (historical.levels, stress_levels(market), bumped(market.snapshot))
    factors = tuple(sorted({factor for levels in moves for factor in levels}))
    base = np.array([market.snapshot.quotes[factor] for factor in factors])
    main = _set("historical", historical.labels, factors, base, moves[0])
    return Scenarios(
        historical=main,
        stress=_set("stress", names, factors, base, moves[1]),
        sensitivity=_set(
            "sensitivity",
            tuple(bump.label for bump in bumps(market.snapshot)),
            factors,
            base,
            moves[2],
        ),
        without_history=historical.without_history,
        proxied=historical.proxied,
        by_class=class_sets(main, base) if spec.by_risk_class else (),
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
    Historical, stress, sensitivity and then class scenarios on one axis, labels unchanged.

    Raises `UsageError` (E457) where the sets do not list the same factors.
    """
    sets = (scenarios.historical, scenarios.stress, scenarios.sensitivity, *scenarios.by_class)
    if any(one.factors != sets[0].factors for one in sets):
        raise UsageError(
            "E457",
            "the scenario sets list different factors",
            remedy="Take scenarios as build_scenarios makes them.",
        )
    return ScenarioSet(
        name="combined",
        labels=tuple(label for one in sets for label in one.labels),
        factors=sets[0].factors,
        levels=np.concatenate([one.levels for one in sets], axis=1),
    )
