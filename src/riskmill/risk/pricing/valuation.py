"""
Full revaluation: every position under every scenario, in reporting currency.

Base is one more scenario on the same axis and through the same kernel, so a scenario
without a shock gives a P&L of exactly zero. Each block is summed in row order before
the next is valued: positions by scenarios are held for one block only.
"""

from collections.abc import Callable, Sequence
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
from riskmill.risk.pricing.arrays import COMPILED, check_path
from riskmill.risk.pricing.frames import (
    MarketRows,
    bump_axis,
    scenario_axis,
    tomorrow_axis,
)
from riskmill.risk.pricing.greek_sums import (
    Kinds,
    Names,
    greeks_by_block,
    no_greeks,
    sum_greeks,
)
from riskmill.risk.pricing.group_values import GroupValues, Valued, sum_group, value_group
from riskmill.risk.pricing.groups import Group, position_groups, table_groups
from riskmill.risk.pricing.kept import Kept, Prepared
from riskmill.risk.pricing.quotes import DEFAULT_SPEC, Quotes
from riskmill.risk.valued import Revaluation, ValuedBlocks

MOST_ROWS = 60_000
"""Rows of market inputs that are kept from one partition to the next: some 300 MB of them."""


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
        rows = MarketRows(
            quotes=quotes,
            axes=(scenario_axis(quotes, scenarios), bump_axis(quotes), tomorrow_axis(quotes)),
            without_history=without_history,
            path=check_path(path),
        )
        self._open = rows, Kept()

    def value(self, positions: PositionTable, *, keep_as: str = "") -> ValuedBlocks:
        """
        Value a partition of positions: base, every scenario, and greeks, summed by block.

        A scenario's value is converted at that scenario's exchange rates, the base value at
        the base's. A position that cannot be valued is a failure (E401 to E407) and is in no
        sum. The numbers of a block do not depend on what else is in the partition.
        Under a name to *keep_as*, `pnl_again` finds the positions again while there is room.
        """
        rows, kept = self._open
        if len(rows) >= MOST_ROWS:
            rows, kept = self._open = rows.emptied(), Kept()
        batches: list[Prepared] = []
        valued = _valued(
            positions,
            rows,
            self._currency,
            self._scenarios,
            self._headline,
            sum_greeks,
            batches,
        )
        if keep_as:
            kept.keep(keep_as, rows, batches)
        return valued

    def pnl_again(self, kept_as: str, scenarios: npt.NDArray[np.int64]) -> FloatArray | None:
        """
        P&L of positions that were kept, under the scenarios of these numbers only.

        Shape (positions valued, scenarios), in the order and to the bit as they were valued;
        none where they are not kept (any more).
        """
        return self._open[1].pnl(kept_as, scenarios, self._scenarios)


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
        path: str = COMPILED,
    ) -> None:
        """Prepare as `Valuation` does, on the axis of the scenarios alone; raises the same."""
        self._currency = currency
        self._scenarios = len(scenarios)
        self._rows = _scenario_rows(market, scenarios, without_history, spec, path)

    def value(self, positions: PositionTable) -> ValuedBlocks:
        """Base and every scenario, summed by block as `Valuation.value` does, without greeks."""
        rows = self._rows = _roomy(self._rows)
        count = self._scenarios
        return _valued(positions, rows, self._currency, count, count, no_greeks)


def _scenario_rows(
    market: MarketSnapshot | MarketData,
    scenarios: ScenarioSet,
    without_history: frozenset[str],
    spec: RiskSpec,
    path: str,
) -> MarketRows:
    quotes = Quotes.of(market, spec)
    return MarketRows(
        quotes=quotes,
        axes=(scenario_axis(quotes, scenarios),),
        without_history=without_history,
        path=check_path(path),
    )


def _roomy(rows: MarketRows) -> MarketRows:
    return rows if len(rows) < MOST_ROWS else rows.emptied()


