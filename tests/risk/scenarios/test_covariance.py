import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.domain import InputRejected, UsageError
from riskmill.risk import covariance
from riskmill.risk.scenarios.covariance import correlated_covariance
from riskmill.risk.scenarios.factorisation import factorise

TRUTH = json.loads(
    (Path(__file__).parents[2] / "truth" / "shrinkage_scikit_learn.json").read_text("utf-8")
)["cases"]

tables = st.tuples(st.integers(2, 12), st.integers(1, 8), st.integers(0, 2**32 - 1)).map(
    lambda shape: np.random.default_rng(shape[2]).normal(size=shape[:2])
)


@pytest.mark.parametrize("case", TRUTH)
@pytest.mark.parametrize("method", ["ledoit_wolf", "oas"])
def test_shrinkage_is_that_of_scikit_learn(case, method):
    found = covariance(case["observations"], method)
    assert found.shrinkage == pytest.approx(case[f"{method}_shrinkage"], rel=1e-12)
    np.testing.assert_allclose(found.matrix, case[method], rtol=1e-12, atol=1e-14)


@given(tables)
def test_the_sample_covariance_is_numpys(table):
    expected = np.cov(table, rowvar=False).reshape(table.shape[1], -1)
    np.testing.assert_allclose(covariance(table).matrix, expected, rtol=1e-12, atol=1e-14)


@given(tables, st.floats(0.5, 0.99))
def test_the_weighted_covariance_is_a_recursion_from_nothing(table, decay):
    recursive, weight = np.zeros((table.shape[1], table.shape[1])), 0.0
    for row in table:
        recursive = decay * recursive + (1 - decay) * np.outer(row, row)
        weight = decay * weight + (1 - decay)
    found = covariance(table, "ewma", decay=decay).matrix
    np.testing.assert_allclose(found, recursive / weight, rtol=1e-10, atol=1e-13)


@given(tables, st.sampled_from(["sample", "ewma", "ledoit_wolf", "oas"]))
def test_an_estimate_is_a_covariance_whatever_the_number_of_observations(table, method):
    found = covariance(table, method)
    assert (found.matrix == found.matrix.T).all()
    assert np.linalg.eigvalsh(found.matrix).min() > -1e-10
    assert 0.0 <= found.shrinkage <= 1.0


@pytest.mark.parametrize("method", ["ledoit_wolf", "oas"])
def test_shrinkage_for_scenarios_leaves_every_variance_and_knows_no_unit(method):
    table = np.random.default_rng(3).normal(size=(30, 4)) * [1.0, 1e-4, 50.0, 0.0]
    found = correlated_covariance(table, method)
    np.testing.assert_allclose(np.diagonal(found.matrix), table.var(axis=0, ddof=1), rtol=1e-12)
    rescaled = correlated_covariance(table * [1.0, 1e4, 1.0, 1.0], method)
    assert rescaled.shrinkage == pytest.approx(found.shrinkage)
    assert (found.matrix[3] == 0.0).all()


@pytest.mark.parametrize("table", [[], [[1.0, 2.0]], [1.0, 2.0], [[1.0], [np.nan]]])
def test_too_few_or_missing_observations_are_refused(table):
    with pytest.raises(InputRejected) as caught:
        covariance(table)
    assert caught.value.code == "E482"


@pytest.mark.parametrize(
    ("method", "decay", "place"),
    [("robust", 0.9, "covariance"), ("ewma", 1.0, "decay"), ("ewma", 0.0, "decay")],
)
def test_unknown_methods_and_decays_are_refused(method, decay, place):
    with pytest.raises(UsageError) as caught:
        covariance([[1.0], [2.0]], method, decay=decay)
    assert (caught.value.code, caught.value.place) == ("E481", place)


@given(tables)
def test_a_factor_multiplies_back_to_its_covariance(table):
    matrix = table.T @ table
    root = factorise(matrix)
    assert root.shape[1] <= min(table.shape)
    np.testing.assert_allclose(root @ root.T, matrix, atol=1e-9 * np.abs(matrix).max())


def test_factors_of_far_apart_units_both_keep_their_variance():
    matrix = np.diag([1e4, 1e-12])
    np.testing.assert_allclose(np.diagonal(factorise(matrix) @ factorise(matrix).T), [1e4, 1e-12])


def test_a_matrix_of_zeros_has_no_column():
    assert factorise(np.zeros((3, 3))).shape == (3, 0)
    assert factorise(np.zeros((0, 0))).shape == (0, 0)


@pytest.mark.parametrize(("matrix", "reason"), [
    ([[1.0, 2.0], [2.0, 1.0]], "negative eigenvalue"),
    ([[0.0, 1.0], [1.0, 0.0]], "negative eigenvalue"),
    ([[1.0, 0.9, 0.0], [0.9, 1.0, 0.9], [0.0, 0.9, 1.0]], "negative eigenvalue"),
    ([[-1.0]], "negative variance"),
    ([[1.0, 0.5], [0.4, 1.0]], "not symmetric"),
    ([[np.inf]], "not finite"),
    ([[1.0, 2.0]], "shape"),
])  # fmt: skip
def test_a_matrix_that_is_no_covariance_is_refused(matrix, reason):
    with pytest.raises(InputRejected, match=reason) as caught:
        factorise(np.array(matrix))
    assert caught.value.code == "E482"


@pytest.mark.parametrize("observations", ["a", None, [[1.0, 2.0], [3.0]], [["a"], ["b"]]])
def test_observations_that_are_no_numbers_are_refused(observations: object) -> None:
    call: Callable[..., object] = covariance
    with pytest.raises(InputRejected) as refused:
        call(observations)
    assert refused.value.code == "E482"
