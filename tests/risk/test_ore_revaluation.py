"""
ORE's historical simulation example (ore_var/hist_sim_var.csv), its trades revalued by riskmill.

ORE prints its curves and writes its history with eight decimals, which is what differs.
"""

from datetime import date

import numpy as np
import pytest

from riskmill import Revaluation, expected_shortfall, revalue, value_at_risk
from tests.risk import ore_example
from tests.risk.ore_example import State

ROWS = ore_example.rows("hist_sim_pnl.csv")
WINDOWS = [(date.fromisoformat(row["from"]), date.fromisoformat(row["to"])) for row in ROWS]
FIGURES = {
    row["RiskClass"]: row
    for row in ore_example.rows("hist_sim_var.csv")
    if row["RiskType"] == "All"
}
TAILS = {"0.99": "0.010000", "0.95": "0.050000", "0.05": "0.950000", "0.01": "0.990000"}


def revalued(today: State, moving: str) -> Revaluation:
    scenarios = ore_example.scenarios(today, WINDOWS, moving)
    held, market = ore_example.positions(), ore_example.market(today)
    found = revalue(held, market, scenarios, currency="EUR", path="numpy")
    assert not found.failures
    return found


def pnl(today: State, moving: str) -> np.ndarray:
    return np.asarray(revalued(today, moving).pnl.sum(axis=0))


@pytest.mark.parametrize("moving", ["All", "InterestRate", "FX"])
def test_every_scenario_loses_what_it_loses_in_ore(moving: str) -> None:
    found = pnl(ore_example.BASE, moving)
    theirs = np.array([float(row[moving]) for row in ROWS])
    assert len(found) == 715
    assert np.abs(found - theirs).max() < 0.02  # of up to a million euros


@pytest.mark.parametrize("moving", ["All", "InterestRate", "FX"])
@pytest.mark.parametrize("confidence", TAILS)
def test_var_and_es_of_the_revalued_trades_are_those_of_ore(moving: str, confidence: str) -> None:
    found, figures, tail = pnl(ore_example.BASE, moving), FIGURES[moving], TAILS[confidence]
    var = -float(figures[f"Quantile_{tail}"])
    assert value_at_risk(found, confidence) == pytest.approx(var, abs=0.02)
    shortfall = expected_shortfall(found, confidence, convention="whole")
    assert shortfall == pytest.approx(-float(figures[f"ExpectedShortfall_{tail}"]), abs=0.02)


def test_the_trades_lose_874503_euros_at_one_per_cent() -> None:
    found = pnl(ore_example.BASE, "All")
    assert value_at_risk(found, "0.99") == pytest.approx(874_503.346996, abs=0.02)


def test_the_inputs_alone_give_the_same_to_a_euro() -> None:
    """The history's last row stands for the curves that ORE makes of its quotes."""
    found = pnl(ore_example.LAST_DAY, "All")
    theirs = np.array([float(row["All"]) for row in ROWS])
    assert np.abs(found - theirs).max() < 1.0
    assert value_at_risk(found, "0.99") == pytest.approx(874_503.346996, abs=1.0)


def test_a_scenario_in_which_nothing_moves_gives_no_pnl() -> None:
    today = ore_example.BASE
    still = ore_example.scenarios(today, [(day, day) for day, _ in WINDOWS[:2]], "All")
    found = revalue(
        ore_example.positions(), ore_example.market(today), still, currency="EUR", path="numpy"
    )
    assert not found.pnl.any()
