import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.domain import UsageError
from riskmill.risk.measures import (
    CONVENTIONS,
    ES_CONVENTIONS,
    expected_shortfall,
    gaussian_es,
    gaussian_var,
    modified_es,
    modified_var,
    value_at_risk,
)

TRUTH = Path(__file__).parents[2] / "truth"
R = json.loads((TRUTH / "var_es_r_performanceanalytics.json").read_text())
R_MEASURES = {
    "VaR(R, p=0.95, method='historical')": lambda pnl: value_at_risk(
        pnl, "0.95", convention="linear"
    ),
    "VaR(R, p=0.95, method='gaussian')": lambda pnl: gaussian_var(pnl, "0.95"),
    "VaR(R, p=0.95, method='modified')": lambda pnl: modified_var(pnl, "0.95"),
    "ES(R, p=0.95, method='historical')": lambda pnl: expected_shortfall(
        pnl, "0.95", convention="beyond_linear"
    ),
    "ES(R, p=0.95, method='gaussian')": lambda pnl: gaussian_es(pnl, "0.95"),
}

amounts = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))
vectors = st.lists(amounts, min_size=1, max_size=60)
BINARY = ("0.5", "0.75", "0.875", "0.9375", "0.96875")
"""Confidences that floats hold exactly, so that numpy picks the same place."""


@pytest.mark.parametrize("measure", R_MEASURES)
@pytest.mark.parametrize("name", R["series"])
def test_each_measure_of_r_is_reproduced_by_its_convention(name, measure):
    series = R["series"][name]
    found = -R_MEASURES[measure](series["returns"])
    assert found == pytest.approx(series["expected"][measure], rel=R["tol"], abs=R["tol"])


@pytest.mark.parametrize("convention", CONVENTIONS)
@given(pnl=vectors, confidence=st.sampled_from(BINARY))
def test_a_convention_is_the_quantile_that_numpy_calls_so(convention, pnl, confidence):
    expected = -np.quantile(pnl, 1.0 - float(confidence), method=convention)
    found = value_at_risk(pnl, confidence, convention=convention)
    assert found == pytest.approx(expected, abs=1e-9 * (1.0 + np.abs(pnl).max()))


@pytest.mark.parametrize("convention", CONVENTIONS)
@given(pnl=vectors, confidence=st.decimals("0.01", "0.99", places=2))
def test_every_convention_stays_within_the_vector_and_moves_with_it(convention, pnl, confidence):
    found = value_at_risk(pnl, confidence, convention=convention)
    moved = value_at_risk(np.array(pnl) + 7.0, confidence, convention=convention)
    assert -max(pnl) <= found <= -min(pnl)
    assert moved == pytest.approx(found - 7.0, abs=1e-9 * (1.0 + np.abs(pnl).max()))


@pytest.mark.parametrize("convention", ES_CONVENTIONS)
@given(pnl=vectors, confidence=st.decimals("0.01", "0.99", places=2))
def test_every_es_lies_between_its_var_and_the_worst_loss(convention, pnl, confidence):
    found = expected_shortfall(pnl, confidence, convention=convention)
    quantile = "linear" if convention == "beyond_linear" else "inverted_cdf"
    slack = 1e-9 * (1.0 + np.abs(pnl).max())
    assert value_at_risk(pnl, confidence, convention=quantile) <= found + slack
    assert found <= -min(pnl) + slack


def test_whole_scenarios_are_averaged_where_the_convention_says_so():
    pnl = [-float(loss) for loss in range(1, 11)]
    assert expected_shortfall(pnl, "0.75", convention="whole") == 9.0
    assert expected_shortfall(pnl, "0.75") == (10 + 9 + 0.5 * 8) / 2.5


@pytest.mark.parametrize("measure", [gaussian_var, gaussian_es, modified_var, modified_es])
@given(pnl=vectors, confidence=st.decimals("0.9", "0.99", places=2))
def test_moment_measures_move_and_scale_with_the_vector(measure, pnl, confidence):
    scale = 1.0 + np.abs(pnl).max()
    found = measure(pnl, confidence)
    assert measure(np.array(pnl) * 4.0, confidence) == pytest.approx(4.0 * found, abs=1e-7 * scale)
    if np.std(pnl) > 1e-3 * scale:
        shifted = measure(np.array(pnl) - 5.0, confidence)
        assert shifted == pytest.approx(found + 5.0, abs=1e-7 * scale)


@pytest.mark.parametrize("pair", [(gaussian_var, gaussian_es), (modified_var, modified_es)])
@given(pnl=vectors, confidence=st.decimals("0.6", "0.99", places=2))
def test_es_by_moments_is_never_below_var_by_moments(pair, pnl, confidence):
    var, es = (measure(pnl, confidence) for measure in pair)
    assert es >= var - 1e-9 * (1.0 + np.abs(pnl).max())


@pytest.mark.parametrize("measure", [gaussian_var, gaussian_es, modified_var, modified_es])
def test_a_vector_that_never_moves_has_its_own_loss_at_any_confidence(measure):
    assert measure([0.1, 0.1, 0.1], "0.99") == pytest.approx(-0.1, rel=1e-12)


def test_modified_es_is_the_integral_of_the_edgeworth_density():
    from scipy.integrate import quad
    from scipy.stats import norm

    pnl = np.random.default_rng(4).gamma(9.0, size=400) * -1.0
    z = (pnl - pnl.mean()) / pnl.std()
    s, k = (z**3).mean(), (z**4).mean() - 3.0
    quantile = (-modified_var(pnl, "0.95") - pnl.mean()) / pnl.std()

    def weighted(x):
        third, fourth = x**3 - 3 * x, x**4 - 6 * x**2 + 3
        sixth = x**6 - 15 * x**4 + 45 * x**2 - 15
        return x * norm.pdf(x) * (1 + s / 6 * third + k / 24 * fourth + s**2 / 72 * sixth)

    beyond = quad(weighted, -np.inf, quantile, epsabs=1e-13)[0] / 0.05
    assert beyond < quantile
    assert modified_es(pnl, "0.95") == pytest.approx(-(pnl.mean() + pnl.std() * beyond), rel=1e-9)


@pytest.mark.parametrize("measure", [value_at_risk, expected_shortfall])
def test_an_unknown_convention_is_refused_and_the_known_ones_are_named(measure):
    with pytest.raises(UsageError, match="'middle' is no convention") as caught:
        measure([1.0], "0.99", convention="middle")
    assert caught.value.code == "E471"
    assert "Choose one of " in caught.value.remedy
