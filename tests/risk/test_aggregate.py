from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmill.domain import (
    FactorHistory,
    FloatArray,
    Hierarchy,
    Labels,
    Limit,
    MarketData,
    MarketSnapshot,
    Portfolio,
    PositionTable,
    RiskSpec,
    StressScenario,
    StressShock,
    UsageError,
)
from riskmill.risk import build_scenarios, combined, cut_blocks, partition
from riskmill.risk.aggregate import Measured, measure
from riskmill.risk.measures import expected_shortfall, value_at_risk
from riskmill.risk.scenarios import Scenarios
from riskmill.risk.valued import BlockGreek, BlockGreeks, ValuedBlocks

HIERARCHY = Hierarchy(
    (
        Portfolio(name="bank", level="firm", parent=""),
        Portfolio(name="markets", level="business_line", parent="bank"),
        Portfolio(name="equities", level="desk", parent="markets"),
        Portfolio(name="rates", level="desk", parent="markets"),
        Portfolio(name="flow", level="book", parent="equities"),
        Portfolio(name="exotic", level="book", parent="equities"),
        Portfolio(name="swaps", level="book", parent="rates"),
        Portfolio(name="empty", level="book", parent="rates"),
    )
)
SPEC = RiskSpec(scenarios=40)
FACTOR_OF = {"equity": "EQ:SPX", "fx_forward": "FX:EURUSD", "fixed_rate_bond": "IR:USD:10Y"}
EXPOSURE = {"equity": 1.0, "fx_forward": 2000.0, "fixed_rate_bond": -50_000.0}


def market_data(days: int = 41) -> MarketData:
    rng = np.random.default_rng(11)
    levels = np.array([2500.0, 1.15, 0.27]) * np.exp(rng.normal(0, 0.01, (days, 3)).cumsum(axis=0))
    end = date(2018, 12, 31)
    crash = StressScenario(
        name="crash", shocks=(StressShock(factor="EQ:*", kind="relative", size=-0.3),)
    )
    return MarketData(
        snapshot=MarketSnapshot(
            valuation_date=end,
            quotes={"EQ:SPX": 2500.0, "FX:EURUSD": 1.145, "IR:USD:10Y": 0.027},
        ),
        history=FactorHistory(
            dates=tuple(end - timedelta(days=days - 1 - n) for n in range(days)),
            factors=("EQ:SPX", "FX:EURUSD", "IR:USD:10Y"),
            values=levels * np.array([1.0, 1.0, 0.1]),
        ),
        stress=(crash,),
    )


@dataclass(frozen=True, kw_only=True)
class World:
    market: MarketData
    scenarios: Scenarios
    positions: PositionTable

    def valued(self, positions: PositionTable) -> ValuedBlocks:
        """Linear positions: quantity x exposure x change of the instrument's only factor."""
        axis = combined(self.scenarios)
        quotes = self.market.snapshot.quotes
        moves = {
            instrument: EXPOSURE[instrument]
            * (axis.levels[axis.factors.index(factor)] - quotes[factor])
            for instrument, factor in FACTOR_OF.items()
        }
        blocks = cut_blocks(positions)
        quantity = positions.numbers["quantity"]
        instruments = tuple(positions.texts["instrument"].text(b.start) for b in blocks)
        pnl = np.zeros((len(blocks), len(axis)))
        values = np.zeros(len(blocks))
        for number, block in enumerate(blocks):
            for row in range(block.start, block.stop):
                pnl[number] += quantity[row] * moves[instruments[number]]
                values[number] += quantity[row] * 100.0
        return ValuedBlocks(
            currency="USD",
            books=tuple(positions.texts["book"].text(b.start) for b in blocks),
            instruments=instruments,
            counts=np.array([len(block) for block in blocks], dtype=np.int64),
            present_values=values,
            pnl=pnl,
            greeks=BlockGreeks.of(
                BlockGreek(
                    block=number,
                    measure=name,
                    key=key,
                    value=float(quantity[block.start : block.stop].sum() * 25.0),
                )
                for number, block in enumerate(blocks)
                for name, key in (("theta", ""), ("delta", "SPX"))
                if instruments[number] == "equity"
            ),
            position_ids=positions.position_id,
            position_values=quantity * 100.0,
            position_worst=np.abs(quantity) * 100.0,
            failures=(),
        )

    def measured(self, parts: int = 1, limits: tuple[Limit, ...] = ()) -> Measured:
        return measure(
            [self.valued(partition(self.positions, n, parts)) for n in range(parts)],
            self.scenarios,
            self.market,
            HIERARCHY,
            limits,
            SPEC,
            currency="USD",
        )


def table(rows: list[tuple[str, str, float]]) -> PositionTable:
    return PositionTable(
        position_id=np.array([f"P{n:06d}" for n in range(len(rows))], dtype=object),
        texts={
            "book": Labels.of([book for book, _, _ in rows]),
            "instrument": Labels.of([instrument for _, instrument, _ in rows]),
        },
        numbers={"quantity": np.array([quantity for _, _, quantity in rows], dtype=np.float64)},
        dates={},
    )


