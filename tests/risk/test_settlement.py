"""What positions paid between two days is P&L, and what ended is not a loss."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from riskmill.domain import (
    DATE_COLUMNS,
    NUMBER_COLUMNS,
    TEXT_COLUMNS,
    FactorHistory,
    Labels,
    MarketData,
    MarketSnapshot,
    PositionTable,
    RiskSpec,
    ScenarioSet,
)
from riskmill.risk import Repricing, Settlement

RATES = {"IR:USD:1Y": 0.02, "IR:USD:10Y": 0.02}
STILL = ScenarioSet(name="none", labels=(), factors=(), levels=np.empty((0, 0)))


def market(day, **more):
    quotes = {**RATES, "EQ:A": 100.0, "YIELD:A": 0.0, "VOL:A:2018-12-28:ATM": 0.2, **more}
    history = FactorHistory(dates=(day,), factors=(), values=np.empty((1, 0)))
    return MarketData(snapshot=MarketSnapshot(valuation_date=day, quotes=quotes), history=history)


def table(instrument, **cells):
    cells = {"instrument": instrument, "book": "b", "currency": "USD", "quantity": 10.0, **cells}
    return PositionTable(
        position_id=np.array(["p"], dtype=object),
        texts={name: Labels.of([str(cells.get(name, ""))]) for name in TEXT_COLUMNS},
        numbers={name: np.array([cells.get(name, np.nan)], dtype=float) for name in NUMBER_COLUMNS},
        dates={
            name: np.array([cells.get(name, "NaT")], dtype="datetime64[D]") for name in DATE_COLUMNS
        },
    )


def settled(positions, before, after):
    today = Repricing(after, STILL, currency="USD").value(positions)
    settlement = Settlement(before, after, currency="USD", spec=RiskSpec())
    return settlement.of(positions, today), today


BOND = table(
    "fixed_rate_bond", rate=0.04, start=date(2015, 12, 31), maturity=date(2020, 12, 31),
    fixed_frequency_months=6, fixed_day_count="30/360",
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def kernels():
    """Start the compiler before a test is watched: it looks at the processor."""
    Repricing(market(date(2018, 12, 28)), STILL, currency="USD").value(BOND)


def test_a_coupon_that_is_paid_counts_and_is_as_large_as_the_fall_in_value():
    before, after = market(date(2018, 12, 28)), market(date(2018, 12, 31))
    found, today = settled(BOND, before, after)
    assert found.paid == pytest.approx(10.0 * 0.02)
    yesterday = Repricing(before, STILL, currency="USD").value(BOND)
    carry = today.present_values[0] + found.paid - yesterday.present_values[0]
    assert carry == pytest.approx(yesterday.present_values[0] * 0.02 * 3 / 365, rel=1e-3)


def test_a_bond_that_is_repaid_is_worth_what_it_paid():
    found, today = settled(BOND, market(date(2020, 12, 30)), market(date(2020, 12, 31)))
    assert today.counts.tolist() == [0]
    assert found.paid == pytest.approx(10.0 * 1.02)
    assert (found.left, found.ended_positions) == (found.paid, 0)


def test_an_option_that_expired_counts_with_its_last_value():
    option = table(
        "european_option", underlying="A", option_type="call", strike=90.0,
        expiry=date(2018, 12, 28), multiplier=1.0,
    )  # fmt: skip
    found, today = settled(option, market(date(2018, 12, 28)), market(date(2018, 12, 31)))
    assert today.counts.tolist() == [0]
    assert (found.ended, found.ended_positions) == (pytest.approx(100.0), 1)
    assert found.unvalued_positions == 0
    assert found.paid == 0.0


def test_a_share_without_a_quote_today_is_no_value_that_ended():
    share = table("equity", underlying="A")
    gone = market(date(2018, 12, 31))
    quotes = {name: value for name, value in gone.snapshot.quotes.items() if name != "EQ:A"}
    gone = replace(gone, snapshot=replace(gone.snapshot, quotes=quotes))
    found, today = settled(share, market(date(2018, 12, 28)), gone)
    assert today.counts.tolist() == [0]
    assert (found.unvalued, found.unvalued_positions) == (pytest.approx(1000.0), 1)
    assert (found.ended, found.ended_positions, found.paid) == (0.0, 0, 0.0)


def test_nothing_is_paid_between_coupons():
    found, _ = settled(BOND, market(date(2018, 11, 28)), market(date(2018, 11, 29)))
    assert (found.left, found.ended_positions, found.unvalued_positions) == (0.0, 0, 0)


def test_a_swap_pays_its_set_coupon_and_receives_its_fixed_one():
    swap = table(
        "interest_rate_swap", rate=0.03, start=date(2016, 12, 31), maturity=date(2021, 12, 31),
        fixed_frequency_months=12, fixed_day_count="30/360", float_frequency_months=12,
        float_day_count="30/360", current_fixing=0.01,
    )  # fmt: skip
    found, _ = settled(swap, market(date(2018, 12, 28)), market(date(2018, 12, 31)))
    assert found.paid == pytest.approx(10.0 * (0.03 - 0.01))