def _valued(
    positions: PositionTable,
    rows: MarketRows,
    currency: str,
    count: int,
    headline: int,
    greeks_of: Callable[[Valued, Names], Kinds],
    batches: list[Prepared] | None = None,
) -> ValuedBlocks:
    """Value and sum block after block; what was prepared is added to *batches*."""
    books, groups = zip(*table_groups(positions), strict=True) if len(positions) else ((), ())
    names = Names()
    sums, greeks = [], []
    for group in groups:
        block = sum_group(group, rows, currency, count, headline)
        sums.append(block)
        greeks.append(greeks_of(block, names))
        if batches is not None and block.batch:
            batches.append((block.batch, block.kept))
    return ValuedBlocks(
        currency=currency,
        books=books,
        instruments=tuple(group.instrument for group in groups),
        counts=np.array([len(block.position_ids) for block in sums], dtype=np.int64),
        present_values=np.array([fsum(block.present_values.tolist()) for block in sums]),
        pnl=np.array([block.pnl for block in sums]).reshape(len(sums), count),
        greeks=greeks_by_block(names, greeks),
        position_ids=_texts([id_ for block in sums for id_ in block.position_ids]),
        position_values=np.concatenate([np.empty(0), *(block.present_values for block in sums)]),
        position_worst=np.concatenate([np.empty(0), *(block.worst for block in sums)]),
        failures=tuple(failure for block in sums for failure in block.failures.values()),
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
    million valuations, or a hundred thousand of American options. They agree to 1e-12 of gross.

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
        self._currency = currency
        self._scenarios = len(scenarios)
        self._rows = _scenario_rows(market, scenarios, frozenset(), spec, path)

    def revalue(self, positions: PositionTable | Sequence[Position]) -> Revaluation:
        """Present value and P&L of each position under each scenario, as the function does."""
        rows = self._rows = _roomy(self._rows)
        found = _Found.none(len(positions), self._scenarios)
        for group in _groups(positions):
            found.take(group, value_group(group, rows, self._currency, self._scenarios))
        return found.revaluation(self._currency)


@dataclass(frozen=True, kw_only=True, slots=True)
class PositionValues:
    """Positions under a scenario set, one by one, with their greeks."""

    position_ids: npt.NDArray[np.object_]
    """Those that could be valued, in the order given; shape (positions,)."""
    present_values: FloatArray
    """In reporting currency, same shape."""
    pnl: FloatArray
    """Shape (positions, scenarios)."""
    greeks: tuple[dict[tuple[str, str], float], ...]
    """Of each position, value by measure and key, in the unit of `riskmill.domain.Figure`."""
    failures: tuple[Failure, ...]


def position_values(
    positions: PositionTable | Sequence[Position],
    market: MarketSnapshot | MarketData,
    scenarios: ScenarioSet,
    *,
    currency: str,
    spec: RiskSpec = DEFAULT_SPEC,
    path: str = COMPILED,
) -> PositionValues:
    """Value positions as `revalue` does, and give the greeks that `Valuation.value` sums."""
    quotes = Quotes.of(market, spec)
    axes = (scenario_axis(quotes, scenarios), bump_axis(quotes), tomorrow_axis(quotes))
    rows = MarketRows(quotes=quotes, axes=axes, without_history=frozenset(), path=check_path(path))
    found = _Found.none(len(positions), len(scenarios))
    greeks: dict[int, dict[tuple[str, str], float]] = {}
    for group in _groups(positions):
        values = value_group(group, rows, currency, len(scenarios))
        found.take(group, values)
        valued = group.rows[values.places].tolist()
        greeks |= dict(zip(valued, _own_greeks(values), strict=True))
    done = found.revaluation(currency)
    return PositionValues(
        position_ids=done.position_ids,
        present_values=done.present_values,
        pnl=done.pnl,
        greeks=tuple(greeks[row] for row in sorted(greeks)),
        failures=done.failures,
    )


def _own_greeks(values: "GroupValues") -> list[dict[tuple[str, str], float]]:
    """Greeks of each position that could be valued, in order."""
    with np.errstate(all="ignore"):
        every = values.batch.greeks() if values.batch else []
    return [
        {
            (measure, key): float(found[at])
            for measure, keys, found in every
            for key in keys[at : at + 1]
            if key is not None
        }
        for at in np.flatnonzero(values.kept).tolist()
    ]


def _groups(positions: PositionTable | Sequence[Position]) -> list[Group]:
    if isinstance(positions, PositionTable):
        return [group for _, group in table_groups(positions)]
    return position_groups(positions)


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

    def take(self, group: Group, values: GroupValues) -> None:
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
