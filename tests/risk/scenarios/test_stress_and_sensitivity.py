from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from riskmill.domain import (
    FactorHistory,
    InputRejected,
    MarketData,
    MarketSnapshot,
    RiskSpec,
    ScenarioSet,
    StressScenario,
    StressShock,
    UsageError,
)
from riskmill.risk.scenarios import Scenarios, build_scenarios, bumps, combined

QUOTES = {
    "EQ:AAPL": 100.0,
    "EQ:SPX": 2500.0,
    "FX:EURUSD": 1.25,
    "IR:USD:10Y": 0.03,
    "IR:EUR:1Y": -0.005,
    "VOL:SPX:2019-03-15:2500": 0.2,
}


def scenario(name: str, *shocks: tuple[str, str, float]) -> StressScenario:
    return StressScenario(
        name=name, shocks=tuple(StressShock(factor=f, kind=k, size=x) for f, k, x in shocks)
    )


def market(*stress: StressScenario) -> MarketData:
    dates = (date(2018, 12, 28), date(2018, 12, 31))
    past = FactorHistory(dates=dates, factors=("EQ:SPX",), values=np.array([[2.0], [1.0]]))
    snapshot = MarketSnapshot(valuation_date=dates[1], quotes=QUOTES)
    return MarketData(snapshot=snapshot, history=past, stress=stress)


def built(*stress: StressScenario) -> Scenarios:
    return build_scenarios(market(*stress), RiskSpec())


def level(scenarios: ScenarioSet, factor: str, label: str) -> float:
    row = scenarios.factors.index(factor)
    return float(scenarios.levels[row, scenarios.labels.index(label)])


def test_stress_shocks_move_the_base_in_their_own_kind():
    crash = scenario(
        "crash",
        ("EQ:SPX", "relative", -0.4),
        ("IR:USD:10Y", "absolute", -0.01),
        ("FX:EURUSD", "log", 0.1),
    )
    stress = built(crash).stress
    assert level(stress, "EQ:SPX", "crash") == 1500.0
    assert level(stress, "IR:USD:10Y", "crash") == pytest.approx(0.02)
    assert level(stress, "FX:EURUSD", "crash") == pytest.approx(1.25 * np.exp(0.1))


def test_the_longest_pattern_of_a_stress_scenario_wins():
    mixed = scenario(
        "mixed",
        ("*", "relative", 0.01),
        ("EQ:*", "relative", -0.2),
        ("EQ:AAPL", "relative", -0.5),
    )
    stress = built(mixed).stress
    assert level(stress, "EQ:AAPL", "mixed") == 50.0
    assert level(stress, "EQ:SPX", "mixed") == 2000.0
    assert level(stress, "FX:EURUSD", "mixed") == pytest.approx(1.2625)


def test_a_factor_no_pattern_matches_keeps_its_base_level():
    stress = built(scenario("rates", ("IR:*", "absolute", 0.01)), scenario("none")).stress
    assert level(stress, "EQ:SPX", "rates") == 2500.0
    assert level(stress, "IR:EUR:1Y", "none") == -0.005
    assert level(stress, "IR:EUR:1Y", "rates") == pytest.approx(0.005)


def test_no_stress_file_makes_an_empty_set():
    assert len(built().stress) == 0
    assert built().stress.levels.shape[1] == 0


def test_a_scenario_that_shocks_a_pattern_twice_is_refused():
    twice = scenario("twice", ("EQ:*", "relative", 0.1), ("EQ:*", "relative", 0.2))
    with pytest.raises(InputRejected, match="more than once") as caught:
        built(twice)
    assert caught.value.code == "E455"


def test_a_stress_shock_of_unknown_kind_is_refused():
    with pytest.raises(InputRejected, match="unknown kind 'percent'") as caught:
        built(scenario("odd", ("EQ:*", "percent", 10.0)))
    assert caught.value.code == "E455"


@pytest.mark.parametrize("size", [-1.0, -1.5, float("inf")])
def test_a_stress_that_takes_a_price_to_zero_or_beyond_is_refused(size):
    with pytest.raises(InputRejected, match="takes EQ:AAPL from 100 to") as caught:
        built(scenario("wipe-out", ("EQ:AAPL", "relative", size)))
    assert caught.value.code == "E456"


def test_each_zero_rate_and_each_pair_has_one_bump():
    assert built().sensitivity.labels == (
        "IR:EUR:1Y +1bp",
        "IR:USD:10Y +1bp",
        "FX:EURUSD +1%",
        "FX:EURUSD -1%",
    )
    assert [(bump.measure, bump.key) for bump in bumps(market().snapshot)] == [
        ("dv01", "EUR:1Y"),
        ("dv01", "USD:10Y"),
        ("fx_delta", "EURUSD"),
        ("fx_gamma", "EURUSD"),
    ]


def test_a_bump_moves_its_own_factor_only():
    sensitivity = built().sensitivity
    assert level(sensitivity, "IR:USD:10Y", "IR:USD:10Y +1bp") == pytest.approx(0.0301)
    assert level(sensitivity, "FX:EURUSD", "FX:EURUSD +1%") == pytest.approx(1.2625)
    base = np.array([QUOTES[factor] for factor in sensitivity.factors])[:, np.newaxis]
    assert ((sensitivity.levels != base).sum(axis=0) == 1).all()


def test_combined_puts_historical_stress_and_sensitivity_on_one_axis():
    scenarios = built(scenario("crash", ("EQ:*", "relative", -0.2)))
    axis = combined(scenarios)
    assert axis.labels == (
        "2018-12-31",
        "crash",
        "IR:EUR:1Y +1bp",
        "IR:USD:10Y +1bp",
        "FX:EURUSD +1%",
        "FX:EURUSD -1%",
    )
    assert axis.levels.shape == (len(axis.factors), 6)
    assert level(axis, "EQ:SPX", "2018-12-31") == pytest.approx(1250.0)
    assert level(axis, "EQ:SPX", "crash") == 2000.0
    assert level(axis, "EQ:SPX", "FX:EURUSD +1%") == 2500.0
    assert level(axis, "IR:USD:10Y", "2018-12-31") == 0.03


def test_sets_over_different_factors_cannot_be_combined():
    scenarios = built()
    odd = replace(scenarios.stress, factors=("EQ:SPX",), levels=np.zeros((1, 0)))
    with pytest.raises(UsageError, match="different factors") as caught:
        combined(replace(scenarios, stress=odd))
    assert caught.value.code == "E457"