def world(rows: list[tuple[str, str, float]], days: int = 41) -> World:
    data = market_data(days)
    return World(market=data, scenarios=build_scenarios(data, SPEC), positions=table(rows))


def book_of_900() -> World:
    quantities = np.random.default_rng(5).normal(0.0, 10.0, 900).tolist()
    owners = [("flow", "equity")] * 400 + [("exotic", "equity")] * 100
    owners += [("exotic", "fx_forward")] * 50 + [("swaps", "fixed_rate_bond")] * 350
    return world([(b, i, q) for (b, i), q in zip(owners, quantities, strict=True)])


def figure(measured: Measured, portfolio: str, measure_name: str, key: str = "") -> float:
    (value,) = (
        f.value
        for f in measured.figures
        if (f.portfolio, f.measure, f.key) == (portfolio, measure_name, key)
    )
    return value


def vector(measured: Measured, portfolio: str) -> FloatArray:
    return measured.vectors.values[measured.vectors.portfolios.index(portfolio)]


def keys(measured: Measured, portfolio: str, measure_name: str) -> list[str]:
    return [
        f.key for f in measured.figures if (f.portfolio, f.measure) == (portfolio, measure_name)
    ]


@pytest.fixture(scope="module")
def bank() -> World:
    return book_of_900()


@pytest.fixture(scope="module")
def whole(bank: World) -> Measured:
    return bank.measured()


@pytest.mark.parametrize("parts", [2, 7, 50])
def test_any_number_of_partitions_gives_the_same_bits(bank, whole, parts):
    limit = Limit(
        limit_id="L",
        portfolio="bank",
        measure="value_at_risk",
        confidence=Decimal("0.99"),
        amount=1.0,
        currency="USD",
        warning=0.9,
    )
    split, one = bank.measured(parts, (limit,)), bank.measured(1, (limit,))
    assert split.figures == one.figures
    assert split.limits == one.limits
    assert split.tail == one.tail
    assert split.vectors.values.tobytes() == one.vectors.values.tobytes()
    assert split.es_weights.tobytes() == one.es_weights.tobytes()


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["flow", "exotic", "swaps"]),
        st.sampled_from(sorted(FACTOR_OF)),
        st.floats(-1e3, 1e3),
        st.integers(1, 300),
    ),
    max_size=5,
)


@settings(max_examples=25)
@given(ROWS, st.integers(1, 50))
def test_partitions_of_any_positions_do_not_change_a_figure(rows, parts):
    any_world = world([(b, i, q + n) for b, i, q, count in rows for n in range(count)])
    assert any_world.measured(parts).figures == any_world.measured(1).figures


def test_portfolios_are_the_sums_of_their_books(whole):
    for parent, books in [
        ("equities", ["flow", "exotic"]),
        ("rates", ["swaps", "empty"]),
        ("markets", ["flow", "exotic", "swaps", "empty"]),
        ("bank", ["flow", "exotic", "swaps", "empty"]),
    ]:
        summed = sum(vector(whole, book) for book in books)
        assert (vector(whole, parent) == summed).all()
        for name, key in [("present_value", ""), ("positions", ""), ("stress", "crash")]:
            assert figure(whole, parent, name, key) == pytest.approx(
                sum(figure(whole, book, name, key) for book in books), rel=1e-14
            )


def test_var_and_es_are_measured_on_each_portfolios_own_vector(whole):
    for portfolio in whole.vectors.portfolios:
        pnl = vector(whole, portfolio)
        for key in SPEC.confidences:
            assert figure(whole, portfolio, "value_at_risk", key) == value_at_risk(pnl, key)
            assert figure(whole, portfolio, "expected_shortfall", key) == expected_shortfall(
                pnl, key
            )


@pytest.mark.parametrize(
    ("component", "name"),
    [("component_var", "value_at_risk"), ("component_es", "expected_shortfall")],
)
def test_components_of_books_add_up_to_the_firms_figure(whole, component, name):
    for key in SPEC.confidences:
        total = sum(figure(whole, book, component, key) for book in HIERARCHY.books)
        assert total == pytest.approx(figure(whole, "bank", name, key), rel=1e-9)
        assert figure(whole, "bank", component, key) == pytest.approx(total, rel=1e-12)
        assert figure(whole, "equities", component, key) == pytest.approx(
            figure(whole, "flow", component, key) + figure(whole, "exotic", component, key),
            rel=1e-9,
        )


def test_es_weights_give_the_firms_headline_es(whole):
    es = -float((whole.es_weights * vector(whole, "bank")).sum())
    assert es == pytest.approx(
        figure(whole, "bank", "expected_shortfall", SPEC.headline_es), rel=1e-12
    )


def test_bucketed_dv01_and_fx_delta_come_from_the_bumps(bank, whole):
    quantity = bank.positions.numbers["quantity"]
    dv01 = quantity[550:].sum() * EXPOSURE["fixed_rate_bond"] * 1e-4
    fx_delta = quantity[500:550].sum() * EXPOSURE["fx_forward"] * 1.145 * 0.01
    assert figure(whole, "bank", "dv01", "USD:10Y") == pytest.approx(dv01, rel=1e-9)
    assert figure(whole, "exotic", "fx_delta", "EURUSD") == pytest.approx(fx_delta, rel=1e-9)


