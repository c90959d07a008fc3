"""What each position adds to the firm's expected shortfall (docs/methodology/components.md)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
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
from riskmill.risk.pricing import Revaluer, Valuation
from riskmill.risk.scenarios import Scenarios
from riskmill.risk.valued import Revaluation, ValuedBlocks

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
        valuation: Valuation | None = None,
    ) -> None:
        """
        Keep the historical scenarios of *scenarios* that have a weight.

        *es_weights*, shape (historical scenarios,), are the firm's. Amounts are in *currency*, the
        reporting currency. *valuation* is the one in which positions were valued, historical
        scenarios first: what it kept need not be prepared again.
        Raises `UsageError` (E457) for weights of another number of scenarios.
        """
        tail = _weighted(scenarios.historical, es_weights)
        self._chosen = np.flatnonzero(es_weights)
        self._weights = es_weights[self._chosen]
        self._valuation = valuation
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

    def contributions_of_segments(
        self, segments: Iterable[tuple[str, PositionTable, ValuedBlocks]], *, top: int = TOP
    ) -> tuple[Contribution, ...]:
        """
        The same of whole segments, each with its name and what it is worth.

        Segments that the valuation kept under their names are revalued as they are prepared.
        """
        found: tuple[Contribution, ...] = ()
        others = []
        for name, segment, valued in segments:
            pnl = self._valuation.pnl_again(name, self._chosen) if self._valuation else None
            if pnl is None:
                others.append((segment, valued))
                continue
            losses = weighted_loss(pnl, self._weights)
            least = found[-1].component_es if len(found) == top else -np.inf
            chosen = _candidates(losses, top)
            found = _largest(
                (*found, *_described(segment, valued, losses, chosen[losses[chosen] >= least])), top
            )
        if others:
            worst = {
                id_: loss
                for _, valued in others
                for id_, loss in zip(
                    valued.position_ids.tolist(), valued.position_worst.tolist(), strict=True
                )
            }
            positions = PositionTable.joined([segment for segment, _ in others])
            found = _largest((*found, *self.contributions(positions, worst=worst, top=top)), top)
        return found

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
    found: Revaluation | ValuedBlocks,
    losses: FloatArray,
    chosen: npt.NDArray[np.int64],
) -> Iterator[Contribution]:
    """Contributions of the *chosen* among the positions that were valued."""
    texts = positions.texts
    values = found.position_values if isinstance(found, ValuedBlocks) else found.present_values
    for number in chosen.tolist():
        position_id = found.position_ids[number]
        # What could not be valued is left out there, so that rows can only stand further on.
        row = number
        while positions.position_id[row] != position_id:
            row += 1
        yield Contribution(
            position_id=position_id,
            book=texts["book"].text(row),
            instrument=texts["instrument"].text(row),
            underlying=texts["underlying"].text(row) or texts["currency"].text(row),
            present_value=float(values[number]),
            component_es=float(losses[number]),
        )


def _largest(found: Iterable[Contribution], top: int) -> tuple[Contribution, ...]:
    ranked = sorted(found, key=lambda one: (-one.component_es, one.position_id))
    return tuple(ranked[:top])
