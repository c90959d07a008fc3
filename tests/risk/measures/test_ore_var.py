"""ORE's historical simulation VaR: its own P&L of each scenario gives its own figures."""

import csv
from pathlib import Path

import pytest

from riskmill.risk import expected_shortfall, value_at_risk

TRUTH = Path(__file__).parents[2] / "truth"
COLUMNS = {"0.99": "0.010000", "0.95": "0.050000", "0.05": "0.950000", "0.01": "0.990000"}
"""Confidences and the tail by which ORE names their columns."""


def rows(name: str) -> list[dict[str, str]]:
    with (TRUTH / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


PNL = rows("ore_var/hist_sim_pnl.csv")
FIGURES = [row for row in rows("ore_var/hist_sim_var.csv") if row["RiskType"]]


@pytest.mark.parametrize("row", FIGURES, ids=lambda row: f"{row['RiskClass']}-{row['RiskType']}")
@pytest.mark.parametrize("confidence", COLUMNS)
def test_var_and_es_are_those_of_ore(row: dict[str, str], confidence: str) -> None:
    pnl = [float(day[row["RiskClass"]]) for day in PNL]
    tail = COLUMNS[confidence]
    found = value_at_risk(pnl, confidence)
    assert found == pytest.approx(-float(row[f"Quantile_{tail}"]), abs=1e-6)
    shortfall = expected_shortfall(pnl, confidence, convention="whole")
    assert shortfall == pytest.approx(-float(row[f"ExpectedShortfall_{tail}"]), abs=2e-6)


def test_the_example_loses_874503_euros_at_one_per_cent() -> None:
    pnl = [float(day["All"]) for day in PNL]
    assert len(pnl) == 715
    assert value_at_risk(pnl, "0.99") == pytest.approx(874_503.346996, abs=1e-6)
