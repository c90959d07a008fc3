"""`run`, `plan`, `status`, `logs`, `rerun`, `demo` and `doctor`."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Say, close


def run_of(finished: Path) -> str:
    (run,) = (finished / "runs").iterdir()
    return run.name


def test_a_run_ends_with_its_report_and_a_next_step(say: Say, book: Path, tmp_path: Path) -> None:
    said = say("run", book, "--out", tmp_path / "out")
    assert said.code == 0
    assert said.out.startswith("Finished.\nRun 2018-12-31-")
    assert "Firm: value at risk 99 % is " in said.out
    report = Path(said.out.splitlines()[-1].removeprefix("Report: "))
    assert report.is_file()
    assert report.with_name("report.json").is_file()
    assert json.loads(said.err.splitlines()[-1])["event"] == "next step"


def test_without_a_terminal_each_stage_is_one_json_line(
    say: Say, book: Path, tmp_path: Path
) -> None:
    said = say("run", book, "--out", tmp_path / "out")
    lines = [json.loads(line) for line in said.err.splitlines()]
    stages = [(line["stage"], line["wave"]) for line in lines if line["event"] == "stage finished"]
    assert stages == [
        ("ingestion", "file"),
        ("ingestion", "reconcile"),
        ("risk", "value"),
        ("risk", "measure"),
        ("risk", "attribute"),
        ("risk", "examine"),
        ("ingestion", "rows"),
        ("reporting", "render"),
        ("reporting", "forms"),
    ]


def test_a_finished_run_is_not_done_again(say: Say, book: Path, finished: Path) -> None:
    said = say("run", book, "--out", finished)
    assert said.code == 0
    assert said.out.startswith("Nothing to do")


def test_force_calculates_again_and_compares(say: Say, book: Path, finished: Path) -> None:
    said = say("run", book, "--out", finished, "--force", "--partitions", 2, "--workers", 1)
    assert said.code == 0
    assert said.out.startswith("Calculated again: every byte is as before.")


def test_a_run_as_json(say: Say, book: Path, finished: Path) -> None:
    shown = json.loads(say("run", book, "--out", finished, "--json").out)
    assert shown["run_id"] == run_of(finished)
    assert shown["state"] == "already finished"
    assert Path(shown["report"]).is_file()


def test_a_breach_fails_the_command_only_when_asked_to(
    say: Say, own_book: Path, tmp_path: Path
) -> None:
    limits = own_book / "limits.csv"
    header, *rows = limits.read_text().splitlines()
    amount = header.split(",").index("amount")
    tight = [",".join("1" if i == amount else c for i, c in enumerate(r.split(","))) for r in rows]
    limits.write_text("\n".join([header, *tight]) + "\n")
    close(own_book)
    kept = say("run", own_book, "--out", tmp_path / "out")
    assert kept.code == 0
    assert "\nBreach: " in kept.out
    assert say("run", own_book, "--out", tmp_path / "out", "--fail-on-breach").code == 5


def test_another_number_of_scenarios_is_another_run(say: Say, book: Path, finished: Path) -> None:
    usual = json.loads(say("plan", book, "--json").out)
    fewer = json.loads(say("plan", book, "--scenarios", 250, "--json").out)
    assert usual["run_id"] == run_of(finished)
    assert fewer["run_id"] != usual["run_id"]
    assert usual["scenarios"] - fewer["scenarios"] == 250


def test_a_plan_names_its_waves(say: Say, book: Path) -> None:
    said = say("plan", book, "--partitions", 3)
    assert said.code == 0
    assert ["risk", "value", "3"] in [line.split() for line in said.out.splitlines()]


def test_status_lists_the_runs_of_a_directory(say: Say, finished: Path) -> None:
    (run,) = json.loads(say("status", "--out", finished, "--json").out)
    assert run["run_id"] == run_of(finished)
    assert run["status"].startswith("complete")
    assert run["done"] == run["tasks"]
    said = say("status", "--out", finished)
    assert run["run_id"] in said.out
    assert run["report"] in said.out


def test_status_of_one_run_lists_its_stages(say: Say, finished: Path) -> None:
    said = say("status", run_of(finished), "--out", finished)
    assert "Report: " in said.out
    assert "reconcile" in said.out
    shown = json.loads(say("status", run_of(finished), "--out", finished, "--json").out)
    assert [stage["wave"] for stage in shown["stages"]][-1] == "forms"


def test_status_of_a_directory_without_runs_says_so(say: Say, tmp_path: Path) -> None:
    said = say("status", "--out", tmp_path)
    assert (said.code, said.out) == (0, "")
    assert "No runs" in said.err
    assert json.loads(say("status", "--out", tmp_path, "--json").out) == []


@pytest.mark.parametrize("command", ["status", "logs", "rerun"])
def test_an_unknown_run_is_wrong_usage(say: Say, finished: Path, command: str) -> None:
    said = say(command, "2018-12-31-000000000000", "--out", finished)
    assert said.code == 2
    assert said.err.startswith("Error E612: ")


def test_logs_show_each_attempt_of_the_last_run(say: Say, finished: Path) -> None:
    said = say("logs", "--out", finished)
    assert said.code == 0
    assert "risk-value" in said.out
    records = [
        json.loads(line)
        for line in say("logs", "--out", finished, "--json").out.split("\n")
        if line
    ]
    assert {record["outcome"] for record in records} == {"done"}


def test_logs_without_a_name_are_those_of_the_run_that_ended_last(
    say: Say, book: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    for scenarios in (250, 251, 252):
        said = say("run", book, "--out", out, "--scenarios", scenarios, "--json")
        run_id = json.loads(said.out)["run_id"]
        assert say("logs", "--out", out).out == say("logs", run_id, "--out", out).out


def test_logs_without_a_run_are_wrong_usage(say: Say, tmp_path: Path) -> None:
    said = say("logs", "--out", tmp_path)
    assert said.code == 2
    assert said.err.startswith("Error E705: ")


def test_rerun_leaves_a_finished_run_alone(say: Say, finished: Path) -> None:
    said = say("rerun", run_of(finished), "--out", finished)
    assert said.code == 0
    assert said.out.startswith("Nothing to do")


def test_rerun_of_failed_tasks_says_when_there_are_none(say: Say, finished: Path) -> None:
    said = say("rerun", run_of(finished), "--failed", "--out", finished)
    assert (said.code, said.out) == (0, "")
    assert "has failed" in said.err


def test_doctor_checks_the_machine(say: Say, tmp_path: Path) -> None:
    said = say("doctor", "--out", tmp_path)
    assert said.code == 0, said.out
    checks = json.loads(say("doctor", "--out", tmp_path, "--json").out)
    assert "python" in {check["name"] for check in checks}
    assert all(check["ok"] for check in checks)


def test_risk_classes_cost_one_more_historical_set_each(say: Say, book: Path) -> None:
    plain = json.loads(say("plan", book, "--scenarios", 20, "--json").out)
    classed = json.loads(say("plan", book, "--scenarios", 20, "--by-risk-class", "--json").out)
    assert classed["run_id"] != plain["run_id"]
    assert (classed["scenarios"] - plain["scenarios"]) % 20 == 0
    assert classed["scenarios"] > plain["scenarios"]
