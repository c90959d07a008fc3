"""Sensitivities by position: those of the report before they are summed."""

from collections import defaultdict
from datetime import date
from math import fsum

import numpy as np
import pytest

import riskmill
from riskmill.domain import MarketSnapshot, Position, ScenarioSet
from riskmill.risk import value
from riskmill.risk.scenarios import bumped, bumps
from tests.risk.pricing.samples import CONTRACTS, positions, table
from tests.risk.pricing.samples import MARKET as SNAPSHOT


def test_a_calls_greeks_are_the_scalar_ones_in_the_reports_units() -> None:
    market = MarketSnapshot(
        valuation_date=date(2018, 12, 31),
        quotes={
            "EQ:ACME": 100.0,
            "VOL:ACME:2019-12-31:ATM": 0.2,
            "YIELD:ACME": 0.01,
            "IR:USD:1Y": 0.03,
            "FX:EURUSD": 1.25,
        },
    )
    call = riskmill.EuropeanOption(
        currency="USD",
        underlying="ACME",
        option_type="call",
        strike=105.0,
        expiry=date(2019, 12, 31),
        multiplier=10.0,
    )
    held = Position(position_id="c", book="b", quantity=-3.0, instrument=call)
    found = riskmill.position_greeks([held], market, currency="EUR").of("c")
    plain = riskmill.greeks(
        riskmill.european_option,
        spot=100.0,
        volatility=0.2,
        rate=0.03,
        dividend_yield=0.01,
        strike=105.0,
        years=1.0,
        sign=riskmill.CALL,
    )
    amount = -30.0 / 1.25
    assert found["delta", "ACME"] == pytest.approx(amount * plain.delta * 1.0, rel=1e-12)
    assert found["gamma", "ACME"] == pytest.approx(amount * plain.gamma * 1.0, rel=1e-12)
    assert found["vega", "ACME"] == pytest.approx(amount * plain.vega * 0.01, rel=1e-12)
    assert found["theta", ""] == pytest.approx(amount * plain.theta / 365, rel=5e-3)
    assert found["dv01", "USD:1Y"] == pytest.approx(amount * plain.rho * 1e-4, rel=1e-2)
    assert found["fx_delta", "EURUSD"] == pytest.approx(amount * plain.price * (1 / 1.01 - 1))


@pytest.mark.parametrize("path", ["compiled", "numpy"])
def test_they_add_up_to_the_figures_of_the_report(path: str) -> None:
    held = positions(list(CONTRACTS.values()), quantity=-2.0)
    found = riskmill.position_greeks(held, SNAPSHOT, currency="USD", path=path)
    levels = bumped(SNAPSHOT)
    labels = tuple(bump.label for bump in bumps(SNAPSHOT))
    sensitivity = ScenarioSet(
        name="s", labels=labels, factors=tuple(levels), levels=np.array(list(levels.values()))
    )
    valued = value(table(held), SNAPSHOT, sensitivity, currency="USD")
    totals: dict[tuple[str, str], list[float]] = defaultdict(list)
    for one in found.greeks:
        totals[one.measure, one.key].append(one.value)
    expected: dict[tuple[str, str], float] = defaultdict(float)
    for block in valued.greeks:
        expected[block.measure, block.key] += block.value
    for bump, moves in zip(bumps(SNAPSHOT), valued.pnl.T, strict=True):
        if bump.measure != "fx_gamma":
            expected[bump.measure, bump.key] = float(np.sum(moves))
    gross = float(np.abs(found.present_values).sum())
    for name, total in expected.items():
        assert fsum(totals[name]) == pytest.approx(total, rel=1e-9, abs=1e-11 * gross), name
