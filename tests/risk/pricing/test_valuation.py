"""Blocks, currencies, greeks and failures: what valuation promises beyond each price."""

import pickle
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmill.domain import (
    EuropeanOption,
    FactorHistory,
    FxOption,
    Instrument,
    MarketData,
    MarketSnapshot,
    PositionTable,
)
from riskmill.risk import (
    CALL,
    PUT,
    BlockGreek,
    american_option,
    european_option,
    future,
    fx_forward,
    partition,
    present_value,
    price,
    revalue,
    value,
)
from riskmill.risk.pricing.batches import Holding, prepare
from riskmill.risk.pricing.faults import ValuationError
from riskmill.risk.pricing.frames import MarketRows, base_axis
from riskmill.risk.pricing.instruments.fixed_rate_bond import cash_flows
from riskmill.risk.pricing.quotes import Quotes
from tests.risk.pricing.samples import (
    CONTRACTS,
    EXPIRY,
    MARKET,
    QUOTES,
    TODAY,
    positions,
    scenarios,
    shaken,
    table,
)

NO_SCENARIOS = scenarios({})
YEARS = (EXPIRY - TODAY).days / 365


def greek(found: tuple[BlockGreek, ...], measure: str, key: str) -> float:
    return sum(one.value for one in found if (one.measure, one.key) == (measure, key))


def moved(factor: str, level: float) -> MarketSnapshot:
    return MarketSnapshot(valuation_date=TODAY, quotes={**QUOTES, factor: level})


def test_a_block_is_the_sum_of_its_positions() -> None:
    held = positions(list(CONTRACTS.values()) * 3, 2.0)
    held.sort(key=lambda one: type(one.instrument).__name__)
    blocks = value(table(held), MARKET, shaken(100), currency="USD")
    single = revalue(held, MARKET, shaken(100), currency="USD")
    assert blocks.counts.tolist() == [3] * len(CONTRACTS)
    assert blocks.pnl.sum(axis=0) == pytest.approx(single.pnl.sum(axis=0), rel=1e-12, abs=1e-7)
    assert blocks.position_values.tolist() == single.present_values.tolist()
    assert blocks.position_ids.tolist() == single.position_ids.tolist()
    assert blocks.present_values.sum() == pytest.approx(single.present_values.sum(), rel=1e-14)


@settings(max_examples=10)
@given(st.integers(1, 8))
def test_partitions_change_no_bit(parts: int) -> None:
    held = table(positions(list(CONTRACTS.values())))
    whole = value(held, MARKET, shaken(70), currency="EUR")
    pieces = [
        value(partition(held, number, parts), MARKET, shaken(70), currency="EUR")
        for number in range(parts)
    ]
    assert np.concatenate([one.pnl for one in pieces]).tobytes() == whole.pnl.tobytes()
    assert [g.value for one in pieces for g in one.greeks] == [g.value for g in whole.greeks]
    assert [id_ for one in pieces for id_ in one.position_ids] == whole.position_ids.tolist()


def test_the_number_of_scenarios_changes_no_bit_of_a_scenario() -> None:
    held = positions(list(CONTRACTS.values()))
    many = shaken(130)
    few = replace(many, labels=many.labels[:7], levels=many.levels[:, :7])
    first = revalue(held, MARKET, few, currency="USD").pnl
    assert first.tobytes() == revalue(held, MARKET, many, currency="USD").pnl[:, :7].tobytes()


def test_a_table_and_a_list_of_positions_give_the_same() -> None:
    held = positions(list(CONTRACTS.values()))
    one = revalue(held, MARKET, shaken(5), currency="USD")
    two = revalue(table(held), MARKET, shaken(5), currency="USD")
    assert one.pnl.tobytes() == two.pnl.tobytes()
    assert one.position_ids.tolist() == [position.position_id for position in held]


