"""American options against QuantLib's high-precision engine, and what must always hold."""

import json
from pathlib import Path

import numpy as np
import pytest
import QuantLib
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmill.domain import FloatArray
from riskmill.risk.pricing.formulas import CALL, PUT, american_option, european_option
from riskmill.risk.pricing.formulas.american import american_rows
from riskmill.risk.pricing.formulas.american_arrays import american_prices
from riskmill.risk.pricing.kernels import LANES, american_kernel, american_scenario_kernel
from riskmill.risk.pricing.row_sums import NOTHING

TRUTH = Path(__file__).parents[2] / "truth"
GENERATED = [
    case
    for case in json.loads((TRUTH / "quantlib_generated.json").read_text())
    if case["instrument"] == "american"
]
SIGN = {"call": CALL, "put": PUT}
RANGES = {
    "usual": ((0.1, 0.8), (0.0, 0.08), (0.02, 3.0), 1e-5),
    "short": ((0.1, 1.0), (0.0, 0.08), (0.003, 0.05), 1e-7),
    "negative rates": ((0.1, 0.6), (-0.02, 0.02), (0.05, 2.0), 1e-6),
    "long": ((0.1, 0.6), (0.0, 0.1), (3.0, 15.0), 5e-4),
    "volatile": ((0.8, 3.0), (0.0, 0.1), (0.1, 3.0), 1e-5),
    "calm": ((0.01, 0.1), (0.0, 0.08), (0.02, 3.0), 5e-3),
}
"""Volatilities, rates, years, and the largest error allowed on a strike of 100."""


def column(given_: list[dict], name: str) -> FloatArray:
    return np.array([one[name] for one in given_], dtype=float)


def compiled(
    spot: FloatArray,
    vol: FloatArray,
    rate: FloatArray,
    yield_: FloatArray,
    strike: FloatArray,
    years: FloatArray,
    sign: FloatArray,
) -> FloatArray:
    """Prices of many options from the compiled kernel, one a position, the same in every lane."""
    count = len(spot)
    rows = np.repeat(np.concatenate([spot, vol, rate, yield_, [1.0]])[:, np.newaxis], LANES, 1)
    index = np.arange(count)[:, np.newaxis] + count * np.arange(4)
    index = np.column_stack([index, np.full(count, 4 * count)]).astype(np.int64)
    out = np.empty((count, LANES))
    terms = np.column_stack([strike, years, sign])
    american_kernel(american_option)(rows, index, terms, np.ones(count), out, NOTHING)
    assert (out == out[:, :1]).all()
    return out[:, 0]


def quantlib(
    spot: float, vol: float, rate: float, yield_: float, strike: float, days: int, sign: float
) -> float:
    today, count = QuantLib.Date(2, 1, 2024), QuantLib.Actual365Fixed()
    QuantLib.Settings.instance().evaluationDate = today
    process = QuantLib.BlackScholesMertonProcess(
        QuantLib.QuoteHandle(QuantLib.SimpleQuote(spot)),
        QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(today, yield_, count)),
        QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(today, rate, count)),
        QuantLib.BlackVolTermStructureHandle(
            QuantLib.BlackConstantVol(today, QuantLib.NullCalendar(), vol, count)
        ),
    )
    side = QuantLib.Option.Call if sign == CALL else QuantLib.Option.Put
    option = QuantLib.VanillaOption(
        QuantLib.PlainVanillaPayoff(side, strike), QuantLib.AmericanExercise(today, today + days)
    )
    scheme = QuantLib.QdFpAmericanEngine.highPrecisionScheme()
    option.setPricingEngine(QuantLib.QdFpAmericanEngine(process, scheme))
    return float(option.NPV())


