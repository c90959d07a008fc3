"""European options against books, QuantLib, parity and the limits of their arguments."""

import json
from pathlib import Path

import mpmath
import numpy as np
import pytest
import QuantLib
from hypothesis import given
from hypothesis import strategies as st

from riskmill.risk.pricing.dual import Dual
from riskmill.risk.pricing.formulas import CALL, PUT, european_option, fx_option

TRUTH = Path(__file__).parents[2] / "truth"
GENERATED = [
    case
    for case in json.loads((TRUTH / "quantlib_generated.json").read_text())
    if case["instrument"] == "european"
]
HAUG = json.loads((TRUTH / "options_haug.json").read_text())
PRICES = [case["inputs"] for case in HAUG if case["set"] == "haug_european"]
GREEKS = [case["inputs"] for case in HAUG if case["set"] == "haug_greek"]
SIGN = {"call": CALL, "put": PUT}

prices = st.floats(20.0, 500.0)
volatilities = st.floats(0.02, 1.5)
rates = st.floats(-0.03, 0.12)
years = st.floats(0.003, 10.0)
signs = st.sampled_from([CALL, PUT])


def generated(case: dict) -> dict[str, object]:
    """Arguments of a generated case, whose two rates have their names exchanged (README)."""
    given_ = case["inputs"]
    return {
        "spot": given_["spot"],
        "volatility": given_["vol"],
        "rate": given_["q"],
        "dividend_yield": given_["r"],
        "strike": given_["strike"],
        "years": given_["days"] / 365,
        "sign": SIGN[given_["type"]],
    }


def haug(given_: dict) -> dict[str, object]:
    return {
        "spot": given_["spot"],
        "volatility": given_["vol"],
        "rate": given_["r"],
        "dividend_yield": given_["q"],
        "strike": given_["strike"],
        "years": given_["t"],
        "sign": SIGN[given_["type"]],
    }


def derivative(of: str, arguments: dict, order: int = 1) -> float:
    found = european_option(**{**arguments, of: Dual(arguments[of], 1.0)})
    return float(found.first if order == 1 else found.second)


@pytest.mark.parametrize("case", GENERATED, ids=lambda case: case["case_id"])
def test_prices_and_greeks_are_quantlibs(case: dict) -> None:
    arguments, expected = generated(case), case["expected"]
    assert european_option(**arguments) == pytest.approx(expected["npv"], rel=1e-12)
    assert derivative("spot", arguments) == pytest.approx(expected["delta"], rel=1e-11)
    assert derivative("spot", arguments, 2) == pytest.approx(expected["gamma"], rel=1e-11)
    assert derivative("volatility", arguments) == pytest.approx(expected["vega"], rel=1e-11)
    assert derivative("rate", arguments) == pytest.approx(expected["rho"], rel=1e-11)
    assert -derivative("years", arguments) == pytest.approx(expected["theta"], rel=1e-11)


@pytest.mark.parametrize("given_", PRICES)
def test_prices_are_haugs_to_the_digits_he_prints(given_: dict) -> None:
    assert european_option(**haug(given_)) == pytest.approx(given_["expected"], abs=5.1e-5)


@pytest.mark.parametrize("given_", GREEKS, ids=lambda given_: given_["measure"])
def test_greeks_are_haugs_to_the_digits_he_prints(given_: dict) -> None:
    arguments = haug(given_)
    found = {
        "delta": lambda: derivative("spot", arguments),
        "gamma": lambda: derivative("spot", arguments, 2),
        "vega": lambda: derivative("volatility", arguments),
        "rho": lambda: derivative("rate", arguments),
        "theta": lambda: -derivative("years", arguments),
        "elasticity": lambda: (
            derivative("spot", arguments) * given_["spot"] / european_option(**arguments)
        ),
    }[given_["measure"]]()
    assert found == pytest.approx(given_["expected"], abs=5.1e-5)


@given(prices, prices, volatilities, rates, rates, years, signs)
def test_any_price_is_quantlibs(
    spot: float, strike: float, vol: float, rate: float, yield_: float, time: float, sign: float
) -> None:
    forward, discount = spot * np.exp((rate - yield_) * time), np.exp(-rate * time)
    side = QuantLib.Option.Call if sign == CALL else QuantLib.Option.Put
    expected = QuantLib.blackFormula(side, strike, forward, vol * np.sqrt(time), discount)
    found = european_option(spot, vol, rate, yield_, strike, time, sign)
    assert found == pytest.approx(expected, rel=1e-10, abs=1e-13 * spot)


@given(prices, prices, volatilities, rates, rates, years)
def test_call_less_put_is_the_forward_less_the_strike(
    spot: float, strike: float, vol: float, rate: float, yield_: float, time: float
) -> None:
    call = european_option(spot, vol, rate, yield_, strike, time, CALL)
    put = european_option(spot, vol, rate, yield_, strike, time, PUT)
    forward = spot * np.exp(-yield_ * time) - strike * np.exp(-rate * time)
    assert call - put == pytest.approx(forward, abs=1e-13 * (spot + strike) * np.exp(0.03 * time))


