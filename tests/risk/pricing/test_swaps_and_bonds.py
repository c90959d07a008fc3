"""Bonds and swaps against QuantLib: values, buckets, schedules and day counts."""

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
import QuantLib
from hypothesis import given
from hypothesis import strategies as st

from riskmill.domain import (
    FixedRateBond,
    InterestRateSwap,
    MarketSnapshot,
    Position,
    ScenarioSet,
)
from riskmill.risk import price, revalue
from riskmill.risk.pricing.curves import Curve
from riskmill.risk.pricing.faults import ValuationError
from riskmill.risk.pricing.schedules import add_months, periods
from tests.risk.pricing.samples import CONTRACTS, MARKET, RATES, TODAY

GENERATED = json.loads(
    (Path(__file__).parents[2] / "truth" / "quantlib_generated.json").read_text()
)
SWAPS = [case for case in GENERATED if case["instrument"] == "swap"]
BONDS = [case for case in GENERATED if case["instrument"] == "bond"]
DAY_COUNTS = {
    "act/360": QuantLib.Actual360(),
    "act/365": QuantLib.Actual365Fixed(),
    "30/360": QuantLib.Thirty360(QuantLib.Thirty360.BondBasis),
}
dates = st.dates(date(2005, 1, 1), date(2035, 12, 31))


def market(given_: dict) -> MarketSnapshot:
    """The case's curve, its nodes as tenors in days."""
    nodes = zip(given_["node_days"][1:], given_["zero_cont_act365"][1:], strict=True)
    return MarketSnapshot(
        valuation_date=date.fromisoformat(given_["evaluation"]),
        quotes={f"IR:USD:{days}D": rate for days, rate in nodes},
    )


def swap(given_: dict) -> InterestRateSwap:
    start = date.fromisoformat(given_["start"])
    return InterestRateSwap(
        currency="USD",
        rate=given_["fixed_rate"],
        start=start,
        maturity=add_months(start, 12 * given_["years"]),
        fixed_frequency_months=6,
        fixed_day_count="30/360",
        float_frequency_months=3,
        float_day_count="act/360",
    )


def quantity(given_: dict) -> float:
    return given_["nominal"] * (1 if given_["type"] == "receiver" else -1)


@pytest.mark.parametrize("case", SWAPS, ids=lambda case: case["case_id"])
def test_swaps_and_their_buckets_are_quantlibs(case: dict) -> None:
    curve = market(case["inputs"])
    bumped = np.repeat(np.array(list(curve.quotes.values()))[:, np.newaxis], len(curve.quotes), 1)
    bumped += 1e-4 * np.eye(len(curve.quotes))
    scenarios = ScenarioSet(
        name="buckets", labels=tuple(curve.quotes), factors=tuple(curve.quotes), levels=bumped
    )
    position = Position(
        position_id="swap",
        book="book",
        quantity=quantity(case["inputs"]),
        instrument=swap(case["inputs"]),
    )
    found = revalue([position], curve, scenarios, currency="USD")
    expected = case["expected"]
    assert found.present_values[0] == pytest.approx(expected["npv"], abs=case["tol"])
    assert found.pnl[0] == pytest.approx(expected["zero_bucket_1bp"], abs=case["tol"])


@pytest.mark.parametrize("case", BONDS, ids=lambda case: case["case_id"])
def test_bonds_are_quantlibs(case: dict) -> None:
    given_ = case["inputs"]
    bond = FixedRateBond(
        currency="USD",
        rate=given_["coupon"],
        start=date.fromisoformat(given_["start"]),
        maturity=date.fromisoformat(given_["maturity"]),
        fixed_frequency_months=6,
        fixed_day_count=given_["daycount"],
    )
    found = 100.0 * price(bond, market(given_))
    assert found == pytest.approx(case["expected"]["dirty"], abs=case["tol"])


@given(dates, st.integers(40, 9000), st.sampled_from([1, 3, 6, 12]), st.sampled_from([*DAY_COUNTS]))
def test_any_schedule_is_quantlibs(start: date, days: int, months: int, day_count: str) -> None:
    maturity = start + timedelta(days=days)
    ends = QuantLib.Date.isEndOfMonth(_ql(maturity))
    schedule = QuantLib.Schedule(
        _ql(start),
        _ql(maturity),
        QuantLib.Period(months, QuantLib.Months),
        QuantLib.NullCalendar(),
        QuantLib.Unadjusted,
        QuantLib.Unadjusted,
        QuantLib.DateGeneration.Backward,
        ends,
    )
    found = periods(start, maturity, months, day_count)
    assert [_ql(p.start) for p in found] + [_ql(found[-1].end)] == list(schedule)
    counted = [
        DAY_COUNTS[day_count].yearFraction(a, b)
        for a, b in zip(list(schedule), list(schedule)[1:], strict=False)
    ]
    assert [p.fraction for p in found] == pytest.approx(counted, rel=1e-14)