def test_sensitivities_of_zero_are_left_out(whole):
    assert keys(whole, "flow", "dv01") == []
    assert keys(whole, "swaps", "delta") == []
    assert keys(whole, "flow", "delta") == ["SPX"]


def test_theta_is_listed_even_where_it_is_zero(whole):
    assert figure(whole, "flow", "theta") == figure(whole, "flow", "delta", "SPX")
    assert figure(whole, "swaps", "theta") == 0.0


def test_figures_have_the_currency_or_count_as_unit(whole):
    units = {f.measure: f.unit for f in whole.figures}
    assert units.pop("positions") == "count"
    assert set(units.values()) == {"USD"}


def test_a_book_without_positions_has_zero_figures(whole):
    zeros = [f for f in whole.figures if f.portfolio == "empty"]
    assert {f.measure for f in zeros} == {
        "present_value",
        "positions",
        "value_at_risk",
        "expected_shortfall",
        "expected_shortfall_error",
        "incremental_var",
        "incremental_es",
        "parametric_var",
        "delta_gamma_var",
        "component_var",
        "component_es",
        "stress",
        "theta",
    }
    assert {str(f.value) for f in zeros} == {"0.0"}


def test_no_positions_at_all_measure_to_zero():
    nothing = world([])
    measured = nothing.measured(3)
    assert not measured.vectors.values.any()
    assert {f.value for f in measured.figures} == {0.0}
    assert [t.moves for t in measured.tail] == [()] * 10
    assert (
        measure([], nothing.scenarios, nothing.market, HIERARCHY, (), SPEC, currency="USD").figures
        == measured.figures
    )


def test_one_scenario_is_var_es_and_the_whole_tail():
    single = world([("flow", "equity", 3.0)], days=2).measured()
    (pnl,) = vector(single, "bank")
    assert figure(single, "bank", "value_at_risk", "0.99") == -pnl
    assert figure(single, "bank", "expected_shortfall", "0.975") == -pnl
    assert [(t.rank, t.pnl) for t in single.tail] == [(1, pnl)]


def test_headline_confidences_are_measured_even_if_not_listed(bank):
    spec = replace(SPEC, confidences=("0.90", "0.990"))
    found = measure(
        [bank.valued(bank.positions)],
        bank.scenarios,
        bank.market,
        HIERARCHY,
        (),
        spec,
        currency="USD",
    )
    assert keys(found, "bank", "expected_shortfall") == ["0.90", "0.975", "0.990"]


def test_blocks_of_an_unknown_book_are_refused(bank):
    stranger = replace(bank, positions=table([("nobody", "equity", 1.0)]))
    with pytest.raises(UsageError, match="no book 'nobody'") as caught:
        stranger.measured()
    assert caught.value.code == "E457"


def test_blocks_under_other_scenarios_are_refused(bank):
    other = replace(bank, scenarios=build_scenarios(bank.market, RiskSpec(scenarios=7)))
    with pytest.raises(UsageError, match="was expected") as caught:
        measure(
            [bank.valued(bank.positions)],
            other.scenarios,
            bank.market,
            HIERARCHY,
            (),
            SPEC,
            currency="USD",
        )
    assert caught.value.code == "E457"


def test_the_tail_is_the_ten_worst_scenarios_worst_first(whole):
    firm = vector(whole, "bank")
    assert [t.pnl for t in whole.tail] == sorted(firm.tolist())[:10]
    assert [t.rank for t in whole.tail] == list(range(1, 11))
    for scenario in whole.tail:
        column = whole.vectors.scenarios.index(scenario.label)
        losses = {book: vector(whole, book)[column] for book in HIERARCHY.books}
        assert scenario.driver == min(losses, key=losses.__getitem__)
        assert scenario.driver_pnl == losses[scenario.driver]


def test_moves_of_the_tail_are_those_that_cost_the_firm_most(bank, whole):
    """Every position is linear in one factor, so the estimates are exact."""
    axis = bank.scenarios.historical
    quantity = bank.positions.numbers["quantity"]
    net = {
        "EQ:SPX": quantity[:500].sum() * EXPOSURE["equity"],
        "FX:EURUSD": quantity[500:550].sum() * EXPOSURE["fx_forward"],
        "IR:USD:10Y": quantity[550:].sum() * EXPOSURE["fixed_rate_bond"],
    }
    for scenario in whole.tail:
        column = axis.labels.index(scenario.label)
        change = {
            factor: axis.levels[row, column] - bank.market.snapshot.quotes[factor]
            for row, factor in enumerate(axis.factors)
        }
        costs = sorted((net[factor] * change[factor], factor) for factor in net)
        assert [factor for factor, _ in scenario.moves] == [f for cost, f in costs if cost < 0]
        shocks = dict(scenario.moves)
        if "IR:USD:10Y" in shocks:
            assert shocks["IR:USD:10Y"] == pytest.approx(change["IR:USD:10Y"])