def test_generated_cases_agree_to_a_millionth_of_the_price() -> None:
    given_ = [case["inputs"] for case in GENERATED]
    found = compiled(
        column(given_, "spot"),
        column(given_, "vol"),
        column(given_, "q"),  # the names of the two rates are exchanged: tests/truth/README.md
        column(given_, "r"),
        column(given_, "strike"),
        column(given_, "days") / 365,
        np.array([SIGN[one["type"]] for one in given_]),
    )
    expected = np.array([case["expected"]["npv"] for case in GENERATED])
    assert np.abs(found / expected - 1.0).max() < 1e-6


@pytest.mark.parametrize("name", RANGES)
def test_prices_are_quantlibs_within_the_stated_error(name: str) -> None:
    vols, rates, years, allowed = RANGES[name]
    random = np.random.default_rng(2018)
    count = 60
    spot = 100.0 * np.exp(random.normal(0.0, 0.15, count))
    vol = random.uniform(*vols, count)
    rate = random.uniform(*rates, count)
    yield_ = np.where(random.random(count) < 0.4, 0.0, random.uniform(0.0, 0.06, count))
    days = np.maximum(np.round(random.uniform(*years, count) * 365), 1).astype(int)
    sign = np.where(random.random(count) < 0.5, CALL, PUT)
    strike = np.full(count, 100.0)
    found = compiled(spot, vol, rate, yield_, strike, days / 365, sign)
    expected = [
        quantlib(*case)
        for case in zip(
            spot.tolist(),
            vol.tolist(),
            rate.tolist(),
            yield_.tolist(),
            strike.tolist(),
            days.tolist(),
            sign.tolist(),
            strict=True,
        )
    ]
    assert np.abs(found - expected).max() < allowed


SCENARIO_ERRORS = {
    "usual": 5e-4,
    "short": 5e-5,
    "negative rates": 5e-4,
    "long": 5e-3,
    "volatile": 5e-4,
    "calm": 1e-2,
}
"""Largest error allowed in a scenario far from the base, on a strike of 100."""


@pytest.mark.parametrize("name", RANGES)
def test_scenarios_are_quantlibs_within_the_stated_error(name: str) -> None:
    vols, rates, years, _ = RANGES[name]
    random = np.random.default_rng(2019)
    rows = np.ones((5, LANES))
    rows[0] = 100.0 * np.exp(random.normal(0.0, 0.15, LANES))
    rows[1] = random.uniform(*vols, LANES)
    rows[2] = random.uniform(*rates, LANES)
    rows[3] = np.where(random.random(LANES) < 0.3, 0.0, random.uniform(0.0, 0.06, LANES))
    errors = []
    for sign, days in ((PUT, int(years[0] * 365) + 1), (CALL, int(years[1] * 365))):
        found = scenario_values(rows, 100.0, days / 365, sign)
        expected = [quantlib(*row[:4], 100.0, days, sign) for row in rows.T.tolist()]
        errors.append(np.abs(found - expected))
    assert np.max(errors) < SCENARIO_ERRORS[name]
    assert np.sqrt(np.mean(np.square(errors))) < 1e-3


def scenario_values(rows: FloatArray, strike: float, years: float, sign: float) -> FloatArray:
    """One option along the scenarios of *rows*, the last of which is the base."""
    out = np.empty((1, rows.shape[1]))
    index, terms = np.arange(5)[np.newaxis, :], np.array([[strike, years, sign]])
    american_scenario_kernel(american_option)(rows, index, terms, np.ones(1), out, NOTHING)
    return out[0]


def shaken_rows(width: int) -> FloatArray:
    random = np.random.default_rng(7)
    base = np.array([[100.0], [0.25], [0.03], [0.02], [1.0]])
    rows = base * (1.0 + random.uniform(-0.2, 0.2, (5, width)))
    rows[:, -1:] = base
    return rows


def test_the_base_is_precise_and_an_unmoved_scenario_has_its_value() -> None:
    rows = shaken_rows(2 * LANES)
    rows[:, [0, 5, 70]] = rows[:, -1:]
    found = scenario_values(rows, 105.0, 0.75, PUT)
    precise = american_option(*rows[:4, -1].tolist(), 105.0, 0.75, PUT)
    assert found[-1] == pytest.approx(precise, rel=1e-13)
    assert (found[[0, 5, 70]] == found[-1]).all()


