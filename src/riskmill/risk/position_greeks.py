"""
Sensitivities position by position, in the units of the report.

What the report sums over books is kept for each position here: the same pricers, bumps and
dual numbers, one row for each figure that is not zero.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from riskmill.domain import (
    Failure,
    FloatArray,
    MarketData,
    MarketSnapshot,
    Position,
    PositionTable,
    RiskSpec,
    ScenarioSet,
    snapshot_of,
)
from riskmill.risk.figures import curvature, par_columns
from riskmill.risk.pricing import COMPILED, PositionValues, position_values
from riskmill.risk.scenarios import bumped, bumps

DEFAULT_SPEC = RiskSpec()


@dataclass(frozen=True, kw_only=True, slots=True)
class PositionGreek:
    """One sensitivity of one position."""

    position_id: str
    measure: str
    """`delta`, `gamma`, `vega`, `theta`, `dv01`, `par_dv01`, `fx_delta` or `fx_gamma`."""
    key: str
    """Underlying, surface, `CURVE:TENOR` or pair; empty for theta."""
    value: float
    """PV change for the measure's bump, in the currency asked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PositionGreeks:
    """Sensitivities of positions, one by one (docs/methodology/sensitivities.md)."""

    currency: str
    """Of every amount."""
    position_ids: npt.NDArray[np.object_]
    """Positions that could be valued, in the order given; shape (positions,)."""
    present_values: FloatArray
    """Same shape."""
    greeks: tuple[PositionGreek, ...]
    """By position in that order, then by measure and key; what is not listed is zero."""
    failures: tuple[Failure, ...]
    """One for each position that could not be valued."""

    def of(self, position_id: str) -> dict[tuple[str, str], float]:
        """Value by measure and key of one position, or of all positions with that id."""
        found: dict[tuple[str, str], float] = {}
        for one in self.greeks:
            if one.position_id == position_id:
                found[one.measure, one.key] = found.get((one.measure, one.key), 0.0) + one.value
        return found


def position_greeks(
    positions: PositionTable | Sequence[Position],
    market: MarketSnapshot | MarketData,
    *,
    currency: str,
    spec: RiskSpec = DEFAULT_SPEC,
    path: str = COMPILED,
) -> PositionGreeks:
    """
    Delta, gamma, vega, theta, zero and par DV01, FX delta and gamma of positions, in *currency*.

    Units are those of the report: +1 % of a spot, one volatility point, one calendar day, one
    basis point, +1 % of a pair. *path* is that of `revalue`. Positions that cannot be valued are
    failures (E401, E403 to E407) and have no row.
    """
    snapshot = snapshot_of(market)
    levels = bumped(snapshot)
    scenarios = ScenarioSet(
        name="sensitivity",
        labels=tuple(bump.label for bump in bumps(snapshot)),
        factors=tuple(levels),
        levels=np.array(list(levels.values())).reshape(len(levels), len(bumps(snapshot))),
    )
    found = position_values(positions, market, scenarios, currency=currency, spec=spec, path=path)
    return PositionGreeks(
        currency=currency,
        position_ids=found.position_ids,
        present_values=found.present_values,
        greeks=tuple(_rows(found, _columns(found, snapshot))),
        failures=found.failures,
    )


_Columns: TypeAlias = Mapping[tuple[str, str], FloatArray]
"""Measure and key to a value for each position."""


def _columns(found: PositionValues, snapshot: MarketSnapshot) -> _Columns:
    """What the bumps of rates and pairs make of each position."""
    columns: dict[tuple[str, str], FloatArray] = {}
    for bump, moves in zip(bumps(snapshot), found.pnl.T, strict=True):
        both = bump.measure == "fx_gamma"
        columns[bump.measure, bump.key] = (
            curvature(columns["fx_delta", bump.key], moves) if both else moves
        )
    zero = {key: moves for (measure, key), moves in columns.items() if measure == "dv01"}
    par = par_columns(zero, snapshot)
    return columns | {("par_dv01", key): moves for key, moves in par.items()}


def _rows(found: PositionValues, columns: _Columns) -> Iterator[PositionGreek]:
    for row, position_id in enumerate(found.position_ids.tolist()):
        own = dict(found.greeks[row]) | {name: moves[row] for name, moves in columns.items()}
        for (measure, key), value in sorted(own.items()):
            if value != 0.0:
                yield PositionGreek(
                    position_id=position_id, measure=measure, key=key, value=float(value)
                )