def test_market_data_serves_as_well_as_its_snapshot() -> None:
    history = FactorHistory(dates=(), factors=(), values=np.empty((0, 0)))
    data = MarketData(snapshot=MARKET, history=history)
    found = revalue(positions([CONTRACTS["equity"]]), data, NO_SCENARIOS, currency="USD")
    assert found.present_values.tolist() == [157.74]
    assert found.pnl.shape == (1, 0)


def test_a_portfolio_without_positions_has_no_blocks() -> None:
    empty = value(table([]), MARKET, shaken(3), currency="USD")
    assert empty.pnl.shape == (0, 3)
    assert revalue([], MARKET, shaken(3), currency="USD").pnl.shape == (0, 3)


@pytest.mark.parametrize(
    ("currency", "rate"),
    [("USD", 1.0), ("EUR", 1 / 1.145), ("JPY", 110.2)],
)
def test_a_dollar_is_converted_by_its_pair_whichever_way_it_is_quoted(
    currency: str, rate: float
) -> None:
    found = revalue(positions([CONTRACTS["equity"]]), MARKET, NO_SCENARIOS, currency=currency)
    assert found.present_values[0] == pytest.approx(157.74 * rate, rel=1e-15)


def test_two_currencies_without_a_pair_are_converted_through_dollars() -> None:
    bond = CONTRACTS["fixed_rate_bond"]
    found = revalue(positions([bond]), MARKET, NO_SCENARIOS, currency="JPY")
    assert found.present_values[0] == pytest.approx(price(bond, MARKET) * 1.145 * 110.2, rel=1e-14)


def test_currency_risk_is_in_the_pnl() -> None:
    bond = CONTRACTS["fixed_rate_bond"]
    found = revalue(positions([bond]), MARKET, scenarios({"FX:EURUSD": [1.2]}), currency="USD")
    assert found.pnl[0, 0] == pytest.approx(price(bond, MARKET) * (1.2 - 1.145), rel=1e-12)


def test_linear_instruments_are_worth_what_their_scalar_functions_say() -> None:
    usd, eur = rate("USD"), rate("EUR")
    index = future(QUOTES["EQ:SPX"], usd, 0.02, 2490.0, YEARS)
    oil = future(QUOTES["CO:WTI"], usd, 0.01, 44.0, YEARS)
    pair = fx_forward(QUOTES["FX:EURUSD"], usd, eur, 1.15, YEARS)
    assert price(CONTRACTS["equity_future"], MARKET) == pytest.approx(50 * index, rel=1e-12)
    assert price(CONTRACTS["commodity_future"], MARKET) == pytest.approx(1000 * oil, rel=1e-12)
    assert price(CONTRACTS["fx_forward"], MARKET) == pytest.approx(pair, rel=1e-12)


def test_options_are_worth_what_their_scalar_functions_say() -> None:
    usd, eur = rate("USD"), rate("EUR")
    index = european_option(QUOTES["EQ:SPX"], 0.24, usd, 0.02, 2400.0, YEARS, PUT)
    share = american_option(QUOTES["EQ:AAPL"], 0.35, usd, 0.018, 160.0, YEARS, PUT)
    pair = european_option(QUOTES["FX:EURUSD"], 0.075, usd, eur, 1.16, YEARS, CALL)
    assert price(CONTRACTS["european_option"], MARKET) == pytest.approx(100 * index, rel=1e-12)
    assert price(CONTRACTS["american_option"], MARKET) == pytest.approx(100 * share, rel=1e-12)
    assert price(CONTRACTS["fx_option"], MARKET) == pytest.approx(pair, rel=1e-12)


def test_a_bond_is_its_cash_flows_times_discount_factors() -> None:
    bond = CONTRACTS["fixed_rate_bond"]
    days, amounts = zip(*cash_flows(bond, TODAY), strict=True)
    assert amounts[-1] == 1.0
    flat = MarketSnapshot(valuation_date=TODAY, quotes={"IR:EUR:1Y": 0.03})
    factors = [np.exp(-0.03 * (day - TODAY).days / 365) for day in days]
    assert price(bond, flat) == pytest.approx(present_value(amounts, factors), rel=1e-14)


