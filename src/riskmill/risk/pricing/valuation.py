"""
Full revaluation: every position under every scenario, in reporting currency.

Base is one more scenario on the same axis and through the same kernel, so a scenario
without a shock gives a P&L of exactly zero. Each block is summed in row order before
the next is valued: positions by scenarios are held for one block only.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import fsum
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
)
from riskmill.risk.pricing.arrays import COMPILED, check_path
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
from riskmill.risk.valued import BlockGreeks, Revaluation, ValuedBlocks

_Kinds: TypeAlias = tuple[npt.NDArray[np.int64], FloatArray]
"""Numbers of sensitivities among the names of a valuation, and their totals."""

MOST_ROWS = 30_000
"""Rows of market inputs that are kept from one partition to the next: some 150 MB of them."""


def value(
    positions: PositionTable,
    market: MarketSnapshot | MarketData,
    scenarios: ScenarioSet,
    *,
    currency: str,
    without_history: frozenset[str] = frozenset(),
    spec: RiskSpec = DEFAULT_SPEC,
) -> ValuedBlocks:
    """Value *positions* as `Valuation.value` does, on a market that is used once."""
    valuation = Valuation(
        market, scenarios, currency=currency, without_history=without_history, spec=spec
    )
    return valuation.value(positions)


class Valuation:
    """
    One market under one scenario set, ready to value partition after partition.

    What positions read from the market is calculated once for all of them. Several
    threads may value at the same time.
    """

    def __init__(
        self,
        market: MarketSnapshot | MarketData,
        scenarios: ScenarioSet,
        *,
        currency: str,
        without_history: frozenset[str] = frozenset(),
        headline: int | None = None,
        spec: RiskSpec = DEFAULT_SPEC,
        path: str = COMPILED,
    ) -> None:
        """
        Prepare to value in *currency*, the reporting currency.

        The first *headline* of *scenarios*, by default all of them, are those of VaR and ES.
        *spec* says how curves are interpolated and how smiles move, *path* how formulas are run
        over scenarios: `compiled`, or `numpy` for batches too small to start a compiler for.

        A position that reads a factor of *without_history* is a failure (E402). Raises
        what `scenario_axis` and `Quotes.of` raise.
        """
        quotes = Quotes.of(market, spec)
        self._currency = currency
        self._scenarios = len(scenarios)
        self._headline = len(scenarios) if headline is None else headline
        self._rows = MarketRows(
            quotes=quotes,
            axes=(scenario_axis(quotes, scenarios), bump_axis(quotes), tomorrow_axis(quotes)),
            without_history=without_history,
            path=check_path(path),
        )

    def value(self, positions: PositionTable) -> ValuedBlocks:
        """
        Value a partition of positions: base, every scenario, and greeks, summed by block.

        A scenario's value is converted at that scenario's exchange rates, the base value at
        the base's. A position that cannot be valued is a failure (E401 to E407) and is in no
        sum. The numbers of a block do not depend on what else is in the partition.
        """
        rows = self._rows = _roomy(self._rows)
        return _valued(
            positions, rows, self._currency, self._scenarios, self._headline, _sum_greeks
        )


class Repricing:
    """
    One market under one scenario set, ready to value partitions without their greeks.

    Several threads may value at the same time.
    """

    def __init__(
        self,
        market: MarketSnapshot | MarketData,
        scenarios: ScenarioSet,
        *,
        currency: str,
        without_history: frozenset[str] = frozenset(),
        spec: RiskSpec = DEFAULT_SPEC,
    ) -> None:
        """Prepare as `Valuation` does, on the axis of the scenarios alone; raises the same."""
        quotes = Quotes.of(market, spec)
        self._currency = currency
        self._scenarios = len(scenarios)
        self._rows = MarketRows(
            quotes=quotes, axes=(scenario_axis(quotes, scenarios),), without_history=without_history
        )

    def value(self, positions: PositionTable) -> ValuedBlocks:
        """Base and every scenario, summed by block as `Valuation.value` does, without greeks."""
        rows = self._rows = _roomy(self._rows)
        count = self._scenarios
        return _valued(positions, rows, self._currency, count, count, _no_greeks)


def _roomy(rows: MarketRows) -> MarketRows:
    return rows if len(rows) < MOST_ROWS else rows.emptied()


def _valued(
    positions: PositionTable,
    rows: MarketRows,
    currency: str,
    count: int,
    headline: int,
    greeks_of: "Callable[[_Values, _Names], _Kinds]",
) -> ValuedBlocks:
    books, groups = zip(*table_groups(positions), strict=True) if len(positions) else ((), ())
    names = _Names()
    sums = [
        _sum(block, greeks_of(block, names), headline)
        for block in (_value(group, rows, currency, count) for group in groups)
    ]
    return ValuedBlocks(
        currency=currency,
        books=books,
        instruments=tuple(group.instrument for group in groups),
        counts=np.array([len(block.position_ids) for block in sums], dtype=np.int64),
        present_values=np.array([fsum(block.present_values) for block in sums]),
        pnl=np.array([block.pnl for block in sums]).reshape(len(sums), count),
        greeks=_greeks(names, [block.greeks for block in sums]),
        position_ids=_texts([id_ for block in sums for id_ in block.position_ids]),
        position_values=np.array([pv for block in sums for pv in block.present_values]),
        position_worst=np.concatenate([np.empty(0), *(block.worst for block in sums)]),
        failures=tuple(failure for block in sums for failure in block.failures),
    )


def revalue(
    positions: PositionTable | Sequence[Position],
    market: MarketSnapshot | MarketData,
    scenarios: ScenarioSet,
    *,
    currency: str,
    spec: RiskSpec = DEFAULT_SPEC,
    path: str = COMPILED,
) -> Revaluation:
    """
    Present value and P&L of each position under each scenario, in *currency*.

    *path* is `compiled`, or `numpy`, which starts no compiler and pays for up to some ten
    million valuations; American options are compiled on both. They agree to 1e-12 of gross.

    A scenario's value is converted at that scenario's exchange rates. Any scenario set
    will do, an empty one as well; a factor that it does not list keeps its base level.
    Positions that cannot be valued are failures (E401, E403 to E407) and have no row.
    """
    return Revaluer(market, scenarios, currency=currency, spec=spec, path=path).revalue(positions)


class Revaluer:
    """
    One market under one scenario set, ready to revalue positions one by one.

    Several threads may revalue at the same time.
    """

    def __init__(
        self,
        market: MarketSnapshot | MarketData,
        scenarios: ScenarioSet,
        *,
        currency: str,
        spec: RiskSpec = DEFAULT_SPEC,
        path: str = COMPILED,
    ) -> None:
        """Prepare to revalue in *currency*; raises what `scenario_axis` and `Quotes.of` raise."""
        quotes = Quotes.of(market, spec)
        self._currency = currency
        self._scenarios = len(scenarios)
        self._rows = MarketRows(
            quotes=quotes,
            axes=(scenario_axis(quotes, scenarios),),
            without_history=frozenset(),
            path=check_path(path),
        )

    def revalue(self, positions: PositionTable | Sequence[Position]) -> Revaluation:
        """Present value and P&L of each position under each scenario, as the function does."""
        rows = self._rows = _roomy(self._rows)
        found = _Found.none(len(positions), self._scenarios)
        for group in _groups(positions):
            found.take(group, _value(group, rows, self._currency, self._scenarios))
        return found.revaluation(self._currency)


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
    with np.errstate(all="ignore"):
        values = batch.values(SCENARIOS) if batch else np.empty((0, scenarios + 1))
    kept = np.asarray(np.isfinite(values).all(axis=1))
    places = np.array(batch.places if batch else [], dtype=np.int64)
    refused |= {place: not_finite("its value in some scenario") for place in places[~kept].tolist()}
    if not kept.all():
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
    worst: FloatArray
    """Largest loss of each position."""
    pnl: FloatArray
    greeks: _Kinds
    """Kinds, by their number among the names, and totals."""
    failures: list[Failure]


class _Names:
    """Measures with their keys, numbered as they are met."""

    def __init__(self) -> None:
        self._of_measure: dict[str, dict[str, int]] = {}
        self.every: list[tuple[str, str]] = []

    def numbers(self, measure: str, keys: Iterable[str | None]) -> npt.NDArray[np.int64]:
        """Give the number of each key's name; -1 where there is no key."""
        known = self._of_measure.setdefault(measure, {})
        for key in dict.fromkeys(keys):
            if key is not None and key not in known:
                known[key] = len(self.every)
                self.every.append((measure, key))
        return np.array([-1 if key is None else known[key] for key in keys], dtype=np.int64)


