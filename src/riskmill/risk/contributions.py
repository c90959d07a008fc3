"""What each position adds to the firm's expected shortfall (docs/methodology/components.md)."""

from collections.abc import Collection, Iterable, Mapping
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
from riskmill.risk.pricing import Revaluer
from riskmill.risk.scenarios import Scenarios
from riskmill.risk.valued import Revaluation

DEFAULT_SPEC = RiskSpec()
TOP = 200
"""Contributions reported."""
ROUNDING = 1e-9
"""Share by which a contribution may exceed the largest loss that it is bounded by."""
FIRST_TRY = 2
"""Times so many positions are revalued first; few others can be among the largest then."""


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

    As `TailRevaluation.contributions` says, with a revaluation that is used once, of every
    position whose id is in *priced*.
    """
    tail = TailRevaluation(market, scenarios, es_weights, currency=currency, spec=spec)
    return tail.contributions(positions, worst=dict.fromkeys(priced, np.inf), top=top)


class TailRevaluation:
    """The scenarios that the firm's ES is made of, ready to revalue positions under them."""

    def __init__(
        self,
        market: MarketData,
        scenarios: Scenarios,
        es_weights: FloatArray,
        *,
        currency: str,
        spec: RiskSpec = DEFAULT_SPEC,
    ) -> None:
        """
        Keep the historical scenarios of *scenarios* that have a weight.

        *es_weights*, shape (historical scenarios,), are the firm's. Amounts are in *currency*, the
        reporting currency. Raises `UsageError` (E457) for weights of another number of scenarios.
        """
        tail = _weighted(scenarios.historical, es_weights)
        self._weights = es_weights[np.flatnonzero(es_weights)]
        self._revaluer = Revaluer(market, tail, currency=currency, spec=spec)

    def contributions(
        self, positions: PositionTable, *, worst: Mapping[str, float], top: int = TOP
    ) -> tuple[Contribution, ...]:
        """
        The *top* largest contributions among *positions*, largest loss first.

        *worst* holds the largest loss of each position that is in the firm's vector, by id;
        the others are left out, so that all contributions together are the firm's ES. None
        contributes more than its largest loss: what cannot be among the *top* is not revalued.
        """
        bounds = np.array([worst.get(id_, -np.inf) for id_ in positions.position_id.tolist()])
        first = _largest_rows(bounds, FIRST_TRY * top)
        found = self._revalued(positions, first, top)
        least = found[-1].component_es if len(found) == top else -np.inf
        slack = ROUNDING * abs(least) if np.isfinite(least) else 0.0
        others = np.flatnonzero((bounds >= least - slack) & (bounds > -np.inf))
        rest = np.setdiff1d(others, first)
        return _largest((*found, *self._revalued(positions, rest, top)), top)

    def _revalued(
        self, positions: PositionTable, rows: npt.NDArray[np.int64], top: int
    ) -> tuple[Contribution, ...]:
        """The *top* largest contributions among some rows."""
        kept = positions.take(rows)
        found = self._revaluer.revalue(kept)
        losses = weighted_loss(found.pnl, self._weights)
        return _largest(_described(kept, found, losses, _candidates(losses, top)), top)


def _largest_rows(bounds: FloatArray, count: int) -> npt.NDArray[np.int64]:
    """Rows of about so many of the largest finite or infinite bounds, in order of the rows."""
    possible = np.flatnonzero(bounds > -np.inf)
    chosen = possible[np.argsort(-bounds[possible], kind="stable")[:count]]
    return np.sort(chosen)


def _candidates(losses: FloatArray, top: int) -> npt.NDArray[np.int64]:
    """Rows of the *top* largest, and of all that equal the last of them."""
    if len(losses) <= top:
        return np.arange(len(losses))
    least = np.partition(losses, len(losses) - top)[len(losses) - top]
    return np.flatnonzero(losses >= least)


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


def _described(
    positions: PositionTable,
    found: Revaluation,
    losses: FloatArray,
    chosen: npt.NDArray[np.int64],
) -> Iterable[Contribution]:
    wanted = {found.position_ids[number]: number for number in chosen.tolist()}
    texts = positions.texts
    for row, position_id in enumerate(positions.position_id.tolist()):
        if position_id not in wanted:
            continue
        number = wanted[position_id]
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
