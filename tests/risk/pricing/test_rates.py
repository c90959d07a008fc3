"""Rates in full against QuantLib: calendars, day counts, stubs, two curves, fixings, bonds."""

import itertools
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
import QuantLib
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import riskmill
from riskmill.domain import (
    FixedRateBond,
    Fixing,
    FloatingRateNote,
    InterestRateSwap,
    MarketData,
    MarketSnapshot,
    ZeroCouponBond,
)
from riskmill.risk import price
from riskmill.risk.pricing.calendars import RULES, adjust, advance, is_business_day
from riskmill.risk.pricing.faults import ValuationError
from riskmill.risk.pricing.schedules import Rules, periods
from tests.risk.pricing.samples import CONTRACTS, MARKET, NO_HISTORY, QUOTES, TODAY

CALENDARS = {
    "TARGET": QuantLib.TARGET(),
    "US": QuantLib.UnitedStates(QuantLib.UnitedStates.FederalReserve),
    "GB": QuantLib.UnitedKingdom(),
    "JP": QuantLib.Japan(),
}
RULES_OF_A_BOND = Rules(calendar="US", adjustment="pay-following", payment_lag=2)
CONVENTIONS = {
    "unadjusted": QuantLib.Unadjusted,
    "following": QuantLib.Following,
    "modified-following": QuantLib.ModifiedFollowing,
    "preceding": QuantLib.Preceding,
}
FEBRUARY_US, EURO, EURO_ISDA = (
    QuantLib.Thirty360.USA,
    QuantLib.Thirty360.EurobondBasis,
    QuantLib.Thirty360.ISDA,
)
dates = st.dates(date(2001, 1, 1), date(2045, 12, 31))
days = st.integers(40, 9000)
steps = st.sampled_from([1, 3, 6, 12])


def ql(day: date) -> QuantLib.Date:
    return QuantLib.Date(day.day, day.month, day.year)


@pytest.mark.parametrize("name", RULES)
def test_holidays_are_quantlibs_from_2000_to_2060(name: str) -> None:
    first = date(2000, 1, 1)
    every = [first + timedelta(days=number) for number in range(60 * 365)]
    ours = [day for day in every if not is_business_day(day, name)]
    assert ours == [day for day in every if CALENDARS[name].isHoliday(ql(day))]


@given(dates, st.sampled_from([*CONVENTIONS]), st.integers(-12, 12))
def test_dates_move_as_quantlibs_do(day: date, word: str, lag: int) -> None:
    joint = QuantLib.JointCalendar(CALENDARS["US"], CALENDARS["GB"])
    assert ql(adjust(day, word, "US+GB")) == joint.adjust(ql(day), CONVENTIONS[word])
    open_day = adjust(day, "following", "US+GB")
    assert ql(advance(open_day, lag, "US+GB")) == joint.advance(ql(open_day), lag, QuantLib.Days)


@given(dates, days, st.sampled_from(["act/act-isda", "30/360-us", "30e/360", "30e/360-isda"]))
def test_day_counts_are_quantlibs(start: date, length: int, word: str) -> None:
    end = start + timedelta(days=length)
    counter = {
        "act/act-isda": QuantLib.ActualActual(QuantLib.ActualActual.ISDA),
        "30/360-us": QuantLib.Thirty360(FEBRUARY_US),
        "30e/360": QuantLib.Thirty360(EURO),
        "30e/360-isda": QuantLib.Thirty360(EURO_ISDA, ql(end)),
    }[word]
    whole = periods(start, end, 12, word)
    assert whole[-1].fraction == pytest.approx(
        counter.yearFraction(ql(whole[-1].start), ql(end)), rel=1e-14
    )


@settings(max_examples=60)
@given(dates, days, steps, st.sampled_from([*CONVENTIONS]), st.booleans())
def test_schedules_on_business_days_are_quantlibs(
    start: date, length: int, months: int, word: str, forward: bool
) -> None:
    end = start + timedelta(days=length)
    rule = QuantLib.DateGeneration.Forward if forward else QuantLib.DateGeneration.Backward
    anchor = start if forward else end
    assume(not QuantLib.Date.isEndOfMonth(ql(anchor)))
    schedule = QuantLib.Schedule(
        ql(start), ql(end), QuantLib.Period(months, QuantLib.Months), CALENDARS["TARGET"],
        CONVENTIONS[word], CONVENTIONS[word], rule, False,
    )  # fmt: skip
    stub = "short-last" if forward else "short-first"
    found = periods(start, end, months, "act/360", Rules(stub, True, "TARGET", word))
    ours = [ql(found[0].start), *(ql(one.end) for one in found)]
    assert list(dict.fromkeys(ours)) == list(dict.fromkeys(schedule))


