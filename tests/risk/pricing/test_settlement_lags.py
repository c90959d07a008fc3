"""Options that are settled after their expiry: QuantLib's Black formula on that day's forward."""

from datetime import date, timedelta
from math import exp, sqrt

import numpy as np
import pytest
import QuantLib
from hypothesis import given, settings
from hypothesis import strategies as st

import riskmill
from riskmill.domain import (
    DigitalOption,
    EuropeanOption,
    FxOption,
    Instrument,
    MarketSnapshot,
    Position,
    ScenarioSet,
)
from riskmill.risk import value
from tests.risk.pricing.quantlib import on
from tests.risk.pricing.samples import TODAY, table

STILL = ScenarioSet(name="none", labels=(), factors=(), levels=np.empty((0, 0)))


def market(
    rate: float, foreign: float, yield_: float, vol: float, expiry: date, today: date = TODAY
) -> MarketSnapshot:
    quotes = {
        "FX:EURUSD": 1.2, "EQ:A": 100.0, "YIELD:A": yield_, "IR:USD:1Y": rate, "IR:EUR:1Y": foreign,
        f"VOL:EURUSD:{expiry}:ATM": vol, f"VOL:A:{expiry}:ATM": vol,
    }  # fmt: skip
    return MarketSnapshot(valuation_date=today, quotes=quotes)


def worth(contract: Instrument, snapshot: MarketSnapshot) -> float:
    position = Position(position_id="p", book="b", quantity=1.0, instrument=contract)
    found = riskmill.revalue([position], snapshot, STILL, currency="USD")
    assert not found.failures
    return float(found.present_values[0])


def black(
    side: str, strike: float, forward: float, vol: float, years: float, discount: float
) -> float:
    kind = QuantLib.Option.Call if side == "call" else QuantLib.Option.Put
    return float(QuantLib.blackFormula(kind, strike, forward, vol * sqrt(years), discount))


CASES = {
    "rate": st.floats(-0.01, 0.12),
    "foreign": st.floats(-0.01, 0.12),
    "vol": st.floats(0.02, 0.8),
    "moneyness": st.floats(0.7, 1.4),
    "days": st.integers(0, 1500),
    "lag": st.integers(0, 30),
    "side": st.sampled_from(["call", "put"]),
}


@pytest.mark.parametrize("kind", [FxOption, EuropeanOption])
@settings(max_examples=60)
@given(**CASES)
def test_it_is_blacks_price_paid_on_the_settlement_day(
    kind: type,
    rate: float,
    foreign: float,
    vol: float,
    moneyness: float,
    days: int,
    lag: int,
    side: str,
) -> None:
    """Both amounts of a pair are delivered then; a share's forward stays that of the expiry."""
    expiry, paid = TODAY + timedelta(days=days), (days + lag) / 365.0
    name, spot, until = ("EURUSD", 1.2, paid) if kind is FxOption else ("A", 100.0, days / 365.0)
    option = kind(
        currency="USD", underlying=name, option_type=side, strike=spot * moneyness,
        expiry=expiry, settlement_lag_days=lag,
    )  # fmt: skip
    forward = spot * exp((rate - foreign) * until)
    expected = black(side, spot * moneyness, forward, vol, days / 365.0, exp(-rate * paid))
    found = worth(option, market(rate, foreign, foreign, vol, expiry))
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-12 * spot)


@pytest.mark.parametrize("days", [0, 1, 200])
def test_a_digital_pays_its_cash_on_the_settlement_day(days: int) -> None:
    expiry = TODAY + timedelta(days=days)
    terms = {
        "currency": "USD", "underlying": "A", "option_type": "call", "strike": 95.0,
        "expiry": expiry, "payoff": "cash",
    }  # fmt: skip
    snapshot = market(0.05, 0.0, 0.02, 0.3, expiry)
    at_once = worth(DigitalOption(**terms), snapshot)
    later = worth(DigitalOption(**terms, settlement_lag_days=5), snapshot)
    assert later / at_once == pytest.approx(exp(-0.05 * 5 / 365.0), rel=1e-12)


