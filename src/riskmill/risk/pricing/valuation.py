"""
Full revaluation: every position under every scenario, in reporting currency.

Base is one more scenario on the same axis and through the same kernel, so a scenario
without a shock gives a P&L of exactly zero. Each block is summed in row order before
the next is valued: positions by scenarios are held for one block only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

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
)
from riskmill.risk.pricing.batches import Batch, prepare
from riskmill.risk.pricing.faults import ValuationError, not_finite
from riskmill.risk.pricing.frames import (
    SCENARIOS,
    MarketRows,
    bump_axis,
    scenario_axis,
    tomorrow_axis,
)
from riskmill.risk.pricing.groups import Group, position_groups, table_groups
from riskmill.risk.pricing.instruments import PRICERS
from riskmill.risk.pricing.quotes import DEFAULT_SPEC, Quotes
from riskmill.risk.valued import BlockGreek, Revaluation, ValuedBlocks


def value(
    positions: PositionTable,
    market: MarketSnapshot | MarketData,
    scenarios: ScenarioSet,
    *,
    currency: str,
    without_history: frozenset[str] = frozenset(),
    spec: RiskSpec = DEFAULT_SPEC,
) -> ValuedBlocks:
    """
    Value a partition of positions: base, every scenario, and greeks, summed by block.

    Amounts are in *currency*: a scenario's value at that scenario's exchange rates,
    the base value at the base's. A position that reads a factor of *without_history*,
    or cannot be valued for another reason, is a failure (E401 to E407) and is in no sum.
    *spec* says how curves are interpolated and how smiles move. The numbers of a block do
    not depend on what else is in the partition.
    """
    quotes = Quotes.of(market, spec)
    axes = (scenario_axis(quotes, scenarios), bump_axis(quotes), tomorrow_axis(quotes))
    rows = MarketRows(quotes=quotes, axes=axes, without_history=without_history)
    books, groups = zip(*table_groups(positions), strict=True) if len(positions) else ((), ())
    sums = [_sum(_value(group, rows, currency, len(scenarios))) for group in groups]
    return ValuedBlocks(
        currency=currency,
        books=books,
        instruments=tuple(group.instrument for group in groups),
        counts=np.array([len(block.position_ids) for block in sums], dtype=np.int64),
        present_values=np.array([fsum(block.present_values) for block in sums]),
        pnl=np.array([block.pnl for block in sums]).reshape(len(sums), len(scenarios)),
        greeks=tuple(
            BlockGreek(block=number, measure=measure, key=key, value=total)
            for number, block in enumerate(sums)
            for (measure, key), total in block.greeks.items()
        ),
        position_ids=_texts([id_ for block in sums for id_ in block.position_ids]),
        position_values=np.array([pv for block in sums for pv in block.present_values]),
        failures=tuple(failure for block in sums for failure in block.failures),
    )


def revalue(
    positions: PositionTable | Sequence[Position],
    market: MarketSnapshot | MarketData,
    scenarios: ScenarioSet,
    *,
    currency: str,
    spec: RiskSpec = DEFAULT_SPEC,
) -> Revaluation:
    """
    Present value and P&L of each position under each scenario, in *currency*.

    A scenario's value is converted at that scenario's exchange rates. Any scenario set
    will do, an empty one as well; a factor that it does not list keeps its base level.
    Positions that cannot be valued are failures (E401, E403 to E407) and have no row.
    """
    quotes = Quotes.of(market, spec)
    rows = MarketRows(
        quotes=quotes, axes=(scenario_axis(quotes, scenarios),), without_history=frozenset()
    )
    found = _Found.none(len(positions), len(scenarios))
    for group in _groups(positions):
        found.take(group, _value(group, rows, currency, len(scenarios)))
    return found.revaluation(currency)


def _groups(positions: PositionTable | Sequence[Position]) -> list[Group]:
    if isinstance(positions, PositionTable):
        return [group for _, group in table_groups(positions)]
    return position_groups(positions)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Values:
    """A group under every scenario; arrays hold the positions that could be valued."""

    places: npt.NDArray[np.int64]
    """Where each stands in the group."""
    position_ids: list[str]
    present_values: FloatArray
    pnl: FloatArray
    batch: Batch | None
    """What was valued; none where nothing could be."""
    kept: npt.NDArray[np.bool_]
    """Which positions of the batch these are."""
    failures: dict[int, Failure]
    """By place in the group, in order."""


def _value(group: Group, rows: MarketRows, currency: str, scenarios: int) -> _Values:
    """Value one group along the scenario axis; what is no finite number is a failure."""
    batch, refused = prepare(group.holdings, PRICERS.get(group.instrument), rows, currency)
    values = batch.values(SCENARIOS) if batch else np.empty((0, scenarios + 1))
    kept = np.asarray(np.isfinite(values).all(axis=1))
    places = np.array(batch.places if batch else [], dtype=np.int64)
    refused |= {place: not_finite("its value in some scenario") for place in places[~kept].tolist()}
    values, places = values[kept], places[kept]
    ids = [holding.position_id for holding in group.holdings]
    return _Values(
        places=places,
        position_ids=[ids[place] for place in places.tolist()],
        present_values=values[:, scenarios],
        pnl=values[:, :scenarios] - values[:, scenarios, np.newaxis],
        batch=batch,
        kept=kept,
        failures={place: _failure(ids[place], refused[place]) for place in sorted(refused)},
    )


def _failure(position_id: str, refusal: ValuationError) -> Failure:
    return Failure(
        code=refusal.code,
        reason=refusal.reason,
        message=f"{refusal.message}. {refusal.remedy}",
        subject=position_id,
        value=refusal.datum[:200],
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sums:
    """A block once its positions are summed."""

    position_ids: list[str]
    present_values: list[float]
    pnl: FloatArray
    greeks: dict[tuple[str, str], float]
    failures: list[Failure]


def _sum(block: _Values) -> _Sums:
    """Sum P&L over positions, scenario by scenario, in row order."""
    return _Sums(
        position_ids=block.position_ids,
        present_values=block.present_values.tolist(),
        pnl=block.pnl.sum(axis=0),
        greeks=_sum_greeks(block),
        failures=list(block.failures.values()),
    )


def _sum_greeks(block: _Values) -> dict[tuple[str, str], float]:
    """Totals by measure and key; a position without a key for a measure has none."""
    parts: dict[tuple[str, str], list[float]] = {}
    for measure, keys, values in block.batch.greeks() if block.batch else ():
        for key, number, kept in zip(keys, values.tolist(), block.kept.tolist(), strict=True):
            if kept and key is not None:
                parts.setdefault((measure, key), []).append(number)
    return {name: fsum(numbers) for name, numbers in parts.items()}


@dataclass(kw_only=True, slots=True)
class _Found:
    """Results of all positions while groups are valued one after the other."""

    position_ids: npt.NDArray[np.object_]
    present_values: FloatArray
    pnl: FloatArray
    failures: dict[int, Failure]

    @classmethod
    def none(cls, positions: int, scenarios: int) -> "_Found":
        """Room for every position."""
        return cls(
            position_ids=np.empty(positions, dtype=np.object_),
            present_values=np.empty(positions),
            pnl=np.empty((positions, scenarios)),
            failures={},
        )

    def take(self, group: Group, values: _Values) -> None:
        """Put a group's results where its positions stand."""
        rows = group.rows[values.places]
        self.position_ids[rows] = values.position_ids
        self.present_values[rows] = values.present_values
        self.pnl[rows] = values.pnl
        for place, failure in values.failures.items():
            self.failures[int(group.rows[place])] = failure

    def revaluation(self, currency: str) -> Revaluation:
        """Leave the failed positions out."""
        valued = np.ones(len(self.position_ids), dtype=np.bool_)
        valued[list(self.failures)] = False
        return Revaluation(
            currency=currency,
            position_ids=self.position_ids[valued],
            present_values=self.present_values[valued],
            pnl=self.pnl[valued],
            failures=tuple(self.failures[row] for row in sorted(self.failures)),
        )


def _texts(texts: list[str]) -> npt.NDArray[np.object_]:
    array = np.empty(len(texts), dtype=np.object_)
    array[:] = texts
    return array
