"""One line an event, which the dashboard, the alarms and the runbook read."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from riskmill.cloud.dashboard import RUN_EVENT as SHOWN_EVENT
from riskmill.cloud.dashboard import RUN_FIELDS
from riskmill.domain import DIMENSION_SETS, METRICS, UsageError
from riskmill.runtime.aws.closing import RUN_EVENT, Closed
from riskmill.runtime.aws.telemetry import Teller, item_metrics
from riskmill.runtime.settings import read_worker_settings

NOW = datetime(2018, 12, 31, 22, 0, 1, 500_000, tzinfo=UTC)
TOLD = {
    "DATA_BUCKET": "deliveries",
    "OUTPUT_BUCKET": "results",
    "QUEUE_URL": "https://sqs/queue",
    "RISKMILL_ENVIRONMENT": "dev",
    "AWS_REGION": "eu-central-1",
    "STATE_MACHINE_ARN": "arn:aws:states:::stateMachine:batch-run-dev",
}


def told(*metrics: Any, **said: Any) -> dict[str, Any]:
    stream = io.StringIO()
    Teller(stream, lambda: NOW, environment="dev", stage="risk-calculation").tell(
        "task", *metrics, **said
    )
    (line,) = stream.getvalue().splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_a_line_says_when_where_and_what() -> None:
    assert told(outcome="done", task_id="risk-measure", error="") == {
        "timestamp": "2018-12-31T22:00:01.500Z",
        "event": "task",
        "outcome": "done",
        "task_id": "risk-measure",
        "Environment": "dev",
        "Stage": "risk-calculation",
    }


@pytest.mark.parametrize("hostile", ["a\nb", '"}', "\u2028", "\x1b[31m", "{{", "é" * 5_000])
def test_hostile_text_stays_on_its_line(hostile: str) -> None:
    assert told(message=hostile)["message"] == hostile


def test_metrics_are_members_of_the_line_that_cloudwatch_is_told_of() -> None:
    line = told(item_metrics(finished=True, seconds=1.5, valuations=500))
    (described,) = line["_aws"]["CloudWatchMetrics"]
    assert line["_aws"]["Timestamp"] == int(NOW.timestamp() * 1000)
    assert described["Namespace"] == "Riskmill"
    assert described["Dimensions"] == [list(names) for names in DIMENSION_SETS]
    assert all(name in line for names in DIMENSION_SETS for name in names)
    assert {one["Name"]: line[one["Name"]] for one in described["Metrics"]} == {
        "ItemsFinished": 1,
        "ItemsFailed": 0,
        "ItemSeconds": 1.5,
        "Valuations": 500,
    }
    assert all(one["Unit"] == METRICS[one["Name"]].unit for one in described["Metrics"])


def test_an_attempt_counts_as_finished_or_failed_and_never_as_both() -> None:
    for finished in (True, False):
        counted = item_metrics(finished=finished, seconds=0.0, valuations=0)
        assert counted["ItemsFinished"] + counted["ItemsFailed"] == 1


def test_the_line_of_a_closed_run_has_what_the_dashboard_shows() -> None:
    assert RUN_EVENT == SHOWN_EVENT
    assert set(RUN_FIELDS) <= set(Closed.__dataclass_fields__)


def test_every_variable_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(UsageError) as refused:
        read_worker_settings(starts_runs=True, environment={"DATA_BUCKET": "", "QUEUE_URL": "q"})
    assert refused.value.code == "E851"
    for name in TOLD.keys() - {"QUEUE_URL"}:
        assert name in refused.value.message


def test_only_ingestion_is_told_the_state_machine() -> None:
    plain = {name: value for name, value in TOLD.items() if name != "STATE_MACHINE_ARN"}
    assert read_worker_settings(starts_runs=False, environment=plain).state_machine == ""
    with pytest.raises(UsageError):
        read_worker_settings(starts_runs=True, environment=plain)
    assert read_worker_settings(starts_runs=True, environment=TOLD).state_machine
