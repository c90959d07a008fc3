"""Terms and levels that nothing can be worth: refused by name, not valued."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

import riskmill
from riskmill.domain import (
    DigitalOption,
    EuropeanOption,
    Instrument,
    MarketSnapshot,
    Position,
    ScenarioSet,
)
from tests.risk.pricing.samples import CONTRACTS, EXPIRY, MARKET, TODAY, scenarios

STILL = ScenarioSet(name="none", labels=(), factors=(), levels=np.empty((0, 0)))


def failures(
    contract: Instrument, market: MarketSnapshot = MARKET, moved: ScenarioSet = STILL
) -> list[tuple[str, str]]:
    position = Position(position_id="p", book="b", quantity=1.0, instrument=contract)
    found = riskmill.revalue([position], market, moved, currency="USD")
    assert len(found.pnl) == (0 if found.failures else 1)
    return [(failure.code, failure.value) for failure in found.failures]


@pytest.mark.parametrize("wrong", [0.0, -1.0, float("inf"), float("nan")])
@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("equity_future", "multiplier"),
        ("equity_future", "price"),
        ("commodity_future", "price"),
        ("european_option", "multiplier"),
        ("american_option", "multiplier"),
        ("fx_forward", "strike"),
        ("fx_option", "strike"),
        ("digital_option", "payout"),
        ("touch_option", "payout"),
        ("barrier_option", "multiplier"),
        ("asian_option", "multiplier"),
    ],
)
def test_a_size_or_price_that_is_not_above_zero_is_refused(
    name: str, term: str, wrong: float
) -> None:
    contract: Any = CONTRACTS[name]
    assert failures(contract) == []
    ((code, _),) = failures(replace(contract, **{term: wrong}))
    assert code == "E407"


@pytest.mark.parametrize(
    ("name", "term", "wrong"),
    [
        ("fixed_rate_bond", "fixed_frequency_months", 7),
        ("interest_rate_swap", "float_frequency_months", 5),
        ("fixed_rate_bond", "ex_coupon_days", -1),
        ("fixed_rate_bond", "ex_coupon_days", 1.5),
    ],
)
def test_a_schedule_that_does_not_fit_a_year_is_refused(name: str, term: str, wrong: float) -> None:
    contract: Any = CONTRACTS[name]
    assert [code for code, _ in failures(replace(contract, **{term: wrong}))] == ["E407"]


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("european_option", "VOL:SPX:2019-06-21:2400"),
        ("american_option", "VOL:AAPL:2019-06-21:ATM"),
        ("fx_forward", "FX:EURUSD"),
    ],
)
def test_a_volatility_or_rate_of_exchange_of_zero_is_no_market(name: str, factor: str) -> None:
    quotes = {**MARKET.quotes, factor: 0.0}
    assert failures(CONTRACTS[name], replace(MARKET, quotes=quotes)) == [("E403", factor)]
    assert failures(CONTRACTS[name], moved=scenarios({factor: [0.0]})) == [("E403", factor)]


def test_a_share_can_be_worth_nothing() -> None:
    quotes = {**MARKET.quotes, "EQ:AAPL": 0.0}
    assert failures(CONTRACTS["equity"], replace(MARKET, quotes=quotes)) == []


@pytest.mark.parametrize("side", ["call", "put"])
@pytest.mark.parametrize("kind", [EuropeanOption, DigitalOption])
def test_on_its_last_day_an_option_needs_no_volatility(kind: type, side: str) -> None:
    quotes = {name: level for name, level in MARKET.quotes.items() if not name.startswith("VOL:")}
    more = {"payoff": "cash", "payout": 7.0} if kind is DigitalOption else {}
    contract = kind(
        currency="USD", underlying="SPX", option_type=side, strike=2500.0, expiry=TODAY, **more
    )
    market = replace(MARKET, quotes=quotes)
    position = Position(position_id="p", book="b", quantity=1.0, instrument=contract)
    moved = scenarios({"EQ:SPX": [2400.0]})
    found = riskmill.revalue([position], market, moved, currency="USD")
    spots = np.array([quotes["EQ:SPX"], 2400.0])
    gains = np.maximum((spots - 2500.0) * (1.0 if side == "call" else -1.0), 0.0)
    worth = 7.0 * (gains > 0.0) if kind is DigitalOption else gains
    assert found.present_values[0] == pytest.approx(worth[0], rel=1e-12)
    assert found.pnl[0, 0] == pytest.approx(worth[1] - worth[0], rel=1e-12)
    tomorrow = replace(contract, expiry=EXPIRY)
    assert [code for code, _ in failures(tomorrow, market)] == ["E401"]


def test_fixings_can_be_made_from_the_public_interface() -> None:
    fixing = riskmill.Fixing(
        index="USD-LIBOR-3M", date=date(2018, 11, 16), value=0.0264, source="desk"
    )
    assert fixing.value == 0.0264
