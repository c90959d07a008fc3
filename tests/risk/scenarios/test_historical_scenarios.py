import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.domain import (
    DEFAULT_SHOCKS,
    FactorHistory,
    InputRejected,
    MarketData,
    MarketSnapshot,
    Proxy,
    RiskSpec,
    UsageError,
)
from riskmill.risk.scenarios import build_scenarios, historical_scenarios

TODAY = date(2018, 12, 31)


def history(days: int = 6, end: date = TODAY, **columns: list[float]) -> FactorHistory:
    given_columns = {name.replace("_", ":"): values for name, values in columns.items()}
    return FactorHistory(
        dates=tuple(end - timedelta(days=days - 1 - n) for n in range(days)),
        factors=tuple(given_columns),
        values=np.array(list(given_columns.values()), dtype=np.float64).T.reshape(days, -1),
    )


def market(
    quotes: dict[str, float],
    past: FactorHistory,
    *proxies: Proxy,
    proxied: frozenset[str] = frozenset(),
) -> MarketData:
    snapshot = MarketSnapshot(valuation_date=TODAY, quotes=quotes, proxied=proxied)
    return MarketData(snapshot=snapshot, history=past, proxies=proxies)


def levels(data: MarketData, factor: str, spec: RiskSpec | None = None) -> list[float]:
    found = build_scenarios(data, spec or RiskSpec()).historical
    return found.levels[found.factors.index(factor)].tolist()


SPX = [100.0, 110.0, 99.0, 99.0, 120.0, 60.0]


@pytest.mark.parametrize(
    ("kind", "shocked"),
    [
        ("absolute", [1010.0, 989.0, 1000.0, 1021.0, 940.0]),
        ("relative", [1100.0, 900.0, 1000.0, 1000 * 120 / 99, 500.0]),
        ("log", [1100.0, 900.0, 1000.0, 1000 * 120 / 99, 500.0]),
    ],
)
def test_shocks_of_each_kind_move_the_base_level(kind, shocked):
    spec = RiskSpec(shocks=(*DEFAULT_SHOCKS[1:], ("EQ", kind)))
    found = levels(market({"EQ:SPX": 1000.0}, history(EQ_SPX=SPX)), "EQ:SPX", spec)
    assert found == pytest.approx(shocked, rel=1e-14)


def test_rates_move_by_differences_and_may_be_negative():
    past = history(3, IR_EUR_1Y=[-0.001, -0.003, 0.001])
    assert levels(market({"IR:EUR:1Y": -0.004}, past), "IR:EUR:1Y") == pytest.approx(
        [-0.006, 0.0], abs=1e-15
    )


def test_the_last_scenarios_are_used_oldest_first_and_named_by_their_end():
    data = market({"EQ:SPX": 1.0}, history(EQ_SPX=SPX))
    found = build_scenarios(data, RiskSpec(scenarios=2)).historical
    assert found.labels == ("2018-12-30", "2018-12-31")
    assert found.levels[0].tolist() == pytest.approx([120 / 99, 0.5])


def test_fewer_windows_than_asked_for_are_all_used():
    data = market({"EQ:SPX": 1.0}, history(EQ_SPX=SPX))
    assert len(build_scenarios(data, RiskSpec(scenarios=500)).historical) == 5


@given(
    st.lists(st.floats(1.0, 1000.0), min_size=2, max_size=30),
    st.integers(1, 12),
    st.integers(1, 40),
)
def test_windows_overlap_and_equal_a_loop_over_dates(values, holding_days, scenarios):
    data = market({"EQ:X": 7.0}, history(len(values), EQ_X=values))
    spec = RiskSpec(scenarios=scenarios, holding_days=holding_days)
    ends = range(holding_days, len(values))
    expected = [7.0 * values[end] / values[end - holding_days] for end in ends][-scenarios:]
    if not expected:
        with pytest.raises(InputRejected, match="a single scenario") as caught:
            build_scenarios(data, spec)
        assert caught.value.code == "E454"
    else:
        assert levels(data, "EQ:X", spec) == pytest.approx(expected, rel=1e-12)


def test_history_after_the_valuation_date_is_not_read():
    late = history(EQ_SPX=SPX, end=TODAY + timedelta(days=2))
    found = build_scenarios(market({"EQ:SPX": 1.0}, late), RiskSpec()).historical
    assert found.labels[-1] == TODAY.isoformat()
    assert len(found) == 3


def test_the_valuation_date_may_be_missing_from_the_history():
    early = history(EQ_SPX=SPX, end=TODAY - timedelta(days=3))
    found = build_scenarios(market({"EQ:SPX": 1.0}, early), RiskSpec()).historical
    assert found.labels[-1] == "2018-12-28"