def test_long_stubs_join_the_short_one_to_its_neighbour() -> None:
    first = periods(date(2018, 8, 1), date(2020, 5, 15), 6, "act/act-icma", Rules("long-first"))
    assert [(p.start, p.end) for p in first] == [
        (date(2018, 8, 1), date(2019, 5, 15)),
        (date(2019, 5, 15), date(2019, 11, 15)),
        (date(2019, 11, 15), date(2020, 5, 15)),
    ]
    assert first[0].fraction == pytest.approx(106 / 184 / 2 + 0.5, rel=1e-15)
    last = periods(date(2018, 5, 15), date(2020, 2, 1), 6, "act/act-icma", Rules("long-last"))
    assert [p.end for p in last] == [date(2018, 11, 15), date(2019, 5, 15), date(2020, 2, 1)]
    assert last[-1].fraction == pytest.approx(0.5 + 78 / 182 / 2, rel=1e-15)


def test_payments_alone_can_move() -> None:
    found = periods(
        date(2018, 6, 30),
        date(2019, 6, 30),
        6,
        "30/360",
        RULES_OF_A_BOND,
    )
    assert [p.end for p in found] == [date(2018, 12, 31), date(2019, 6, 30)]
    assert [p.pays for p in found] == [date(2019, 1, 3), date(2019, 7, 3)]
    assert [p.fraction for p in found] == [0.5, 0.5]


def flat(day: date, rate: float, **more: float) -> MarketSnapshot:
    return MarketSnapshot(valuation_date=day, quotes={"IR:EUR:1Y": rate, **more})


TRUTH = json.loads((Path(__file__).parents[2] / "truth" / "stats_reg_rates.json").read_text())
EXPECTED = {case["case_id"]: case["expected"] for case in TRUTH}


def test_the_cached_swap_of_quantlibs_suite() -> None:
    """testCachedValue of its swap.cpp, with coupons at par."""
    swap = InterestRateSwap(
        currency="EUR",
        rate=0.06,
        start=date(2002, 6, 19),
        maturity=date(2012, 6, 19),
        fixed_frequency_months=12,
        fixed_day_count="30/360",
        fixed_adjustment="pay-modified-following",
        float_frequency_months=6,
        float_day_count="act/360",
        float_adjustment="modified-following",
        calendar="TARGET",
        spread=0.001,
    )
    found = -100 * price(swap, flat(date(2002, 6, 19), 0.05))
    assert found == pytest.approx(EXPECTED["ql_swap_cached"][1], abs=1e-10)


US_BOND = FixedRateBond(
    currency="EUR",
    rate=0.02875,
    start=date(2004, 11, 30),
    maturity=date(2008, 11, 30),
    fixed_frequency_months=6,
    fixed_day_count="act/act-icma",
    fixed_adjustment="pay-modified-following",
    calendar="US",
    end_of_month="no",
)


def test_the_cached_bonds_of_quantlibs_suite() -> None:
    """testCachedZero and testCachedFixed of its bonds.cpp: settlement on the day of issue."""
    market = flat(date(2004, 11, 22), 0.03 * 365 / 360)
    zero = ZeroCouponBond(
        currency="EUR", maturity=US_BOND.maturity, calendar="US",
        fixed_adjustment="modified-following",
    )  # fmt: skip
    settled = US_BOND.start
    for bond, case in ((zero, "ql_zero_2008"), (US_BOND, "ql_fixed_1")):
        found = 100 * riskmill.clean_price(bond, market, settled)
        assert found == pytest.approx(EXPECTED[case], abs=1e-6)


