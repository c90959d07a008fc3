from datetime import date
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.domain import MarketSnapshot, UsageError
from riskmill.risk import par_dv01
from riskmill.risk.pricing.quotes import Quotes

TENORS = {"3M": 365 / 4, "1Y": 365.0, "18M": 547.5, "2Y": 730.0, "5Y": 1825.0, "10Y": 3650.0}
KEYS = tuple(f"USD:{tenor}" for tenor in TENORS)
rates = st.lists(st.floats(-0.02, 0.12), min_size=len(TENORS), max_size=len(TENORS))


def snapshot(zeros):
    quotes = {f"IR:{key}": rate for key, rate in zip(KEYS, zeros, strict=True)}
    return MarketSnapshot(valuation_date=date(2018, 12, 31), quotes=quotes)


def discount(zeros, days):
    market = snapshot(zeros)
    weights = Quotes.of(market).curves["USD"].weights(days)
    return exp(-sum(weight * market.quotes[factor] for factor, weight in weights) * days / 365)


def swap(zeros, days, coupon):
    """Value of receiving *coupon* yearly and paying the floating rate to *days*."""
    dates = [days]
    while dates[-1] > 365.0:
        dates.append(dates[-1] - 365.0)
    starts = [*dates[1:], 0.0]
    annuity = sum(
        (end - start) / 365 * discount(zeros, end) for start, end in zip(starts, dates, strict=True)
    )
    return coupon * annuity - (1.0 - discount(zeros, days)), annuity


def zero_dv01(value, zeros):
    step = 1e-6
    found = {}
    for node, key in enumerate(KEYS):
        up, down = list(zeros), list(zeros)
        up[node] += step
        down[node] -= step
        found[key] = (value(up) - value(down)) / (2 * step) * 1e-4
    return found


@given(rates, st.sampled_from(list(TENORS)))
def test_a_par_swap_has_a_par_sensitivity_to_its_own_node_only(zeros, tenor):
    days = TENORS[tenor]
    _, annuity = swap(zeros, days, 0.0)
    par = (1.0 - discount(zeros, days)) / annuity
    found = par_dv01(zero_dv01(lambda z: swap(z, days, par)[0], zeros), snapshot(zeros))
    for key, value in found.items():
        expected = -annuity * 1e-4 if key == f"USD:{tenor}" else 0.0
        assert value == pytest.approx(expected, abs=1e-9)


@given(rates, st.lists(st.floats(-100.0, 100.0), min_size=6, max_size=6))
def test_both_kinds_tell_the_same_change_of_value(zeros, amounts):
    """A small move of the zero rates costs as much through the par rates that it moves."""
    market = snapshot(zeros)
    par = par_dv01(dict(zip(KEYS, amounts, strict=True)), market)
    move = [1e-7 * (1 + node) for node in range(len(zeros))]
    by_zero = sum(amount * size for amount, size in zip(amounts, move, strict=True)) / 1e-4
    by_par = 0.0
    for key, days in zip(KEYS, TENORS.values(), strict=True):
        before, after = (
            (1.0 - discount(z, days)) / swap(z, days, 0.0)[1]
            for z in (zeros, [a + b for a, b in zip(zeros, move, strict=True)])
        )
        by_par += par[key] * (after - before) / 1e-4
    assert by_par == pytest.approx(by_zero, abs=1e-5 * (1.0 + max(map(abs, par.values()))))


def test_a_deposit_moves_by_its_discount_factor():
    market = snapshot([0.02] * 6)
    found = par_dv01({"USD:3M": -2.5}, market)
    assert found["USD:3M"] == pytest.approx(-2.5 * exp(-0.02 / 4))
    assert [found[key] for key in KEYS[1:]] == [0.0] * 5


def test_curves_without_a_sensitivity_are_left_out_and_unknown_ones_refused():
    assert par_dv01({}, snapshot([0.02] * 6)) == {}
    with pytest.raises(UsageError, match="'EUR:2Y'") as caught:
        par_dv01({"EUR:2Y": 1.0}, snapshot([0.02] * 6))
    assert caught.value.code == "E474"
