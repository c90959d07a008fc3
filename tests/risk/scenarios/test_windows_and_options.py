import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.domain import (
    DEFAULT_SHOCKS,
    InputRejected,
    MonteCarloSpec,
    RiskSpec,
    StressedSpec,
    UsageError,
)
from riskmill.risk import build_scenarios, check_spec, historical_scenarios, scenarios_needed
from riskmill.risk.scenarios.description import describe_scenarios
from tests.risk.scenarios.markets import market, wandering


@given(st.integers(2, 40), st.integers(1, 12), st.integers(1, 40), st.booleans())
def test_windows_equal_a_loop_over_dates(days, holding_days, scenarios, overlapping):
    values = np.exp(np.random.default_rng(days).normal(size=days))
    spec = RiskSpec(scenarios=scenarios, holding_days=holding_days, overlapping=overlapping)
    ends = list(range(days - 1, holding_days - 1, -1 if overlapping else -holding_days))[::-1]
    expected = [7.0 * values[end] / values[end - holding_days] for end in ends][-scenarios:]
    if expected:
        found = historical_scenarios(market({"EQ:X": 7.0}, EQ_X=values), spec)
        assert found.levels[0] == pytest.approx(expected, rel=1e-12)
    else:
        with pytest.raises(InputRejected, match="E454"):
            historical_scenarios(market({"EQ:X": 7.0}, EQ_X=values), spec)


def test_separate_windows_share_no_day():
    found = historical_scenarios(
        market({"EQ:X": 1.0}, EQ_X=np.arange(1.0, 12.0)),
        RiskSpec(holding_days=3, overlapping=False),
    )
    assert found.labels == ("2018-12-25", "2018-12-28", "2018-12-31")
    assert found.levels[0] == pytest.approx([5 / 2, 8 / 5, 11 / 8])


def test_windows_are_chosen_by_their_days():
    data = market({"EQ:X": 1.0}, EQ_X=np.arange(1.0, 12.0))
    spec = RiskSpec(first_day=date(2018, 12, 24), last_day=date(2018, 12, 26), scenarios=1)
    assert historical_scenarios(data, spec).labels == ("2018-12-24", "2018-12-25", "2018-12-26")
    until = RiskSpec(last_day=date(2018, 12, 26), scenarios=2)
    assert historical_scenarios(data, until).labels == ("2018-12-25", "2018-12-26")
    late = RiskSpec(last_day=date(2019, 12, 26), scenarios=1)
    assert historical_scenarios(data, late).labels == ("2018-12-31",)
    with pytest.raises(InputRejected, match="no window that ends from 2019-01-01") as caught:
        historical_scenarios(data, RiskSpec(first_day=date(2019, 1, 1)))
    assert caught.value.code == "E454"


@pytest.mark.parametrize(("kind", "expected"), [
    ("log", 50.0 * 1.1 ** math.sqrt(10)),
    ("relative", 50.0 * (1 + 0.1 * math.sqrt(10))),
    ("absolute", 50.0 + 10.0 * math.sqrt(10)),
])  # fmt: skip
def test_the_root_of_time_scales_one_day_shocks_where_it_is_asked_for(kind, expected):
    spec = RiskSpec(
        holding_days=10, time_scaling="square_root", shocks=(*DEFAULT_SHOCKS[1:], ("EQ", kind))
    )
    data = market({"EQ:X": 50.0}, EQ_X=[100.0, 110.0])
    scenarios = build_scenarios(data, spec)
    assert scenarios.historical.levels[0] == pytest.approx([expected])
    assert ("Time scaling", "square root of 10 business days") in scenarios.facts
    assert "square root of 10" in describe_scenarios(scenarios.historical, spec)


@pytest.mark.parametrize(("options", "place"), [
    ({"scenario_set": "guesses"}, "scenario_set"),
    ({"time_scaling": "cubic"}, "time_scaling"),
    ({"decay": 0.0}, "decay"),
    ({"decay": 1.0}, "decay"),
    ({"decay": math.nan}, "decay"),
    ({"first_day": date(2018, 2, 1), "last_day": date(2018, 1, 1)}, "first_day, last_day"),
    ({"monte_carlo": MonteCarloSpec(draws=0)}, "monte_carlo.draws"),
    ({"monte_carlo": MonteCarloSpec(seed=-1)}, "monte_carlo.seed"),
    ({"monte_carlo": MonteCarloSpec(seed=2**63)}, "monte_carlo.seed"),
    ({"monte_carlo": MonteCarloSpec(distribution="cauchy")}, "monte_carlo.distribution"),
    ({"monte_carlo": MonteCarloSpec(covariance="robust")}, "monte_carlo.covariance"),
    ({"monte_carlo": MonteCarloSpec(sequence="halton")}, "monte_carlo.sequence"),
    ({"monte_carlo": MonteCarloSpec(degrees_of_freedom=2.0)}, "monte_carlo.degrees_of_freedom"),
    ({"monte_carlo": MonteCarloSpec(degrees_of_freedom=math.inf)},
     "monte_carlo.degrees_of_freedom"),
    ({"stressed": StressedSpec(measure="beta")}, "stressed.measure"),
    ({"stressed": StressedSpec(scenarios=0)}, "stressed.scenarios"),
    ({"stressed": StressedSpec(first_day=date(2018, 1, 1))},
     "stressed.first_day, stressed.last_day"),
])  # fmt: skip
def test_an_option_that_cannot_be_is_refused_by_name(options, place):
    spec = RiskSpec(**options)
    for refuse in (check_spec, lambda spec: build_scenarios(wandering(), spec)):
        with pytest.raises(UsageError) as caught:
            refuse(spec)
        assert (caught.value.code, caught.value.place) == ("E481", place)


@pytest.mark.parametrize(
    ("confidence", "needed"), [("0.99", 100), ("0.975", 40), ("0.95", 20), ("0.999", 1000)]
)
def test_a_confidence_needs_a_whole_scenario_in_its_tail(confidence, needed):
    assert scenarios_needed(confidence) == needed


@pytest.mark.parametrize(("options", "words"), [
    ({}, "399 of 500 asked for historical scenarios: 1-day moves that ended from"),
    ({"scenarios": 100}, "100 historical scenarios: 1-day moves"),
    ({"scenarios": 1}, "1 historical scenario: 1-day move that ended on 2018-12-31, each"),
    ({"holding_days": 10}, "overlapping 10-day moves"),
    ({"holding_days": 10, "overlapping": False}, "separate 10-day moves"),
    ({"first_day": date(2018, 6, 1)}, "214 historical scenarios: 1-day moves that ended from 2018"),
    ({"scenario_set": "filtered_historical", "scenarios": 100},
     "100 filtered historical scenarios: 1-day moves that ended from 2018-09-23 to 2018-12-31, "
     "rescaled to current volatility, each position fully revalued."),
    ({"scenario_set": "monte_carlo", "monte_carlo": MonteCarloSpec(draws=64, seed=9)},
     "64 Monte Carlo scenarios: 1-day moves drawn from a Gaussian distribution with seed 9"),
])  # fmt: skip
def test_a_set_is_described_in_a_sentence(options, words):
    spec = RiskSpec(**options)
    said = describe_scenarios(build_scenarios(wandering(), spec).historical, spec)
    assert words in said
