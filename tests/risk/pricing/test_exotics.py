"""Barrier, digital, touch and Asian options against Haug's tables and QuantLib."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import QuantLib
from hypothesis import assume, given
from hypothesis import strategies as st

import riskmill
from riskmill.domain import UsageError
from riskmill.risk import CALL, DOWN, IN, OUT, PUT, UP
from riskmill.risk.pricing import formulas
from riskmill.risk.pricing.dual import Dual
from tests.risk.pricing import quantlib

CASES = json.loads((Path(__file__).parents[2] / "truth" / "options_haug.json").read_text())
SIGN = {"call": CALL, "put": PUT}
FIRST = ("spot", "volatility", "rate", "dividend_yield")

prices = st.floats(50.0, 200.0)
volatilities = st.floats(0.02, 1.5)
rates = st.floats(-0.03, 0.12)
days = st.integers(3, 2000)
signs = st.sampled_from([CALL, PUT])
directions = st.sampled_from([DOWN, UP])
knocks = st.sampled_from([IN, OUT])


def cases(*names: str) -> list[dict]:
    return [case for case in CASES if case["set"] in names]


def market(of: dict) -> dict[str, float]:
    found = {"spot": of["spot"], "volatility": of["vol"], "rate": of["r"]}
    return found | {"dividend_yield": of["q"] if "q" in of else of["r"] - of["b"]}


@pytest.mark.parametrize("case", cases("haug_barrier"), ids=lambda case: case["case_id"])
def test_barrier_options_are_haugs(case: dict) -> None:
    of = case["inputs"]
    found = riskmill.barrier_option(
        **market(of),
        strike=of["strike"],
        years=of["t"],
        sign=SIGN[of["type"]],
        barrier=of["barrier"],
        rebate=of["rebate"],
        direction=DOWN if of["barrier_type"].startswith("down") else UP,
        knock=IN if of["barrier_type"].endswith("in") else OUT,
    )
    assert found == pytest.approx(of["expected"], abs=case["tol"])


@pytest.mark.parametrize("case", cases("haug_cash_or_nothing", "haug_cash_at_hit"))
def test_digital_options_are_haugs(case: dict) -> None:
    of = case["inputs"]
    if case["set"] == "haug_cash_or_nothing":
        found = riskmill.digital_option(
            **market(of), strike=of["strike"], years=of["t"], sign=SIGN[of["type"]], cash=10.0
        )
    else:
        direction = DOWN if of["type"] == "put" else UP
        found = riskmill.touch_option(
            **market(of), barrier=of["strike"], years=of["t"], direction=direction, at_hit=15.0
        )
    assert found == pytest.approx(of["expected"], abs=case["tol"])


@pytest.mark.parametrize("case", cases("haug_turnbull_wakeman"), ids=lambda case: case["case_id"])
def test_arithmetic_averages_are_turnbulls_and_wakemans(case: dict) -> None:
    of = case["inputs"]
    terms = {"strike": of["strike"], "years": of["t"], "sign": SIGN[of["type"]]}
    found = riskmill.arithmetic_asian_option(
        **market(of), **terms, fixings=of["fixings"], first=of["first_fixing"]
    )
    assert found == pytest.approx(of["expected"], abs=case["tol"])
    times = np.linspace(of["first_fixing"], of["t"], of["fixings"])
    same = riskmill.average_option(
        forwards=of["spot"] * np.exp(of["b"] * times),
        variances=of["vol"] ** 2 * times,
        strike=of["strike"],
        discount=math.exp(-of["r"] * of["t"]),
        sign=SIGN[of["type"]],
    )
    assert same == pytest.approx(found, rel=1e-10)


@pytest.mark.parametrize("case", cases("levy_discrete_arith_asian"))
def test_arithmetic_averages_are_near_those_of_a_simulation(case: dict) -> None:
    """The simulated values have errors of their own, near 0.01 (tests/truth/README.md)."""
    of = case["inputs"]
    found = riskmill.arithmetic_asian_option(
        **market(of),
        strike=of["strike"],
        years=of["first_fixing"] + of["length"],
        sign=SIGN[of["type"]],
        fixings=of["fixings"],
        first=of["first_fixing"],
    )
    assert found == pytest.approx(of["expected"], abs=0.015)


@pytest.mark.parametrize("case", cases("haug_levy"), ids=lambda case: case["case_id"])
def test_averages_over_a_span_are_levys(case: dict) -> None:
    of = case["inputs"]
    found = riskmill.continuous_arithmetic_asian_option(
        **market(of),
        strike=of["strike"],
        years=(of["length_days"] - of["elapsed_days"]) / 360,
        sign=SIGN[of["type"]],
        elapsed=of["elapsed_days"] / 360,
        past_average=of["current_average"],
    )
    assert found == pytest.approx(of["expected"], abs=case["tol"])


def test_geometric_averages_are_those_of_the_books() -> None:
    dates, span = cases("asian_geometric")
    found = riskmill.geometric_asian_option(
        100.0, 0.2, 0.06, 0.03, 100.0, 1.0, CALL, fixings=10, first=0.1
    )
    assert found == pytest.approx(dates["inputs"]["expected"], abs=dates["tol"])
    of = span["inputs"]
    found = riskmill.continuous_geometric_asian_option(
        **market(of), strike=of["strike"], years=of["t"], sign=SIGN[of["type"]]
    )
    assert found == pytest.approx(of["expected"], abs=span["tol"])


@given(
    prices, prices, st.floats(0.5, 0.999), volatilities, rates, rates, days, signs, directions,
    knocks, st.floats(0.0, 10.0),
)  # fmt: skip
def test_any_barrier_option_is_quantlibs(
    spot: float, strike: float, near: float, vol: float, rate: float, yield_: float, life: int,
    sign: float, direction: float, knock: float, rebate: float,
) -> None:  # fmt: skip
    level = spot * near if direction == DOWN else spot / near
    assume(knock == IN or ((rate - yield_) / vol - vol / 2) ** 2 + 2 * rate > 1e-9)
    expected = quantlib.barrier(
        quantlib.process(spot, vol, rate, yield_), life, strike=strike, sign=sign, level=level,
        rebate=rebate, direction=direction, knock=knock,
    )  # fmt: skip
    assume(math.isfinite(expected))
    found = riskmill.barrier_option(
        spot, vol, rate, yield_, strike, life / 365, sign, level, rebate, direction, knock
    )
    assert found == pytest.approx(expected, rel=1e-8, abs=1e-9 * spot)


@given(prices, prices, volatilities, rates, rates, days, signs)
def test_any_digital_option_is_quantlibs(
    spot: float, strike: float, vol: float, rate: float, yield_: float, life: int, sign: float
) -> None:
    run = quantlib.process(spot, vol, rate, yield_)
    cash = QuantLib.CashOrNothingPayoff(quantlib.side(sign), strike, 10.0)
    asset = QuantLib.AssetOrNothingPayoff(quantlib.side(sign), strike)
    arguments = (spot, vol, rate, yield_, strike, life / 365, sign)
    assert riskmill.digital_option(*arguments, cash=10.0) == pytest.approx(
        quantlib.european(cash, life, run), rel=1e-9, abs=1e-12
    )
    assert riskmill.digital_option(*arguments, cash=0.0, units=1.0) == pytest.approx(
        quantlib.european(asset, life, run), rel=1e-9, abs=1e-12
    )


@given(prices, st.floats(0.5, 0.999), volatilities, st.floats(0.0, 0.12), rates, days, directions)
def test_any_touch_option_is_quantlibs(
    spot: float, near: float, vol: float, rate: float, yield_: float, life: int, direction: float
) -> None:
    level = spot * near if direction == DOWN else spot / near
    run = quantlib.process(spot, vol, rate, yield_)
    arguments = (spot, vol, rate, yield_, level, life / 365, direction)
    now = riskmill.touch_option(*arguments)
    later = riskmill.touch_option(*arguments, at_hit=0.0, at_expiry=1.0)
    never = riskmill.touch_option(*arguments, at_hit=0.0, untouched=1.0)
    oracle = {"level": level, "direction": direction}
    assert now == pytest.approx(
        quantlib.one_touch(run, life, late=False, **oracle), rel=1e-8, abs=1e-10
    )
    assert later == pytest.approx(
        quantlib.one_touch(run, life, late=True, **oracle), rel=1e-8, abs=1e-10
    )
    assert later + never == pytest.approx(math.exp(-rate * life / 365), rel=1e-12)


@given(
    prices, prices, volatilities, rates, rates, st.integers(1, 40), st.integers(1, 60),
    st.integers(1, 40), st.integers(0, 30), signs, st.booleans(),
)  # fmt: skip
def test_any_average_of_dates_is_quantlibs(
    spot: float, strike: float, vol: float, rate: float, yield_: float, count: int, first: int,
    gap: int, past: int, sign: float, geometric: bool,
) -> None:  # fmt: skip
    dates = [first + gap * number for number in range(count)]
    average = 1.05 * spot if past else 0.0
    assume(geometric or (count + past) * strike > past * average * 1.02)
    assume(not geometric or vol > 0.05)
    price = riskmill.geometric_asian_option if geometric else riskmill.arithmetic_asian_option
    found = price(
        spot, vol, rate, yield_, strike, dates[-1] / 365, sign, fixings=count + past,
        first=first / 365, past=past, past_average=average or 1.0,
    )  # fmt: skip
    expected = quantlib.discrete_asian(
        quantlib.process(spot, vol, rate, yield_), dates, strike=strike, sign=sign,
        geometric=geometric, past=past,
        total=(average**past if past else 1.0) if geometric else average * past,
    )  # fmt: skip
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-8 * spot)


def lives(drift: float) -> tuple[dict, dict]:
    """A barrier option out and in, and the plain option, on a market with this carry."""
    plain = {
        "spot": 100.0, "volatility": 0.25, "rate": 0.03, "dividend_yield": 0.03 - drift,
        "strike": 102.0, "years": 0.75, "sign": PUT,
    }  # fmt: skip
    return plain, plain | {"barrier": 91.0, "rebate": 0.0, "direction": DOWN}


@pytest.mark.parametrize("drift", [-0.05, 0.0, 0.05])
def test_in_and_out_make_the_plain_option(drift: float) -> None:
    plain, barred = lives(drift)
    both = sum(riskmill.barrier_option(**barred, knock=knock) for knock in (IN, OUT))
    assert both == pytest.approx(riskmill.european_option(**plain), rel=1e-12)


def test_a_barrier_that_was_hit_leaves_the_plain_option_or_nothing() -> None:
    plain, barred = lives(0.0)
    hit = barred | {"rebate": 4.0, "knocked": 1}
    assert riskmill.barrier_option(**hit, knock=IN) == riskmill.european_option(**plain)
    assert riskmill.barrier_option(**hit, knock=OUT) == 0.0
    at_it = barred | {"rebate": 4.0, "spot": 91.0}
    assert riskmill.barrier_option(**at_it, knock=OUT) == 4.0
    at_plain = plain | {"spot": 91.0}
    assert riskmill.barrier_option(**at_it, knock=IN) == riskmill.european_option(**at_plain)


@pytest.mark.parametrize(
    ("yield_", "knock", "worth"),
    [
        (0.0, OUT, 0.0),
        (0.2, OUT, 5.0 * math.exp(-0.05 * math.log(0.9) / -0.15)),
        (0.2, IN, math.exp(-0.05) * (120.0 - 100.0 * math.exp(-0.15))),
        (0.0, IN, 5.0 * math.exp(-0.05)),
    ],
)
def test_without_volatility_the_barrier_is_hit_on_the_way_or_never(
    yield_: float, knock: float, worth: float
) -> None:
    strike = 120.0 if knock == IN else 100.0
    found = riskmill.barrier_option(
        100.0, 0.0, 0.05, yield_, strike, 1.0, PUT, 90.0, 5.0, DOWN, knock
    )
    assert found == pytest.approx(worth, rel=1e-12)


def test_at_expiry_what_is_due_is_paid() -> None:
    assert riskmill.digital_option(101.0, 0.2, 0.05, 0.0, 100.0, 0.0, CALL, cash=3.0) == 3.0
    assert riskmill.digital_option(99.0, 0.2, 0.05, 0.0, 100.0, 0.0, CALL, cash=3.0) == 0.0
    out = riskmill.barrier_option(101.0, 0.2, 0.05, 0.0, 95.0, 0.0, CALL, 90.0, 1.0, DOWN, OUT)
    assert out == 6.0
    average = riskmill.arithmetic_asian_option(
        108.0, 0.2, 0.05, 0.0, 100.0, 0.0, CALL, fixings=4, first=0.0, past=3, past_average=104.0
    )
    assert average == pytest.approx(5.0, rel=1e-14)


def test_an_average_of_two_dates_one_of_them_today_is_exact() -> None:
    found = riskmill.arithmetic_asian_option(
        90.0, 0.13, 0.025, 0.06, 87.0, 11 / 12, PUT, fixings=2, first=0.0
    )
    half = riskmill.european_option(90.0, 0.13, 0.025, 0.06, 84.0, 11 / 12, PUT) / 2
    assert found == pytest.approx(half, rel=1e-12)


def test_a_hit_paid_at_negative_rates_is_the_sum_over_its_dates() -> None:
    """Rates below the closed form's end, against the density of the first passage."""
    spot, vol, rate, yield_, level, years = 100.0, 0.1, -0.03, -0.028, 93.0, 2.0
    far, drift = math.log(level / spot), rate - yield_ - vol * vol / 2
    assert (drift / vol) ** 2 + 2 * rate < 0
    times = np.linspace(0.0, years, 400_001)[1:]
    density = -far / (vol * np.sqrt(2 * np.pi * times**3))
    density *= np.exp(-((far - drift * times) ** 2) / (2 * vol * vol * times))
    expected = float(np.sum(np.exp(-rate * times) * density) * times[0])
    found = riskmill.touch_option(spot, vol, rate, yield_, level, years, DOWN)
    assert found == pytest.approx(expected, rel=3e-5)


