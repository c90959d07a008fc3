"""
What every container promises, over each stage's real process.

Exit codes, DATA_BUCKET, OUTPUT_BUCKET, logs on stdout and stderr, SIGTERM; and its health.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from riskmill.cloud import STAGES
from riskmill.cloud.stages import STOP_SECONDS
from tests.cloud.templates import RESOURCES
from tests.system.cloud import Cloud, WorkerProcess, stop_all, until

NAMES = [stage.name for stage in STAGES]
STARTER = next(stage.name for stage in STAGES if stage.starts_runs)


@pytest.fixture(params=NAMES, scope="module")
def worker(cloud: Cloud, request: pytest.FixtureRequest) -> Iterator[WorkerProcess]:
    found = cloud.worker(request.param).ready()
    yield found
    stop_all([found])


def ended(
    stage: str, environment: Mapping[str, str], *more: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "riskmill", "worker", stage, *more],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_its_health_is_asked_as_the_task_definition_asks_it(worker: WorkerProcess) -> None:
    prefix = next(stage.prefix for stage in STAGES if stage.name == worker.stage)
    (container,) = RESOURCES[f"{prefix}TaskDefinition"]["Properties"]["ContainerDefinitions"]
    command = container["HealthCheck"]["Command"]
    assert command == ["CMD", "riskmill", "worker", worker.stage, "--health"]
    scratch = {"TMPDIR": str(worker.scratch)}
    until(lambda: ended(worker.stage, scratch, "--health").returncode == 0, 20, "health")
    worker.process.send_signal(signal.SIGSTOP)
    alive = worker.scratch / f"riskmill-{worker.stage}.alive"
    long_ago = time.time() - 300
    os.utime(alive, (long_ago, long_ago))
    assert ended(worker.stage, scratch, "--health").returncode == 1
    worker.process.send_signal(signal.SIGCONT)


def test_sigterm_ends_it_with_0_and_its_lines_were_json_on_stdout(worker: WorkerProcess) -> None:
    began = time.monotonic()
    assert worker.terminate(STOP_SECONDS) == 0
    assert time.monotonic() - began < STOP_SECONDS / 4
    assert [line["outcome"] for line in worker.lines("worker")] == ["started", "stopped"]
    assert len(worker.output().splitlines()) == len(worker.lines())
    told = {"timestamp", "event", "Environment", "Stage"}
    assert all(told <= line.keys() for line in worker.lines())
    assert worker.complaints() == ""


@pytest.mark.parametrize("stage", NAMES)
def test_a_worker_that_never_was_is_not_healthy(stage: str, tmp_path: Path) -> None:
    assert ended(stage, {"TMPDIR": str(tmp_path)}, "--health").returncode == 1


@pytest.mark.parametrize("stage", NAMES)
@pytest.mark.parametrize("name", ["DATA_BUCKET", "OUTPUT_BUCKET", "QUEUE_URL"])
def test_it_ends_with_a_usage_error_that_names_what_it_is_not_told(
    cloud: Cloud, stage: str, name: str
) -> None:
    told = {
        **cloud.aws.environment(),
        "DATA_BUCKET": "data",
        "OUTPUT_BUCKET": "output",
        "QUEUE_URL": cloud.queue(stage),
        "RISKMILL_ENVIRONMENT": "test",
        "STATE_MACHINE_ARN": "arn",
    }
    del told[name]
    done = ended(stage, told)
    assert done.returncode == 2
    assert "E851" in done.stderr
    assert name in done.stderr
    assert done.stdout == ""


def test_a_stage_that_is_none_is_a_usage_error() -> None:
    done = ended("risk", {})
    assert done.returncode == 2
    assert "risk-calculation" in done.stderr


def test_the_buckets_are_those_of_its_environment(cloud: Cloud) -> None:
    worker = cloud.worker(STARTER, DATA_BUCKET="no-such-bucket").ready()
    try:
        (line,) = until(lambda: worker.lines("look"), 30, "look at the inbox", cloud.explain)
        assert "no-such-bucket" in line["message"]
        assert line["error"] in ("E604", "E857")
        assert worker.process.poll() is None
    finally:
        stop_all([worker])


def test_a_queue_that_does_not_answer_is_told_and_asked_again(cloud: Cloud) -> None:
    url = f"{cloud.queue(STARTER)}-gone"
    worker = cloud.worker(STARTER, QUEUE_URL=url).ready()
    try:
        lines = until(lambda: worker.lines("queue")[1:] and worker.lines("queue"), 30, "lines")
        assert {line["error"] for line in lines} == {"E852"}
        assert worker.terminate() == 0
    finally:
        stop_all([worker])


def test_an_interrupt_from_a_keyboard_stops_it_as_sigterm_does(cloud: Cloud) -> None:
    worker = cloud.worker("report-generation").ready()
    worker.process.send_signal(signal.SIGINT)
    assert worker.process.wait(60) == 0
