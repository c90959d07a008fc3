"""`revalue` and `price` refuse what would give a number nobody could trust."""

import dataclasses
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

import riskmill
from riskmill.domain import (
    Equity,
    EuropeanOption,
    InputRejected,
    InterestRateSwap,
    MarketSnapshot,
    Position,
    ScenarioSet,
    UsageError,
)
from riskmill.risk import value
from tests.risk.pricing.samples import QUOTES, TODAY, table

MARKET = MarketSnapshot(valuation_date=TODAY, quotes={"EQ:A": 100.0})
NOTHING = ScenarioSet(name="none", labels=(), factors=(), levels=np.empty((0, 0)))
SHARE = Equity(currency="USD", underlying="A")


class Warrant(Equity):
    """An instrument that nobody has written a pricer for."""


def held(instrument: object, position_id: str = "x") -> Position:
    return Position(position_id=position_id, book="b", quantity=1.0, instrument=instrument)


@pytest.mark.parametrize(
    "instrument", [Warrant(currency="USD", underlying="A"), {}, None, "equity", Equity]
)
def test_an_unknown_instrument_is_a_failure_and_has_no_number(instrument: object) -> None:
    found = riskmill.revalue(
        [held(SHARE, "good"), held(instrument, "bad")], MARKET, NOTHING, currency="USD"
    )
    assert found.position_ids.tolist() == ["good"]
    assert found.present_values.tolist() == [100.0]
    assert [(failure.subject, failure.code) for failure in found.failures] == [("bad", "E406")]


def test_an_unknown_instrument_has_no_price() -> None:
    with pytest.raises(UsageError) as refused:
        riskmill.price(Warrant(currency="USD", underlying="A"), MARKET)
    assert refused.value.code == "E406"


def test_what_is_no_position_is_refused() -> None:
    with pytest.raises(UsageError) as refused:
        riskmill.revalue([None], MARKET, NOTHING, currency="USD")
    assert refused.value.code == "E413"


def test_a_term_of_the_wrong_type_costs_its_own_position_only() -> None:
    option = EuropeanOption(
        currency="USD", underlying="A", option_type="call", strike="105", expiry=TODAY
    )
    found = riskmill.revalue(
        [held(option, "bad"), held(SHARE, "good")], MARKET, NOTHING, currency="USD"
    )
    assert found.position_ids.tolist() == ["good"]
    assert [failure.code for failure in found.failures] == ["E407"]


@pytest.mark.parametrize(
    ("factors", "labels", "levels"),
    [
        (("EQ:AA",), ("down",), [[90.0]]),
        (("EQ:A",), ("down", "up"), [[90.0]]),
        (("EQ:A", "EQ:A"), ("down",), [[90.0], [95.0]]),
        (("EQ:A",), ("down",), [90.0]),
    ],
)
def test_a_scenario_set_that_does_not_fit_is_refused(
    factors: tuple[str, ...], labels: tuple[str, ...], levels: list[object]
) -> None:
    scenarios = ScenarioSet(name="s", labels=labels, factors=factors, levels=np.array(levels))
    with pytest.raises(UsageError) as refused:
        riskmill.revalue([held(SHARE)], MARKET, scenarios, currency="USD")
    assert refused.value.code == "E415"


@pytest.mark.parametrize("level", [-1.0, -1e-9])
def test_a_share_below_zero_is_a_failure(level: float) -> None:
    down = ScenarioSet(name="s", labels=("x",), factors=("EQ:A",), levels=np.array([[level]]))
    found = riskmill.revalue([held(SHARE)], MARKET, down, currency="USD")
    assert [failure.code for failure in found.failures] == ["E403"]
    assert len(found.pnl) == 0


@pytest.mark.parametrize(
    "twins",
    [("IR:USD:1Y", "IR:USD:12M"), ("VOL:A:2019-06-21:105", "VOL:A:2019-06-21:105.0")],
)
def test_two_names_of_one_node_are_refused(twins: tuple[str, str]) -> None:
    market = MarketSnapshot(valuation_date=TODAY, quotes=dict.fromkeys(twins, 0.2))
    with pytest.raises(InputRejected) as refused:
        riskmill.price(SHARE, market)
    assert refused.value.code == "E414"


SWAP = InterestRateSwap(
    currency="USD",
    rate=0.03,
    start=TODAY,
    maturity=date(2023, 12, 31),
    fixed_frequency_months=12,
    fixed_day_count="30/360",
    float_frequency_months=12,
    float_day_count="act/360",
)


def test_a_fixing_known_on_the_day_it_starts_is_used() -> None:
    market = MarketSnapshot(valuation_date=TODAY, quotes=QUOTES)
    at_forward = riskmill.price(SWAP, market)
    higher = riskmill.price(dataclasses.replace(SWAP, current_fixing=0.1), market)
    assert higher < at_forward - 0.05


@pytest.mark.parametrize("days", [-1, 0, 1])
@pytest.mark.parametrize("fixing", [float("nan"), 0.026])
def test_theta_of_a_par_swap_does_not_jump_on_its_reset(days: int, fixing: float) -> None:
    start = date.fromordinal(TODAY.toordinal() + days)
    if days < 0:
        fixing = 0.026
    swap = dataclasses.replace(SWAP, start=start, current_fixing=fixing)
    market = MarketSnapshot(valuation_date=TODAY, quotes=QUOTES)
    theta = _theta(swap, market)
    assert abs(theta) < 3e-5


def _theta(swap: InterestRateSwap, market: MarketSnapshot) -> float:
    found = value(table([held(swap)]), market, NOTHING, currency="USD")
    return next(greek.value for greek in found.greeks if greek.measure == "theta")


@pytest.mark.parametrize("bad", [float("inf"), float("nan"), "much", None, ""])
@pytest.mark.parametrize("term", ["strike", "multiplier", "payout", "expiry"])
def test_a_term_that_is_no_number_fails_by_itself(term: str, bad: object) -> None:
    option = riskmill.DigitalOption(
        currency="USD", underlying="ACME", option_type="put", strike=100.0,
        expiry=date(2019, 12, 31), payoff="cash",
    )  # fmt: skip
    changed: Callable[..., riskmill.DigitalOption] = dataclasses.replace
    spoilt = changed(option, **{term: bad})
    other = dataclasses.replace(option, strike=80.0)
    market = riskmill.MarketSnapshot(
        valuation_date=date(2018, 12, 31),
        quotes={
            "EQ:ACME": 100.0, "VOL:ACME:2019-12-31:ATM": 0.2, "IR:USD:1Y": 0.02, "YIELD:ACME": 0.0
        },
    )  # fmt: skip
    none = riskmill.ScenarioSet(name="", labels=(), factors=(), levels=np.empty((0, 0)))
    book = [
        riskmill.Position(position_id=name, book="b", quantity=1.0, instrument=one)
        for name, one in (("spoilt", spoilt), ("sound", option), ("other", other))
    ]
    found = riskmill.revalue(book, market, none, currency="USD", path="numpy")
    assert found.position_ids.tolist() == ["sound", "other"]
    alone = [riskmill.price(one, market) for one in (option, other)]
    assert found.present_values.tolist() == pytest.approx(alone, rel=1e-13)
    assert [failure.subject for failure in found.failures] == ["spoilt"]
    with pytest.raises(riskmill.RiskmillError):
        riskmill.price(spoilt, market)
