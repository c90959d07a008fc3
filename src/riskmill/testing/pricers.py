"""What every pricer must do, as tests to inherit."""

from typing import ClassVar

import numpy as np

from riskmill.domain import (
    FloatArray,
    Instrument,
    MarketSnapshot,
    Position,
    ScenarioSet,
    UsageError,
)
from riskmill.risk import Revaluation, price, required_factors, revalue

SCENARIOS = 70
"""More than fit into one vector of lanes."""
TOLERANCE = 1e-12
"""Of the gross value: the larger of the value and what its parts add up to."""


class PricerContract:
    """
    Inherit it, and say which instrument of yours is to be proved, on which market.

    The market quotes what the instrument needs, and a few factors that it does not.
    """

    instrument: ClassVar[Instrument]
    market: ClassVar[MarketSnapshot]
    gross: ClassVar[float] = 1.0
    """Size of the largest part of one unit's value, in its currency."""
    approximation: ClassVar[float] = TOLERANCE
    """Stated error of values in scenarios, of the gross value; base values have none."""

    def test_a_zero_shock_gives_exactly_zero_pnl(self) -> None:
        """In every lane, whatever the others do."""
        levels = self._shaken()
        levels[:, ::3] = self._base()
        found = self._revalue(levels)
        assert not found.pnl[:, ::3].any()
        assert found.pnl.any()

    def test_value_is_linear_in_quantity(self) -> None:
        """Twice and minus half the quantity have twice and minus half of everything."""
        one, two, short = (self._revalue(self._shaken(), quantity) for quantity in (1, 2, -0.5))
        assert np.array_equal(two.pnl, 2 * one.pnl)
        assert np.array_equal(short.pnl, -0.5 * one.pnl)
        assert two.present_values[0] == 2 * one.present_values[0]

    def test_scenarios_equal_a_plain_loop_over_their_markets(self) -> None:
        """The compiled vector is what plain Python says, scenario by scenario."""
        levels = self._shaken()
        found = self._revalue(levels)
        values = found.present_values[0] + found.pnl[0]
        loop = np.array([price(self.instrument, self._market(row)) for row in levels.T])
        size = max(self.gross, float(np.abs(loop).max()))
        assert np.abs(values - loop).max() <= self.approximation * size
        assert abs(found.present_values[0] - price(self.instrument, self.market)) <= (
            TOLERANCE * size
        )

    def test_it_reads_only_the_factors_it_declares(self) -> None:
        """All the others may do what they like."""
        declared = set(required_factors(self.instrument, self.market))
        levels = self._shaken()
        for row, factor in enumerate(self.market.quotes):
            if factor in declared:
                levels[row] = self.market.quotes[factor]
        assert not self._revalue(levels).pnl.any()

    def test_it_fails_without_a_factor_it_declares(self) -> None:
        """A gap is a failure that names the factor, unless another quote is read instead."""
        for factor in required_factors(self.instrument, self.market):
            gap = self._without(factor)
            try:
                expected = ("E401", factor) if self._needs(factor, gap) else None
            except UsageError as too_short:
                expected = (too_short.code, too_short.place)
            if expected:
                found = self._revalue(self._shaken(), market=gap)
                assert [(failure.code, failure.value) for failure in found.failures] == [expected]
                assert len(found.position_ids) == 0

    def _needs(self, factor: str, market: MarketSnapshot) -> bool:
        return factor in required_factors(self.instrument, market)

    def _base(self) -> FloatArray:
        return np.array(list(self.market.quotes.values()))[:, np.newaxis]

    def _shaken(self) -> FloatArray:
        """Levels of every factor in every scenario, up to a tenth off; no two alike."""
        random = np.random.default_rng(20181231)
        shocks = random.uniform(-0.1, 0.1, (len(self.market.quotes), SCENARIOS))
        return np.asarray(self._base() * (1.0 + shocks))

    def _market(self, levels: FloatArray) -> MarketSnapshot:
        return MarketSnapshot(
            valuation_date=self.market.valuation_date,
            quotes=dict(zip(self.market.quotes, levels.tolist(), strict=True)),
        )

    def _without(self, factor: str) -> MarketSnapshot:
        return MarketSnapshot(
            valuation_date=self.market.valuation_date,
            quotes={name: x for name, x in self.market.quotes.items() if name != factor},
        )

    def _revalue(
        self, levels: FloatArray, quantity: float = 1.0, market: MarketSnapshot | None = None
    ) -> Revaluation:
        position = Position(
            position_id="one", book="book", quantity=quantity, instrument=self.instrument
        )
        quoted = market or self.market
        there = [factor in quoted.quotes for factor in self.market.quotes]
        scenarios = ScenarioSet(
            name="shaken",
            labels=tuple(str(number) for number in range(levels.shape[1])),
            factors=tuple(factor for factor in self.market.quotes if factor in quoted.quotes),
            levels=levels[there],
        )
        return revalue([position], quoted, scenarios, currency=self.instrument.currency)
