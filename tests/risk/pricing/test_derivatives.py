"""Derivatives of public prices against bumps, closed forms, the pricing equation and QuantLib."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import QuantLib
from hypothesis import given, settings
from hypothesis import strategies as st

import riskmill
from riskmill.domain import UsageError
from riskmill.risk import CALL, DOWN, IN, OUT, PUT, UP
from riskmill.risk.pricing.maths import sqrt
from tests.risk.pricing.quantlib import TODAY, process, side

MARKET = {"spot": 100.0, "volatility": 0.25, "rate": 0.04, "dividend_yield": 0.015}
TERMS = {"strike": 105.0, "years": 0.75, "sign": PUT}
PAIR = {"spot": 1.1, "volatility": 0.1, "domestic_rate": 0.03, "foreign_rate": 0.01}
AVERAGE = {"fixings": 6.0, "first": 0.1, "past": 2.0, "past_average": 98.0}
CASES: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "european": (riskmill.european_option, MARKET | TERMS),
    "american": (riskmill.american_option, MARKET | TERMS),
    "fx option": (riskmill.fx_option, PAIR | TERMS | {"strike": 1.12}),
    "digital": (riskmill.digital_option, MARKET | TERMS | {"cash": 2.0, "units": 0.5}),
    "barrier": (
        riskmill.barrier_option,
        MARKET | TERMS | {"barrier": 120.0, "rebate": 1.0, "direction": UP, "knock": OUT},
    ),
    "knock-in": (
        riskmill.barrier_option,
        MARKET | TERMS | {"barrier": 85.0, "rebate": 1.0, "direction": DOWN, "knock": IN},
    ),
    "touch": (
        riskmill.touch_option,
        MARKET | {"barrier": 90.0, "years": 0.75, "direction": DOWN, "untouched": 0.2},
    ),
    "arithmetic": (riskmill.arithmetic_asian_option, MARKET | TERMS | AVERAGE),
    "geometric": (riskmill.geometric_asian_option, MARKET | TERMS | AVERAGE),
    "levy": (
        riskmill.continuous_arithmetic_asian_option,
        MARKET | TERMS | {"elapsed": 0.25, "past_average": 97.0},
    ),
    "kemna-vorst": (riskmill.continuous_geometric_asian_option, MARKET | TERMS),
    "forward price": (riskmill.forward_price, MARKET | {"years": 0.75}),
    "future": (riskmill.future, MARKET | {"price": 99.0, "years": 0.75}),
    "fx forward": (riskmill.fx_forward, PAIR | {"strike": 1.12, "years": 0.75}),
}
for _, arguments in (CASES["forward price"], CASES["future"], CASES["fx forward"]):
    del arguments["volatility"]
CHOICES = {"sign", "direction", "knock", "knocked", "fixings", "past"}


def bumped(price: Callable[..., Any], arguments: dict[str, Any], name: str, size: float) -> Any:
    return price(**arguments | {name: arguments[name] + size})


@pytest.mark.parametrize("case", CASES)
def test_first_derivatives_are_what_bumps_give(case: str) -> None:
    price, arguments = CASES[case]
    for name in arguments.keys() - CHOICES:
        size = 1e-4 * max(abs(arguments[name]), 0.05)
        up, down = (bumped(price, arguments, name, step) for step in (size, -size))
        found = riskmill.derivative(price, name, **arguments)
        scale = abs(price(**arguments)) / max(abs(arguments[name]), 0.05)
        assert found == pytest.approx((up - down) / (2.0 * size), rel=1e-5, abs=1e-5 * scale), name


@pytest.mark.parametrize("case", CASES)
def test_second_derivatives_are_bumps_of_first_ones(case: str) -> None:
    price, arguments = CASES[case]
    names = sorted(arguments.keys() - CHOICES)
    tolerance = 2e-3 if case == "american" else 1e-5
    for one in names:
        for other in names:
            size = (1e-2 if case == "american" else 1e-4) * max(abs(arguments[other]), 0.05)
            up, down = (
                riskmill.derivative(price, one, **arguments | {other: arguments[other] + step})
                for step in (size, -size)
            )
            found = riskmill.derivative(price, one, other, **arguments)
            sizes = [max(abs(arguments[name]), 0.05) for name in (one, other)]
            scale = abs(price(**arguments)) / (sizes[0] * sizes[1])
            expected = pytest.approx(
                (up - down) / (2.0 * size), rel=tolerance, abs=tolerance * scale
            )
            assert found == expected, (one, other)


@settings(max_examples=25, deadline=None)
@given(
    spot=st.floats(60.0, 150.0),
    volatility=st.floats(0.05, 1.0),
    rate=st.floats(-0.02, 0.1),
    dividend_yield=st.floats(-0.02, 0.1),
    days=st.integers(5, 2000),
    sign=st.sampled_from([CALL, PUT]),
)
def test_european_greeks_are_quantlibs(
    spot: float, volatility: float, rate: float, dividend_yield: float, days: int, sign: float
) -> None:
    option = QuantLib.VanillaOption(
        QuantLib.PlainVanillaPayoff(side(sign), 100.0), QuantLib.EuropeanExercise(TODAY + days)
    )
    market = process(spot, volatility, rate, dividend_yield)
    option.setPricingEngine(QuantLib.AnalyticEuropeanEngine(market))
    found = riskmill.greeks(
        riskmill.european_option,
        spot=spot,
        volatility=volatility,
        rate=rate,
        dividend_yield=dividend_yield,
        strike=100.0,
        years=days / 365,
        sign=sign,
    )
    ours = [found.price, found.delta, found.gamma, found.vega, found.theta, found.rho]
    theirs = [option.NPV(), option.delta(), option.gamma(), option.vega(), option.theta()]
    assert ours == pytest.approx([*theirs, option.rho()], rel=1e-8, abs=1e-9)
    assert found.dividend_rho == pytest.approx(option.dividendRho(), rel=1e-8, abs=1e-9)


def test_american_greeks_are_those_of_quantlibs_finite_differences() -> None:
    for spot, sign in ((90.0, PUT), (100.0, PUT), (115.0, CALL)):
        market = process(spot, 0.25, 0.05, 0.03)
        option = QuantLib.VanillaOption(
            QuantLib.PlainVanillaPayoff(side(sign), 100.0),
            QuantLib.AmericanExercise(TODAY, TODAY + 365),
        )
        option.setPricingEngine(QuantLib.FdBlackScholesVanillaEngine(market, 2000, 2000))
        found = riskmill.greeks(
            riskmill.american_option,
            spot=spot,
            volatility=0.25,
            rate=0.05,
            dividend_yield=0.03,
            strike=100.0,
            years=1.0,
            sign=sign,
        )
        assert found.delta == pytest.approx(option.delta(), abs=2e-5)
        assert found.gamma == pytest.approx(option.gamma(), rel=2e-3)
        assert found.theta == pytest.approx(option.theta(), rel=2e-3)


@pytest.mark.parametrize(
    "case", ["european", "american", "fx option", "digital", "barrier", "touch"]
)
def test_theta_is_what_the_pricing_equation_leaves(case: str) -> None:
    price, arguments = CASES[case]
    found = riskmill.greeks(price, **arguments)
    rate = arguments.get("rate", arguments.get("domestic_rate"))
    yield_ = arguments.get("dividend_yield", arguments.get("foreign_rate"))
    spot, volatility = arguments["spot"], arguments["volatility"]
    drift = (rate - yield_) * spot * found.delta + 0.5 * (volatility * spot) ** 2 * found.gamma
    assert found.theta == pytest.approx(rate * found.price - drift, rel=1e-4)


@pytest.mark.parametrize("case", ["arithmetic", "geometric", "levy"])
def test_theta_of_an_average_is_the_change_over_a_short_time(case: str) -> None:
    price, arguments = CASES[case]
    step = 1e-5
    later = arguments | {"years": arguments["years"] - step}
    if case == "levy":
        elapsed, mean = arguments["elapsed"], arguments["past_average"]
        mean = (mean * elapsed + arguments["spot"] * step) / (elapsed + step)
        later |= {"elapsed": elapsed + step, "past_average": mean}
    else:
        later |= {"first": arguments["first"] - step}
    found = riskmill.greeks(price, **arguments)
    assert found.theta == pytest.approx((price(**later) - price(**arguments)) / step, rel=1e-3)


@pytest.mark.parametrize("case", ["arithmetic", "geometric"])
def test_a_fixing_of_today_is_a_past_one_to_theta(case: str) -> None:
    price, _ = CASES[case]
    today = MARKET | TERMS | {"fixings": 4, "first": 0.0}
    past = today | {"past": 1, "past_average": MARKET["spot"], "first": 0.25}
    one, other = (riskmill.greeks(price, **arguments) for arguments in (today, past))
    assert one.price == pytest.approx(other.price, rel=1e-12)
    assert one.theta == pytest.approx(other.theta, rel=1e-9)
    assert one.delta > other.delta or one.delta < other.delta


def test_an_exercised_option_has_the_greeks_of_its_payment() -> None:
    deep = MARKET | TERMS | {"spot": 60.0, "dividend_yield": 0.0}
    found = riskmill.greeks(riskmill.american_option, **deep)
    assert (found.price, found.delta, found.gamma, found.theta) == (45.0, -1.0, 0.0, 0.0)


def test_gamma_beside_the_exercise_boundary_is_that_of_its_own_side() -> None:
    arguments = MARKET | TERMS | {"dividend_yield": 0.0}
    spots = np.linspace(60.0, 105.0, 4001)
    prices = riskmill.american_option(**arguments | {"spot": spots})
    first = float(spots[np.argmax(prices > (105.0 - spots) * (1 + 1e-13))])
    inside = riskmill.greeks(riskmill.american_option, **arguments | {"spot": first - 0.02})
    outside = riskmill.greeks(riskmill.american_option, **arguments | {"spot": first + 0.02})
    assert inside.gamma == 0.0
    jump = 2.0 * arguments["rate"] * 105.0 / (arguments["volatility"] * first) ** 2
    assert outside.gamma == pytest.approx(jump, rel=0.15)


@pytest.mark.parametrize("case", ["european", "american", "barrier", "arithmetic", "levy"])
def test_arrays_give_what_numbers_give(case: str) -> None:
    price, arguments = CASES[case]
    spots = np.array([[95.0], [104.0]])
    table = riskmill.greeks(price, **arguments | {"spot": spots, "years": [0.5, 0.75, 1.0]})
    assert table.charm.shape == table.price.shape == (2, 3)
    alone = riskmill.greeks(price, **arguments | {"spot": 104.0, "years": 0.5})
    for name in ("price", "delta", "gamma", "vega", "theta", "vanna", "charm"):
        assert getattr(table, name)[1, 0] == pytest.approx(getattr(alone, name), rel=1e-7), name


def test_derivatives_by_lists_have_an_entry_for_each() -> None:
    flows = {"amounts": [3.0, 103.0], "discount_factors": [0.97, 0.94]}
    assert riskmill.derivative(riskmill.present_value, "amounts", **flows).tolist() == [0.97, 0.94]
    mixed = riskmill.derivative(riskmill.present_value, "amounts", "discount_factors", **flows)
    assert mixed == pytest.approx(np.eye(2), abs=1e-12)


def test_at_expiry_delta_is_what_exercise_gives() -> None:
    today = MARKET | TERMS | {"years": 0.0, "spot": 90.0}
    for price in (riskmill.european_option, riskmill.american_option):
        found = riskmill.greeks(price, **today)
        assert found.price == pytest.approx(15.0, rel=1e-13)
        assert (found.delta, found.gamma, found.vega) == (-1.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("pricer", "by", "change", "code"),
    [
        (riskmill.european_option, ("sign",), {}, "E430"),
        (riskmill.european_option, ("maturity",), {}, "E430"),
        (riskmill.european_option, (), {}, "E430"),
        (riskmill.european_option, ("spot",) * 3, {}, "E430"),
        (riskmill.european_option, ("spot",), {"colour": 1.0}, "E430"),
        (3, ("spot",), {}, "E430"),
        (riskmill.european_option, ("spot",), {"spot": "much"}, "E412"),
        (riskmill.european_option, ("spot",), {"volatility": float("nan")}, "E412"),
    ],
)
def test_what_has_no_derivative_is_refused(
    pricer: Any, by: tuple[str, ...], change: dict[str, Any], code: str
) -> None:
    with pytest.raises(UsageError) as refused:
        riskmill.derivative(pricer, *by, **MARKET | TERMS | change)
    assert refused.value.code == code


def test_a_function_without_a_spot_has_no_greeks() -> None:
    with pytest.raises(UsageError) as refused:
        riskmill.greeks(riskmill.present_value, amounts=[1.0], discount_factors=[0.9])
    assert refused.value.code == "E430"


def test_an_infinite_derivative_is_refused() -> None:
    def root(spot: Any, rate: Any, dividend_yield: Any, years: Any) -> Any:
        return sqrt(spot)

    with pytest.raises(UsageError) as refused:
        riskmill.derivative(root, "spot", spot=0.0, rate=0, dividend_yield=0, years=1)
    assert refused.value.code == "E431"
