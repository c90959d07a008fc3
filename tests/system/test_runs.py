"""Deliveries into the data bucket become reports in the output bucket: the same bytes as here."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from riskmill.cloud.dashboard import RUN_FIELDS
from riskmill.runtime import demo_input
from tests.system.cloud import DATA, Cloud, Crew, until

Published = dict[str, bytes]
OnOneMachine = Callable[[Path, str], Published]
Batch = Callable[[str], Path]


@pytest.fixture(scope="module")
def crew(cloud: Cloud) -> Iterator[Crew]:
    """A worker of each stage, for all tests of this module."""
    found = Crew.of(cloud)
    yield found
    found.stop()


def published(cloud: Cloud, run_id: str, batch_id: str) -> Published:
    """What the run published, and what was answered to its sender."""
    return {
        **cloud.objects(f"reports/{run_id[:10]}/{run_id}/"),
        **cloud.objects(f"quarantine/{batch_id}/"),
    }


def test_the_demo_bank_gives_the_bytes_of_one_machine(
    cloud: Cloud, crew: Crew, on_one_machine: OnOneMachine
) -> None:
    batch_id = "2018-12-31/EOD/v001"
    cloud.deliver(demo_input(), batch_id)
    run_id = cloud.ended(batch_id)
    here = on_one_machine(demo_input(), batch_id)
    there = published(cloud, run_id, batch_id)
    assert sorted(there) == sorted(here)
    assert [key for key in here if there[key] != here[key]] == []
    assert f"reports/2018-12-31/{run_id}/report.pdf" in there

    (closed,) = crew.reporting.of_run(run_id, "run-closed")
    assert closed.keys() >= set(RUN_FIELDS)
    assert closed["run_id"] == run_id
    assert closed["status"] == "complete with failures"
    assert closed["positions"] == 527
    assert run_id.encode() in cloud.objects("reports/index.html")["reports/index.html"]

    done = [line for one in crew.all() for line in one.of_run(run_id, "task")]
    assert {line["outcome"] for line in done} == {"done"}
    plan = json.loads(cloud.objects(f"runs/{run_id}/plan.json")[f"runs/{run_id}/plan.json"])
    tasks = [_task_id(task) for wave in plan["waves"] for task in wave["tasks"]]
    assert sorted(line["task_id"] for line in done) == sorted([*tasks, "run-close"])
    assert sum(line["Valuations"] for line in done) > 100_000
    assert {one: cloud.depth(one) for one in ("data-ingestion", "risk-calculation")} == {
        "data-ingestion": 0, "risk-calculation": 0,
    }  # fmt: skip


def test_order_and_number_of_events_change_nothing(
    cloud: Cloud, crew: Crew, batch: Batch, on_one_machine: OnOneMachine
) -> None:
    batch_id = "2018-12-31/MIXED/v001"
    source = batch("MIXED")
    names = sorted(path.name for path in source.iterdir())
    names.remove("manifest.json")
    # The manifest first, half of the files twice, and the manifest once more.
    cloud.deliver(source, batch_id, ["manifest.json", *reversed(names), *names[:3]])
    cloud.deliver(source, batch_id, ["manifest.json"])
    run_id = cloud.ended(batch_id)
    cloud.deliver(source, batch_id, ["manifest.json", names[0]])
    until(lambda: cloud.depth("data-ingestion") == 0, 60, "empty queue", cloud.explain)
    assert list(cloud.runs_of(batch_id)) == [f"{run_id}-0001"]
    assert published(cloud, run_id, batch_id) == on_one_machine(source, batch_id)
    attempts = cloud.objects(f"runs/{run_id}/attempts/")
    assert len(attempts) == len(cloud.objects(f"runs/{run_id}/tasks/"))


def test_files_that_come_before_their_manifest_are_checked_at_once(
    cloud: Cloud, crew: Crew, batch: Batch
) -> None:
    batch_id = "2018-12-31/EARLY/v001"
    source = batch("EARLY")
    raw = (source / "positions.csv").read_bytes()
    cloud.s3.put_object(Bucket=DATA, Key=f"in/{batch_id}/positions.csv", Body=raw + b"short\n")
    (line,) = until(
        lambda: [one for one in crew.ingestion.lines("batch") if one["batch_id"] == batch_id],
        30,
        "answer to an early file",
        cloud.explain,
    )
    assert line["outcome"] == "checked"
    assert "1 of" in line["detail"]
    assert cloud.runs_of(batch_id) == {}


def test_a_batch_that_cannot_be_used_is_answered_once_and_ends_as_failed(
    cloud: Cloud, crew: Crew, batch: Batch
) -> None:
    batch_id = "2018-12-31/BROKEN/v001"
    source = batch("BROKEN")
    (source / "positions.csv").write_bytes(b"not,what,was,announced\n")
    cloud.deliver(source, batch_id)

    def over() -> str | None:
        statuses = list(cloud.runs_of(batch_id).values())
        return statuses[0] if statuses and statuses[0] != "RUNNING" else None

    assert until(over, 60, "end of the broken run", cloud.explain) == "FAILED"
    answers = cloud.objects(f"quarantine/{batch_id}/")
    (reject,) = [json.loads(raw) for key, raw in answers.items() if key.endswith("/reject.json")]
    assert reject["code"].startswith("E0")
    (name,) = cloud.runs_of(batch_id)
    (closed,) = crew.reporting.of_run(name[:-5], "run-closed")
    assert (closed["status"], closed["error"]) == ("failed", reject["code"])
    failed = [one for one in crew.ingestion.of_run(name[:-5], "task") if one["outcome"] == "failed"]
    assert (failed[0]["error"], failed[0]["kind"]) == (reject["code"], "InputRejected")
    assert {one["ItemsFailed"] for one in failed} == {1}
    cloud.deliver(source, batch_id, ["manifest.json"])
    until(lambda: cloud.depth("data-ingestion") == 0, 60, "empty queue", cloud.explain)
    assert len(cloud.runs_of(batch_id)) == 1
    assert b"BROKEN" in cloud.objects("reports/index.html")["reports/index.html"]


def test_a_manifest_that_cannot_be_read_is_answered_without_a_run(
    cloud: Cloud, crew: Crew, batch: Batch
) -> None:
    batch_id = "2018-12-31/TORN/v001"
    source = batch("TORN")
    (source / "manifest.json").write_bytes(b'{"business_date": "2018-12-31", ')
    cloud.deliver(source, batch_id)
    answer = until(lambda: cloud.objects("quarantine/unreadable/"), 60, "answer", cloud.explain)
    (raw,) = answer.values()
    assert json.loads(raw)["code"].startswith("E0")
    refused = until(
        lambda: [one for one in crew.ingestion.lines("batch") if one["outcome"] == "refused"],
        30,
        "line of the refusal",
    )
    assert refused[0]["BatchesRefused"] == 1
    assert cloud.runs_of(batch_id) == {}


def _task_id(task: dict[str, object]) -> str:
    base = f"{task['stage']}-{task['wave']}"
    if task["of"] == 1:
        return base
    return f"{base}-{int(str(task['index'])) + 1:04d}-of-{int(str(task['of'])):04d}"
