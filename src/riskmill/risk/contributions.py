"""What each position adds to the firm's expected shortfall (docs/methodology/components.md)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from riskmill.domain import (
    Contribution,
    FloatArray,
    MarketData,
    PositionLoss,
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
LOSERS = 3
"""Positions named for a scenario of the tail."""

Losers = tuple[tuple[PositionLoss, ...], ...]
"""One entry a scenario of the tail: the positions that lost most in it, largest loss first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribution:
    """Which positions make the firm's ES, and which its worst scenarios."""

    contributions: tuple[Contribution, ...]
    """Largest loss first."""
    losers: Losers


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
        tail: Sequence[int] = (),
        spec: RiskSpec = DEFAULT_SPEC,
    ) -> None:
        """
        Keep the historical scenarios of *scenarios* that have a weight, and those of *tail*.

        *es_weights*, shape (historical scenarios,), are the firm's, *tail* the numbers of the
        scenarios whose losers are asked for. Amounts are in *currency*, the reporting currency.
        Raises `UsageError` (E457) for weights of another number of scenarios.
        """
        historical = scenarios.historical
        _check_weights(historical, es_weights)
        chosen = np.union1d(np.flatnonzero(es_weights), np.array(tail, dtype=np.int64))
        self._weights = es_weights[chosen]
        self._tail = np.searchsorted(chosen, np.array(tail, dtype=np.int64))
        self._revaluer = Revaluer(market, _only(historical, chosen), currency=currency, spec=spec)

    def contributions(
        self, positions: PositionTable, *, worst: Mapping[str, float], top: int = TOP
    ) -> tuple[Contribution, ...]:
        """The contributions of `attribution`."""
        return self.attribution(positions, worst=worst, top=top).contributions

    def attribution(
        self, positions: PositionTable, *, worst: Mapping[str, float], top: int = TOP
    ) -> Attribution:
        """
        The *top* largest contributions among *positions*, and the losers of each tail scenario.

        *worst* holds the largest loss of each position that is in the firm's vector, by id;
        the others are left out, so that all contributions together are the firm's ES. None
        contributes or loses more than its largest loss: what can be in neither list is not
        revalued.
        """
        bounds = np.array([worst.get(id_, -np.inf) for id_ in positions.position_id.tolist()])
        first = _largest_rows(bounds, FIRST_TRY * top)
        found = self._revalued(positions, first, top)
        others = (bounds >= _least(found.contributions, top)) & (bounds > -np.inf)
        others |= (bounds >= _least_lost(found.losers)) & (bounds > 0.0)
        rest = np.setdiff1d(np.flatnonzero(others), first)
        return merged((found, self._revalued(positions, rest, top)), top)

    def _revalued(
        self, positions: PositionTable, rows: npt.NDArray[np.int64], top: int
    ) -> Attribution:
        """The *top* largest contributions among some rows, and their losers."""
        kept = positions.take(rows)
        found = self._revaluer.revalue(kept)
        losses = weighted_loss(found.pnl, self._weights)
        return Attribution(
            contributions=_largest(_described(kept, found, losses, _candidates(losses, top)), top),
            losers=tuple(
                _losers(kept, found, found.pnl[:, column]) for column in self._tail.tolist()
            ),
        )


def merged(parts: Iterable[Attribution], top: int = TOP) -> Attribution:
    """The *top* largest contributions of all partitions, and the losers among all."""
    every = tuple(parts)
    return Attribution(
        contributions=top_contributions((part.contributions for part in every), top),
        losers=tuple(
            _worst(chain.from_iterable(scenario))
            for scenario in zip(*(part.losers for part in every), strict=True)
        ),
    )


def _least(found: Sequence[Contribution], top: int) -> float:
    """What a position's largest loss must reach if it is to be among the *top*."""
    if len(found) < top:
        return -np.inf
    return _lowered(found[-1].component_es)


def _least_lost(losers: Losers) -> float:
    """What it must reach if the position is to be among the losers of some scenario."""
    if not losers:
        return np.inf
    return min(_lowered(-lost[-1].pnl) if len(lost) == LOSERS else 0.0 for lost in losers)


def _lowered(bound: float) -> float:
    return bound - ROUNDING * abs(bound)


def _losers(
    positions: PositionTable, found: Revaluation, pnl: FloatArray
) -> tuple[PositionLoss, ...]:
    """Those of one scenario."""
    lost = np.flatnonzero(pnl < 0.0)
    chosen = lost[_candidates(-pnl[lost], LOSERS)]
    book_of = dict(
        zip(positions.position_id.tolist(), positions.texts["book"].texts(), strict=True)
    )
    return _worst(
        PositionLoss(
            position_id=found.position_ids[number],
            book=book_of[found.position_ids[number]],
            pnl=float(pnl[number]),
        )
        for number in chosen.tolist()
    )


def _worst(losses: Iterable[PositionLoss]) -> tuple[PositionLoss, ...]:
    return tuple(sorted(losses, key=lambda one: (one.pnl, one.position_id))[:LOSERS])


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


def _check_weights(historical: ScenarioSet, es_weights: FloatArray) -> None:
    if es_weights.shape != (len(historical),):
        raise UsageError(
            "E457",
            f"there are weights for {es_weights.shape} scenarios, "
            f"the historical set has {len(historical)}",
            remedy="Pass the weights that measure() gave for the same scenarios.",
        )


def _only(historical: ScenarioSet, chosen: npt.NDArray[np.int64]) -> ScenarioSet:
    """The *chosen* scenarios, in their order."""
    return ScenarioSet(
        name=historical.name,
        labels=tuple(historical.labels[number] for number in chosen.tolist()),
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