def test_an_option_reads_its_own_strikes_volatility_else_its_expirys() -> None:
    option = CONTRACTS["european_option"]
    assert isinstance(option, EuropeanOption)
    other = replace(option, strike=2450.0)
    found = revalue(
        positions([option, other]),
        MARKET,
        scenarios({"VOL:SPX:2019-06-21:2400": [0.3], "VOL:SPX:2019-06-21:ATM": [0.22]}),
        currency="USD",
    )
    assert found.pnl[0, 0] > 1000.0
    assert found.pnl[1, 0] == 0.0


@pytest.mark.parametrize("name", ["equity", "equity_future", "commodity_future"])
def test_delta_of_linear_instruments_is_one_percent_of_their_spot(name: str) -> None:
    contract = CONTRACTS[name]
    found = value(table(positions([contract], 3.0)), MARKET, NO_SCENARIOS, currency="EUR")
    factor = f"{'CO' if name[0] == 'c' else 'EQ'}:{contract.underlying}"
    change = price(contract, moved(factor, QUOTES[factor] * 1.01)) - price(contract, MARKET)
    delta = greek(found.greeks, "delta", contract.underlying)
    assert delta == pytest.approx(3 * change / 1.145, rel=1e-9)
    assert not [one for one in found.greeks if one.measure in ("gamma", "vega")]


@pytest.mark.parametrize("name", ["european_option", "american_option"])
def test_option_greeks_are_what_revaluation_says(name: str) -> None:
    contract = CONTRACTS[name]
    underlying = contract.underlying
    spot = f"EQ:{underlying}"
    vol = f"VOL:{underlying}:2019-06-21:{'2400' if name == 'european_option' else 'ATM'}"
    found = value(table(positions([contract], -2.0)), MARKET, NO_SCENARIOS, currency="EUR").greeks
    scale, base, size = -2.0 / 1.145, price(contract, MARKET), 1e-3

    def change(factor: str, level: float) -> float:
        return scale * (price(contract, moved(factor, level)) - base)

    up, down = change(spot, QUOTES[spot] * (1 + size)), change(spot, QUOTES[spot] * (1 - size))
    tolerance = 1e-5 if name == "european_option" else 0.03
    assert greek(found, "delta", underlying) == pytest.approx(
        0.01 * (up - down) / (2 * size), rel=tolerance
    )
    assert greek(found, "gamma", underlying) == pytest.approx(
        1e-4 * (up + down) / size**2, rel=max(tolerance, 1e-3)
    )
    higher, lower = change(vol, QUOTES[vol] + 1e-4), change(vol, QUOTES[vol] - 1e-4)
    assert greek(found, "vega", underlying) == pytest.approx(
        100 * (higher - lower) / 2, rel=tolerance
    )


def test_a_currency_option_has_vega_by_pair_and_no_delta() -> None:
    found = value(table(positions([CONTRACTS["fx_option"]])), MARKET, NO_SCENARIOS, currency="USD")
    assert {(one.measure, one.key) for one in found.greeks} == {("vega", "EURUSD"), ("theta", "")}


@pytest.mark.parametrize("name", [name for name in CONTRACTS if name != "equity"])
def test_theta_is_one_calendar_day_on_an_unchanged_market(name: str) -> None:
    contract = CONTRACTS[name]
    later = MarketSnapshot(valuation_date=TODAY + timedelta(days=1), quotes=QUOTES)
    found = value(
        table(positions([contract])), MARKET, NO_SCENARIOS, currency=contract.currency
    ).greeks
    change = price(contract, later) - price(contract, MARKET)
    assert greek(found, "theta", "") == pytest.approx(change, rel=1e-6, abs=1e-9)