@pytest.mark.parametrize("lag", range(6))
def test_the_lag_counts_business_days_of_the_calendar(lag: int) -> None:
    expiry = date(2019, 4, 18)  # the Thursday before Easter
    calendar = QuantLib.JointCalendar(
        QuantLib.TARGET(), QuantLib.UnitedStates(QuantLib.UnitedStates.Settlement)
    )
    delivered = calendar.advance(on(expiry), lag, QuantLib.Days)
    years = (delivered - on(TODAY)) / 365.0
    option = FxOption(
        currency="USD", underlying="EURUSD", option_type="call", strike=1.1, expiry=expiry,
        settlement_lag_days=lag, calendar="TARGET+US",
    )  # fmt: skip
    forward = 1.2 * exp((0.03 - 0.01) * years)
    expected = black("call", 1.1, forward, 0.1, (expiry - TODAY).days / 365.0, exp(-0.03 * years))
    found = worth(option, market(0.03, 0.01, 0.0, 0.1, expiry))
    assert found == pytest.approx(expected, rel=1e-10)


def test_theta_on_the_last_day_keeps_the_discount_to_the_payment() -> None:
    expiry = TODAY + timedelta(days=1)
    option = EuropeanOption(
        currency="USD", underlying="A", option_type="call", strike=50.0, expiry=expiry,
        settlement_lag_days=30,
    )  # fmt: skip
    snapshot = market(0.10, 0.0, 0.0, 0.2, expiry)
    position = Position(position_id="p", book="b", quantity=1.0, instrument=option)
    valued = value(table([position]), snapshot, STILL, currency="USD")
    names = {name: i for i, (name, _) in enumerate(valued.greeks.names)}
    theta = valued.greeks.values[list(valued.greeks.kinds).index(names["theta"])]
    today = worth(option, snapshot)
    tomorrow = exp(-0.10 * 30 / 365.0) * 50.0
    assert theta == pytest.approx(tomorrow - today, rel=1e-9)


def test_delta_and_vega_agree_with_bumps() -> None:
    expiry = TODAY + timedelta(days=90)
    option = EuropeanOption(
        currency="USD", underlying="A", option_type="put", strike=105.0, expiry=expiry,
        settlement_lag_days=10,
    )  # fmt: skip
    snapshot = market(0.06, 0.0, 0.02, 0.25, expiry)
    position = Position(position_id="p", book="b", quantity=1.0, instrument=option)
    valued = value(table([position]), snapshot, STILL, currency="USD")
    names = {i: name for i, (name, _) in enumerate(valued.greeks.names)}
    found = {names[k]: v for k, v in zip(valued.greeks.kinds, valued.greeks.values, strict=True)}

    def moved(factor: str, by: float) -> float:
        quotes = {**snapshot.quotes, factor: snapshot.quotes[factor] + by}
        return worth(option, MarketSnapshot(valuation_date=TODAY, quotes=quotes))

    delta = (moved("EQ:A", 0.01) - moved("EQ:A", -0.01)) / 0.02
    vega = (moved(f"VOL:A:{expiry}:ATM", 1e-4) - moved(f"VOL:A:{expiry}:ATM", -1e-4)) / 2e-4
    assert found["delta"] == pytest.approx(delta * 100.0 * 0.01, rel=1e-6)
    assert found["vega"] == pytest.approx(vega * 0.01, rel=1e-6)


@pytest.mark.parametrize(("lag", "calendar"), [(-1, ""), (31, ""), (2, "MOON")])
def test_a_lag_or_calendar_that_is_none_is_refused(lag: int, calendar: str) -> None:
    expiry = TODAY + timedelta(days=90)
    option = EuropeanOption(
        currency="USD", underlying="A", option_type="put", strike=105.0, expiry=expiry,
        settlement_lag_days=lag, calendar=calendar,
    )  # fmt: skip
    position = Position(position_id="p", book="b", quantity=1.0, instrument=option)
    snapshot = market(0.06, 0.0, 0.02, 0.25, expiry)
    found = riskmill.revalue([position], snapshot, STILL, currency="USD")
    assert [failure.code for failure in found.failures] == ["E407"]
    assert not len(found.pnl)


def test_scenarios_move_the_rate_to_the_payment() -> None:
    expiry = TODAY + timedelta(days=90)
    option = FxOption(
        currency="USD", underlying="EURUSD", option_type="call", strike=1.0, expiry=expiry,
        settlement_lag_days=20,
    )  # fmt: skip
    snapshot = market(0.06, 0.01, 0.0, 0.1, expiry)
    shocked = ScenarioSet(
        name="rates", labels=("up",), factors=("IR:USD:1Y",), levels=np.array([[0.09]])
    )
    position = Position(position_id="p", book="b", quantity=1.0, instrument=option)
    found = riskmill.revalue([position], snapshot, shocked, currency="USD")
    after = worth(option, market(0.09, 0.01, 0.0, 0.1, expiry))
    assert found.pnl[0, 0] == pytest.approx(after - worth(option, snapshot), rel=1e-10)
