"""Cash dividends: European and American options against QuantLib's escrowed engines."""

from dataclasses import replace
from datetime import date, timedelta
from operator import itemgetter
from typing import Any

import numpy as np
import pytest
import QuantLib
from hypothesis import given, settings
from hypothesis import strategies as st

import riskmill
from riskmill.domain import Dividend, MarketData, Position, UsageError
from riskmill.risk import CALL, PUT, value
from tests.risk.pricing.quantlib import TODAY, npv, process, side
from tests.risk.pricing.samples import (
    CONTRACTS,
    MARKET,
    NO_HISTORY,
    positions,
    scenarios,
    table,
)
from tests.risk.pricing.samples import TODAY as DAY

SCHEDULE = st.lists(
    st.tuples(st.integers(1, 900), st.floats(0.1, 4.0)), max_size=5, unique_by=itemgetter(0)
)


def quantlib(
    arguments: dict[str, float], days: int, schedule: list[tuple[int, float]], *, early: bool
) -> float:
    market = process(*(arguments[n] for n in ("spot", "volatility", "rate", "dividend_yield")))
    cash = [QuantLib.FixedDividend(amount, TODAY + day) for day, amount in schedule]
    payoff = QuantLib.PlainVanillaPayoff(side(arguments["sign"]), arguments["strike"])
    if not early:
        option = QuantLib.VanillaOption(payoff, QuantLib.EuropeanExercise(TODAY + days))
        return npv(option, QuantLib.AnalyticDividendEuropeanEngine(market, cash))
    option = QuantLib.VanillaOption(payoff, QuantLib.AmericanExercise(TODAY, TODAY + days))
    scheme, model = QuantLib.FdmSchemeDesc.Douglas(), QuantLib.FdBlackScholesVanillaEngine.Escrowed
    engine = QuantLib.FdBlackScholesVanillaEngine(
        market, cash, 600, 600, 0, scheme, False, 0.0, model
    )
    return npv(option, engine)


@settings(max_examples=40, deadline=None)
@given(
    spot=st.floats(70.0, 140.0),
    volatility=st.floats(0.05, 0.8),
    rate=st.floats(-0.01, 0.08),
    dividend_yield=st.floats(0.0, 0.03),
    days=st.integers(1, 1000),
    sign=st.sampled_from([CALL, PUT]),
    schedule=SCHEDULE,
)
def test_europeans_are_quantlibs(
    spot: float,
    volatility: float,
    rate: float,
    dividend_yield: float,
    days: int,
    sign: float,
    schedule: list[tuple[int, float]],
) -> None:
    arguments = {
        "spot": spot,
        "volatility": volatility,
        "rate": rate,
        "dividend_yield": dividend_yield,
        "strike": 100.0,
        "sign": sign,
    }
    found = riskmill.european_option(
        **arguments,
        years=days / 365,
        dividend_times=[day / 365 for day, _ in schedule],
        dividend_amounts=[amount for _, amount in schedule],
    )
    paid = [one for one in schedule if one[0] <= days]
    assert found == pytest.approx(quantlib(arguments, days, paid, early=False), rel=1e-9, abs=1e-11)