def test_theta_keeps_a_coupon_that_is_paid_on_the_day() -> None:
    eve = MarketSnapshot(valuation_date=date(2019, 5, 14), quotes=QUOTES)
    held = table(positions([CONTRACTS["fixed_rate_bond"]]))
    found = value(held, eve, NO_SCENARIOS, currency="EUR").greeks
    assert abs(greek(found, "theta", "")) < 1e-4


def test_theta_of_an_option_that_expires_today_is_zero() -> None:
    option = replace(CONTRACTS["european_option"], expiry=TODAY)
    quotes = {**QUOTES, f"VOL:SPX:{TODAY}:ATM": 0.2}
    market = MarketSnapshot(valuation_date=TODAY, quotes=quotes)
    found = value(table(positions([option])), market, NO_SCENARIOS, currency="USD")
    assert greek(found.greeks, "theta", "") == 0.0
    assert found.present_values[0] == 0.0


OPTION, PAIR = CONTRACTS["european_option"], CONTRACTS["fx_option"]
REFUSED = [
    (replace(CONTRACTS["equity"], underlying="ZZZ"), "E401", "EQ:ZZZ"),
    (replace(CONTRACTS["equity"], currency="GBP"), "E401", "FX:GBPUSD"),
    (replace(OPTION, currency="GBP"), "E401", "IR:GBP:*"),
    (replace(OPTION, expiry=date(2019, 9, 20)), "E401", "VOL:SPX:2019-09-20:2400"),
    (replace(OPTION, expiry=date(2018, 12, 21)), "E405", "2018-12-21"),
    (replace(OPTION, strike=0.0), "E407", "0.0"),
    (replace(OPTION, option_type="straddle"), "E407", "straddle"),
    (replace(PAIR, currency="EUR"), "E407", "EUR"),
    (replace(CONTRACTS["fixed_rate_bond"], maturity=TODAY), "E405", "2018-12-30"),
    (replace(CONTRACTS["fixed_rate_bond"], fixed_day_count="30/365"), "E407", "30/365"),
    (replace(CONTRACTS["fixed_rate_bond"], fixed_frequency_months=0), "E407", "0"),
    (replace(CONTRACTS["fixed_rate_bond"], start=date(2030, 1, 1)), "E407", "2030-01-01"),
    (replace(CONTRACTS["interest_rate_swap"], current_fixing=np.nan), "E404", "USD 2018-11-20"),
]


@pytest.mark.parametrize(("contract", "code", "datum"), REFUSED)
def test_what_cannot_be_valued_is_a_failure_and_in_no_sum(
    contract: Instrument, code: str, datum: str
) -> None:
    held = positions([contract, *[CONTRACTS["equity"]] * 2])
    found = value(table(held), MARKET, shaken(3), currency="USD")
    assert [(one.code, one.subject, one.value) for one in found.failures] == [(code, "P0", datum)]
    assert found.position_ids.tolist() == ["P1", "P2"]
    assert found.counts.sum() == 2
    assert found.present_values.sum() == pytest.approx(2 * 157.74)
    single = revalue(held, MARKET, shaken(3), currency="USD")
    assert single.failures == found.failures
    assert single.position_ids.tolist() == ["P1", "P2"]


def test_a_factor_without_history_or_proxy_is_a_failure() -> None:
    held = table(positions([OPTION, CONTRACTS["equity"]]))
    found = value(held, MARKET, shaken(3), currency="USD", without_history=frozenset({"YIELD:SPX"}))
    assert [(one.code, one.value) for one in found.failures] == [("E402", "YIELD:SPX")]


@pytest.mark.parametrize("level", [np.inf, np.nan, 1e308])
def test_a_level_that_is_no_number_is_a_failure(level: float) -> None:
    held = positions([CONTRACTS["equity"], OPTION], 1e3)
    found = revalue(held, MARKET, scenarios({"EQ:AAPL": [157.0, level]}), currency="USD")
    assert [(one.code, one.subject) for one in found.failures] == [("E403", "P0")]
    assert found.position_ids.tolist() == ["P1"]


