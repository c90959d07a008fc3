"""Workers that die, stop or meet nonsense: nothing is lost, nothing is done twice, all is told."""

import json
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from riskmill.cloud.queues import VISIBILITY_SECONDS
from tests.cloud.laptop.waiting import eventually
from tests.runtime.days import batch_of_day
from tests.system.cloud import Cloud, Crew, WorkerProcess, stop_all, until
from tests.system.faulty import Faults, proxy

Published = dict[str, bytes]
Batch = Callable[[str], Path]
OnOneMachine = Callable[[Path, str], Published]


def test_a_delivery_whose_events_were_lost_is_found_all_the_same(
    cloud: Cloud, batch: Batch
) -> None:
    batch_id = "2018-12-31/LOST/v001"
    source = batch("LOST")
    cloud.deliver(source, batch_id)
    url = cloud.resource("DataIngestionQueue")
    sqs = cloud.client("sqs")
    until(
        lambda: cloud.depth("data-ingestion") == len(list(source.iterdir())),
        20,
        "events in the queue",
    )
    sqs.purge_queue(QueueUrl=url)
    until(lambda: cloud.depth("data-ingestion") == 0, 20, "empty queue")
    crew = Crew.of(cloud)
    try:
        cloud.ended(batch_id)
    finally:
        crew.stop()


@contextmanager
def quick_visibility(cloud: Cloud, seconds: int) -> Iterator[None]:
    """Let what a dead worker held be seen again soon, in every queue."""
    sqs = cloud.client("sqs")
    urls = [cloud.queue(one) for one in ("data-ingestion", "risk-calculation", "report-generation")]

    def put(value: int) -> None:
        for url in urls:
            sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(value)})

    put(seconds)
    try:
        yield
    finally:
        put(VISIBILITY_SECONDS)


def test_a_run_survives_workers_that_are_killed_at_any_point(
    cloud: Cloud, batch: Batch, on_one_machine: OnOneMachine
) -> None:
    batch_id = "2018-12-31/KILLED/v001"
    source = batch("KILLED")
    with quick_visibility(cloud, 5):
        crew = Crew.of(cloud)
        victims = [crew.ingestion, crew.risk, crew.reporting]
        try:
            cloud.deliver(source, batch_id)
            for number, stage in enumerate(("data-ingestion", "risk-calculation",
                                            "report-generation")):  # fmt: skip
                until(lambda n=number: victims[n].lines("task"), 60, stage, cloud.explain)
                victims[number].process.send_signal(signal.SIGKILL)
                victims[number].process.wait()
                victims[number] = cloud.worker(stage)
            run_id = cloud.ended(batch_id)
        finally:
            stop_all(victims)
    here = on_one_machine(source, batch_id)
    there = cloud.objects(f"reports/2018-12-31/{run_id}/")
    assert _reported(there) == _reported(here)


def _reported(objects: dict[str, bytes]) -> dict[str, bytes]:
    """Reports without the page of signatures, which tells how many attempts there were."""
    return {
        key: raw
        for key, raw in objects.items()
        if key.startswith("reports/") and not key.rpartition("/")[2].startswith("signature.")
    }


def test_a_run_goes_on_when_every_worker_is_asked_to_stop_again_and_again(
    cloud: Cloud, batch: Batch, on_one_machine: OnOneMachine
) -> None:
    batch_id = "2018-12-31/STORM/v001"
    source = batch("STORM")
    stages = ("data-ingestion", "risk-calculation", "report-generation")
    running: dict[str, WorkerProcess] = {stage: cloud.worker(stage).ready() for stage in stages}
    try:
        cloud.deliver(source, batch_id)
        for stage in stages * 2:
            old, running[stage] = running[stage], cloud.worker(stage)
            assert old.terminate() == 0
            assert old.lines("worker")[-1]["outcome"] == "stopped"
        run_id = cloud.ended(batch_id)
    finally:
        stop_all(running.values())
    here = on_one_machine(source, batch_id)
    there = cloud.objects(f"reports/2018-12-31/{run_id}/")
    assert _reported(there) == _reported(here)
    assert len(cloud.runs_of(batch_id)) == 1


@pytest.fixture(scope="module")
def risk(cloud: Cloud) -> Iterator[WorkerProcess]:
    worker = cloud.worker("risk-calculation").ready()
    yield worker
    stop_all([worker])


def sent(cloud: Cloud, body: object, stage: str = "risk-calculation") -> None:
    text = body if isinstance(body, str) else json.dumps(body)
    cloud.client("sqs").send_message(QueueUrl=cloud.queue(stage), MessageBody=text)


def test_a_message_that_nobody_understands_becomes_a_dead_letter_with_its_reason_told(
    cloud: Cloud, risk: WorkerProcess
) -> None:
    sent(cloud, "hello")
    told = until(lambda: len(poison(risk)) >= 3 and poison(risk), 30, "poison", cloud.explain)
    assert len(told) == 3
    assert {line["error"] for line in told} == {"E855"}
    sqs, url = cloud.client("sqs"), cloud.resource("RiskCalculationDeadLetterQueue")
    letters = eventually(
        lambda: sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1).get("Messages", [])
    )
    assert [letter["Body"] for letter in letters] == ["hello"]
    sqs.purge_queue(QueueUrl=url)
    assert risk.process.poll() is None


def poison(worker: WorkerProcess) -> list[dict[str, Any]]:
    return [line for line in worker.lines("task") if line["outcome"] == "poison"]


