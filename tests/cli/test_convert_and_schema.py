"""`riskmill convert` and `riskmill schema`."""

import csv
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Say
from tests.ingestion.foreign.portfolios import FX_FORWARD, portfolio, trade
from tests.ingestion.foreign.scenarios import SIMULATION, daily_rows, scenario_file

TRUTH = Path(__file__).parents[1] / "truth" / "ore"
FROM_ORE = ("--from", "ore", "--business-date", "2019-12-30")


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """Directory of an ORE user: a portfolio, its markets, and something else."""
    directory = tmp_path / "ore"
    directory.mkdir()
    trades = [trade("FxForward", FX_FORWARD), trade("Swaption", "", "S-1")]
    (directory / "portfolio.xml").write_bytes(portfolio(trades))
    (directory / "simulation.xml").write_bytes(SIMULATION)
    (directory / "scenarios.csv").write_bytes(scenario_file())
    (directory / ".hidden").write_bytes(b"x")
    return directory


def test_a_converted_book_is_valid_and_runs_as_far_as_its_history_goes(
    say: Say, foreign: Path, tmp_path: Path
) -> None:
    out = tmp_path / "book"
    said = say("convert", foreign, *FROM_ORE, "--out", out)
    assert said.code == 0
    assert "E151  error     1      trade type not taken over" in said.out
    assert "riskmill validate" in said.err
    assert {path.name for path in (out / "input").iterdir()} == {
        "positions.csv", "market.csv", "history.csv", "hierarchy.csv",
    }  # fmt: skip
    close = ("--write-manifest", "--business-date", "2019-12-30", "--currency", "EUR")
    said = say("validate", out / "input", *close)
    assert (said.code, "would be used" in said.out) == (0, True)
    said = say("run", out / "input", "--out", tmp_path / "out", "--risk", extended(tmp_path))
    assert said.code == 0
    (report,) = (tmp_path / "out").rglob("report.json")
    assert "W370" in report.read_text(encoding="utf-8")


def extended(folder: Path) -> Path:
    """Return a risk file that lets curves go on after their last tenor, as ORE does."""
    path = folder / "risk.toml"
    path.write_text('beyond_curve = "extend"\n', encoding="utf-8")
    return path


def test_a_converted_book_with_a_history_runs(say: Say, foreign: Path, tmp_path: Path) -> None:
    (foreign / "scenarios.csv").write_bytes(scenario_file(daily_rows(101)))
    out = tmp_path / "book"
    assert say("convert", foreign, *FROM_ORE, "--out", out).code == 0
    close = ("--write-manifest", "--business-date", "2019-12-30", "--currency", "EUR")
    assert say("validate", out / "input", *close).code == 0
    run = say("run", out / "input", "--out", tmp_path / "out", "--risk", extended(tmp_path))
    assert run.code == 0


def test_ores_own_files_tell_what_is_still_missing(say: Say, tmp_path: Path) -> None:
    said = say("convert", TRUTH, *FROM_ORE, "--out", tmp_path / "book")
    assert said.code == 0
    assert "Add market.csv, history.csv" in said.err
    with (tmp_path / "book" / "rejects.csv").open(newline="") as file:
        rejects = list(csv.DictReader(file))
    assert {row["subject"] for row in rejects} == {"XCCY_Swap_EUR_USD"}


def test_one_file_is_converted_with_others_named(say: Say, foreign: Path, tmp_path: Path) -> None:
    said = say(
        "convert", foreign / "portfolio.xml", *FROM_ORE, "--out", tmp_path / "book", "--book",
        "MINE", "--market", foreign / "scenarios.csv", "--market", foreign / "simulation.xml",
        "--json",
    )  # fmt: skip
    shown = json.loads(said.out)
    assert shown["refusal"] is None
    assert {Path(path).name for path in shown["written"]} > {"history.csv", "market.csv"}
    assert [source["taken"] for source in shown["sources"]] == [1, 2, 1]
    assert "MINE" in (tmp_path / "book" / "input" / "hierarchy.csv").read_text()


def test_nothing_is_overwritten(say: Say, foreign: Path, tmp_path: Path) -> None:
    assert say("convert", foreign, *FROM_ORE, "--out", tmp_path / "book").code == 0
    before = (tmp_path / "book" / "input" / "positions.csv").read_bytes()
    said = say("convert", foreign, *FROM_ORE, "--out", tmp_path / "book", "--book", "OTHER")
    assert said.code == 2
    assert said.err.startswith("Error E615: ")
    assert (tmp_path / "book" / "input" / "positions.csv").read_bytes() == before


def test_a_portfolio_of_nothing_that_is_priced_ends_with_its_reasons(
    say: Say, tmp_path: Path
) -> None:
    (tmp_path / "portfolio.xml").write_bytes(portfolio([trade("Swaption", "", "S-1")]))
    said = say("convert", tmp_path / "portfolio.xml", *FROM_ORE, "--out", tmp_path / "book")
    assert said.code == 3
    assert "Error E079: " in said.err
    assert "Trade 'S-1'" in said.out
    assert [path.name for path in (tmp_path / "book").iterdir()] == ["rejects.csv"]


def test_a_path_that_is_not_there_is_wrong_usage(say: Say, tmp_path: Path) -> None:
    said = say("convert", tmp_path / "nothing.xml", *FROM_ORE, "--out", tmp_path / "book")
    assert (said.code, said.err[:12]) == (2, "Error E607: ")
    assert say("convert", tmp_path, "--from", "ore", "--out", tmp_path / "book").code == 2


def test_files_of_the_same_name_are_told_apart(say: Say, foreign: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "portfolio.xml").write_bytes(portfolio([trade("FxForward", FX_FORWARD, "T-2")]))
    said = say(
        "convert", foreign, *FROM_ORE, "--out", tmp_path / "book", "--market",
        other / "portfolio.xml",
    )  # fmt: skip
    assert said.code == 0
    assert "T-2" in (tmp_path / "book" / "input" / "positions.csv").read_text()


def test_text_fits_80_columns(say: Say, own_book: Path, foreign: Path, tmp_path: Path) -> None:
    for words in (
        ("schema", "positions"),
        ("schema",),
        ("validate", own_book),
        ("convert", foreign, *FROM_ORE, "--out", tmp_path / "converted"),
    ):
        lines = say(*words).out.splitlines()
        prose = [line for line in lines if line.count(",") < 8 and str(tmp_path) not in line]
        assert max(map(len, prose)) <= 80, words


@pytest.mark.parametrize("dataset", ["positions", "history", "market", "limits"])
def test_a_schema_shows_columns_and_an_example(say: Say, dataset: str) -> None:
    said = say("schema", dataset)
    assert said.code == 0
    assert "Example:" in said.out
    assert json.loads(say("schema", dataset, "--json").out)["type"] == "object"


def test_all_schemas_are_listed(say: Say) -> None:
    assert "positions  a position" in say("schema").out
    assert set(json.loads(say("schema", "--json").out)) > {"positions", "history"}


def test_an_unknown_dataset_is_told(say: Say) -> None:
    said = say("schema", "trades")
    assert (said.code, said.err[:12]) == (2, "Error E706: ")