def test_a_history_of_one_date_makes_no_scenario():
    with pytest.raises(InputRejected, match="has 1 dates") as caught:
        build_scenarios(market({"EQ:SPX": 1.0}, history(1, EQ_SPX=[1.0])), RiskSpec())
    assert caught.value.code == "E454"


@pytest.mark.parametrize("spec", [RiskSpec(scenarios=0), RiskSpec(holding_days=0)])
def test_a_spec_without_scenarios_or_holding_days_is_refused(spec):
    with pytest.raises(UsageError, match="the spec asks for") as caught:
        build_scenarios(market({"EQ:SPX": 1.0}, history(EQ_SPX=SPX)), spec)
    assert caught.value.code == "E451"


@pytest.mark.parametrize(
    ("shocks", "words"),
    [
        (DEFAULT_SHOCKS[1:], "no shock kind for EQ"),
        ((*DEFAULT_SHOCKS, ("EQ", "cubic")), "cubic"),
        ((*DEFAULT_SHOCKS, ("XX", "log")), "XX"),
    ],
)
def test_shock_kinds_that_are_missing_or_unknown_are_refused(shocks, words):
    with pytest.raises(UsageError, match=words) as caught:
        build_scenarios(market({"EQ:SPX": 1.0}, history(EQ_SPX=SPX)), RiskSpec(shocks=shocks))
    assert caught.value.code == "E451"


def test_a_factor_takes_its_proxys_shocks_times_beta():
    proxy = Proxy(factor="EQ:ABC", proxy="EQ:SPX", beta=2.0, reason="no listing before 2018")
    data = market({"EQ:ABC": 10.0}, history(3, EQ_SPX=[100.0, 110.0, 88.0]), proxy)
    assert levels(data, "EQ:ABC") == pytest.approx([10.0 * 1.1**2, 10.0 * 0.8**2], rel=1e-14)
    assert build_scenarios(data, RiskSpec()).proxied == (
        ("EQ:ABC", "EQ:SPX", "no listing before 2018; beta 2"),
    )


def test_a_proxys_moves_are_read_in_the_kind_of_the_factor_that_takes_them():
    proxy = Proxy(factor="VOL:SPX*", proxy="EQ:SPX", beta=-4.0)
    data = market({"VOL:SPX:2019-03-15:2500": 0.2}, history(2, EQ_SPX=[100.0, 95.0]), proxy)
    assert levels(data, "VOL:SPX:2019-03-15:2500") == pytest.approx([0.2 * 1.2])


@pytest.mark.parametrize(
    ("factor", "source"),
    [("VOL:SPX:2019-03-15:ATM", "EQ:A"), ("VOL:SPX:2019-06-21:ATM", "EQ:B"), ("VOL:X", "EQ:C")],
)
def test_an_exact_id_wins_over_a_prefix_and_a_long_prefix_over_a_short(factor, source):
    proxies = [
        Proxy(factor="*", proxy="EQ:C"),
        Proxy(factor="VOL:SPX:*", proxy="EQ:B"),
        Proxy(factor="VOL:SPX:2019-03-15:ATM", proxy="EQ:A"),
        Proxy(factor="VOL:SPX:2019-03-15:ATM*", proxy="EQ:B"),
    ]
    past = history(2, EQ_A=[1.0, 2.0], EQ_B=[1.0, 2.0], EQ_C=[1.0, 2.0])
    found = build_scenarios(market({factor: 0.2}, past, *proxies), RiskSpec())
    assert [(f, s) for f, s, _ in found.proxied] == [(factor, source)]


def test_own_history_wins_over_a_proxy():
    proxy = Proxy(factor="EQ:*", proxy="EQ:B")
    data = market({"EQ:A": 1.0}, history(2, EQ_A=[1.0, 2.0], EQ_B=[1.0, 3.0]), proxy)
    assert levels(data, "EQ:A") == pytest.approx([2.0])
    assert build_scenarios(data, RiskSpec()).proxied == ()


def test_a_proxy_of_none_holds_the_factor_constant_and_shows_it():
    proxy = Proxy(factor="YIELD:*", proxy="none", reason="dividends are held")
    found = build_scenarios(
        market({"YIELD:SPX": 0.02, "EQ:A": 1.0}, history(2, EQ_A=[1.0, 2.0]), proxy), RiskSpec()
    )
    assert "YIELD:SPX" not in found.historical.factors
    assert "YIELD:SPX" not in found.without_history
    assert found.proxied == (("YIELD:SPX", "none", "dividends are held"),)


def test_a_factor_with_neither_history_nor_proxy_is_named():
    found = build_scenarios(
        market({"EQ:A": 1.0, "EQ:NEW": 5.0}, history(2, EQ_A=[1.0, 2.0])), RiskSpec()
    )
    assert found.without_history == {"EQ:NEW"}
    assert found.historical.factors == ("EQ:A",)