def test_americans_are_quantlibs_within_three_hundredths() -> None:
    random = np.random.default_rng(11)
    errors = []
    for _ in range(25):
        days = int(random.integers(30, 1000))
        dates = np.sort(
            random.choice(np.arange(5, days), size=min(4, days // 60 + 1), replace=False)
        )
        schedule = [(int(day), float(random.uniform(0.3, 3.0))) for day in dates]
        arguments = {
            "spot": float(100.0 * np.exp(random.normal(0.0, 0.1))),
            "volatility": float(random.uniform(0.1, 0.6)),
            "rate": float(random.uniform(0.0, 0.08)),
            "dividend_yield": float(random.choice([0.0, 0.02])),
            "strike": 100.0,
            "sign": float(random.choice([CALL, PUT])),
        }
        found = riskmill.american_option(
            **arguments,
            years=days / 365,
            dividend_times=[day / 365 for day, _ in schedule],
            dividend_amounts=[amount for _, amount in schedule],
        )
        errors.append(found - quantlib(arguments, days, schedule, early=True))
    assert np.abs(errors).max() < 3e-2
    assert np.sqrt(np.mean(np.square(errors))) < 8e-3


def test_where_there_are_two_boundaries_the_premium_is_quantlibs() -> None:
    random = np.random.default_rng(12)
    errors, premiums = [], []
    for _ in range(12):
        rate = -float(random.uniform(0.001, 0.04))
        arguments = {
            "spot": float(100.0 * np.exp(random.normal(0.0, 0.1))),
            "volatility": float(random.uniform(0.05, 0.4)),
            "rate": rate,
            "dividend_yield": rate - float(random.uniform(0.001, 0.05)),
            "strike": 100.0,
            "sign": PUT,
        }
        days = int(random.integers(30, 1500))
        found = riskmill.american_option(**arguments, years=days / 365)
        exact = quantlib(arguments, days, [], early=True)
        european = riskmill.european_option(**arguments, years=days / 365)
        errors.append(found - exact)
        premiums.append(exact - max(european, 100.0 - arguments["spot"]))
    assert np.abs(errors).max() < 6e-3
    assert max(premiums) > 0.1


def test_a_call_in_the_same_place_is_the_put_with_both_exchanged() -> None:
    put = riskmill.american_option(90.0, 0.1, -0.02, -0.05, 100.0, 2.0, PUT)
    call = riskmill.american_option(100.0, 0.1, -0.05, -0.02, 90.0, 2.0, CALL)
    assert call == pytest.approx(put, abs=4e-3)


def with_cash(*amounts: float, currency: str = "USD", underlying: str = "AAPL") -> MarketData:
    dates = [DAY + timedelta(days=30 * number) for number in range(1, len(amounts) + 1)]
    return MarketData(
        snapshot=MARKET,
        history=NO_HISTORY,
        dividends=tuple(
            Dividend(underlying=underlying, ex_date=day, amount=amount, currency=currency)
            for day, amount in zip(dates, amounts, strict=True)
        ),
    )


def test_a_future_is_worth_less_by_the_dividends_grown_to_its_expiry() -> None:
    quotes = {"EQ:SPX": 2500.0, "YIELD:SPX": 0.0, "IR:USD:1Y": 0.03}
    snapshot = replace(MARKET, quotes=quotes)
    market = replace(with_cash(20.0, underlying="SPX"), snapshot=snapshot)
    future: Any = CONTRACTS["equity_future"]
    lost = riskmill.price(future, snapshot) - riskmill.price(future, market)
    years = (future.expiry - DAY).days / 365 - 30 / 365
    assert lost == pytest.approx(50.0 * 20.0 * np.exp(0.03 * years), rel=1e-9)


@pytest.mark.parametrize("path", ["compiled", "numpy"])
def test_single_prices_scenarios_and_greeks_agree(path: str) -> None:
    american: Any = CONTRACTS["american_option"]
    european = riskmill.EuropeanOption(
        currency="USD",
        underlying="AAPL",
        option_type="call",
        strike=155.0,
        expiry=american.expiry,
    )
    market, shocks = with_cash(0.7, 0.7, 0.7), scenarios({"EQ:AAPL": [157.74, 140.0, 170.0]})
    held = positions([american, european])
    found = riskmill.revalue(held, market, shocks, currency="USD", path=path)
    assert found.failures == ()
    assert (found.pnl[:, 0] == 0.0).all()
    for row, contract in enumerate((american, european)):
        assert found.present_values[row] == pytest.approx(
            riskmill.price(contract, market), rel=1e-9
        )
        for column, spot in ((1, 140.0), (2, 170.0)):
            moved = replace(
                market, snapshot=replace(MARKET, quotes={**MARKET.quotes, "EQ:AAPL": spot})
            )
            expected = riskmill.price(contract, moved) - riskmill.price(contract, market)
            assert found.pnl[row, column] == pytest.approx(expected, rel=1e-6, abs=1e-9)
    greeks = riskmill.position_greeks(held, market, currency="USD", path=path)
    one = riskmill.revalue(
        held, market, scenarios({"EQ:AAPL": [157.74 * 1.001]}), currency="USD", path="numpy"
    )
    for row, position_id in enumerate(greeks.position_ids):
        delta = greeks.of(position_id)["delta", "AAPL"]
        assert delta == pytest.approx(10.0 * one.pnl[row, 0], rel=2e-2)


def test_dividends_after_expiry_and_of_the_past_change_nothing() -> None:
    european = CONTRACTS["european_option"]
    late = Dividend(underlying="SPX", ex_date=date(2019, 6, 22), amount=9.0, currency="USD")
    market = replace(
        with_cash(), dividends=(late, replace(late, ex_date=DAY), replace(late, underlying="X"))
    )
    assert riskmill.price(european, market) == riskmill.price(european, MARKET)


@pytest.mark.parametrize("kind", ["barrier_option", "touch_option", "asian_option"])
def test_options_that_watch_the_spot_are_no_longer_priced(kind: str) -> None:
    contract: Any = replace(CONTRACTS[kind], underlying="AAPL", underlying_class="EQ")
    market = with_cash(0.7)
    quotes = dict(MARKET.quotes) | {
        f"VOL:AAPL:{contract.expiry}:ATM": 0.3,
        "YIELD:AAPL": 0.0,
    }
    market = replace(market, snapshot=replace(MARKET, quotes=quotes))
    held = [Position(position_id="p", book="b", quantity=1.0, instrument=contract)]
    found = riskmill.revalue(
        held, market, scenarios({"EQ:AAPL": [150.0]}), currency="USD", path="numpy"
    )
    assert [failure.code for failure in found.failures] == ["E436"]


def test_a_dividend_in_another_currency_is_a_failure() -> None:
    found = value(
        table(positions([CONTRACTS["american_option"]])),
        with_cash(0.7, currency="EUR"),
        scenarios({"EQ:AAPL": [150.0]}),
        currency="USD",
    )
    assert [failure.code for failure in found.failures] == ["E435"]


def test_a_dividend_of_nothing_is_refused() -> None:
    with pytest.raises(UsageError) as refused:
        riskmill.price(CONTRACTS["equity"], with_cash(0.0))
    assert refused.value.code == "E435"


@pytest.mark.parametrize(
    "bad",
    [
        {"dividend_times": [0.5], "dividend_amounts": []},
        {"dividend_times": [-0.5], "dividend_amounts": [1.0]},
        {"dividend_times": [0.5], "dividend_amounts": [float("nan")]},
    ],
)
def test_dividends_that_cannot_be_are_refused(bad: dict[str, list[float]]) -> None:
    with pytest.raises(UsageError, match="dividend") as refused:
        riskmill.european_option(100.0, 0.2, 0.03, 0.0, 100.0, 1.0, CALL, **bad)
    assert refused.value.code == "E412"


def test_greeks_with_dividends_are_what_bumps_give() -> None:
    arguments: dict[str, Any] = {
        "spot": 100.0,
        "volatility": 0.3,
        "rate": 0.05,
        "dividend_yield": 0.01,
        "strike": 100.0,
        "years": 1.0,
        "sign": CALL,
        "dividend_times": [0.2, 0.7],
        "dividend_amounts": [2.0, 2.0],
    }
    for price in (riskmill.european_option, riskmill.american_option):
        found = riskmill.greeks(price, **arguments)
        up, down = (price(**arguments | {"spot": 100.0 + step}) for step in (0.5, -0.5))
        assert found.delta == pytest.approx(up - down, rel=1e-2)
        later = arguments | {"years": 0.95, "dividend_times": [0.15, 0.65]}
        change = (price(**later) - price(**arguments)) / 0.05
        assert found.theta == pytest.approx(change, rel=5e-2)


def test_dividends_worth_more_than_the_share_leave_nothing_of_it_and_no_more() -> None:
    paid = {"dividend_times": [0.1], "dividend_amounts": [300.0]}
    put = riskmill.european_option(100.0, 0.3, 0.04, 0.0, 100.0, 0.5, -1.0, **paid)
    assert put == pytest.approx(100.0 * np.exp(-0.04 * 0.5), rel=1e-12)
    call = riskmill.american_option(100.0, 0.3, 0.04, 0.0, 100.0, 0.5, 1.0, **paid)
    assert 0.0 <= call < 100.0