@given(dates, st.integers(1, 40), st.sampled_from([1, 3, 6, 12]))
def test_icma_counts_full_periods_as_equal_parts_of_a_year(
    maturity: date, count: int, months: int
) -> None:
    start = periods(
        add_months(maturity, -months * count) - timedelta(days=5), maturity, months, "act/365"
    )[0].end
    found = periods(start, maturity, months, "act/act-icma")
    assert {p.fraction for p in found} <= {months / 12}


def test_icma_counts_a_short_first_period_against_the_regular_one() -> None:
    first = periods(date(2018, 8, 1), date(2020, 5, 15), 6, "act/act-icma")[0]
    assert (first.start, first.end) == (date(2018, 8, 1), date(2018, 11, 15))
    assert first.fraction == 106 / 184 * 0.5


def test_a_maturity_at_a_months_end_puts_every_date_at_one() -> None:
    ends = [p.end for p in periods(date(2019, 2, 28), date(2020, 2, 29), 3, "act/365")]
    assert ends == [date(2019, 5, 31), date(2019, 8, 31), date(2019, 11, 30), date(2020, 2, 29)]


def test_what_falls_on_the_valuation_date_counts_as_paid() -> None:
    bond = CONTRACTS["fixed_rate_bond"]
    coupon_day = MarketSnapshot(valuation_date=date(2019, 5, 15), quotes=MARKET.quotes)
    day_before = MarketSnapshot(valuation_date=date(2019, 5, 14), quotes=MARKET.quotes)
    assert price(bond, day_before) - price(bond, coupon_day) == pytest.approx(0.01, abs=1e-4)


def test_floating_coupons_telescope_to_the_plain_sum() -> None:
    swap_ = CONTRACTS["interest_rate_swap"]
    assert isinstance(swap_, InterestRateSwap)
    quotes = MARKET.quotes
    curve = Curve(
        name="USD",
        days=(91.25, 365.0, 730.0, 3650.0),
        factors=tuple(f"IR:USD:{tenor}" for tenor in RATES),
    )

    def discount(day: date) -> float:
        days = (day - TODAY).days
        rate = sum(weight * quotes[factor] for factor, weight in curve.weights(days))
        return float(np.exp(-rate * days / 365))

    floating = 0.0
    for p in periods(swap_.start, swap_.maturity, 3, "act/360"):
        if p.start < TODAY < p.end:
            floating += swap_.current_fixing * p.fraction * discount(p.end)
        elif p.start >= TODAY:
            floating += (discount(p.start) / discount(p.end) - 1) * discount(p.end)
    fixed = sum(
        swap_.rate * p.fraction * discount(p.end)
        for p in periods(swap_.start, swap_.maturity, 6, "30/360")
        if p.end > TODAY
    )
    assert price(swap_, MARKET) == pytest.approx(fixed - floating, abs=1e-14)


def test_a_running_swap_without_its_fixing_cannot_be_valued() -> None:
    swap_ = CONTRACTS["interest_rate_swap"]
    assert isinstance(swap_, InterestRateSwap)
    terms = {name: getattr(swap_, name) for name in swap_.__slots__ if name != "current_fixing"}
    with pytest.raises(ValuationError) as refusal:
        price(InterestRateSwap(**terms), MARKET)
    assert refusal.value.code == "E404"


@given(st.floats(0, 6000))
def test_curves_are_log_linear_in_the_discount_factor_and_flat_outside(days: float) -> None:
    nodes, rates = np.array([91.25, 365.0, 730.0, 3650.0]), np.array(list(RATES.values()))
    curve = Curve(name="USD", days=tuple(nodes), factors=tuple(RATES))
    rate = sum(weight * RATES[factor] for factor, weight in curve.weights(days))
    line = np.interp(days, np.append(0.0, nodes), np.append(0.0, nodes * rates))
    exponent = line if days <= nodes[-1] else rates[-1] * days
    assert rate * days == pytest.approx(exponent, rel=1e-12, abs=1e-12)


def _ql(day: date) -> QuantLib.Date:
    return QuantLib.Date(day.day, day.month, day.year)
