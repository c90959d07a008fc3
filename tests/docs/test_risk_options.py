"""Every option of a risk file is documented, in the starter's file, and known to the command."""

import re
from dataclasses import fields, replace

import pytest

from riskmill.cli.options import scenario_set
from riskmill.cli.run import command
from riskmill.domain import SCENARIO_SETS, MonteCarloSpec, RiskSpec, StressedSpec
from riskmill.pipeline import read_risk_file
from riskmill.runtime.demo import RISK_FILE
from tests.architecture.sources import REPOSITORY

PAGE = (REPOSITORY / "docs" / "howto" / "choose-scenarios.md").read_text("utf-8")
TABLES = {"": RiskSpec, "monte_carlo.": MonteCarloSpec, "stressed.": StressedSpec}
OPTIONS = [
    f"{table}{field.name}"
    for table, kind in TABLES.items()
    for field in fields(kind)
    if f"{field.name}." not in TABLES
]


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_is_documented(option: str) -> None:
    assert f"`{option}`" in PAGE


def test_the_example_of_the_page_is_a_risk_file() -> None:
    (example,) = re.findall(r"^```toml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert read_risk_file(example.encode()).scenario_set == "monte_carlo"


def test_the_starter_states_the_defaults() -> None:
    stated = re.sub(r"^# (?=\w+ =|\[)", "", RISK_FILE, flags=re.MULTILINE)
    assert read_risk_file(RISK_FILE.encode()) == RiskSpec()
    assert read_risk_file(stated.encode()) == replace(RiskSpec(), stressed=StressedSpec())


def test_the_command_knows_every_scenario_set() -> None:
    assert scenario_set is not None
    (option,) = (one for one in command.params if one.name == "scenario_set")
    assert set(option.type.choices) == set(SCENARIO_SETS)
