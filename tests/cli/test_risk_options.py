"""`--risk` and `--scenario-set`: which scenarios a run is measured on."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Say

RISK = """
scenarios = 250
[monte_carlo]
draws = 256
distribution = "student_t"
seed = 11
[stressed]
scenarios = 200
"""


@pytest.fixture
def risk(tmp_path: Path) -> Path:
    file = tmp_path / "risk.toml"
    file.write_text(RISK, encoding="utf-8")
    return file


def report_of(say: Say, *command: object) -> dict[str, dict]:
    said = say("run", *command, "--json")
    assert said.code == 0, said.err
    path = Path(json.loads(said.out)["report"])
    page = path.read_text(encoding="utf-8")
    assert "Stressed period and reverse stress" in page
    return json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def test_a_run_draws_and_stresses_as_its_risk_file_says(
    say: Say, book: Path, tmp_path: Path, risk: Path
) -> None:
    options = (book, "--out", tmp_path / "out", "--risk", risk)
    report = report_of(say, *options, "--scenario-set", "monte_carlo")
    facts = {fact["label"]: fact["text"] for fact in report["audit"]["scenarios"]}
    assert (facts["Seed"], facts["Scenarios"]) == ("11", "256")
    assert facts["Covariance fitted to"].startswith("250 windows")
    assert facts["Method"].startswith("256 Monte Carlo scenarios: 1-day moves drawn from a Stud")
    stressed = report["stressed"]
    assert "200" in stressed["period"]
    assert stressed["rows"][0]["stressed_es"]["value"] > 0.0
    (worst,) = stressed["worst"]
    assert worst["pnl"]["value"] < 0.0

    filtered = report_of(say, *options, "--scenario-set", "filtered_historical")
    assert "rescaled to current volatility" in filtered["strip"]["method"]
    for ours, theirs in zip(filtered["stressed"]["rows"], stressed["rows"], strict=True):
        assert ours["stressed_es"] == theirs["stressed_es"]
    assert filtered["strip"]["run_id"] != report["strip"]["run_id"]


def test_a_seed_is_part_of_the_run_id(say: Say, book: Path, tmp_path: Path, risk: Path) -> None:
    def planned() -> str:
        return json.loads(say("plan", book, "--risk", risk, "--json").out)["run_id"]

    first = planned()
    assert planned() == first
    risk.write_text(RISK.replace("11", "12"), encoding="utf-8")
    assert planned() != first


@pytest.mark.parametrize(
    ("text", "code"),
    [("scenarios = ", "E489"), ("[monte_carlo]\ndegrees_of_freedom = 1.0", "E481"),
     ("holding_days = 0", "E451"), ("confidences = ['2']", "E452"),
     ("[stressed]\nscenarios = 50", "E480"), ("curve_interpolation = 'cubic'", "E451")],
)  # fmt: skip
def test_a_risk_file_that_cannot_be_carried_out_is_refused(
    say: Say, book: Path, tmp_path: Path, risk: Path, text: str, code: str
) -> None:
    risk.write_text(text, encoding="utf-8")
    said = say("run", book, "--out", tmp_path / "out", "--risk", risk)
    assert said.code == 2
    assert f"{code}: " in said.err


def test_a_risk_file_that_is_not_there_is_named(say: Say, book: Path, tmp_path: Path) -> None:
    said = say("run", book, "--out", tmp_path / "out", "--risk", tmp_path / "gone.toml")
    assert said.code == 2
    assert "gone.toml" in said.err