def test_a_scenario_depends_on_itself_and_the_base_only() -> None:
    rows = shaken_rows(2 * LANES)
    some = np.repeat(rows[:, -1:], LANES, axis=1)
    some[:, 3:40] = rows[:, 80:117]
    every = scenario_values(rows, 105.0, 0.75, PUT)
    assert (scenario_values(some, 105.0, 0.75, PUT)[3:40] == every[80:117]).all()


def test_a_position_has_the_same_bytes_whatever_its_neighbours() -> None:
    rows, width = shaken_rows(LANES), LANES
    random = np.random.default_rng(8)
    terms = np.column_stack(
        [random.uniform(70, 140, 100), random.uniform(0, 3, 100), np.tile([CALL, PUT], 50)]
    )
    index, amounts = np.tile(np.arange(5), (100, 1)), random.normal(0, 1, 100)
    for kernel in (american_kernel(american_option), american_scenario_kernel(american_option)):
        together, alone = np.empty((100, width)), np.empty((1, width))
        kernel(rows, index, terms, amounts, together, NOTHING)
        for i in (0, 17, 99):
            kernel(rows, index[i : i + 1], terms[i : i + 1], amounts[i : i + 1], alone, NOTHING)
            assert (alone[0] == together[i]).all()


@pytest.mark.parametrize("rate", [1e-5, 1e-3, 0.01, 0.03])
@pytest.mark.parametrize("yield_", [-0.002, 0.0, 2e-4, 0.01])
def test_scenarios_around_small_and_equal_rates_are_what_the_price_alone_is(
    rate: float, yield_: float
) -> None:
    """Where the boundary bends or ends no polynomial may be read."""
    random = np.random.default_rng(7)
    base = np.array([100.0, 0.2, rate, yield_, 1.0])
    rows = np.repeat(base[:, np.newaxis], LANES, axis=1)
    rows[0, :-1] *= np.exp(random.normal(0.0, 0.02, LANES - 1))
    rows[1, :-1] *= np.exp(random.normal(0.0, 0.05, LANES - 1))
    rows[2, :-1] *= 1.0 + 0.1 * random.normal(size=LANES - 1)
    rows[3, :-1] += 0.001 * random.normal(size=LANES - 1)
    for sign in (PUT, CALL):
        found = scenario_values(rows, 100.0, 1.0, sign)
        alone = american_prices(*rows[:4], 100.0, 1.0, sign)
        assert np.abs(found - alone).max() < 3e-4


@pytest.mark.parametrize(("factor", "edge"), [(1, 1.4918), (1, 0.6703), (2, 1.0625), (3, 1.125)])
def test_prices_do_not_jump_at_the_edge_of_the_grid_around_the_base(
    factor: int, edge: float
) -> None:
    """Volatility by e**0.4, rate and yield by 25 basis points: beyond, it is solved anew."""
    base = np.array([100.0, 0.2, 0.04, 0.02, 1.0])
    rows = np.repeat(base[:, np.newaxis], LANES, axis=1)
    rows[factor, :-1] *= edge * np.linspace(0.9999, 1.0001, LANES - 1)
    for sign in (PUT, CALL):
        found = np.diff(scenario_values(rows, 105.0, 1.5, sign)[:-1])
        assert np.abs(found - np.median(found)).max() < 1e-4


def test_columns_that_are_the_bases_are_copied() -> None:
    rows = np.repeat(shaken_rows(LANES)[:, -1:], LANES, axis=1)
    rows[0, 1] *= 1.01
    out = np.empty((1, LANES))
    index, terms = np.arange(5)[np.newaxis, :], np.array([[105.0, 0.75, PUT]])
    american_kernel(american_option)(rows, index, terms, np.ones(1), out, NOTHING)
    assert (out[0, 2:] == out[0, 0]).all()
    moved = american_option(*rows[:4, 1].tolist(), 105.0, 0.75, PUT)
    assert out[0, 1] == pytest.approx(moved, rel=1e-13)


