"""What is drawn, against scipy and closed forms."""

import ast
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special, stats
from scipy.stats import qmc

import riskmill
import riskmill.risk.scenarios
from riskmill.domain import InputRejected, MonteCarloSpec, UsageError
from riskmill.risk import expected_shortfall, value_at_risk
from riskmill.risk.scenarios.draws import draw, fitted_degrees
from riskmill.risk.scenarios.quantiles import (
    chi_square_quantile,
    gamma_distribution,
    normal_quantile,
)
from riskmill.risk.scenarios.sequences import (
    known_dimensions,
    philox_points,
    shifted_sobol,
    sobol_points,
)

SOURCES = {
    path.name: path.read_text("utf-8")
    for path in Path(riskmill.risk.scenarios.__file__).parent.glob("*.py")
}
MATRIX = np.array([[4.0, 1.2, 0.0], [1.2, 1.0, -0.3], [0.0, -0.3, 0.25]])


@pytest.fixture(scope="module")
def joe_and_kuo() -> np.ndarray:
    return qmc.Sobol(400, scramble=False).random(512)


def test_the_sobol_sequence_is_that_of_joe_and_kuo(joe_and_kuo):
    assert known_dimensions() == 400
    assert (sobol_points(512, 400) == joe_and_kuo).all()


@given(st.integers(0, 2**63 - 1), st.integers(1, 6))
def test_a_shifted_sequence_has_a_point_in_every_cell(seed, dimensions):
    points = shifted_sobol(64, dimensions, seed)
    assert ((points > 0.0) & (points < 1.0)).all()
    for coordinate in points.T:
        assert sorted((coordinate * 64).astype(int)) == list(range(64))


def test_dimensions_beyond_the_table_are_pseudo_random():
    points = shifted_sobol(2048, 402, 1)
    assert points.shape == (2048, 402)
    assert (points[:, 400:] == philox_points(2048, 2, 1)).all()


def test_pseudo_random_points_are_uniform():
    points = philox_points(4096, 3, 9)
    for coordinate in points.T:
        assert stats.kstest(coordinate, "uniform").pvalue > 0.001
    assert abs(np.corrcoef(points.T) - np.eye(3)).max() < 0.06


def test_philox_numbers_are_the_ones_they_always_were():
    assert philox_points(1, 2, 1).tolist() == [[0.0751511510959112, 0.9837951334859097]]


@given(st.floats(1e-300, 1.0 - 1e-16))
def test_normal_quantiles_are_scipys(p):
    assert normal_quantile(np.array([p]))[0] == pytest.approx(
        float(special.ndtri(p)), rel=2e-15, abs=1e-16
    )


@given(st.floats(1e-12, 1.0 - 1e-12), st.floats(2.01, 500.0))
def test_chi_square_quantiles_are_scipys(p, degrees):
    found = chi_square_quantile(np.array([p]), degrees)[0]
    assert special.gammainc(degrees / 2, found / 2) == pytest.approx(p, abs=2e-13)


@given(st.floats(1e-6, 1e3), st.floats(0.6, 300.0))
def test_the_gamma_distribution_is_scipys(x, shape):
    found = gamma_distribution(np.array([x]), shape)[0]
    assert found == pytest.approx(float(special.gammainc(shape, x)), abs=3e-13)


@pytest.mark.parametrize("sequence", ["sobol", "philox"])
@pytest.mark.parametrize("degrees", [None, 6.0])
def test_draws_have_the_covariance_and_mean_they_are_asked_for(sequence, degrees):
    shocks = draw(MATRIX, MonteCarloSpec(draws=1 << 15, sequence=sequence, seed=3), degrees)
    spread = 5.0 if degrees else 3.0
    np.testing.assert_allclose(shocks.mean(axis=1), 0.0, atol=spread * 2 / 2**7.5)
    np.testing.assert_allclose(shocks @ shocks.T / (1 << 15), MATRIX, atol=0.05 * spread)


@pytest.mark.parametrize(
    ("degrees", "law"), [(None, stats.norm()), (5.0, stats.t(5, scale=(3 / 5) ** 0.5))]
)
def test_var_and_es_of_a_linear_book_are_the_closed_form(degrees, law):
    weights = np.array([1.0, -2.0, 0.5])
    deviation = (weights @ MATRIX @ weights) ** 0.5
    pnl = weights @ draw(MATRIX, MonteCarloSpec(draws=1 << 16), degrees)
    quantile = law.ppf(0.99)
    beyond = law.expect(lambda x: x, lb=quantile) / 0.01
    assert value_at_risk(pnl, "0.99") == pytest.approx(deviation * quantile, rel=0.02)
    assert expected_shortfall(pnl, "0.99") == pytest.approx(deviation * beyond, rel=0.03)


