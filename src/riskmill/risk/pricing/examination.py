"""Positions one by one on the snapshot: price, greeks, bumps, and the factors they read."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from riskmill.domain import (
    FloatArray,
    Instrument,
    MarketData,
    MarketSnapshot,
    PositionTable,
    RiskSpec,
    ScenarioSet,
)
from riskmill.risk.pricing.batches import Batch, prepare
from riskmill.risk.pricing.faults import ValuationError
from riskmill.risk.pricing.frames import (
    SCENARIOS,
    MarketRows,
    bump_axis,
    scenario_axis,
    tomorrow_axis,
)
from riskmill.risk.pricing.groups import Group, table_groups
from riskmill.risk.pricing.inputs import Conversion, Input
from riskmill.risk.pricing.instruments import PRICERS
from riskmill.risk.pricing.pricers import LinearPricer, Pricer, singly
from riskmill.risk.pricing.quotes import DEFAULT_SPEC, Quotes


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """What is known of one position; amounts in the reporting currency but for the price."""

    position_id: str
    quantity: float
    price: float | None
    """Of one unit, in the instrument's own currency; none where there is no unit."""
    currency: str
    """The instrument's own."""
    present_value: float
    bumped: FloatArray
    """P&L under each scenario of the set that was given, shape (scenarios,)."""
    greeks: tuple[tuple[str, str, float], ...]
    """Measure, key and value of delta, gamma, vega and theta, as far as there is a key."""
    factors: tuple[str, ...]
    """Ids of what it reads, each once, its conversion last."""


def examine(
    positions: PositionTable,
    market: MarketSnapshot | MarketData,
    bumps: ScenarioSet,
    *,
    currency: str,
    spec: RiskSpec = DEFAULT_SPEC,
) -> tuple[Examined, ...]:
    """
    Look at each of *positions* by itself; those that cannot be valued are left out.

    *currency* is the reporting currency, *bumps* a set of scenarios to value under. What is
    found of a position does not depend on the others.
    """
    quotes = Quotes.of(market, spec)
    rows = MarketRows(
        quotes=quotes,
        axes=(scenario_axis(quotes, bumps), bump_axis(quotes), tomorrow_axis(quotes)),
        without_history=frozenset(),
    )
    return tuple(
        one
        for _, group in table_groups(positions)
        for one in _examined(group, rows, currency, len(bumps))
    )


def _examined(group: Group, rows: MarketRows, currency: str, count: int) -> Iterator[Examined]:
    pricer = PRICERS.get(group.instrument)
    holdings = group.holdings()
    batch, _ = prepare(holdings, pricer, rows, currency)
    if batch is None or pricer is None:
        return
    with np.errstate(all="ignore"):
        values, greeks = batch.values(SCENARIOS), _greeks_of(batch)
    for number, place in enumerate(batch.places.tolist()):
        position_id, quantity, contract = holdings[place]
        if isinstance(contract, ValuationError) or not np.isfinite(values[number]).all():
            continue
        present_value = float(values[number, count])
        conversion = Conversion(contract.currency, currency)
        rate = float(rows.matrix(SCENARIOS)[rows.number(conversion), count])
        yield Examined(
            position_id=position_id,
            quantity=quantity,
            price=present_value / (quantity * rate) if quantity else None,
            currency=contract.currency,
            present_value=present_value,
            bumped=values[number, :count] - present_value,
            greeks=greeks[number],
            factors=_factors(contract, pricer, conversion, rows.quotes),
        )


def _greeks_of(batch: Batch) -> list[tuple[tuple[str, str, float], ...]]:
    found: list[list[tuple[str, str, float]]] = [[] for _ in batch.places]
    for measure, keys, values in batch.greeks():
        for own, key, value in zip(found, keys, values.tolist(), strict=True):
            if key is not None:
                own.append((measure, key, value))
    return [tuple(own) for own in found]


def _factors(
    contract: Instrument, pricer: Pricer, conversion: Conversion, quotes: Quotes
) -> tuple[str, ...]:
    inputs: tuple[Input, ...] = (
        tuple(exposure.input for exposure in singly(pricer.exposures(contract, quotes)))
        if isinstance(pricer, LinearPricer)
        else tuple(pricer.inputs(contract, quotes))
    )
    named = (factor for one in (*inputs, conversion) for factor in one.factors(quotes))
    return tuple(dict.fromkeys(named))
