import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.domain import (
    DEFAULT_SHOCKS,
    InputRejected,
    MonteCarloSpec,
    Proxy,
    RiskSpec,
)
from riskmill.risk import (
    build_scenarios,
    filtered_historical_scenarios,
    historical_scenarios,
    monte_carlo_scenarios,
)
from riskmill.risk.scenarios.filtered import ewma_variances, rescaled
from tests.risk.scenarios.markets import market, wandering

FILTERED = RiskSpec(scenario_set="filtered_historical")


def drawn(**options: object) -> RiskSpec:
    return RiskSpec(scenario_set="monte_carlo", monte_carlo=MonteCarloSpec(**options))


@given(st.lists(st.floats(-0.1, 0.1), min_size=1, max_size=30), st.floats(0.5, 0.99))
def test_variances_equal_a_plain_recursion(shocks, decay):
    expected = [sum(x * x for x in shocks) / len(shocks)]
    for x in shocks:
        expected.append(decay * expected[-1] + (1 - decay) * x * x)
    found = ewma_variances(np.array(shocks)[:, np.newaxis], decay)[:, 0]
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-300)


def test_a_series_begins_behind_its_last_hole():
    shocks = np.array([[1.0, 1.0], [math.nan, 2.0], [2.0, 3.0]])
    found = ewma_variances(shocks, 0.5)
    assert np.isnan(found[:2, 0]).all()
    assert found[2:, 0].tolist() == [4.0, 4.0]
    assert found[0, 1] == pytest.approx(14 / 3)


@given(
    st.lists(st.floats(0.5, 2.0), min_size=3, max_size=40),
    st.integers(1, 3),
    st.floats(0.8, 0.99),
    st.sampled_from(["log", "relative", "absolute"]),
)
def test_a_filtered_shock_is_the_old_one_at_todays_volatility(values, days, decay, kind):
    levels = [100.0 * v for v in np.cumprod(values) ** 0.01]
    spec = RiskSpec(decay=decay, holding_days=days, shocks=(*DEFAULT_SHOCKS[1:], ("EQ", kind)))
    change = {
        "log": lambda a, b: math.log(b / a),
        "relative": lambda a, b: b / a - 1,
        "absolute": lambda a, b: b - a,
    }[kind]
    apply = {"log": lambda x: 9e3 * math.exp(x), "relative": lambda x: 9e3 * (1 + x),
             "absolute": lambda x: 9e3 + x}[kind]  # fmt: skip
    daily = [change(a, b) for a, b in pairwise(levels)]
    variances = [sum(x * x for x in daily) / len(daily)]
    for x in daily:
        variances.append(decay * variances[-1] + (1 - decay) * x * x)
    expected = [
        apply(change(levels[end - days], levels[end]) * scale)
        for end in range(days, len(levels))
        if (scale := ratio(variances[-1], variances[end - days])) is not None
    ]
    data = market({"EQ:X": 9e3}, EQ_X=levels)
    if len(expected) < len(levels) - days or not expected:
        with pytest.raises(InputRejected):
            filtered_historical_scenarios(data, spec)
    else:
        found = filtered_historical_scenarios(data, spec)
        assert found.levels[0] == pytest.approx(expected, rel=1e-9)


def ratio(now: float, then: float) -> float | None:
    if then == 0.0:
        return 1.0
    scale = math.sqrt(now / then)
    return scale if scale <= 10.0 else None


def test_constant_volatility_filters_nothing():
    values = 100.0 * np.cumprod([1.01, 1 / 1.01] * 60)
    data = market({"EQ:X": 5.0}, EQ_X=values)
    np.testing.assert_allclose(
        filtered_historical_scenarios(data).levels, historical_scenarios(data).levels, rtol=1e-12
    )


def test_rising_volatility_makes_filtered_shocks_wider_and_keeps_their_days():
    data = wandering()
    plain, filtered = historical_scenarios(data), filtered_historical_scenarios(data)
    assert filtered.labels == plain.labels
    assert filtered.name == "filtered_historical"
    early = slice(0, 150)
    for row in range(4):
        assert filtered.levels[row, early].std() > 1.3 * plain.levels[row, early].std()


