"""Positions by themselves: price, every sensitivity, and the factors that they read."""

from collections.abc import Sequence

import numpy as np

from riskmill.domain import (
    Contribution,
    MarketData,
    PositionDetail,
    PositionTable,
    RiskSpec,
)
from riskmill.risk.figures import curvature
from riskmill.risk.pricing import Examined, examine
from riskmill.risk.scenarios import Bump, Scenarios, bumps

DEFAULT_SPEC = RiskSpec()


def position_details(
    positions: PositionTable,
    contributions: Sequence[Contribution],
    market: MarketData,
    scenarios: Scenarios,
    *,
    currency: str,
    spec: RiskSpec = DEFAULT_SPEC,
) -> tuple[PositionDetail, ...]:
    """
    Look at those of *positions* that *contributions* name, in the order of the latter.

    Sensitivities are in *currency*, the reporting currency, and add up over positions to those
    of `Figure`; docs/methodology/sensitivities.md says what each is.
    """
    wanted = {one.position_id for one in contributions}
    named = np.array([id_ in wanted for id_ in positions.position_id.tolist()], dtype=np.bool_)
    found = examine(
        positions.take(np.flatnonzero(named)),
        market,
        scenarios.sensitivity,
        currency=currency,
        spec=spec,
    )
    every = bumps(market.snapshot)
    details = {one.position_id: _detail(one, every, market) for one in found}
    return tuple(details[one.position_id] for one in contributions if one.position_id in details)


def _detail(found: Examined, every: Sequence[Bump], market: MarketData) -> PositionDetail:
    quotes = market.snapshot.quotes
    greeks = (*found.greeks, *_bumped(found, every))
    return PositionDetail(
        position_id=found.position_id,
        quantity=found.quantity,
        price=found.price,
        currency=found.currency,
        present_value=found.present_value,
        greeks=tuple(greek for greek in greeks if greek[2]),
        factors=tuple((factor, quotes[factor]) for factor in found.factors),
    )


def _bumped(found: Examined, every: Sequence[Bump]) -> list[tuple[str, str, float]]:
    """DV01 by node, FX delta and gamma by pair, from the P&L under each bump."""
    rises: dict[str, float] = {}
    told = []
    for bump, pnl in zip(every, found.bumped.tolist(), strict=True):
        value = pnl
        if bump.measure == "fx_delta":
            rises[bump.key] = pnl
        if bump.measure == "fx_gamma":
            value = float(curvature(np.array(rises[bump.key]), np.array(pnl)))
        told.append((bump.measure, bump.key, value))
    return told