def test_factors_of_a_t_share_their_chi_square_and_break_down_together():
    shocks = draw(np.eye(2), MonteCarloSpec(draws=1 << 14), 3.0)
    calm = draw(np.eye(2), MonteCarloSpec(draws=1 << 14), None)
    joint = [float(((abs(x) > 3.0).all(axis=0)).mean()) for x in (shocks, calm)]
    assert joint[0] > 10 * max(joint[1], 1e-5)


def test_shocks_of_a_given_covariance_are_drawn_by_a_spec():
    spec = MonteCarloSpec(draws=1 << 12, distribution="student_t", degrees_of_freedom=5.0)
    assert (riskmill.draw_shocks(MATRIX, spec) == draw(MATRIX, spec, 5.0)).all()
    plain = MonteCarloSpec(draws=100, covariance="ewma")
    assert (riskmill.draw_shocks(MATRIX, plain) == draw(MATRIX, plain, None)).all()
    for bad in (MonteCarloSpec(distribution="student_t"), MonteCarloSpec(draws=0)):
        with pytest.raises(UsageError, match="E481"):
            riskmill.draw_shocks(MATRIX, bad)


def test_equal_seeds_give_equal_bytes_and_others_do_not():
    spec = MonteCarloSpec(draws=100, seed=7)
    once, again = (draw(MATRIX, spec, 4.0).tobytes() for _ in range(2))
    assert once == again
    assert draw(MATRIX, MonteCarloSpec(draws=100, seed=8), 4.0).tobytes() != once


def test_more_factors_than_days_are_drawn_from_what_the_days_span():
    days = np.random.default_rng(1).normal(size=(5, 20))
    shocks = draw(days.T @ days / 5, MonteCarloSpec(draws=256), None)
    assert np.linalg.matrix_rank(shocks, tol=1e-6) == 5


def test_a_constant_factor_never_moves():
    shocks = draw(np.diag([1.0, 0.0]), MonteCarloSpec(draws=16), 4.0)
    assert (shocks[1] == 0.0).all()
    assert (draw(np.zeros((2, 2)), MonteCarloSpec(draws=16), 4.0) == 0.0).all()


def test_a_matrix_that_is_no_covariance_is_refused():
    with pytest.raises(InputRejected, match="negative eigenvalue"):
        draw(np.array([[1.0, 2.0], [2.0, 1.0]]), MonteCarloSpec(), None)


@pytest.mark.parametrize("degrees", [2.0, -1.0, float("nan")])
def test_a_t_without_a_variance_is_refused(degrees):
    with pytest.raises(UsageError, match="no variance") as caught:
        draw(MATRIX, MonteCarloSpec(), degrees)
    assert caught.value.code == "E481"


@pytest.mark.parametrize("degrees", [3.0, 6.0, 20.0])
def test_degrees_of_freedom_are_found_again(degrees):
    sample = stats.t.rvs(degrees, size=(4000, 3), random_state=11)
    found = fitted_degrees(sample * [1.0, 1e-4, 30.0])
    assert found == pytest.approx(degrees, rel=0.25)


def test_fitted_degrees_make_scipys_likelihood_greatest():
    sample = stats.t.rvs(4.5, size=(500, 2), random_state=2)
    scaled = (sample / np.sqrt((sample**2).mean(axis=0))).ravel()

    def unlikely(v):
        return -stats.t.logpdf(scaled, v, scale=((v - 2) / v) ** 0.5).sum()

    best = optimize.minimize_scalar(unlikely, bounds=(2.1, 200.0), options={"xatol": 1e-8}).x
    assert fitted_degrees(sample) == pytest.approx(best, rel=1e-4)


def test_a_history_of_zeros_is_as_good_as_gaussian():
    assert fitted_degrees(np.zeros((10, 2))) == 200.0


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_no_scenario_goes_through_a_threaded_library(name):
    """The digits of BLAS and LAPACK may depend on the number of threads: none is used."""
    tree = ast.parse(SOURCES[name])
    threaded = {"dot", "matmul", "linalg", "einsum", "inner", "vdot", "tensordot", "cov",
                "corrcoef"}  # fmt: skip
    found = [n for n in ast.walk(tree) if isinstance(n, ast.MatMult)]
    found += [n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr in threaded]
    assert found == []
