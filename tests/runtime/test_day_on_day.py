"""A run finds the one before it, says what moved, and hands its past on."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from riskmill.domain import RiskSpec, UsageError
from riskmill.runtime import RunOptions, RunOutcome, rerun, start_run, write_manifest
from tests.runtime.inboxes import FRIDAY, QUICK, V1, edit, lenient, place

MONDAY = V1
Published = dict[str, bytes]


def dated(batch: Path, inbox: Path, batch_id: str, without: str = "\n") -> Path:
    """Put the sample into an inbox as the delivery of another day; one quote may be missing."""
    source = place(batch, inbox, batch_id)
    market = source / "market.csv"
    rows = market.read_text(encoding="utf-8").splitlines(keepends=True)
    market.write_text("".join(row for row in rows if not row.startswith(without)), "utf-8")
    day, snapshot, version = batch_id.split("/")
    history = source / "history.parquet"
    table = pq.read_table(history)
    known = [row <= date.fromisoformat(day) for row in table["date"].to_pylist()]
    pq.write_table(table.filter(known), history)
    (source / "manifest.json").unlink()
    write_manifest(
        source,
        business_date=date.fromisoformat(day),
        snapshot=snapshot,
        reporting_currency="USD",
    )
    edit(source, lenient)
    edit(source, lambda manifest: manifest.update(version=version))
    return source


def report_of(outcome: RunOutcome) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((outcome.report.parent / "report.json").read_text("utf-8"))
    return found


@pytest.fixture
def two_days(sample_batch: Path, tmp_path: Path) -> tuple[Path, Path]:
    return (
        dated(sample_batch, tmp_path / "in", FRIDAY),
        dated(sample_batch, tmp_path / "in", MONDAY),
    )


def test_the_first_run_says_in_words_that_there_is_none_before(
    two_days: tuple[Path, Path], out: Path
) -> None:
    report = report_of(start_run(two_days[0], out, QUICK))
    assert "No finished run of an earlier business date" in report["day_on_day"]["empty"]
    assert report["history"]["empty"].startswith("This is the first day")


def test_the_parts_lead_from_one_run_to_the_next(two_days: tuple[Path, Path], out: Path) -> None:
    friday = start_run(two_days[0], out, QUICK)
    monday = start_run(two_days[1], out, QUICK)
    report = report_of(monday)["day_on_day"]
    assert friday.run_id in report["against"]
    steps = [step["amount"]["value"] for step in report["value_at_risk"]["steps"]]
    assert steps[0] == friday.summary.value_at_risk
    assert steps[-1] == monday.summary.value_at_risk
    assert sum(steps[:-1]) == pytest.approx(steps[-1])
    assert steps[-2] == 0.0
    *parts, total = (step["amount"]["value"] for step in report["pnl"]["steps"])
    assert sum(parts) == pytest.approx(total)


def test_a_position_without_a_value_today_is_no_passing_of_time(
    sample_batch: Path, tmp_path: Path, out: Path
) -> None:
    friday = dated(sample_batch, tmp_path / "in", FRIDAY)
    monday = dated(sample_batch, tmp_path / "in", MONDAY)
    gone = dated(sample_batch, tmp_path / "other", MONDAY, without="CO:WTI,")
    start_run(friday, out, QUICK)
    whole = report_of(start_run(monday, out, QUICK))["day_on_day"]
    start_run(friday, tmp_path / "out", QUICK)
    found = report_of(start_run(gone, tmp_path / "out", QUICK))["day_on_day"]
    time, whole_time = (
        next(step["amount"]["value"] for step in told["pnl"]["steps"] if step["label"] == "Time")
        for told in (found, whole)
    )
    assert time == pytest.approx(whole_time, rel=1e-9)
    assert any("cannot be valued today" in remark for remark in found["remarks"])
    assert not any("cannot be valued today" in remark for remark in whole["remarks"])


def test_unchanged_positions_leave_nothing_to_the_part_of_positions(
    two_days: tuple[Path, Path], out: Path
) -> None:
    start_run(two_days[0], out, QUICK)
    steps = report_of(start_run(two_days[1], out, QUICK))["day_on_day"]["value_at_risk"]["steps"]
    (positions,) = (step for step in steps if step["label"] == "Positions")
    assert positions["amount"]["value"] == 0.0


def test_the_run_before_is_part_of_what_names_a_run(two_days: tuple[Path, Path], out: Path) -> None:
    start_run(two_days[0], out, QUICK)
    compared = start_run(two_days[1], out, QUICK)
    alone = start_run(two_days[1], out, replace(QUICK, previous=""))
    assert compared.run_id != alone.run_id
    assert start_run(two_days[1], out, QUICK).state == "already finished"
    named = start_run(two_days[1], out, replace(QUICK, previous=first_run(out)))
    assert named.run_id == compared.run_id


def first_run(out: Path) -> str:
    return min(path.name for path in (out / "runs").iterdir())


def test_partitions_change_no_byte_of_a_compared_run(
    two_days: tuple[Path, Path], tmp_path: Path, published: Callable[[Path], Published]
) -> None:
    outs = []
    for partitions in (1, 3):
        out = tmp_path / f"out-{partitions}"
        for source in two_days:
            start_run(source, out, replace(QUICK, partitions=partitions))
        outs.append(published(out))
    assert outs[0] == outs[1]


def test_a_compared_run_is_calculated_again_with_the_same_bytes(
    two_days: tuple[Path, Path], out: Path
) -> None:
    start_run(two_days[0], out, QUICK)
    start_run(two_days[1], out, QUICK)
    again = start_run(two_days[1], out, replace(QUICK, force=True))
    assert again.state == "recalculated"
    assert rerun(out, again.run_id, QUICK).state == "already finished"


def test_a_corrected_batch_is_not_the_one_before(
    sample_batch: Path, two_days: tuple[Path, Path], tmp_path: Path, out: Path
) -> None:
    start_run(two_days[0], out, QUICK)
    second = dated(sample_batch, tmp_path / "in", FRIDAY.replace("v001", "v002"))
    edit(second, lambda manifest: manifest.update(supersedes="v001"))
    corrected = start_run(second, out, QUICK)
    against = report_of(start_run(two_days[1], out, QUICK))["day_on_day"]["against"]
    assert corrected.run_id in against


def test_another_snapshot_is_not_compared_with(two_days: tuple[Path, Path], out: Path) -> None:
    edit(two_days[0], lambda manifest: manifest.update(snapshot="NOON"))
    start_run(two_days[0], out, QUICK)
    assert report_of(start_run(two_days[1], out, QUICK))["day_on_day"]["empty"]


def test_a_day_without_a_run_is_told(sample_batch: Path, tmp_path: Path, out: Path) -> None:
    start_run(dated(sample_batch, tmp_path / "in", "2018-12-27/EOD/v001"), out, QUICK)
    report = report_of(start_run(dated(sample_batch, tmp_path / "in", MONDAY), out, QUICK))
    assert "There is no run of 2018-12-28" in report["day_on_day"]["remarks"][0]


@pytest.mark.parametrize(("named", "code"), [("2018-12-28-000000000000", "E620")])
def test_a_run_that_is_not_there_is_refused(
    two_days: tuple[Path, Path], out: Path, named: str, code: str
) -> None:
    with pytest.raises(UsageError) as refused:
        start_run(two_days[1], out, replace(QUICK, previous=named))
    assert refused.value.code == code


def test_a_run_of_the_same_day_cannot_be_the_one_before(
    two_days: tuple[Path, Path], out: Path
) -> None:
    same = start_run(two_days[1], out, QUICK)
    options = RunOptions(spec=RiskSpec(scenarios=120), previous=same.run_id)
    with pytest.raises(UsageError) as refused:
        start_run(two_days[1], out, options)
    assert refused.value.code == "E621"
