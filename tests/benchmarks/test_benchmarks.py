"""The benchmarks run, and what they compare agrees: each asserts it at a tiny size."""

import csv
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from benchmarks import americans, european, ore, ore_inputs, peers, scaling, swaps
from riskmill.risk.pricing.formulas import american_option
from riskmill.risk.pricing.kernels import american_scenario_kernel


def test_european_options_agree_with_cpp_scipy_and_quantlib(
    capsys: pytest.CaptureFixture[str],
) -> None:
    taken = european.compare(positions=64, scenarios=20, rounds=1)
    assert {"riskmill", "numpy and scipy", "QuantLib blackFormula"} <= taken.keys()
    assert "$ a million" in capsys.readouterr().out


def test_swaps_agree_with_scipys_sparse_product_and_plain_numpy() -> None:
    assert len(swaps.compare(swaps=8, scenarios=20, rounds=1)) == 3


def test_american_scenarios_agree_with_quantlib_and_are_nearer_than_a_tree() -> None:
    found = americans.errors(5)
    assert found["riskmill, scenarios"] < americans.BAR
    assert found["riskmill, scenarios"] < found["Leisen-Reimer tree, 101 steps"] < 0.1


def test_the_tree_is_given_what_the_kernel_is_given() -> None:
    given = americans.cases(2)
    markets = americans.scenarios(given, 64)
    quick = americans.values(american_scenario_kernel(american_option), given, markets)
    assert np.abs(quick - americans.trees(given, markets)).max() < 0.5


def test_revaluation_agrees_with_quantlibs_engines() -> None:
    assert set(peers.compare(positions=4, scenarios=6, rounds=1)) == set(peers.TOLERANCES)


def test_two_threads_are_compared_with_one_on_every_kernel() -> None:
    assert "American options" in scaling.HALVES
    assert scaling.timed(lambda: None) >= 0.0


@pytest.mark.parametrize("kind", ore.KINDS)
def test_ore_is_given_the_book_and_the_scenarios_of_riskmill(kind: str, tmp_path: Path) -> None:
    make, quantity, _ = ore.KINDS[kind]
    held, days = make(6), ore_inputs.history(5)
    named = ElementTree.parse(ore_inputs.write(tmp_path, held, quantity, days, "trades"))
    for parameter in named.iter("Parameter"):
        if parameter.get("name", "").endswith("File") and (parameter.text or "").endswith("xml"):
            ElementTree.parse(tmp_path / str(parameter.text))
    portfolio = ElementTree.parse(tmp_path / "portfolio.xml")
    assert [trade.get("id") for trade in portfolio.iter("Trade")] == list("012345")
    given = list(csv.DictReader((tmp_path / "scenarios.csv").read_text().splitlines()))
    keys = ore_inputs.keys()
    read = np.array([[float(row[key.ore]) for key in keys] for row in given])
    assert np.array_equal(read, days)
    moved = ore.riskmill(held, quantity, ore_inputs.scenario_set(read))
    assert moved.shape == (6, 5)
    assert (moved != 0.0).all()


def test_days_that_are_alike_move_nothing_in_the_book_that_ore_is_given() -> None:
    still = np.repeat(ore_inputs.history(1)[:1], 3, axis=0)
    scenarios = ore_inputs.scenario_set(still)
    assert np.abs(ore.riskmill(ore_inputs.options(4), 1.0, scenarios)).max() < 1e-9


def test_the_compiled_peer_leaves_the_smallest_numbers_alone() -> None:
    european.compare(positions=64, scenarios=20, rounds=1)
    smallest = np.array([5e-324])
    assert (smallest * 1.0)[0] > 0.0