@pytest.mark.parametrize("quantity", [np.inf, np.nan])
def test_a_quantity_that_is_no_number_is_a_failure(quantity: float) -> None:
    found = revalue(positions([OPTION], quantity), MARKET, NO_SCENARIOS, currency="USD")
    assert [one.code for one in found.failures] == ["E407"]


def test_rows_that_are_no_contract_say_why() -> None:
    good = table(positions([OPTION, OPTION]))
    no_strike = replace(good, numbers={**good.numbers, "strike": np.array([np.nan, 2400.0])})
    unknown = replace(
        good, texts={**good.texts, "instrument": replace_text(good, "instrument", "swaption")}
    )
    first = value(no_strike, MARKET, NO_SCENARIOS, currency="USD")
    assert [(one.code, one.subject) for one in first.failures] == [("E407", "P0")]
    assert "strike" in first.failures[0].message
    second = value(unknown, MARKET, NO_SCENARIOS, currency="USD")
    assert [one.code for one in second.failures] == ["E406", "E406"]
    assert second.counts.tolist() == [0]


def test_an_empty_multiplier_is_one() -> None:
    option = table(positions([OPTION]))
    empty = replace(option, numbers={**option.numbers, "multiplier": np.array([np.nan])})
    found = value(empty, MARKET, NO_SCENARIOS, currency="USD")
    assert found.present_values[0] == pytest.approx(price(OPTION, MARKET) / 100, rel=1e-12)


def test_a_strike_is_matched_by_number_not_by_text() -> None:
    assert isinstance(PAIR, FxOption)
    quotes = {**QUOTES, "VOL:EURUSD:2019-06-21:1.1600": 0.09}
    market = MarketSnapshot(valuation_date=TODAY, quotes=quotes)
    assert price(PAIR, market) > price(PAIR, MARKET)


def replace_text(held: PositionTable, name: str, text: str) -> object:
    column = held.texts[name]
    return type(column).of([text] * len(column))


def rate(currency: str) -> float:
    """Zero rate to the expiry: between the nodes at 91.25 and 365 days."""
    near, far = QUOTES[f"IR:{currency}:3M"] * 91.25, QUOTES[f"IR:{currency}:1Y"] * 365
    days = (EXPIRY - TODAY).days
    return (near + (far - near) * (days - 91.25) / (365 - 91.25)) / days


def test_hundreds_of_quoted_strikes_are_read_each_by_its_own_option() -> None:
    assert isinstance(OPTION, EuropeanOption)
    strikes = [2000.0 + number for number in range(200)]
    vols = {f"VOL:SPX:2019-06-21:{strike:g}": 0.2 + strike / 1e5 for strike in strikes}
    market = MarketSnapshot(valuation_date=TODAY, quotes={**QUOTES, **vols})
    held = positions([replace(OPTION, strike=strike) for strike in strikes])
    found = revalue(held, market, NO_SCENARIOS, currency="USD").present_values
    assert found == pytest.approx([price(one.instrument, market) for one in held], rel=1e-12)


def test_a_refusal_survives_the_way_back_from_a_worker_process() -> None:
    with pytest.raises(ValuationError) as refusal:
        price(replace(CONTRACTS["equity"], underlying="ZZZ"), MARKET)
    copy = pickle.loads(pickle.dumps(refusal.value))
    assert (copy.code, copy.datum, str(copy)) == ("E401", "EQ:ZZZ", str(refusal.value))


def test_an_instrument_without_a_pricer_is_refused() -> None:
    quotes = Quotes.of(MARKET)
    rows = MarketRows(quotes=quotes, axes=(base_axis(quotes),), without_history=frozenset())
    holding = Holding("P0", 1.0, CONTRACTS["equity"])
    batch, refused = prepare([holding], None, rows, "USD")
    assert batch is None
    assert [refusal.code for refusal in refused.values()] == ["E407"]