@pytest.mark.parametrize(
    ("start", "maturity", "coupon", "yield_", "expected"),
    [
        (date(2004, 10, 31), date(2006, 10, 31), 0.025, 0.02925, EXPECTED["ql_ust_1a"]),
        (date(2004, 11, 15), date(2009, 11, 15), 0.035, 0.03569, EXPECTED["ql_ust_2a"]),
    ],
)
def test_treasury_prices_at_a_yield_are_quantlibs(
    start: date, maturity: date, coupon: float, yield_: float, expected: float
) -> None:
    """testCached of its bonds.cpp, settled on 2004-11-23."""
    bond = replace(
        US_BOND,
        rate=coupon,
        start=start,
        maturity=maturity,
        fixed_adjustment="unadjusted",
        end_of_month="yes",
    )
    settled = date(2004, 11, 23)
    found = riskmill.clean_price_at_yield(bond, yield_, settled)
    assert 100 * found == pytest.approx(expected, abs=1e-6)
    assert riskmill.yield_to_maturity(bond, found, settled) == pytest.approx(yield_, abs=1e-11)


@pytest.mark.parametrize("day_count", ["30/360", "act/365"])
def test_the_time_to_the_next_coupon_is_what_has_not_accrued(day_count: str) -> None:
    """QuantLib's way, and the securities industry's: 30/360 does not add up over a 31st."""
    bond = replace(
        US_BOND,
        rate=0.04,
        start=date(2014, 11, 24),
        maturity=date(2023, 3, 31),
        fixed_adjustment="unadjusted",
        fixed_day_count=day_count,
        end_of_month="no",
    )
    settled = date(2019, 3, 15)
    basis = (
        QuantLib.Thirty360(QuantLib.Thirty360.BondBasis)
        if day_count == "30/360"
        else QuantLib.Actual365Fixed()
    )
    schedule = QuantLib.Schedule(
        QuantLib.Date(24, 11, 2014), QuantLib.Date(31, 3, 2023),
        QuantLib.Period(6, QuantLib.Months), QuantLib.NullCalendar(), QuantLib.Unadjusted,
        QuantLib.Unadjusted, QuantLib.DateGeneration.Backward, False,
    )  # fmt: skip
    other = QuantLib.FixedRateBond(0, 100.0, schedule, [0.04], basis)
    rate = QuantLib.InterestRate(0.08, basis, QuantLib.Compounded, QuantLib.Semiannual)
    expected = QuantLib.BondFunctions.cleanPrice(other, rate, QuantLib.Date(15, 3, 2019))
    found = riskmill.clean_price_at_yield(bond, 0.08, settled)
    assert 100 * found == pytest.approx(expected, abs=1e-10)


RULES_OF_FIXED = Rules(calendar="US+GB", adjustment="pay-modified-following", payment_lag=2)
INDEX = "USD-LIBOR-3M"
SWAP = InterestRateSwap(
    currency="USD",
    rate=0.028,
    start=date(2018, 2, 20),
    maturity=date(2024, 2, 20),
    fixed_frequency_months=6,
    fixed_day_count="30/360",
    float_frequency_months=3,
    float_day_count="act/360",
    float_adjustment="modified-following",
    fixed_adjustment="pay-modified-following",
    calendar="US+GB",
    index=INDEX,
    spread=0.0015,
    fixing_lag_days=2,
    payment_lag_days=2,
)
FIXED = Fixing(index=INDEX, date=date(2018, 11, 16), value=0.0264, source="test")


def with_fixings(*fixings: Fixing) -> MarketData:
    return MarketData(snapshot=MARKET, history=NO_HISTORY, fixings=fixings)


def discount(curve: str, day: date) -> float:
    nodes = {
        91.25: QUOTES[f"IR:{curve}:3M"], 365.0: QUOTES[f"IR:{curve}:1Y"],
        730.0: QUOTES[f"IR:{curve}:2Y"], 3650.0: QUOTES[f"IR:{curve}:10Y"],
    }  # fmt: skip
    time = (day - TODAY).days
    grown = [0.0, *(days_ * rate for days_, rate in nodes.items())]
    return float(np.exp(-np.interp(time, [0.0, *nodes], grown) / 365))


