"""Checks of snapshots: curves, surfaces, units and the age of quotes."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmill.domain import Failure
from riskmill.ingestion.quality.butterfly_arbitrage import _call
from tests.ingestion.deliveries import MARKET, batch, staged

AS_OF = "2018-12-31T21:00:00Z"


def _found(*quotes: tuple[str, float], code: str = "") -> list[Failure]:
    rows = "".join(f"{factor},{value!r},x,close,{AS_OF},observed\n" for factor, value in quotes)
    found = batch({"market": MARKET + rows}).failures
    return [f for f in found if f.code == code or not code]


def test_a_place_in_the_market_file_survives_whatever_its_order() -> None:
    rows = (("IR:EUR:7Y", 0.02), ("CO:WTI", 45.0), ("IR:EUR:5Y", 0.03), ("EQ:A", 1.0))
    (failure,) = _found(*rows)
    assert (failure.subject, failure.record, failure.line) == ("IR:EUR:7Y", 3, 4)


@pytest.mark.parametrize(
    ("nodes", "found"),
    [
        ((("1Y", 0.02), ("2Y", 0.02)), []),
        ((("1Y", 0.02), ("2Y", 0.0101)), []),
        ((("1Y", 0.02), ("2Y", 0.0099)), ["IR:EUR:2Y"]),
        ((("1Y", -0.005), ("2Y", -0.006), ("5Y", 0.001)), []),
        ((("1Y", -0.0201), ("2Y", -0.019)), ["IR:EUR:1Y"]),
        ((("1Y", 0.001), ("2Y", -0.002)), []),
        ((("1Y", 0.01), ("2Y", -0.01)), ["IR:EUR:2Y"]),
        ((("12M", 0.03), ("1Y", 0.01)), []),
    ],
)
def test_a_forward_is_negative_only_where_the_curve_is(
    nodes: tuple[tuple[str, float], ...], found: list[str]
) -> None:
    quotes = [(f"IR:EUR:{tenor}", rate) for tenor, rate in nodes]
    assert [f.subject for f in _found(*quotes, code="W312")] == found


@given(st.lists(st.floats(0.0, 0.08), min_size=2, max_size=6))
@settings(max_examples=40, deadline=None)
def test_a_curve_made_of_forwards_above_zero_is_never_suspected(forwards: list[float]) -> None:
    integral, quotes = 0.0, []
    for years, forward in enumerate(forwards, 1):
        integral += forward
        quotes.append((f"IR:EUR:{years}Y", integral / years + 1e-9))
    assert _found(*quotes, code="W312") == []


def test_total_variance_may_not_fall_at_a_strike() -> None:
    smile = [("VOL:SPX:2019-03-29:90", 0.30), ("VOL:SPX:2019-03-29:110", 0.20)]
    later = [("VOL:SPX:2019-06-28:80", 0.30), ("VOL:SPX:2019-06-28:105", 0.14)]
    (failure,) = _found(*smile, *later, code="W313")
    assert failure.subject == "VOL:SPX:2019-06-28:105"
    assert "at strike 105" in failure.message
    assert _found(*smile, ("VOL:SPX:2019-06-28:ATM", 0.30), code="W313") == []


def test_strikes_that_no_two_expiries_share_are_not_compared() -> None:
    far = [("VOL:SPX:2019-03-29:90", 0.9), ("VOL:SPX:2019-06-28:200", 0.1)]
    assert _found(*far) == []


def test_expired_volatilities_and_volatility_indices_are_passed_over() -> None:
    assert _found(("VOL:SPX:2018-12-28:ATM", 4.0), ("VOL:VIX", 0.25)) == []


@given(st.floats(0.05, 0.9), st.floats(0.0, 1.0))
@settings(max_examples=40, deadline=None)
def test_a_flat_or_rising_term_structure_is_never_suspected(
    volatility: float, growth: float
) -> None:
    quotes = [
        (f"VOL:SPX:{expiry}:ATM", volatility * (1.0 + growth * n))
        for n, expiry in enumerate(("2019-01-31", "2019-03-29", "2019-12-20"))
    ]
    assert _found(*quotes) == []


@given(st.floats(0.05, 0.9), st.integers(2, 9), st.floats(0.5, 2.0))
@settings(max_examples=40, deadline=None)
def test_a_flat_smile_is_never_suspected(volatility: float, many: int, spot: float) -> None:
    strikes = [f"{100 + 10 * n}" for n in range(many)]
    quotes = [(f"VOL:SPX:2019-03-29:{strike}", volatility) for strike in strikes]
    assert _found(("EQ:SPX", 100.0 * spot), *quotes) == []


def test_a_single_wrong_volatility_in_a_smile_is_found() -> None:
    good = [(f"VOL:SPX:2019-03-29:{strike}", 0.2) for strike in (80, 90, 100, 110, 120)]
    bad = [*good[:2], ("VOL:SPX:2019-03-29:100", 0.32), *good[3:]]
    assert _found(("EQ:SPX", 100.0), *good) == []
    (failure,) = _found(("EQ:SPX", 100.0), *bad)
    assert (failure.code, failure.subject) == ("W314", "VOL:SPX:2019-03-29:100")


def test_a_call_that_costs_more_than_one_of_a_lower_strike_is_found() -> None:
    steep = [("VOL:SPX:2019-06-28:110", 0.05), ("VOL:SPX:2019-06-28:120", 0.40)]
    assert [f.code for f in _found(("EQ:SPX", 100.0), *steep)] == ["W314"]


def test_a_surface_without_a_spot_is_passed_over() -> None:
    steep = [("VOL:SPX:2019-06-28:110", 0.05), ("VOL:SPX:2019-06-28:120", 0.40)]
    assert _found(*steep) == []


def test_the_call_of_the_check_is_blacks() -> None:
    # Haug, The Complete Guide to Option Pricing Formulas, Black-76: 1.7011 discounted at 10 %.
    value = _call(19.0, 19.0, 0.28 * 0.28 * 0.75)
    assert value * math.exp(-0.10 * 0.75) == pytest.approx(1.7011, abs=5e-5)


@pytest.mark.parametrize(
    ("factor", "value", "found"),
    [
        ("IR:EUR:5Y", 0.5, False),
        ("IR:EUR:5Y", -0.6, True),
        ("YIELD:SPX", 2.1, True),
        ("VOL:SPX:2019-06-28:ATM", 4.9, False),
        ("VOL:SPX:2019-06-28:ATM", 25.0, True),
        ("EQ:SPX", 2506.0, False),
    ],
)
def test_percents_stand_out_among_decimals(factor: str, value: float, found: bool) -> None:
    assert bool(_found((factor, value), code="W317")) is found


def test_a_volatility_index_in_points_is_found_in_the_history() -> None:
    history = "date,EQ:AAPL,VOL:VIX\n2018-12-28,156.23,28.3\n2018-12-31,157.74,25.4\n"
    (failure,) = batch({"history": history}).failures
    assert (failure.code, failure.file, failure.subject) == ("W317", "history.csv", "VOL:VIX")


def test_old_quotes_are_told_once_a_source_and_instant() -> None:
    rows = "".join(
        f"IR:EUR:{tenor},0.01,decimal,curve,2018-12-{day}T17:00:00Z,observed\n"
        for tenor, day in (("1Y", 28), ("2Y", 28), ("3Y", 27), ("5Y", 29))
    )
    found = [f for f in staged("market", MARKET + rows).failures if f.code == "W315"]
    assert [(f.subject, f.record, f.value[:10]) for f in found] == [
        ("IR:EUR:1Y", 3, "2018-12-28"),
        ("IR:EUR:3Y", 5, "2018-12-27"),
        ("IR:EUR:5Y", 6, "2018-12-29"),
    ]
    assert "IR:EUR:1Y and 1 more of source 'curve'" in found[0].message
    assert "2 business days before" in found[1].message


def test_a_value_not_above_zero_is_left_out_and_said_once_a_file() -> None:
    rows = "".join(f"EQ:N{n},{-n},x,close,{AS_OF},observed\n" for n in range(7))
    found = batch({"market": MARKET + rows})
    (failure,) = [f for f in found.failures if f.code == "W311"]
    assert "EQ:N0, EQ:N1, EQ:N2, EQ:N3, EQ:N4 and 2 more" in failure.message
    assert "EQ:N0" not in found.market.snapshot.quotes
