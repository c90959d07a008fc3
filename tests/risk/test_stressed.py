from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import riskmill
from riskmill.domain import InputRejected, RiskSpec, StressedSpec, UsageError
from riskmill.risk import build_scenarios, combined
from riskmill.risk.aggregate import Measured, measure
from riskmill.risk.measures import MEASURES
from tests.risk.scenarios.markets import market, wandering
from tests.risk.test_aggregate import HIERARCHY, World, book_of_900, market_data

CONFIDENCES = {"confidences": ("0.9",), "headline_var": "0.9", "headline_es": "0.9"}
SPEC = RiskSpec(scenarios=20, stressed=StressedSpec(scenarios=15), **CONFIDENCES)


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30),
    st.integers(1, 30),
    st.sampled_from(sorted(MEASURES)),
    st.sampled_from(["0.99", "0.9", "0.5"]),
)
def test_the_worst_stretch_equals_a_loop_over_all(pnl, length, measure, confidence):
    length = min(length, len(pnl))
    every = [
        MEASURES[measure](pnl[n : n + length], confidence) for n in range(len(pnl) - length + 1)
    ]
    found = riskmill.stressed_window(pnl, confidence, length=length, measure=measure)
    assert found.value == max(every)
    assert found.start == every.index(max(every))
    assert found.stop - found.start == length
    assert (found.first, found.last) == (str(found.start), str(found.stop - 1))


@pytest.mark.parametrize(("options", "code"), [
    ({"length": 0}, "E483"), ({"length": 4}, "E483"), ({"length": 2, "labels": ["a"]}, "E483"),
    ({"length": 2, "measure": "beta"}, "E481"), ({"length": 2, "confidence": "1"}, "E452"),
])  # fmt: skip
def test_a_stretch_that_cannot_be_is_refused(options, code):
    confidence = options.pop("confidence", "0.9")
    with pytest.raises(UsageError) as caught:
        riskmill.stressed_window([-1.0, 2.0, 3.0], confidence, **options)
    assert caught.value.code == code


def test_the_whole_history_is_on_the_axis_behind_the_other_sets():
    data = market_data()
    scenarios = build_scenarios(data, SPEC)
    axis = combined(scenarios)
    assert len(scenarios.stressed) == 40
    assert axis.labels[-40:] == tuple(f"stressed {label}" for label in scenarios.stressed.labels)
    assert len(set(axis.labels)) == len(axis)
    plain = build_scenarios(data, replace(SPEC, scenarios=40, stressed=None)).historical
    assert (scenarios.stressed.levels == plain.levels).all()


def test_stressed_figures_are_the_measures_over_the_firms_worst_stretch():
    measured = measured_with(SPEC)
    vectors = measured_with(replace(SPEC, scenarios=40, stressed=None)).vectors
    firm = vectors.values[vectors.portfolios.index("bank")]
    window = riskmill.stressed_window(firm, "0.9", length=15, labels=vectors.scenarios)
    period = measured.stressed
    assert (period.first, period.last) == (window.first, window.last)
    assert (period.scenarios, period.searched, period.measure) == (15, 40, "expected_shortfall")
    assert (period.searched_first, period.searched_last) == (
        vectors.scenarios[0], vectors.scenarios[-1],
    )  # fmt: skip
    figures = {(f.portfolio, f.measure, f.key): f.value for f in measured.figures}
    for name, vector in zip(vectors.portfolios, vectors.values, strict=True):
        for kind, function in MEASURES.items():
            expected = function(vector[window.start : window.stop], "0.9")
            assert figures[name, f"stressed_{kind}", "0.9"] == pytest.approx(expected)
    assert period.worst.label == vectors.scenarios[int(firm.argmin())]
    assert period.worst.pnl == pytest.approx(firm.min())
    assert date.fromisoformat(period.worst_from) == date.fromisoformat(
        period.worst.label
    ) - timedelta(days=1)


