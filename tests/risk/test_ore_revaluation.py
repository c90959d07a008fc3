"""
ORE's historical simulation example (ore_var/hist_sim_var.csv) from its inputs alone.

Its market quotes make the curves, its history the scenarios, its two trades the positions;
each P&L is then that of ORE in all the digits that it prints.
"""

from datetime import date
from functools import cache

import numpy as np
import pytest

from riskmill import expected_shortfall, revalue, value_at_risk
from riskmill.domain import FloatArray
from tests.risk import ore_example
from tests.risk.ore_files import rows

ROWS = rows("hist_sim_pnl.csv")
WINDOWS = [(date.fromisoformat(row["from"]), date.fromisoformat(row["to"])) for row in ROWS]
FIGURES = {row["RiskClass"]: row for row in rows("hist_sim_var.csv") if row["RiskType"] == "All"}
TAILS = {"0.99": "0.010000", "0.95": "0.050000", "0.05": "0.950000", "0.01": "0.990000"}
"""Confidences and the tail by which ORE names their columns."""
(PRINTED,) = rows("base_scenario.csv")
DIGITS = 2e-6
"""ORE prints six decimals of amounts of up to a million."""


@cache
def pnl(moving: str) -> FloatArray:
    today = ore_example.base()
    scenarios = ore_example.scenarios(today, WINDOWS, moving)
    held, market = ore_example.positions(), ore_example.market(today)
    found = revalue(held, market, scenarios, currency="EUR", path="numpy")
    assert not found.failures
    return np.asarray(found.pnl.sum(axis=0))


def test_curves_made_of_the_quotes_are_those_that_ore_shifts() -> None:
    apart = [
        abs(float(level[0]) - float(PRINTED[key])) for key, level in ore_example.base().items()
    ]
    assert len(apart) == 4 * 12 + 1
    assert max(apart) < 1e-8  # printed with eight decimals


@pytest.mark.parametrize("moving", FIGURES)
def test_every_scenario_loses_what_it_loses_in_ore(moving: str) -> None:
    theirs = np.array([float(row[moving]) for row in ROWS])
    assert len(pnl(moving)) == 715
    assert np.abs(pnl(moving) - theirs).max() < DIGITS


@pytest.mark.parametrize("moving", FIGURES)
@pytest.mark.parametrize("confidence", TAILS)
def test_var_and_es_of_the_revalued_trades_are_those_of_ore(moving: str, confidence: str) -> None:
    figures, tail = FIGURES[moving], TAILS[confidence]
    var = -float(figures[f"Quantile_{tail}"])
    assert value_at_risk(pnl(moving), confidence) == pytest.approx(var, abs=DIGITS)
    shortfall = expected_shortfall(pnl(moving), confidence, convention="whole")
    assert shortfall == pytest.approx(-float(figures[f"ExpectedShortfall_{tail}"]), abs=DIGITS)


def test_the_trades_lose_874503_euros_at_one_per_cent() -> None:
    assert value_at_risk(pnl("All"), "0.99") == pytest.approx(874_503.346996, abs=DIGITS)


def test_a_scenario_in_which_nothing_moves_gives_no_pnl() -> None:
    today = ore_example.base()
    still = ore_example.scenarios(today, [(day, day) for day, _ in WINDOWS[:2]], "All")
    held, market = ore_example.positions(), ore_example.market(today)
    found = revalue(held, market, still, currency="EUR", path="numpy")
    assert not found.pnl.any()