def test_a_factor_that_stood_still_for_long_has_no_usable_filtered_history():
    still = np.concatenate([np.full(150, 100.0), [101.0, 100.0]])
    data = market({"EQ:X": 100.0, "EQ:Y": 1.0}, EQ_X=still, EQ_Y=100 + np.arange(152.0) % 2)
    found = build_scenarios(data, FILTERED)
    assert found.without_history == {"EQ:X"}
    assert ("Volatility", "exponentially weighted, decay 0.94") in found.facts


def test_a_constant_factor_stays_constant_when_filtered():
    data = market({"EQ:X": 7.0}, EQ_X=np.full(30, 100.0))
    assert (filtered_historical_scenarios(data).levels == 7.0).all()
    assert rescaled(np.zeros(2), np.zeros(2), 0.0).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("make", [filtered_historical_scenarios, monte_carlo_scenarios])
@pytest.mark.parametrize("hole", [math.nan, 0.0, -1.0])
def test_a_history_with_a_hole_is_refused(make, hole):
    data = market({"EQ:X": 7.0}, EQ_X=[100.0, hole, 101.0, 102.0])
    with pytest.raises(InputRejected, match="EQ:X") as caught:
        make(data)
    assert caught.value.code == "E459"


def test_one_day_of_moves_makes_no_covariance():
    with pytest.raises(InputRejected, match="at least 2 observations") as caught:
        monte_carlo_scenarios(market({"EQ:X": 7.0}, EQ_X=[100.0, 101.0]))
    assert caught.value.code == "E482"


def test_a_history_of_one_date_makes_no_set_at_all():
    for make in (filtered_historical_scenarios, monte_carlo_scenarios):
        with pytest.raises(InputRejected, match="E454"):
            make(market({"EQ:X": 7.0}, EQ_X=[100.0]))


def moves(data, found):
    """Log moves of the two shares, differences of the two rates."""
    quotes = [data.snapshot.quotes[factor] for factor in found.factors]
    shares = np.log(found.levels[:2] / np.array(quotes[:2])[:, np.newaxis])
    return np.vstack([shares, found.levels[2:] - np.array(quotes[2:])[:, np.newaxis]])


def history_moves(data, days=500):
    values = data.history.values[-days - 1 :].T[[0, 1, 3, 2]]
    return np.vstack([np.diff(np.log(values[:2])), np.diff(values[2:])])


@pytest.mark.parametrize("covariance", ["sample", "ledoit_wolf", "oas"])
@pytest.mark.parametrize("distribution", ["gaussian", "student_t"])
def test_drawn_moves_have_the_spread_and_correlation_of_the_history(covariance, distribution):
    data = wandering()
    spec = drawn(draws=1 << 14, covariance=covariance, distribution=distribution,
                 degrees_of_freedom=8.0)  # fmt: skip
    found = monte_carlo_scenarios(data, spec)
    assert found.factors == ("EQ:A", "EQ:B", "IR:USD:10Y", "IR:USD:1Y")
    drawn_moves, past = moves(data, found), history_moves(data)
    np.testing.assert_allclose(drawn_moves.std(axis=1), past.std(axis=1, ddof=1), rtol=0.05)
    np.testing.assert_allclose(np.corrcoef(drawn_moves), np.corrcoef(past), atol=0.06)


def test_exponential_weights_see_the_last_days_most():
    data = wandering()
    late = monte_carlo_scenarios(data, drawn(draws=4096, covariance="ewma"))
    recursion = ewma_variances(history_moves(data).T, 0.94)[-1]
    np.testing.assert_allclose(moves(data, late).var(axis=1), recursion, rtol=0.08)


def test_longer_holding_periods_are_drawn_wider():
    data = wandering()
    short, long = (
        moves(data, monte_carlo_scenarios(data, RiskSpec(
            holding_days=days, time_scaling="square_root",
            scenario_set="monte_carlo", monte_carlo=MonteCarloSpec(draws=512),
        )))
        for days in (1, 10)
    )  # fmt: skip
    np.testing.assert_allclose(long, short * math.sqrt(10), rtol=1e-9)


