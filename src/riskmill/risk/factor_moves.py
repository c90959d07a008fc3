"""Moves of the market in the units of sensitivities: per cent, basis points, volatility points."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from riskmill.domain import FloatArray, RiskClass, UsageError

Sensitivity = tuple[str, str]
"""Measure and key of a first-order sensitivity, as in `Figure`."""

FIRST_ORDER = ("delta", "dv01", "fx_delta", "vega")
"""Measures that say what a unit move of something earns."""
SECOND_ORDER = {"delta": "gamma", "fx_delta": "fx_gamma"}
"""Measure that says how a first-order one changes for a unit move."""

ONE_SIDED = frozenset({"fx_delta"})
"""First-order measures that are what a unit rise earns: half the bend is in them already."""


def moves_of(
    sensitivities: Sequence[Sensitivity],
    quotes: Mapping[str, float],
    levels: Mapping[str, FloatArray],
) -> FloatArray:
    """
    Move of what each sensitivity is to, under each scenario, in the sensitivity's own unit.

    *levels* maps each factor of *quotes* that moves to its levels, one a scenario; the others
    stay. A surface moves by the average of its nodes. Shape (sensitivities, scenarios).
    Raises `UsageError` (E474) for a sensitivity to something that *quotes* does not hold.
    """
    scenarios = len(next(iter(levels.values()), ()))
    still = np.zeros(scenarios)
    moves = np.empty((len(sensitivities), scenarios))
    for row, (measure, key) in enumerate(sensitivities):
        nodes = factors_of(measure, key, quotes)
        changes = [
            _change(measure, quotes[node], levels[node]) if node in levels else still
            for node in nodes
        ]
        moves[row] = sum(changes, still) / len(nodes)
    return moves


def factors_of(measure: str, key: str, quotes: Iterable[str]) -> tuple[str, ...]:
    """Factors of *quotes* that a sensitivity is to, in order of id; raises as `moves_of` does."""
    match measure:
        case "delta":
            names = {f"{RiskClass.EQUITY}:{key}", f"{RiskClass.COMMODITY}:{key}"}
        case "dv01":
            names = {f"{RiskClass.RATES}:{key}"}
        case "fx_delta":
            names = {f"{RiskClass.FX}:{key}"}
        case _:
            head = f"{RiskClass.VOLATILITY}:{key}"
            names = {name for name in quotes if name == head or name.startswith(f"{head}:")}
    found = tuple(name for name in sorted(names) if name in quotes)
    if not found:
        raise UsageError(
            "E474",
            f"nothing of the market is what the {measure} of '{key}' is to",
            place=f"{measure} {key}",
            remedy="Take sensitivities and market data of one run; what they are to must be "
            "quoted on both days.",
        )
    return found


def _change(measure: str, base: float, levels: FloatArray) -> FloatArray:
    if measure == "dv01":
        return (levels - base) * 1e4
    if measure == "vega":
        return (levels - base) * 100.0
    moved: FloatArray = (levels / base - 1.0) * 100.0
    return moved