def test_a_swap_on_two_curves_is_the_sum_of_its_coupons() -> None:
    joint = QuantLib.JointCalendar(CALENDARS["US"], CALENDARS["GB"])
    schedule = list(
        QuantLib.Schedule(
            ql(SWAP.start),
            ql(SWAP.maturity),
            QuantLib.Period(3, QuantLib.Months),
            joint,
            QuantLib.ModifiedFollowing,
            QuantLib.ModifiedFollowing,
            QuantLib.DateGeneration.Backward,
            False,
        )
    )
    floating = 0.0
    for first, last in itertools.pairwise(schedule):
        pays = joint.advance(last, 2, QuantLib.Days)
        start, end, paid = (date(d.year(), d.month(), d.dayOfMonth()) for d in (first, last, pays))
        if paid <= TODAY:
            continue
        growth = discount(INDEX, start) / discount(INDEX, end) - 1 if start > TODAY else None
        fraction = (end - start).days / 360
        coupon = 0.0264 * fraction if growth is None else growth
        floating += (coupon + 0.0015 * fraction) * discount("USD", paid)
    fixed = sum(
        0.028 * p.fraction * discount("USD", p.pays)
        for p in periods(SWAP.start, SWAP.maturity, 6, "30/360", RULES_OF_FIXED)
        if p.pays > TODAY
    )  # fmt: skip
    assert price(SWAP, with_fixings(FIXED)) == pytest.approx(fixed - floating, abs=1e-14)


def test_a_set_coupon_is_paid_at_the_fixing_of_its_own_date() -> None:
    low, high = (price(SWAP, with_fixings(replace(FIXED, value=rate))) for rate in (0.0264, 0.0364))
    paid = discount("USD", date(2019, 2, 22)) * (date(2019, 2, 20) - date(2018, 11, 20)).days / 360
    assert high - low == pytest.approx(-0.01 * paid, rel=1e-9)
    given_by_hand = replace(SWAP, current_fixing=0.0264)
    assert price(given_by_hand, MARKET) == pytest.approx(low, rel=1e-14)


def test_a_set_coupon_without_fixing_is_named_with_its_date() -> None:
    for market in (MARKET, with_fixings(replace(FIXED, date=date(2018, 11, 15)))):
        with pytest.raises(ValuationError, match="2018-11-16") as refused:
            price(SWAP, market)
        assert refused.value.code == "E404"
    found = riskmill.revalue(
        [riskmill.Position(position_id="A", book="B", quantity=1.0, instrument=SWAP)],
        with_fixings(FIXED),
        riskmill.ScenarioSet(name="", labels=(), factors=(), levels=np.empty((0, 0))),
        currency="USD",
    )
    assert found.failures == ()


def test_a_fixing_known_today_is_used_and_one_to_come_is_forecast() -> None:
    note = FloatingRateNote(
        currency="USD", start=TODAY, maturity=date(2020, 12, 31), float_frequency_months=12,
        float_day_count="act/365", index="USD",
    )  # fmt: skip
    forecast = price(note, MARKET)
    assert forecast == pytest.approx(1.0, abs=1e-15)
    known = Fixing(index="USD", date=TODAY, value=0.05, source="test")
    fixed = price(note, with_fixings(known))
    first = discount("USD", date(2019, 12, 31))
    assert fixed - forecast == pytest.approx(0.05 * first - (1 - first), rel=1e-12)


def test_a_note_at_par_between_its_dates_is_worth_its_next_payment() -> None:
    note = CONTRACTS["floating_rate_note"]
    plain = replace(
        note, index="", spread=0.0, payment_lag_days=0, calendar="", float_adjustment="unadjusted",
        maturity=date(2022, 11, 20),
    )  # fmt: skip
    next_payment = 1 + 0.0265 * (date(2019, 2, 20) - date(2018, 11, 20)).days / 360
    expected = next_payment * discount("USD", date(2019, 2, 20))
    assert price(plain, MARKET) == pytest.approx(expected, rel=1e-14)


def test_a_coupon_that_has_gone_ex_is_not_counted() -> None:
    bond = replace(CONTRACTS["fixed_rate_bond"], ex_coupon_days=7)
    before, after = (
        MarketSnapshot(valuation_date=date(2019, 5, day), quotes=QUOTES) for day in (7, 8)
    )
    assert price(bond, before) - price(bond, after) == pytest.approx(0.01, abs=1e-4)


@pytest.mark.parametrize(
    ("term", "bad"),
    [
        ("stub", "middle"),
        ("calendar", "NYSE"),
        ("float_adjustment", "forward"),
        ("fixed_day_count", "act/999"),
        ("payment_lag_days", 99),
        ("fixing_lag_days", -1),
        ("spread", float("nan")),
    ],
)
def test_a_term_that_cannot_be_is_refused_by_name(term: str, bad: object) -> None:
    with pytest.raises(ValuationError) as refused:
        price(replace(SWAP, **{term: bad}), with_fixings(FIXED))
    assert refused.value.code == "E407"
    assert str(bad) in refused.value.message