def test_the_compiled_kernel_and_the_plain_function_agree() -> None:
    cases = [
        (100.0, 0.25, 0.05, 0.02, 105.0, 0.75, PUT),
        (100.0, 0.25, 0.01, 0.06, 95.0, 1.5, CALL),
        (100.0, 0.25, -0.01, 0.02, 95.0, 1.5, PUT),
        (60.0, 0.25, 0.05, 0.02, 105.0, 0.75, PUT),
    ]
    found = compiled(*(np.array(part) for part in zip(*cases, strict=True)))
    assert found == pytest.approx([american_option(*case) for case in cases], abs=1e-12 * 100)


def test_the_kernels_source_runs_without_a_compiler() -> None:
    rows = np.array([[90.0, 110.0], [0.3, 0.2], [0.04, 0.05], [0.01, 0.0], [1.0, 2.0]])
    index, terms = np.arange(5)[np.newaxis, :], np.array([[100.0, 0.5, PUT]])
    out = np.empty((1, 2))
    american_rows(rows, index, terms, np.array([3.0]), 2, out, NOTHING)
    one = american_option(90.0, 0.3, 0.04, 0.01, 100.0, 0.5, PUT)
    two = american_option(110.0, 0.2, 0.05, 0.0, 100.0, 0.5, PUT)
    assert out[0].tolist() == [3.0 * one, 6.0 * two]


@settings(max_examples=15)
@given(
    st.floats(50.0, 200.0),
    st.floats(0.1, 1.0),
    st.floats(-0.02, 0.1),
    st.floats(0.0, 0.08),
    st.floats(0.01, 3.0),
    st.sampled_from([CALL, PUT]),
)
def test_it_is_worth_no_less_than_exercise_now_or_at_expiry_only(
    spot: float, vol: float, rate: float, yield_: float, years: float, sign: float
) -> None:
    american = american_option(spot, vol, rate, yield_, 100.0, years, sign)
    european = european_option(spot, vol, rate, yield_, 100.0, years, sign)
    assert american >= max(sign * (spot - 100.0), 0.0) * (1 - 1e-12)
    assert american >= european * (1 - 1e-12) - 1e-12


def test_a_call_without_dividends_is_never_exercised_early() -> None:
    arguments = (100.0, 0.3, 0.04, 0.0, 95.0, 1.0, CALL)
    assert american_option(*arguments) == pytest.approx(european_option(*arguments), rel=1e-13)


@pytest.mark.parametrize(("strike", "sign", "paid"), [(90.0, CALL, 10.0), (110.0, PUT, 10.0)])
def test_at_expiry_it_is_worth_what_exercise_pays(strike: float, sign: float, paid: float) -> None:
    found = american_option(100.0, 0.2, 0.05, 0.01, strike, 0.0, sign)
    assert found == pytest.approx(paid, rel=1e-13)


@pytest.mark.parametrize("vol", [0.0, -0.2])
def test_without_volatility_it_is_exercised_on_the_best_date_of_the_forward_path(
    vol: float,
) -> None:
    dates = np.linspace(0.0, 2.0, 200_001)
    gains = 110.0 * np.exp(-0.03 * dates) - 100.0 * np.exp(-0.08 * dates)
    found = american_option(100.0, vol, 0.08, 0.03, 110.0, 2.0, PUT)
    assert found == pytest.approx(10.0, abs=1e-9)
    best = american_option(110.0, vol, 0.08, 0.03, 100.0, 2.0, CALL)
    assert best == pytest.approx(float(gains.max()), abs=1e-8)


def test_a_worthless_underlying_leaves_the_put_its_strike() -> None:
    assert american_option(0.0, 0.2, 0.05, 0.0, 100.0, 1.0, PUT) == pytest.approx(100.0, rel=1e-9)
