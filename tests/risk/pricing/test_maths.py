"""Elementary functions against eighty digits; three uses of one source agree."""

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.risk.pricing import maths
from riskmill.risk.pricing.dual import Dual

mpmath.mp.dps = 40
EPSILON = 2.3e-16


@given(st.floats(-700, 700))
def test_exp_is_right_to_the_last_bit_but_one(x: float) -> None:
    exact = mpmath.exp(x)
    assert abs(maths.exp(x) - exact) <= 2 * EPSILON * exact


@given(st.floats(1e-300, 1e300))
def test_log_is_right_to_the_last_bit_but_one(x: float) -> None:
    exact = mpmath.log(x)
    assert abs(maths.log(x) - exact) <= 2 * EPSILON * abs(exact)


@given(st.floats(-37, 37))
def test_normal_cdf_keeps_its_relative_accuracy_into_the_far_tail(x: float) -> None:
    exact = mpmath.ncdf(x)
    assert abs(maths.normal_cdf(x) - exact) <= (8 + x * x) * EPSILON * exact


@given(st.floats(-8, 8))
def test_the_two_tails_of_the_normal_add_up_to_one(x: float) -> None:
    assert maths.normal_cdf(x) + maths.normal_cdf(-x) == pytest.approx(1.0, abs=EPSILON)


def test_exp_saturates_instead_of_overflowing() -> None:
    assert 0.0 < maths.exp(-1e6) < 1e-300
    assert maths.exp(1e6) > 1e300


@pytest.mark.parametrize("name", ["exp", "log", "sqrt", "normal_cdf"])
def test_arrays_give_what_floats_give(name: str) -> None:
    function = getattr(maths, name)
    numbers = np.geomspace(1e-8, 30.0, 200)
    assert function(numbers).tolist() == [function(float(x)) for x in numbers]


@given(st.floats(0.05, 5.0), st.sampled_from(["exp", "log", "sqrt", "normal_cdf"]))
def test_dual_derivatives_are_those_of_the_function(x: float, name: str) -> None:
    exact = {"exp": mpmath.exp, "log": mpmath.log, "sqrt": mpmath.sqrt, "normal_cdf": mpmath.ncdf}
    found = getattr(maths, name)(Dual(x, 1.0))
    assert found.value == pytest.approx(float(exact[name](x)), rel=1e-14)
    assert found.first == pytest.approx(float(mpmath.diff(exact[name], x)), rel=1e-12)
    assert found.second == pytest.approx(float(mpmath.diff(exact[name], x, 2)), rel=1e-9)


@given(st.floats(0.1, 4.0), st.floats(0.1, 4.0))
def test_dual_arithmetic_follows_the_rules_of_calculus(x: float, c: float) -> None:
    def formula(t: object) -> object:
        return (c - t) * t / (t + c) - 2.0 / t + (-t) * t * 3.0

    found = formula(Dual(x, 1.0))
    assert isinstance(found, Dual)
    assert found.value == pytest.approx(float(formula(mpmath.mpf(x))), rel=1e-12)
    assert found.first == pytest.approx(float(mpmath.diff(formula, x)), rel=1e-9, abs=1e-9)
    assert found.second == pytest.approx(float(mpmath.diff(formula, x, 2)), rel=1e-9, abs=1e-7)


def test_duals_compare_by_value_and_choose_between_duals_and_numbers() -> None:
    x = Dual(2.0, 1.0)
    assert (x < 3.0, x <= 2.0, x > 3.0, x >= 2.0) == (True, True, False, True)
    assert maths.maximum(x, 1.0).first == 1.0
    assert maths.maximum(x, 5.0).first == 0.0
    arrays = Dual(np.array([1.0, 3.0]), np.array([1.0, 1.0]))
    assert maths.maximum(arrays, 2.0).first.tolist() == [0.0, 1.0]
    assert (np.array([2.0, 4.0]) * arrays).first.tolist() == [2.0, 4.0]