def test_draws_are_named_and_described():
    found = build_scenarios(wandering(), drawn(draws=1000, distribution="student_t", seed=42))
    assert found.historical.name == "monte_carlo"
    assert found.historical.labels[0] == "draw 0001"
    assert found.historical.labels[-1] == "draw 1000"
    assert len(set(found.historical.labels)) == 1000
    facts = dict(found.facts)
    assert facts["Seed"] == "42"
    assert facts["Distribution"] == "Student's t"
    assert facts["Sequence"] == "Sobol, shifted"
    assert facts["Covariance fitted to"] == "399 windows of 4 factors"
    assert facts["Degrees of freedom"].endswith(", fitted")
    assert 2.5 < float(facts["Degrees of freedom"].split(",")[0]) < 12.0


def test_proxies_and_betas_hold_for_draws():
    data = market(
        {"EQ:A": 10.0, "EQ:NEW": 10.0, "VOL:A": 0.2, "YIELD:A": 0.01},
        Proxy(factor="EQ:NEW", proxy="EQ:A", beta=2.0),
        Proxy(factor="VOL:A", proxy="EQ:A", beta=-1.0),
        Proxy(factor="YIELD:A", proxy="none"),
        EQ_A=wandering().history.values[:, 0],
    )
    found = monte_carlo_scenarios(data, drawn(draws=64))
    assert found.factors == ("EQ:A", "EQ:NEW", "VOL:A")
    own, new, vol = found.levels
    np.testing.assert_allclose(new / 10.0, (own / 10.0) ** 2, rtol=1e-12)
    assert np.corrcoef(own, vol)[0, 1] < -0.99


def test_a_wild_volatility_never_turns_negative():
    wild = np.exp(np.random.default_rng(4).standard_t(2.5, size=300) * 0.4)
    data = market({"VOL:A": 0.2}, VOL_A=wild)
    found = monte_carlo_scenarios(data, drawn(draws=4096, distribution="student_t"))
    assert (found.levels > 0.0).all()


def test_relative_moves_of_a_rate_through_zero_are_drawn_as_they_are():
    kinds = (*DEFAULT_SHOCKS[:3], ("IR", "relative"), *DEFAULT_SHOCKS[4:])
    data = market({"IR:EUR:1Y": 0.01}, IR_EUR_1Y=[0.01, -0.01, 0.02, 0.01])
    spec = RiskSpec(shocks=kinds, monte_carlo=MonteCarloSpec(draws=64))
    assert (monte_carlo_scenarios(data, spec).levels < 0.0).any()


def test_a_price_that_an_absolute_draw_would_take_below_zero_is_not_used():
    kinds = (("EQ", "absolute"), *DEFAULT_SHOCKS[1:])
    data = market({"EQ:X": 40.0, "EQ:Y": 1.0},
                  EQ_X=100.0 + 15.0 * (-1.0) ** np.arange(50), EQ_Y=np.full(50, 1.0))  # fmt: skip
    spec = RiskSpec(scenario_set="monte_carlo", shocks=kinds)
    assert build_scenarios(data, spec).without_history == {"EQ:X"}


def test_more_factors_than_days_make_a_set():
    rng = np.random.default_rng(8)
    names = [f"EQ_S{n}" for n in range(30)]
    columns = {name: 100.0 * np.exp(rng.normal(0, 0.01, 12).cumsum()) for name in names}
    data = market({name.replace("_", ":"): 10.0 for name in names}, **columns)
    found = monte_carlo_scenarios(data, drawn(draws=128))
    logs = np.log(found.levels / 10.0)
    assert np.linalg.matrix_rank(logs, tol=1e-8) <= 10
    shrunk = monte_carlo_scenarios(data, drawn(draws=128, covariance="ledoit_wolf"))
    assert np.linalg.matrix_rank(np.log(shrunk.levels / 10.0), tol=1e-8) == 30