GREEK = {
    "barrier": lambda spot, vol: formulas.barrier_option(
        spot, vol, 0.03, 0.01, 100.0, 0.7, CALL, 88.0, 2.0, DOWN, OUT, 0.0
    ),
    "digital": lambda spot, vol: formulas.digital_option(
        spot, vol, 0.03, 0.01, 100.0, 0.7, PUT, 10.0, 0.0
    ),
    "touch": lambda spot, vol: formulas.touch_option(
        spot, vol, 0.03, 0.01, 115.0, 0.7, UP, 10.0, 0.0, 0.0
    ),
    "arithmetic": lambda spot, vol: formulas.arithmetic_asian_option(
        spot, vol, 0.03, 0.01, 100.0, 0.7, CALL, 12.0, 0.05, 3.0, 99.0
    ),
    "geometric": lambda spot, vol: formulas.geometric_asian_option(
        spot, vol, 0.03, 0.01, 100.0, 0.7, CALL, 12.0, 0.05, 3.0, 99.0
    ),
    "span": lambda spot, vol: formulas.continuous_arithmetic_asian_option(
        spot, vol, 0.03, 0.01, 100.0, 0.7, CALL, 0.1, 99.0
    ),
}


@pytest.mark.parametrize("name", GREEK)
def test_dual_numbers_agree_with_bumps(name: str) -> None:
    price = GREEK[name]
    spot, vol, h = 103.0, 0.22, 1e-3
    up, base, down = price(spot + h, vol), price(spot, vol), price(spot - h, vol)
    by_spot, by_vol = price(Dual(spot, 1.0), vol), price(spot, Dual(vol, 1.0))
    assert by_spot.value == pytest.approx(base, rel=1e-14)
    assert by_spot.first == pytest.approx((up - down) / (2 * h), rel=1e-6)
    assert by_spot.second == pytest.approx((up - 2 * base + down) / h**2, rel=1e-3)
    shifted = (price(spot, vol + 1e-5) - price(spot, vol - 1e-5)) / 2e-5
    assert by_vol.first == pytest.approx(shifted, rel=1e-6)