@given(st.floats(2.0, 8.0), signs)
def test_prices_far_out_of_the_money_keep_eight_digits(deviations: float, sign: float) -> None:
    vol, time = 0.2, 0.25
    strike = 100.0 * np.exp(sign * deviations * vol * np.sqrt(time))
    with mpmath.workdps(40):
        sd = vol * mpmath.sqrt(time)
        d1 = mpmath.log(mpmath.mpf(100) / strike) / sd + sd / 2
        exact = sign * (100 * mpmath.ncdf(sign * d1) - strike * mpmath.ncdf(sign * (d1 - sd)))
    assert european_option(100.0, vol, 0.0, 0.0, strike, time, sign) == pytest.approx(
        float(exact), rel=1e-8
    )


@pytest.mark.parametrize(("strike", "sign", "paid"), [(90, CALL, 10), (90, PUT, 0), (110, PUT, 10)])
def test_at_expiry_an_option_is_worth_what_exercise_pays(
    strike: float, sign: float, paid: float
) -> None:
    assert european_option(100.0, 0.2, 0.05, 0.01, float(strike), 0.0, sign) == paid


@pytest.mark.parametrize("vol", [0.0, -0.1])
def test_without_volatility_it_is_the_discounted_gain_at_the_forward(vol: float) -> None:
    forward = 100.0 * np.exp(0.05 * 2.0)
    call = european_option(100.0, vol, 0.05, 0.0, 105.0, 2.0, CALL)
    assert call == pytest.approx(np.exp(-0.1) * (forward - 105.0), rel=1e-13)
    assert european_option(100.0, vol, 0.05, 0.0, 105.0, 2.0, PUT) == 0.0


@pytest.mark.parametrize("spot", [0.0, -5.0])
def test_a_worthless_underlying_leaves_the_put_its_strike(spot: float) -> None:
    assert european_option(spot, 0.2, 0.05, 0.0, 100.0, 1.0, CALL) == 0.0
    put = european_option(spot, 0.2, 0.0, 0.0, 100.0, 1.0, PUT)
    assert put == pytest.approx(100.0 - spot, rel=1e-13)


@given(prices, prices, volatilities, rates, rates, years, signs)
def test_dual_derivatives_are_those_of_the_exact_formula(
    spot: float, strike: float, vol: float, rate: float, yield_: float, time: float, sign: float
) -> None:
    def exact(s: object, v: object) -> object:
        sd = v * mpmath.sqrt(time)
        forward = s * mpmath.exp((mpmath.mpf(rate) - yield_) * time)
        d1 = mpmath.log(forward / strike) / sd + sd / 2
        both = forward * mpmath.ncdf(sign * d1) - strike * mpmath.ncdf(sign * (d1 - sd))
        return mpmath.exp(-mpmath.mpf(rate) * time) * sign * both

    terms = {"rate": rate, "dividend_yield": yield_, "strike": strike, "years": time, "sign": sign}
    arguments = {"spot": spot, "volatility": vol, **terms}
    with mpmath.workdps(40):
        delta = float(mpmath.diff(lambda s: exact(s, mpmath.mpf(vol)), spot))
        gamma = float(mpmath.diff(lambda s: exact(s, mpmath.mpf(vol)), spot, 2))
        vega = float(mpmath.diff(lambda v: exact(mpmath.mpf(spot), v), vol))
    assert derivative("spot", arguments) == pytest.approx(delta, rel=1e-9, abs=1e-12)
    assert derivative("spot", arguments, 2) == pytest.approx(gamma, rel=1e-9, abs=1e-12)
    assert derivative("volatility", arguments) == pytest.approx(vega, rel=1e-9, abs=1e-10)


def test_a_currency_option_is_garman_and_kohlhagens() -> None:
    today = QuantLib.Date(31, 12, 2018)
    QuantLib.Settings.instance().evaluationDate = today
    expected = QuantLib.blackFormula(
        QuantLib.Option.Put,
        1.16,
        1.145 * np.exp((0.025 + 0.004) * 0.5),
        0.075 * np.sqrt(0.5),
        np.exp(-0.0125),
    )
    assert fx_option(1.145, 0.075, 0.025, -0.004, 1.16, 0.5, PUT) == pytest.approx(
        expected, rel=1e-12
    )


def test_arrays_price_a_whole_column_at_once() -> None:
    strikes = np.linspace(50.0, 150.0, 11)
    column = european_option(100.0, 0.2, 0.02, 0.01, strikes, 1.0, CALL)
    assert column.tolist() == [
        european_option(100.0, 0.2, 0.02, 0.01, strike, 1.0, CALL) for strike in strikes.tolist()
    ]
