"""The table of covered cases names every case, and every test that it names runs them."""

import csv
import importlib.util
import json
import sys
from collections import Counter
from types import ModuleType

import pytest

from tests.architecture.sources import REPOSITORY

TRUTH = REPOSITORY / "tests" / "truth"


def _table() -> ModuleType:
    place = REPOSITORY / "docs" / "truth_coverage.py"
    spec = importlib.util.spec_from_file_location("truth_coverage", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


COVERAGE = _table().COVERAGE
GROUPED_BY = {
    "options_haug.json": "set",
    "quantlib_generated.json": "instrument",
    "stats_reg_rates.json": "measure",
}
"""What the file's own cases are grouped by."""
INPUTS = {
    "ore_var/covariance.csv": "input of ore_var/parametric_var.csv",
    "ore_var/sensitivity.csv": "input of ore_var/parametric_var.csv",
    "ore/portfolio.xml": "input of ore_var/hist_sim_var.csv",
    "ore/simulation.xml": "input of ore_var/hist_sim_var.csv",
    "ore_var/hist_sim_pnl.csv": "input of ore_var/hist_sim_var.csv",
    "ore_var/scenarios.csv.gz": "input of ore_var/hist_sim_var.csv",
    "ore_var/base_scenario.csv": "input of ore_var/hist_sim_var.csv",
    "ore_var/fixings.csv": "input of ore_var/hist_sim_var.csv",
    "ore_var/market.csv": "input of ore_var/hist_sim_var.csv",
    "README.md": "says what the others are",
}
"""Files without cases of their own."""


def _ore_group(row: dict[str, str]) -> str:
    names = (row["#Portfolio"], row["RiskClass"], row["RiskType"])
    if names[:2] == ("PF2", "FX"):
        return "PF2 FX"
    return "PF2 InterestRate Vega" if names == ("PF2", "InterestRate", "Vega") else "others"


def _groups(file: str) -> Counter[str]:
    text = (TRUTH / file).read_text("utf-8")
    if file in GROUPED_BY:
        return Counter(case[GROUPED_BY[file]] for case in json.loads(text))
    if file.endswith(".json"):
        content = json.loads(text)
        return Counter({"*": len(content.get("series", content.get("cases", ())))})
    rows = list(csv.DictReader(text.splitlines()))
    if file == "ore_var/parametric_var.csv":
        return Counter(_ore_group(row) for row in rows)
    return Counter({"*": len(rows)})


def test_every_file_is_in_the_table_or_an_input() -> None:
    found = {
        str(file.relative_to(TRUTH))
        for file in TRUTH.rglob("*")
        if file.is_file() and file.suffix not in {".py", ".pyc"}
    }
    assert found == {row.file for row in COVERAGE} | set(INPUTS)


@pytest.mark.parametrize("file", sorted({row.file for row in COVERAGE}))
def test_every_case_of_a_file_is_counted_once(file: str) -> None:
    told = [(row.group, row.cases) for row in COVERAGE if row.file == file]
    assert len({group for group, _ in told}) == len(told)
    assert dict(told) == dict(_groups(file))


@pytest.mark.parametrize("row", COVERAGE, ids=lambda row: f"{row.file}:{row.group}")
def test_a_group_has_a_test_that_reads_its_file_or_a_reason(row: object) -> None:
    test, note, file = (getattr(row, name) for name in ("test", "note", "file"))
    assert test or note
    if test:
        source = (REPOSITORY / test).read_text("utf-8")
        assert file in source
