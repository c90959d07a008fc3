import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, chi2

from riskmill.domain import UsageError
from riskmill.risk.measures import (
    expected_shortfall,
    expected_shortfall_error,
    scenarios_needed,
    value_at_risk,
    value_at_risk_interval,
)
from riskmill.risk.measures.binomial import (
    binomial_at_least,
    binomial_at_most,
    chi_square_beyond,
)


@given(st.integers(1, 800), st.floats(0.001, 0.999), st.data())
def test_binomial_probabilities_are_those_of_scipy(trials, probability, data):
    count = data.draw(st.integers(-1, trials))
    exact = binom(trials, probability)
    assert binomial_at_most(count, trials, probability) == pytest.approx(
        exact.cdf(count), rel=1e-9, abs=1e-12
    )
    assert binomial_at_least(count + 1, trials, probability) == pytest.approx(
        exact.sf(count), rel=1e-9, abs=1e-12
    )


@pytest.mark.parametrize("degrees", [1, 2])
@given(statistic=st.floats(0.0, 200.0))
def test_chi_square_is_that_of_scipy(degrees, statistic):
    expected = chi2.sf(statistic, degrees)
    assert chi_square_beyond(statistic, degrees) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("scenarios", "confidence", "ranks"), [(500, "0.99", (1, 11)), (1000, "0.975", (16, 36))]
)
def test_the_interval_is_made_of_two_scenarios(scenarios, confidence, ranks):
    pnl = -np.arange(1.0, scenarios + 1.0)
    found = value_at_risk_interval(pnl, confidence)
    assert (found.upper_rank, found.lower_rank) == ranks
    assert (found.upper, found.lower) == tuple(scenarios + 1.0 - rank for rank in ranks)
    inside = binom(scenarios, 1 - float(confidence))
    assert found.coverage == pytest.approx(inside.cdf(ranks[1] - 1) - inside.cdf(ranks[0] - 1))
    assert found.lower <= value_at_risk(pnl, confidence) <= found.upper
    assert found.coverage >= 0.95


def test_the_interval_holds_the_truth_as_often_as_it_says():
    chance = np.random.default_rng(7)
    truth, found = 2.3263478740408408, 0
    for _ in range(2000):
        interval = value_at_risk_interval(chance.normal(size=500), "0.99")
        found += interval.lower <= truth <= interval.upper
    assert found / 2000 == pytest.approx(interval.coverage, abs=0.012)


def test_the_error_of_es_is_the_spread_of_es_over_many_samples():
    chance = np.random.default_rng(11)
    samples = [chance.normal(size=2000) for _ in range(1500)]
    spread = np.std([expected_shortfall(sample, "0.975") for sample in samples])
    stated = np.mean([expected_shortfall_error(sample, "0.975") for sample in samples])
    assert stated == pytest.approx(spread, rel=0.06)


@pytest.mark.parametrize(
    ("measure", "scenarios", "confidence"),
    [
        (value_at_risk_interval, 100, "0.99"),
        (value_at_risk_interval, 5, "0.5"),
        (value_at_risk_interval, 3, "0.05"),
        (expected_shortfall_error, 100, "0.99"),
        (expected_shortfall_error, 3, "0.975"),
    ],
)
def test_too_few_scenarios_for_the_confidence_are_refused(measure, scenarios, confidence):
    with pytest.raises(UsageError, match=f"{scenarios} scenarios are too few") as caught:
        measure(np.arange(float(scenarios)), confidence)
    assert caught.value.code == "E470"


def test_a_confidence_says_how_many_scenarios_it_needs():
    assert [scenarios_needed(c) for c in ("0.99", "0.975", "0.999", "0.98")] == [100, 40, 1000, 50]


@given(st.lists(st.floats(-1e6, 1e6), min_size=100, max_size=200), st.floats(0.5, 8.0))
def test_both_scale_with_the_vector_and_ignore_a_shift(pnl, factor):
    vector = np.array(pnl)
    scale = 1.0 + np.abs(vector).max()
    error = expected_shortfall_error(vector, "0.95")
    assert error >= 0.0
    assert expected_shortfall_error(vector * factor + 3.0, "0.95") == pytest.approx(
        error * factor, abs=1e-9 * scale * factor
    )
    interval = value_at_risk_interval(vector, "0.9")
    moved = value_at_risk_interval(vector * factor + 3.0, "0.9")
    assert moved.upper == pytest.approx(interval.upper * factor - 3.0, abs=1e-9 * scale * factor)