def _sum(block: _Values, greeks: _Kinds, headline: int) -> _Sums:
    """Sum P&L over positions, scenario by scenario, in row order."""
    return _Sums(
        position_ids=block.position_ids,
        present_values=block.present_values.tolist(),
        worst=-block.pnl[:, :headline].min(axis=1, initial=0.0),
        pnl=block.pnl.sum(axis=0),
        greeks=greeks,
        failures=list(block.failures.values()),
    )


def _sum_greeks(block: _Values, names: _Names) -> _Kinds:
    """Totals by name, in row order; a position without a key for a measure has none."""
    kinds = [np.empty(0, dtype=np.int64)]
    totals: list[FloatArray] = [np.empty(0)]
    for measure, keys, values in block.batch.greeks() if block.batch else ():
        numbers = names.numbers(measure, keys)
        kept = block.kept & (numbers >= 0)
        if kept.any():
            own, places = np.unique(numbers[kept], return_inverse=True)
            kinds.append(own)
            totals.append(np.bincount(places, weights=values[kept]).astype(np.float64, copy=False))
    return np.concatenate(kinds), np.concatenate(totals)


def _no_greeks(block: _Values, names: _Names) -> _Kinds:
    return np.empty(0, dtype=np.int64), np.empty(0)


def _greeks(names: _Names, sums: Sequence[_Kinds]) -> BlockGreeks:
    none = (np.empty(0, dtype=np.int64), np.empty(0))
    kinds, values = zip(none, *sums, strict=True)
    return BlockGreeks(
        names=tuple(names.every),
        blocks=np.repeat(np.arange(len(sums)), [len(own) for own, _ in sums]),
        kinds=np.concatenate(kinds),
        values=np.concatenate(values),
    )


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