def test_a_proxy_outside_the_history_leaves_the_factor_without_one():
    proxy = Proxy(factor="EQ:NEW", proxy="EQ:GONE")
    found = build_scenarios(market({"EQ:NEW": 5.0}, history(2, EQ_A=[1.0, 2.0]), proxy), RiskSpec())
    assert found.without_history == {"EQ:NEW"}
    assert found.proxied == ()


def test_a_value_delivered_as_proxied_is_shown_beside_its_own_shocks():
    data = market({"EQ:A": 1.0}, history(2, EQ_A=[1.0, 2.0]), proxied=frozenset({"EQ:A"}))
    assert build_scenarios(data, RiskSpec()).proxied == (
        ("EQ:A", "market", "its value was delivered as proxied"),
    )


def test_a_factor_proxied_in_value_and_shock_is_shown_once():
    proxy = Proxy(factor="VOL:*", proxy="EQ:A", reason="scaled from A")
    data = market({"VOL:B": 1.0}, history(2, EQ_A=[1.0, 2.0]), proxy, proxied=frozenset({"VOL:B"}))
    assert build_scenarios(data, RiskSpec()).proxied == (
        ("VOL:B", "EQ:A", "scaled from A; its value was delivered as proxied"),
    )


@pytest.mark.parametrize("hole", [math.nan, 0.0, -1.0])
def test_a_history_that_gives_no_shock_is_not_a_history(hole):
    data = market({"EQ:A": 1.0}, history(3, EQ_A=[1.0, hole, 2.0]))
    assert build_scenarios(data, RiskSpec()).without_history == {"EQ:A"}


def test_a_hole_before_the_window_does_no_harm():
    data = market({"EQ:A": 1.0}, history(4, EQ_A=[math.nan, 1.0, 2.0, 3.0]))
    assert levels(data, "EQ:A", RiskSpec(scenarios=2)) == pytest.approx([2.0, 1.5])


def test_a_proxy_steps_in_for_a_history_with_holes_and_says_so():
    proxy = Proxy(factor="EQ:A", proxy="EQ:B")
    past = history(3, EQ_A=[1.0, math.nan, 2.0], EQ_B=[1.0, 2.0, 4.0])
    data = market({"EQ:A": 3.0}, past, proxy)
    assert levels(data, "EQ:A") == pytest.approx([6.0, 6.0])
    assert build_scenarios(data, RiskSpec()).proxied == (
        ("EQ:A", "EQ:B", "its shock is proxied; its own history cannot be used"),
    )


def test_shocks_that_would_take_a_price_below_zero_are_not_used():
    spec = RiskSpec(shocks=(*DEFAULT_SHOCKS[1:], ("EQ", "absolute")))
    data = market({"EQ:A": 5.0}, history(2, EQ_A=[100.0, 90.0]))
    assert build_scenarios(data, spec).without_history == {"EQ:A"}


def test_factors_that_only_the_history_knows_are_left_out():
    past = history(2, EQ_A=[1.0, 2.0], EQ_B=[1.0, 2.0])
    assert build_scenarios(market({"EQ:A": 1.0}, past), RiskSpec()).historical.factors == ("EQ:A",)


def test_the_order_of_delivery_does_not_change_the_set():
    past = history(3, EQ_A=[1.0, 2.0, 3.0], EQ_B=[5.0, 4.0, 3.0])
    one = build_scenarios(market({"EQ:A": 1.0, "EQ:B": 2.0}, past), RiskSpec())
    other = build_scenarios(market({"EQ:B": 2.0, "EQ:A": 1.0}, past), RiskSpec())
    assert one.historical.factors == other.historical.factors == ("EQ:A", "EQ:B")
    assert (one.historical.levels == other.historical.levels).all()


def test_the_historical_set_alone_is_the_one_of_all_three():
    data = market({"EQ:A": 1.0}, history(3, EQ_A=[1.0, 2.0, 3.0]))
    alone, of_three = historical_scenarios(data), build_scenarios(data, RiskSpec()).historical
    assert (alone.labels, alone.factors) == (of_three.labels, of_three.factors)
    assert (alone.levels == of_three.levels).all()


def test_the_historical_set_alone_is_refused_where_a_factor_would_pass_for_constant():
    data = market({"EQ:A": 1.0, "EQ:NEW": 5.0}, history(2, EQ_A=[1.0, 2.0]))
    with pytest.raises(InputRejected, match=r"1 factor\(s\) have neither.*EQ:NEW") as caught:
        historical_scenarios(data)
    assert caught.value.code == "E459"