def test_a_run_without_a_stressed_spec_has_none():
    plain = replace(SPEC, stressed=None)
    measured = measured_with(plain)
    assert measured.stressed is None
    assert not [f for f in measured.figures if f.measure.startswith("stressed")]


def test_a_period_that_is_given_is_taken_as_it_is():
    days = {"first_day": date(2018, 12, 1), "last_day": date(2018, 12, 20)}
    spec = replace(SPEC, stressed=StressedSpec(**days))
    period = measured_with(spec).stressed
    assert (period.first, period.last, period.scenarios) == ("2018-12-01", "2018-12-20", 20)
    assert (period.measure, period.confidence, period.searched) == ("", "", 20)


@pytest.mark.parametrize(("stressed", "code", "reason"), [
    (StressedSpec(first_day=date(2008, 1, 1), last_day=date(2008, 12, 31)), "E483", "not within"),
    (StressedSpec(first_day=date(2018, 12, 1), last_day=date(2019, 1, 5)), "E483", "not within"),
    (StressedSpec(first_day=date(2018, 12, 2), last_day=date(2018, 12, 2)), "E480", "there are 1"),
    (StressedSpec(scenarios=41), "E483", "among 40 usable"),
    (StressedSpec(scenarios=9), "E480", "needs 10 scenarios, there are 9"),
    (StressedSpec(first_day=date(2018, 12, 1), last_day=date(2018, 12, 3)), "E480", "there are 3"),
])  # fmt: skip
def test_a_period_that_cannot_be_measured_on_is_refused(stressed, code, reason):
    with pytest.raises((InputRejected, UsageError), match=reason) as caught:
        build_scenarios(market_data(), replace(SPEC, stressed=stressed))
    assert caught.value.code == code


def test_days_on_which_no_window_ends_are_no_period():
    spec = replace(SPEC, holding_days=3, overlapping=False, scenarios=10)
    day = date(2018, 12, 30)
    with pytest.raises(InputRejected, match="no window ends from 2018-12-30") as caught:
        build_scenarios(
            market_data(), replace(spec, stressed=StressedSpec(first_day=day, last_day=day))
        )
    assert caught.value.code == "E483"


def test_the_search_begins_where_every_factor_has_a_history():
    values = wandering(60).history.values.copy()
    values[:20, 1] = np.nan
    data = market({"EQ:A": 1.0, "EQ:B": 1.0}, EQ_A=values[:, 0], EQ_B=values[:, 1])
    found = build_scenarios(data, SPEC)
    assert found.without_history == frozenset()
    assert len(found.stressed) == 39
    with pytest.raises(InputRejected, match="EQ:B has no usable shock before that"):
        build_scenarios(data, replace(SPEC, stressed=StressedSpec(scenarios=40)))


def test_a_factor_without_shocks_in_a_given_period_is_named():
    values = wandering(60).history.values.copy()
    values[:40, 1] = np.nan
    data = market({"EQ:A": 1.0, "EQ:B": 1.0}, EQ_A=values[:, 0], EQ_B=values[:, 1])
    early = StressedSpec(first_day=date(2018, 11, 10), last_day=date(2018, 12, 1))
    with pytest.raises(InputRejected, match="nor has a proxy: EQ:B") as caught:
        build_scenarios(data, replace(SPEC, scenarios=15, stressed=early))
    assert caught.value.code == "E483"


def test_drawn_figures_have_a_stressed_period_of_the_past_beside_them():
    spec = replace(SPEC, scenario_set="monte_carlo")
    scenarios = build_scenarios(market_data(), spec)
    assert len(scenarios.historical) == 2048
    assert len(scenarios.stressed) == 40


def world_of(spec: RiskSpec) -> World:
    data = market_data()
    return replace(book_of_900(), market=data, scenarios=build_scenarios(data, spec))


def measured_with(spec: RiskSpec) -> Measured:
    world = world_of(spec)
    return measure(
        [world.valued(world.positions)], world.scenarios, world.market, HIERARCHY, (), spec,
        currency="USD",
    )  # fmt: skip
