"""The public formulas take numbers or arrays, and refuse by name what makes no price."""

import math
from collections.abc import Callable

import numpy as np
import pytest

import riskmill
from riskmill.domain import UsageError
from riskmill.risk import CALL, PUT

OPTION = {
    "spot": 100.0,
    "volatility": 0.2,
    "rate": 0.03,
    "dividend_yield": 0.01,
    "strike": 105.0,
    "years": 1.0,
    "sign": CALL,
}
OPTIONS = [riskmill.european_option, riskmill.american_option]
FORWARD = {"spot": 1.1, "domestic_rate": 0.02, "foreign_rate": 0.01, "strike": 1.1, "years": 0.5}


@pytest.mark.parametrize("price", OPTIONS)
@pytest.mark.parametrize("name", OPTION)
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, "much", None, [1.0, math.nan]])
def test_what_is_no_number_is_refused_by_name(
    price: Callable[..., float], name: str, bad: object
) -> None:
    with pytest.raises(UsageError, match=name) as refused:
        price(**OPTION | {name: bad})
    assert refused.value.code == "E412"


@pytest.mark.parametrize("price", OPTIONS)
@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("spot", -1.0),
        ("volatility", -0.2),
        ("strike", 0.0),
        ("strike", -100.0),
        ("years", -1.0),
        ("sign", 0.0),
        ("sign", 0.5),
        ("sign", 2),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    price: Callable[..., float], name: str, bad: float
) -> None:
    with pytest.raises(UsageError, match=name) as refused:
        price(**OPTION | {name: bad})
    assert refused.value.code == "E412"


@pytest.mark.parametrize("name", FORWARD)
def test_a_forward_refuses_what_is_not_finite(name: str) -> None:
    with pytest.raises(UsageError, match=name):
        riskmill.fx_forward(**FORWARD | {name: math.nan})


@pytest.mark.parametrize("price", OPTIONS)
def test_arrays_and_lists_give_what_numbers_give(price: Callable[..., float]) -> None:
    strikes, signs = [90.0, 100.0, 110.0], np.array([[CALL], [PUT]])
    table = price(**OPTION | {"strike": strikes, "sign": signs})
    assert table.shape == (2, 3)
    for row, sign in enumerate((CALL, PUT)):
        for column, strike in enumerate(strikes):
            alone = price(**OPTION | {"strike": strike, "sign": sign})
            assert isinstance(alone, float)
            assert table[row, column] == pytest.approx(alone, rel=1e-13)


def test_a_narrow_float_is_priced_in_full_precision() -> None:
    narrow = riskmill.european_option(**OPTION | {"spot": np.float32(100.0)})
    assert narrow == riskmill.european_option(**OPTION)


def test_a_price_is_never_below_zero() -> None:
    far = OPTION | {"strike": 100.0 * math.exp(40.0), "volatility": 1.0, "rate": 0.0}
    assert riskmill.european_option(**far) >= 0.0


@pytest.mark.parametrize("price", OPTIONS)
def test_arguments_that_do_not_broadcast_are_refused(price: Callable[..., float]) -> None:
    with pytest.raises(UsageError, match="spot") as refused:
        price(**OPTION | {"spot": [1.0, 2.0, 3.0], "rate": [0.01, 0.02]})
    assert refused.value.code == "E412"


@pytest.mark.parametrize(
    ("amounts", "factors"),
    [
        ([math.nan, 1.0], [0.9, 0.8]),
        ([1.0, 1.0], [0.9, math.inf]),
        ([1.0], [0.9, 0.8]),
        (1.0, [0.9]),
        ("12", [0.9, 0.8]),
        (["much"], [0.9]),
        ([None], [0.9]),
        ([[1.0, 2.0], [3.0, 4.0, 5.0]], [0.9, 0.8]),
    ],
)
def test_a_present_value_refuses_what_is_no_list_of_numbers(
    amounts: object, factors: object
) -> None:
    call: Callable[..., object] = riskmill.present_value
    with pytest.raises(UsageError) as refused:
        call(amounts, factors)
    assert refused.value.code == "E412"


def test_a_present_value_takes_discount_factors_by_scenario() -> None:
    assert riskmill.present_value([2.0, 3.0], [0.5, 1.0]) == 4.0
    assert riskmill.present_value([], []) == 0.0
    found = riskmill.present_value([2.0, 3.0], np.array([[0.5, 0.25], [1.0, 0.5]]))
    assert np.asarray(found).tolist() == [4.0, 2.0]


@pytest.mark.parametrize(
    ("forwards", "variances"),
    [([], []), ([100.0], []), ([100.0], [0.01, 0.02]), (100.0, [0.01]), ([math.nan], [0.01])],
)
def test_an_average_of_no_dates_is_refused(forwards: object, variances: object) -> None:
    call: Callable[..., object] = riskmill.average_option
    with pytest.raises(UsageError) as refused:
        call(forwards, variances, 100.0, 0.99, CALL)
    assert refused.value.code == "E412"


def test_far_tails_of_a_barrier_give_no_warning() -> None:
    price = riskmill.barrier_option(
        spot=100.0, volatility=1e-3, rate=0.3, dividend_yield=-0.2, strike=100.0, years=30.0,
        sign=CALL, barrier=500.0, rebate=1.0, direction=riskmill.UP, knock=riskmill.OUT,
    )  # fmt: skip
    assert math.isfinite(price)
