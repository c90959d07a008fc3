"""
The firm's worst scenarios: which book lost, and which factor moves cost the most.

A move's cost is estimated from the firm's own sensitivities, to second order where there is
a gamma, without revaluing anything (docs/methodology/tail.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from riskmill.domain import (
    Factor,
    Figure,
    FloatArray,
    Hierarchy,
    PnlVectors,
    RiskClass,
    ScenarioSet,
    ShockKind,
    TailScenario,
    parse_factor,
)
from riskmill.risk.factor_moves import ONE_SIDED, SECOND_ORDER
from riskmill.risk.measures import var_scenario, worst_first
from riskmill.risk.scenarios import shock_between

WORST = 10
"""Scenarios shown."""
MOVES = 3
"""Factor moves shown for each."""

Sensitivities = Mapping[tuple[str, str], float]
"""Measure and key to the firm's value, as in `Figure`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FactorMoves:
    """What is needed to say what a historical move cost the firm."""

    scenarios: ScenarioSet
    quotes: Mapping[str, float]
    """Factor id to its base level."""
    kinds: Mapping[RiskClass, ShockKind]
    """The kind in which a class's moves are told."""
    sensitivities: Sensitivities


@dataclass(frozen=True, kw_only=True, slots=True)
class _Move:
    factor: Factor
    change: float
    """Level minus base, in the factor's unit."""
    percent: float
    """The same in percent of base; not finite where base is zero."""
    shock: float
    """The same in the kind of the factor's class."""


def sensitivities_of(portfolio: str, figures: Iterable[Figure]) -> Sensitivities:
    """The sensitivities of one portfolio, by measure and key."""
    return {
        (figure.measure, figure.key): figure.value
        for figure in figures
        if figure.portfolio == portfolio
    }


def worst_scenarios(
    vectors: PnlVectors,
    hierarchy: Hierarchy,
    moves: FactorMoves,
    *,
    chosen: Sequence[int] | None = None,
) -> tuple[TailScenario, ...]:
    """
    The firm's ten worst scenarios, worst first; fewer where there are fewer.

    *chosen* are the numbers of other scenarios to tell in their stead, worst first. The driver is
    the book with the largest loss, the first delivered of equal ones. Only moves that by
    themselves cost the firm something are named, at most three.
    """
    row_of = {name: row for row, name in enumerate(vectors.portfolios)}
    firm = vectors.values[row_of[hierarchy.firm]]
    rank_of = {scenario: rank for rank, scenario in enumerate(worst_first(firm).tolist(), start=1)}
    found = []
    scenarios_told = tuple(rank_of)[:WORST] if chosen is None else tuple(chosen)
    every = _moves(moves, scenarios_told)
    for scenario, own in zip(scenarios_told, every, strict=True):
        losses = {book: float(vectors.values[row_of[book], scenario]) for book in hierarchy.books}
        driver = min(losses, key=losses.__getitem__, default="")
        costs = _costliest(own, moves.sensitivities)
        found.append(
            TailScenario(
                label=vectors.scenarios[scenario],
                rank=rank_of[scenario],
                pnl=float(firm[scenario]),
                driver=driver,
                driver_pnl=losses.get(driver, 0.0),
                moves=tuple((factor, shock) for _, factor, shock in costs),
                move_pnl=tuple(pnl for pnl, _, _ in costs),
            )
        )
    return tuple(found)


def tail_scenarios(firm: FloatArray, confidence: str) -> tuple[int, ...]:
    """
    Numbers of the ten worst scenarios, worst first, and of the one that is VaR.

    *firm* is the firm's P&L vector, *confidence* that of the VaR.
    """
    worst: list[int] = worst_first(firm)[:WORST].tolist()
    at_var = var_scenario(firm, confidence)
    return tuple(worst) if at_var in worst else (*worst, at_var)


def _costliest(every: list[_Move], sensitivities: Sensitivities) -> list[tuple[float, str, float]]:
    """P&L, factor and shock of the moves that cost most, the costliest first."""
    costs = [
        (_estimated_pnl(move, sensitivities), move.factor.id, move.shock)
        for move in every
        if move.factor.risk_class is not RiskClass.VOLATILITY
    ]
    costs += _surface_costs(every, sensitivities)
    losing = sorted(cost for cost in costs if cost[0] < 0.0)
    return losing[:MOVES]


def _moves(moves: FactorMoves, scenarios: Sequence[int]) -> list[list[_Move]]:
    """For each of *scenarios*, the move of every factor."""
    found: list[list[_Move]] = [[] for _ in scenarios]
    for row, name in enumerate(moves.scenarios.factors):
        factor = parse_factor(name)
        levels = moves.scenarios.levels[row, list(scenarios)]
        base = np.full(len(levels), moves.quotes[factor.id])
        change, percent, shock = (
            shock_between(base, levels, kind).tolist()
            for kind in (ShockKind.ABSOLUTE, ShockKind.RELATIVE, moves.kinds[factor.risk_class])
        )
        for place, own in enumerate(found):
            own.append(
                _Move(
                    factor=factor,
                    change=change[place],
                    percent=100.0 * percent[place],
                    shock=shock[place],
                )
            )
    return found


def _estimated_pnl(move: _Move, sensitivities: Sensitivities) -> float:
    """P&L of a single move by the sensitivity of its class; 0 where there is none."""
    factor = move.factor
    match factor.risk_class:
        case RiskClass.EQUITY | RiskClass.COMMODITY | RiskClass.FX:
            measure = "fx_delta" if factor.risk_class is RiskClass.FX else "delta"
            delta = sensitivities.get((measure, factor.name), 0.0)
            gamma = sensitivities.get((SECOND_ORDER[measure], factor.name), 0.0)
            slope = delta - 0.5 * gamma if measure in ONE_SIDED else delta
            return slope * move.percent + 0.5 * gamma * move.percent**2
        case RiskClass.RATES:
            dv01 = sensitivities.get(("dv01", f"{factor.name}:{factor.tenor}"), 0.0)
            return dv01 * move.change / 1e-4
        case _:
            return 0.0


def _surface_costs(
    every: list[_Move], sensitivities: Sensitivities
) -> list[tuple[float, str, float]]:
    """Cost of each surface's average change, told by its node that moved most."""
    surfaces: dict[str, list[_Move]] = {}
    for move in every:
        if move.factor.risk_class is RiskClass.VOLATILITY:
            surfaces.setdefault(move.factor.name, []).append(move)
    costs = []
    for name, nodes in surfaces.items():
        points = 100.0 * sum(node.change for node in nodes) / len(nodes)
        largest = max(nodes, key=lambda node: abs(node.change))
        vega = sensitivities.get(("vega", name), 0.0)
        costs.append((vega * points, largest.factor.id, largest.shock))
    return costs
