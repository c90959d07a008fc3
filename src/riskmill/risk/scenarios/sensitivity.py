"""The sensitivity set: one bump a scenario (docs/methodology/sensitivities.md)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from riskmill.domain import FloatArray, MarketSnapshot, RiskClass, ShockKind, parse_factor
from riskmill.risk.scenarios.shocks import apply_shock


@dataclass(frozen=True, kw_only=True, slots=True)
class Bump:
    """The shock of one factor that defines a sensitivity."""

    factor: str
    measure: str
    """Name of the sensitivity in `Figure`: `dv01`, `fx_delta` or `fx_gamma`."""
    key: str
    """Its key in `Figure`: `CURVE:TENOR` or the pair."""
    kind: ShockKind
    size: float
    text: str
    """The bump as it is written: `+1bp`, `+1%` or `-1%`."""

    @property
    def label(self) -> str:
        """Label of the bump's scenario, such as `IR:USD:10Y +1bp`."""
        return f"{self.factor} {self.text}"


def bumps(snapshot: MarketSnapshot) -> tuple[Bump, ...]:
    """
    Every zero rate of *snapshot* +1 basis point, then every currency pair +1 % and -1 %, by id.

    A pair's fall serves its gamma: what the rise and the fall gain together.
    """
    factors = [parse_factor(factor) for factor in sorted(snapshot.quotes)]
    rates = [
        Bump(
            factor=factor.id,
            measure="dv01",
            key=f"{factor.name}:{factor.tenor}",
            kind=ShockKind.ABSOLUTE,
            size=1e-4,
            text="+1bp",
        )
        for factor in factors
        if factor.risk_class is RiskClass.RATES
    ]
    pairs = [
        Bump(
            factor=factor.id,
            measure=measure,
            key=factor.name,
            kind=ShockKind.RELATIVE,
            size=size,
            text=f"{size:+.0%}",
        )
        for measure, size in (("fx_delta", 0.01), ("fx_gamma", -0.01))
        for factor in factors
        if factor.risk_class is RiskClass.FX
    ]
    return (*rates, *pairs)


def bumped(snapshot: MarketSnapshot) -> Mapping[str, FloatArray]:
    """Factor id to its level in each bump's scenario, for the factors that are bumped."""
    every = bumps(snapshot)
    levels = {bump.factor: np.full(len(every), snapshot.quotes[bump.factor]) for bump in every}
    for scenario, bump in enumerate(every):
        base = snapshot.quotes[bump.factor]
        moved = apply_shock(base, np.array([bump.size]), bump.kind)
        levels[bump.factor][scenario] = moved[0]
    return levels
