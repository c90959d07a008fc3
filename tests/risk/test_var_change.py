from dataclasses import replace
from datetime import date
from math import fsum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.domain import (
    Equity,
    EuropeanOption,
    MarketSnapshot,
    Position,
    ScenarioSet,
)
from riskmill.risk import (
    RiskDay,
    expected_shortfall,
    explain_var_change,
    revalue,
    value_at_risk,
)

SHOCKS = np.random.default_rng(6).normal(0.0, 0.01, 101)


def pnl_of(positions, market, scenarios):
    return revalue(positions, market, scenarios, currency="USD").pnl.sum(axis=0)


def day(on, spot, quantities, shocks):
    market = MarketSnapshot(
        valuation_date=on,
        quotes={
            "EQ:A": spot,
            "IR:USD:1Y": 0.02,
            "YIELD:A": 0.0,
            "VOL:A:2019-02-15:ATM": 0.2,
        },
    )
    share, option = quantities
    positions = [
        Position(
            position_id="share",
            book="b",
            quantity=share,
            instrument=Equity(currency="USD", underlying="A"),
        ),
        Position(
            position_id="option",
            book="b",
            quantity=option,
            instrument=EuropeanOption(
                currency="USD",
                underlying="A",
                option_type="call",
                strike=100.0,
                expiry=date(2019, 2, 15),
            ),
        ),
    ]
    scenarios = ScenarioSet(
        name="historical",
        labels=tuple(str(n) for n in range(len(shocks))),
        factors=("EQ:A",),
        levels=spot * np.exp(shocks)[np.newaxis, :],
    )
    return RiskDay(positions=positions, market=market, scenarios=scenarios)


FRIDAY = day(date(2018, 12, 28), 100.0, (50.0, -100.0), SHOCKS[:100])
MONDAY = day(date(2018, 12, 31), 97.0, (80.0, -100.0), SHOCKS[1:])


@pytest.mark.parametrize("measure", [value_at_risk, expected_shortfall])
def test_each_part_is_one_change_of_its_own(measure):
    found = explain_var_change(FRIDAY, MONDAY, pnl_of, "0.95", measure=measure)
    aged = replace(FRIDAY.market, valuation_date=MONDAY.market.valuation_date)
    steps = [
        measure(pnl_of(*inputs), "0.95")
        for inputs in (
            (FRIDAY.positions, FRIDAY.market, FRIDAY.scenarios),
            (FRIDAY.positions, aged, FRIDAY.scenarios),
            (FRIDAY.positions, MONDAY.market, MONDAY.scenarios),
            (MONDAY.positions, MONDAY.market, MONDAY.scenarios),
        )
    ]
    assert found.time == steps[1] - steps[0] != 0.0
    assert found.market == steps[2] - steps[1] != 0.0
    assert found.positions == steps[3] - steps[2] != 0.0
    assert (found.before, found.after) == (steps[0], steps[3])
    assert found.unexplained == pytest.approx(0.0, abs=1e-12 * found.after)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_the_parts_lead_from_one_reported_figure_to_the_next(reported_before, reported_after):
    found = explain_var_change(
        replace(FRIDAY, reported=reported_before),
        replace(MONDAY, reported=reported_after),
        lambda positions, market, scenarios: np.arange(4.0) - len(scenarios),
        "0.75",
    )
    parts = (found.before, found.time, found.market, found.positions, found.unexplained)
    assert fsum(parts) == pytest.approx(reported_after, rel=1e-15, abs=1e-9)


def test_nothing_changes_from_a_day_to_itself():
    found = explain_var_change(FRIDAY, FRIDAY, pnl_of, "0.95")
    assert (found.time, found.market, found.positions, found.unexplained) == (0.0, 0.0, 0.0, 0.0)
