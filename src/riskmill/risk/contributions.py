"""What each position adds to the firm's expected shortfall (docs/methodology/components.md)."""

from collections.abc import Collection, Iterable
from itertools import chain

import numpy as np
import numpy.typing as npt

from riskmill.domain import (
    Contribution,
    FloatArray,
    MarketData,
    PositionTable,
    RiskSpec,
    ScenarioSet,
    UsageError,
)
from riskmill.risk.measures import weighted_loss
from riskmill.risk.pricing import revalue
from riskmill.risk.scenarios import Scenarios
from riskmill.risk.valued import Revaluation

DEFAULT_SPEC = RiskSpec()
TOP = 200
"""Contributions reported."""


def contributions(
    positions: PositionTable,
    market: MarketData,
    scenarios: Scenarios,
    es_weights: FloatArray,
    *,
    currency: str,
    priced: Collection[str],
    top: int = TOP,
    spec: RiskSpec = DEFAULT_SPEC,
) -> tuple[Contribution, ...]:
    """
    The *top* largest contributions among *positions*, largest loss first.

    *es_weights*, shape (historical scenarios,), are the firm's; only scenarios with a weight are
    revalued. *priced* holds the ids of the positions that are in the firm's vector: the others
    are left out, so that all contributions together are the firm's ES. Amounts in *currency*,
    the reporting currency.
    Raises `UsageError` (E457) for weights of another number of scenarios.
    """
    tail = _weighted(scenarios.historical, es_weights)
    kept = positions.take(_rows(positions, priced))
    found = revalue(kept, market, tail, currency=currency, spec=spec)
    losses = weighted_loss(found.pnl, es_weights[np.flatnonzero(es_weights)])
    return _largest(_described(kept, found, losses), top)


def top_contributions(
    parts: Iterable[tuple[Contribution, ...]], top: int = TOP
) -> tuple[Contribution, ...]:
    """The *top* largest contributions of all partitions, largest loss first, equal ones by id."""
    return _largest(chain.from_iterable(parts), top)


def _weighted(historical: ScenarioSet, es_weights: FloatArray) -> ScenarioSet:
    """The scenarios that have a weight, in their order."""
    if es_weights.shape != (len(historical),):
        raise UsageError(
            "E457",
            f"there are weights for {es_weights.shape} scenarios, "
            f"the historical set has {len(historical)}",
            remedy="Pass the weights that measure() gave for the same scenarios.",
        )
    chosen = np.flatnonzero(es_weights)
    return ScenarioSet(
        name=historical.name,
        labels=tuple(historical.labels[number] for number in chosen),
        factors=historical.factors,
        levels=historical.levels[:, chosen],
    )


def _rows(positions: PositionTable, priced: Collection[str]) -> npt.NDArray[np.int64]:
    wanted = frozenset(priced)
    ids = positions.position_id.tolist()
    return np.array([row for row, id_ in enumerate(ids) if id_ in wanted], dtype=np.int64)


def _described(
    positions: PositionTable, found: Revaluation, losses: FloatArray
) -> Iterable[Contribution]:
    row_of = {id_: row for row, id_ in enumerate(positions.position_id.tolist())}
    texts = positions.texts
    for number, position_id in enumerate(found.position_ids.tolist()):
        row = row_of[position_id]
        yield Contribution(
            position_id=position_id,
            book=texts["book"].text(row),
            instrument=texts["instrument"].text(row),
            underlying=texts["underlying"].text(row) or texts["currency"].text(row),
            present_value=float(found.present_values[number]),
            component_es=float(losses[number]),
        )


def _largest(found: Iterable[Contribution], top: int) -> tuple[Contribution, ...]:
    ranked = sorted(found, key=lambda one: (-one.component_es, one.position_id))
    return tuple(ranked[:top])
