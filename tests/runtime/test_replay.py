"""The demo bank's past days: deliveries that hold nothing wrong, and runs that follow on."""

import json
from pathlib import Path

import pytest

from riskmill.domain import UsageError
from riskmill.runtime import list_runs, replay_demo, validate
from riskmill.runtime.past_deliveries import PastDeliveries, latest_days

DELIVERIES = PastDeliveries.read()


@pytest.mark.parametrize("number", [0, 12, 120, 249])
def test_a_past_delivery_has_no_row_that_is_rejected(number: int, tmp_path: Path) -> None:
    for name, raw in DELIVERIES.of(DELIVERIES.days[number]).items():
        (tmp_path / name).write_bytes(raw)
    found = validate(tmp_path)
    assert found.refusal is None
    assert [failure for failure in found.failures if failure.code.startswith("E")] == []


def test_the_days_are_as_many_as_a_backtest_looks_at() -> None:
    assert len(latest_days(DELIVERIES, 250)) == 250
    with pytest.raises(UsageError) as refused:
        latest_days(DELIVERIES, 251)
    assert refused.value.code == "E622"


def test_replayed_days_follow_one_another_and_are_not_done_twice(tmp_path: Path) -> None:
    replay_demo(tmp_path, 2)
    first, second = (Path(run.report) for run in list_runs(tmp_path))
    report = json.loads((second.parent / "report.json").read_text("utf-8"))
    assert first.parent.name in report["day_on_day"]["against"]
    assert len(report["history"]["dates"]) == 2
    written = second.stat().st_mtime_ns
    replay_demo(tmp_path, 2)
    assert second.stat().st_mtime_ns == written
    assert len(list_runs(tmp_path)) == 2
