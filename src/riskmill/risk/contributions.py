"""What each position adds to the firm's expected shortfall (docs/methodology/components.md)."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

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
from riskmill.risk.pricing import Revaluer, Valuation
from riskmill.risk.scenarios import Scenarios
from riskmill.risk.valued import Revaluation, ValuedBlocks

Valued: TypeAlias = Revaluation | ValuedBlocks
"""Positions that were valued, by id, with what they are worth."""

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
        valuation: Valuation | None = None,
    ) -> None:
        """
        Keep the historical scenarios of *scenarios* that have a weight, and those of *tail*.

        *es_weights*, shape (historical scenarios,), are the firm's, *tail* the numbers of the
        scenarios whose losers are asked for. Amounts are in *currency*, the reporting currency.
        *valuation* is the one in which positions were valued, historical scenarios first: what it
        kept need not be prepared again.
        Raises `UsageError` (E457) for weights of another number of scenarios.
        """
        historical = scenarios.historical
        _check_weights(historical, es_weights)
        chosen = np.union1d(np.flatnonzero(es_weights), np.array(tail, dtype=np.int64))
        self._chosen = chosen
        self._valuation = valuation
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

    def attribution_of_segments(
        self, segments: Iterable[tuple[str, PositionTable, ValuedBlocks]], *, top: int = TOP
    ) -> Attribution:
        """
        The same of whole segments, each with its name and what it is worth.

        Segments that the valuation kept under their names are revalued as they are prepared.
        """
        found = merged((), top, scenarios=len(self._tail))
        others = []
        for name, segment, valued in segments:
            pnl = self._valuation.pnl_again(name, self._chosen) if self._valuation else None
            if pnl is None:
                others.append((segment, valued))
            else:
                least = _least(found.contributions, top)
                found = merged((found, self._attributed(segment, valued, pnl, top, least)), top)
        if others:
            worst = {
                id_: loss
                for _, valued in others
                for id_, loss in zip(
                    valued.position_ids.tolist(), valued.position_worst.tolist(), strict=True
                )
            }
            positions = PositionTable.joined([segment for segment, _ in others])
            found = merged((found, self.attribution(positions, worst=worst, top=top)), top)
        return found

    def _revalued(
        self, positions: PositionTable, rows: npt.NDArray[np.int64], top: int
    ) -> Attribution:
        """The *top* largest contributions among some rows, and their losers."""
        kept = positions.take(rows)
        found = self._revaluer.revalue(kept)
        return self._attributed(kept, found, found.pnl, top)

    def _attributed(
        self,
        positions: PositionTable,
        found: Valued,
        pnl: FloatArray,
        top: int,
        least: float = -np.inf,
    ) -> Attribution:
        """
        Look at the positions that were valued, whose *pnl* is given.

        Those that contribute less than *least* are no news.
        """
        losses = weighted_loss(pnl, self._weights)
        chosen = _candidates(losses, top)
        chosen = chosen[losses[chosen] >= least]
        return Attribution(
            contributions=_largest(_described(positions, found, losses, chosen), top),
            losers=tuple(
                _losers(positions, found, pnl[:, column]) for column in self._tail.tolist()
            ),
        )


def merged(parts: Iterable[Attribution], top: int = TOP, *, scenarios: int = 0) -> Attribution:
    """
    The *top* largest contributions of all partitions, and the losers among all.

    Of no partition at all there are none, in so many *scenarios*.
    """
    every = tuple(parts) or (Attribution(contributions=(), losers=((),) * scenarios),)
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


def _losers(positions: PositionTable, found: Valued, pnl: FloatArray) -> tuple[PositionLoss, ...]:
    """Those of one scenario."""
    lost = np.flatnonzero(pnl < 0.0)
    chosen = lost[_candidates(-pnl[lost], LOSERS)].tolist()
    books = positions.texts["book"]
    return _worst(
        PositionLoss(
            position_id=found.position_ids[number],
            book=books.text(row),
            pnl=float(pnl[number]),
        )
        for number, row in zip(chosen, _rows(positions, found, chosen), strict=True)
    )


def _rows(positions: PositionTable, found: Valued, numbers: Sequence[int]) -> list[int]:
    """Rows of the positions with these *numbers*, ascending, among those that were valued."""
    rows, row = [], 0
    for number in numbers:
        # What could not be valued is left out there: a row can only be further on.
        row = max(row, number)
        while positions.position_id[row] != found.position_ids[number]:
            row += 1
        rows.append(row)
    return rows


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
    found: Valued,
    losses: FloatArray,
    chosen: npt.NDArray[np.int64],
) -> Iterator[Contribution]:
    """Contributions of the *chosen* among the positions that were valued."""
    texts = positions.texts
    values = found.position_values if isinstance(found, ValuedBlocks) else found.present_values
    numbers = chosen.tolist()
    for number, row in zip(numbers, _rows(positions, found, numbers), strict=True):
        yield Contribution(
            position_id=found.position_ids[number],
            book=texts["book"].text(row),
            instrument=texts["instrument"].text(row),
            underlying=texts["underlying"].text(row) or texts["currency"].text(row),
            present_value=float(values[number]),
            component_es=float(losses[number]),
        )


def _largest(found: Iterable[Contribution], top: int) -> tuple[Contribution, ...]:
    ranked = sorted(found, key=lambda one: (-one.component_es, one.position_id))
    return tuple(ranked[:top])