BARRIER = {
    "spot": 100.0, "volatility": 0.2, "rate": 0.03, "dividend_yield": 0.01, "strike": 100.0,
    "years": 1.0, "sign": CALL, "barrier": 90.0, "rebate": 1.0, "direction": DOWN, "knock": OUT,
    "knocked": 0.0,
}  # fmt: skip
ASIAN = {name: BARRIER[name] for name in (*FIRST, "strike", "years", "sign")} | {
    "fixings": 12,
    "first": 0.1,
    "past": 2,
    "past_average": 101.0,
}


@pytest.mark.parametrize(
    ("price", "arguments", "name", "bad"),
    [
        (riskmill.barrier_option, BARRIER, "barrier", 0.0),
        (riskmill.barrier_option, BARRIER, "rebate", -1.0),
        (riskmill.barrier_option, BARRIER, "direction", 0.0),
        (riskmill.barrier_option, BARRIER, "knock", 2.0),
        (riskmill.barrier_option, BARRIER, "knocked", 0.5),
        *((riskmill.barrier_option, BARRIER, name, math.nan) for name in BARRIER),
        (riskmill.arithmetic_asian_option, ASIAN, "fixings", 0),
        (riskmill.arithmetic_asian_option, ASIAN, "fixings", 2.5),
        (riskmill.geometric_asian_option, ASIAN, "past_average", 0.0),
        (riskmill.geometric_asian_option, ASIAN, "past", -1),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    price: Callable[..., float], arguments: dict, name: str, bad: float
) -> None:
    with pytest.raises(UsageError, match=name) as refused:
        price(**arguments | {name: bad})
    assert refused.value.code == "E412"


def test_arrays_give_what_numbers_give() -> None:
    levels = np.array([80.0, 95.0, 101.0])
    table = riskmill.barrier_option(**BARRIER | {"barrier": levels})
    alone = [riskmill.barrier_option(**BARRIER | {"barrier": level}) for level in levels.tolist()]
    assert table == pytest.approx(alone, rel=1e-13)
    counts = np.array([1, 5, 250]) + 2
    table = riskmill.arithmetic_asian_option(**ASIAN | {"fixings": counts})
    alone = [riskmill.arithmetic_asian_option(**ASIAN | {"fixings": n}) for n in counts.tolist()]
    assert table == pytest.approx(alone, rel=1e-13)


@given(
    st.floats(1e-4, 1e4), st.floats(1e-4, 1e4), st.floats(1e-4, 1e4), st.floats(0.0, 20.0),
    st.floats(-0.5, 0.5), st.floats(-0.5, 0.5), st.floats(0.0, 50.0), signs, directions,
)  # fmt: skip
def test_prices_stay_between_their_bounds_in_any_tail(
    spot: float, strike: float, level: float, vol: float, rate: float, yield_: float, time: float,
    sign: float, direction: float,
) -> None:  # fmt: skip
    plain = riskmill.european_option(spot, vol, rate, yield_, strike, time, sign)
    for knock in (IN, OUT):
        found = riskmill.barrier_option(
            spot, vol, rate, yield_, strike, time, sign, level, 0.0, direction, knock
        )
        assert 0.0 <= found <= plain * (1 + 1e-6) + 1e-6 * max(spot, strike)
    digital = riskmill.digital_option(spot, vol, rate, yield_, strike, time, sign)
    assert 0.0 <= digital <= math.exp(-rate * time) * (1 + 1e-12)


@pytest.mark.parametrize(
    "average", [riskmill.arithmetic_asian_option, riskmill.geometric_asian_option]
)
def test_an_average_that_begins_after_the_expiry_is_refused(average) -> None:
    with pytest.raises(UsageError, match="no later than the expiry") as refused:
        average(100.0, 0.2, 0.05, 0.0, 100.0, 0.1, 1.0, 4.0, 0.25)
    assert refused.value.code == "E412"
