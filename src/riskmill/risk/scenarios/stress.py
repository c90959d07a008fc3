"""The stress set: named moves that a person chose (docs/methodology/scenarios.md)."""

from collections.abc import Mapping

import numpy as np

from riskmill.domain import (
    FloatArray,
    InputRejected,
    MarketData,
    ShockKind,
    StressScenario,
    StressShock,
    parse_factor,
)
from riskmill.risk.scenarios.patterns import Patterns
from riskmill.risk.scenarios.shocks import apply_shock, usable


def stress_levels(market: MarketData) -> Mapping[str, FloatArray]:
    """
    Factor id to its level in each stress scenario, for the factors that any of them moves.

    Raises `InputRejected`: E455 for a scenario that says two things about one pattern or
    names an unknown kind, E456 for a level that cannot be.
    """
    columns = [_moved(scenario, market.snapshot.quotes) for scenario in market.stress]
    moving = sorted({factor for column in columns for factor in column})
    quotes = market.snapshot.quotes
    return {
        factor: np.array([column.get(factor, quotes[factor]) for column in columns])
        for factor in moving
    }


def _moved(scenario: StressScenario, quotes: Mapping[str, float]) -> Mapping[str, float]:
    """Level of each factor that *scenario* shocks; the longest matching pattern decides."""
    _refuse_ambiguity(scenario)
    rules = Patterns[StressShock].of((shock.factor, shock) for shock in scenario.shocks)
    return {
        factor: _level(factor, level, shock, scenario.name)
        for factor, level in quotes.items()
        if (shock := rules.rule_for(factor)) is not None
    }


def _refuse_ambiguity(scenario: StressScenario) -> None:
    patterns = [shock.factor for shock in scenario.shocks]
    twice = sorted({pattern for pattern in patterns if patterns.count(pattern) > 1})
    if twice:
        raise InputRejected(
            "E455",
            f"stress scenario '{scenario.name}' shocks '{twice[0]}' more than once",
            place=f"scenarios, {scenario.name}",
            remedy="Keep one shock for each factor or prefix of a scenario.",
        )


def _level(factor: str, level: float, shock: StressShock, scenario: str) -> float:
    stressed = apply_shock(level, np.array([shock.size]), _kind(shock, scenario))
    if not usable(stressed, parse_factor(factor).risk_class):
        raise InputRejected(
            "E456",
            f"stress scenario '{scenario}' takes {factor} from {level:g} to {stressed[0]:g}",
            place=f"scenarios, {scenario}, {shock.factor}",
            remedy="Choose a shock that leaves prices, pairs and volatilities above zero.",
        )
    return float(stressed[0])


def _kind(shock: StressShock, scenario: str) -> ShockKind:
    try:
        return ShockKind(shock.kind)
    except ValueError as cause:
        raise InputRejected(
            "E455",
            f"stress scenario '{scenario}' has a shock of unknown kind '{shock.kind}'",
            place=f"scenarios, {scenario}, {shock.factor}",
            remedy="Write absolute, relative or log.",
        ) from cause