def test_a_token_that_is_dead_ends_its_message_before_any_work(
    cloud: Cloud, risk: WorkerProcess
) -> None:
    sent(
        cloud,
        {
            "schema": "riskmill.work/1",
            "run_id": "2018-12-31-000000000000",
            "task_id": "risk-measure",
            "execution": "2018-12-31-000000000000-0001",
            "token": "a-token-of-yesterday",
        },
    )
    (line,) = until(lambda: risk.of_run("2018-12-31-000000000000", "task"), 30, "line")
    assert (line["outcome"], line["task_id"]) == ("stale", "risk-measure")
    assert "ItemsFailed" not in line
    assert until(lambda: cloud.depth("risk-calculation") == 0, 10, "empty queue")
    assert cloud.objects("runs/2018-12-31-000000000000/") == {}


def test_a_task_of_a_run_that_is_not_there_fails_with_its_reason(
    cloud: Cloud, risk: WorkerProcess
) -> None:
    states, role = cloud.client("stepfunctions"), cloud.client("iam")
    arn = role.get_role(RoleName=f"states-batch-run-test-{cloud.aws.region}")["Role"]["Arn"]
    ask = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Arguments": {
            "QueueUrl": cloud.queue("risk-calculation"),
            "MessageBody": {
                "schema": "riskmill.work/1",
                "run_id": "2018-12-31-111111111111",
                "task_id": "risk-measure",
                "execution": "{% $states.context.Execution.Name %}",
                "token": "{% $states.context.Task.Token %}",
            },
        },
        "TimeoutSeconds": 60,
        "End": True,
    }
    machine = states.create_state_machine(
        name="one-task",
        roleArn=arn,
        definition=json.dumps({"QueryLanguage": "JSONata", "StartAt": "Ask",
                               "States": {"Ask": ask}}),
    )["stateMachineArn"]  # fmt: skip
    execution = states.start_execution(stateMachineArn=machine, name="one", input="{}")

    def ended() -> dict[str, str] | None:
        told: dict[str, str] = states.describe_execution(executionArn=execution["executionArn"])
        return told if told["status"] != "RUNNING" else None

    told = until(ended, 30, "end")
    assert (told["status"], told["error"]) == ("FAILED", "RunFailed")
    assert "E856" in told["cause"]
    (line,) = until(lambda: risk.of_run("2018-12-31-111111111111", "task"), 10, "line")
    assert (line["outcome"], line["error"], line["ItemsFailed"]) == ("failed", "E856", 1)


def test_a_busy_worker_is_protected_and_an_idle_one_is_not(cloud: Cloud) -> None:
    asked: list[tuple[str, dict[str, object]]] = []

    class Agent(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            length = int(self.headers["Content-Length"])
            asked.append((self.path, json.loads(self.rfile.read(length))))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"protection":{"ProtectionEnabled":true}}')

        def log_message(self, *_: object) -> None:
            pass

    agent = HTTPServer(("127.0.0.1", 0), Agent)
    thread = threading.Thread(target=agent.serve_forever)
    thread.start()
    worker = cloud.worker(
        "report-generation", ECS_AGENT_URI=f"http://127.0.0.1:{agent.server_port}/api/abc"
    ).ready()
    try:
        sent(cloud, {"schema": "riskmill.work/1", "run_id": "r", "task_id": "run-close",
                     "execution": "e", "token": "dead"}, "report-generation")  # fmt: skip
        until(lambda: worker.lines("task"), 30, "line")
        assert asked == [
            (
                "/api/abc/task-protection/v1/state",
                {"ProtectionEnabled": True, "ExpiresInMinutes": 15},
            )
        ]
        until(lambda: len(asked) == 2, 20, "release")
        assert asked[1:] == [("/api/abc/task-protection/v1/state", {"ProtectionEnabled": False})]
    finally:
        stop_all([worker])
        agent.shutdown()
        thread.join()
        agent.server_close()


def test_a_backlog_of_days_in_any_order_gives_each_its_day_before(
    cloud: Cloud, batch: Batch, tmp_path: Path
) -> None:
    source = batch("BACKLOG")
    days = (date(2018, 12, 28), date(2018, 12, 31))
    for day in reversed(days):
        made = batch_of_day(source, tmp_path / day.isoformat(), day, snapshot="BACKLOG")
        cloud.deliver(made, f"{day}/BACKLOG/v001")
    crew = Crew.of(cloud)
    try:
        earlier, later = (cloud.ended(f"{day}/BACKLOG/v001") for day in days)
    finally:
        crew.stop()
    (raw,) = cloud.objects(f"runs/{later}/spec.json").values()
    assert json.loads(raw)["previous"]["run_id"] == earlier
    held = [line for line in crew.ingestion.lines("batch") if line["outcome"] == "held"]
    assert {line["batch_id"] for line in held} == {"2018-12-31/BACKLOG/v001"}
    assert f"reports/compare/{earlier}--{later}.html" in cloud.objects("reports/compare/")


def test_a_run_comes_to_the_same_bytes_where_every_seventh_call_of_s3_and_sqs_fails(
    cloud: Cloud, batch: Batch, on_one_machine: OnOneMachine
) -> None:
    batch_id = "2018-12-31/FAULTY/v001"
    source = batch("FAULTY")
    faults = Faults(7)
    # A message whose delivery was lost is hidden as if its receiver had died.
    with quick_visibility(cloud, 5), proxy(cloud.aws.endpoint, faults) as address:
        told = {"AWS_ENDPOINT_URL_S3": address, "AWS_ENDPOINT_URL_SQS": address}
        crew = Crew.of(cloud, **told)
        try:
            cloud.deliver(source, batch_id)
            run_id = cloud.ended(batch_id)
        finally:
            crew.stop()
    assert faults.failed > 20
    here = on_one_machine(source, batch_id)
    there = cloud.objects(f"reports/2018-12-31/{run_id}/")
    assert _reported(there) == _reported(here)
