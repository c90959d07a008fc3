import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import riskmill
from riskmill.domain import InputRejected, RiskSpec, UsageError
from tests.risk.scenarios.markets import market, wandering

DATA = wandering(120)
SNAPSHOT = DATA.snapshot
PAST = riskmill.historical_scenarios(DATA)


def shares(quantity: float, name: str = "A") -> riskmill.Position:
    return riskmill.Position(
        position_id=name, book="b", quantity=quantity,
        instrument=riskmill.Equity(currency="USD", underlying=name),
    )  # fmt: skip


BOOK = [shares(100.0, "A"), shares(-300.0, "B")]


def stress(positions, scenarios=PAST, **options):
    return riskmill.reverse_stress(positions, DATA, scenarios, currency="USD", **options)


@pytest.fixture(scope="module", autouse=True)
def _kernels() -> None:
    """The first revaluation reads numba's files; the tests are to touch none."""
    stress(BOOK)


def test_the_worst_scenario_is_the_one_a_loop_finds():
    found = stress(BOOK)
    pnl = riskmill.revalue(BOOK, SNAPSHOT, PAST, currency="USD").pnl.sum(axis=0)
    assert found.scenario == int(pnl.argmin())
    assert (found.label, found.pnl) == (PAST.labels[found.scenario], pytest.approx(pnl.min()))
    assert (found.multiple, found.failures) == (None, 0)


def test_moves_are_told_by_what_each_does_alone():
    found = stress(BOOK)
    levels = dict(zip(PAST.factors, PAST.levels[:, found.scenario], strict=True))
    alone = {"EQ:A": 100.0 * (levels["EQ:A"] - 50.0), "EQ:B": -300.0 * (levels["EQ:B"] - 20.0)}
    losing = sorted((pnl, factor) for factor, pnl in alone.items() if pnl < 0.0)
    assert [move.factor for move in found.moves] == [factor for _, factor in losing]
    for move, (pnl, factor) in zip(found.moves, losing, strict=True):
        assert move.pnl == pytest.approx(pnl)
        base = SNAPSHOT.quotes[factor]
        assert move.shock == pytest.approx(math.log(levels[factor] / base))


@settings(max_examples=20)
@given(st.floats(10.0, 3000.0))
def test_the_multiple_loses_the_target_in_a_real_revaluation(target):
    found = stress([shares(100.0)], target_loss=target)
    shock = math.log(PAST.levels[0, found.scenario] / 50.0)
    assert 100.0 * 50.0 * -math.expm1(found.multiple * shock) == pytest.approx(target, rel=1e-8)
    assert found.multiple > 0.0


def test_the_first_multiple_counts_where_a_book_loses_and_gains_again():
    call = riskmill.Position(
        position_id="put", book="b", quantity=-100.0,
        instrument=riskmill.Equity(currency="USD", underlying="A"),
    )  # fmt: skip
    once = stress([call], target_loss=1.0)
    assert 0.0 < once.multiple < 1.0


def test_a_loss_that_cannot_be_made_is_refused_with_the_greatest_found():
    with pytest.raises(InputRejected, match="greatest loss is 3,") as caught:
        stress([shares(100.0)], target_loss=5001.0)
    assert caught.value.code == "E485"


def test_shocks_are_not_multiplied_to_prices_below_zero():
    kinds = (("EQ", "relative"), *RiskSpec().shocks[1:])
    with pytest.raises(InputRejected, match="no multiple"):
        stress([shares(100.0)], target_loss=5000.0, spec=RiskSpec(shocks=kinds))


@pytest.mark.parametrize("target", [0.0, -1.0, math.inf, math.nan])
def test_a_target_that_is_none_is_refused(target):
    with pytest.raises(UsageError) as caught:
        stress(BOOK, target_loss=target)
    assert caught.value.code == "E485"


def test_a_set_without_scenarios_is_refused():
    nothing = riskmill.ScenarioSet(name="none", labels=(), factors=(), levels=np.empty((0, 0)))
    with pytest.raises(UsageError, match="E485"):
        stress(BOOK, nothing)


def test_positions_that_cannot_be_valued_are_counted():
    assert stress([*BOOK, shares(1.0, "GONE")]).failures == 1


def test_a_history_that_never_moved_costs_nothing():
    still = market({"EQ:A": 50.0}, EQ_A=np.full(5, 3.0))
    found = riskmill.reverse_stress(
        [shares(1.0)], still, riskmill.historical_scenarios(still), currency="USD"
    )
    assert (found.pnl, found.moves) == (0.0, ())
    with pytest.raises(InputRejected, match="E485"):
        riskmill.reverse_stress(
            [shares(1.0)], still, riskmill.historical_scenarios(still), currency="USD",
            target_loss=1.0,
        )  # fmt: skip


def test_dividends_and_the_spec_count_as_in_a_revaluation():
    option = riskmill.Position(
        position_id="call", book="b", quantity=10.0,
        instrument=riskmill.EuropeanOption(
            currency="USD", underlying="A", option_type="call", strike=45.0,
            expiry=SNAPSHOT.valuation_date + timedelta(days=200),
        ),
    )  # fmt: skip
    quotes = {
        **SNAPSHOT.quotes, "IR:USD:1M": 0.01, "IR:USD:2Y": 0.06, "YIELD:A": 0.0,
        f"VOL:A:{option.instrument.expiry}:ATM": 0.3,
    }  # fmt: skip
    cash = riskmill.Dividend(
        underlying="A", ex_date=SNAPSHOT.valuation_date + timedelta(days=60), amount=8.0,
        currency="USD",
    )  # fmt: skip
    data = replace(DATA, snapshot=replace(SNAPSHOT, quotes=quotes), dividends=(cash,))
    for spec in (RiskSpec(), RiskSpec(curve_interpolation="linear-zero")):
        found = riskmill.reverse_stress([option], data, PAST, currency="USD", spec=spec)
        pnl = riskmill.revalue([option], data, PAST, currency="USD", spec=spec).pnl[0]
        assert found.pnl == pnl.min()
    without = riskmill.reverse_stress([option], data.snapshot, PAST, currency="USD")
    assert without.pnl != pytest.approx(found.pnl, rel=1e-3)
