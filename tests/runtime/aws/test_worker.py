"""The loop carries out what was decided: over a queue in memory, with a clock that can jump."""

import io
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from riskmill.domain import RiskmillError, RunFailed, WorkMessage
from riskmill.runtime.aws.agent import Agent
from riskmill.runtime.aws.decisions import AFTERWARDS_SECONDS, BEAT_SECONDS, FINISH_SECONDS
from riskmill.runtime.aws.messages import Work, read_message
from riskmill.runtime.aws.telemetry import Teller
from riskmill.runtime.aws.worker import Duties, Worker
from riskmill.runtime.aws.workflow import Workflow
from riskmill.testing import MemoryQueue


class Left(BaseException):
    """The process would have ended here."""


class Time:
    """Seconds that a test moves on."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Answers:
    """What Step Functions is told; some tokens are dead."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.dead: set[str] = set()

    def __getattr__(self, call: str) -> Callable[..., None]:
        def tell(taskToken: str, **said: str) -> None:  # noqa: N803  (as AWS has it)
            from botocore.exceptions import ClientError

            self.told.append((call.removeprefix("send_task_"), said.get("error", "")))
            if taskToken in self.dead:
                raise ClientError({"Error": {"Code": "TaskTimedOut", "Message": ""}}, call)

        return tell


class Bench:
    """A worker on a bench, and what it said."""

    def __init__(self, alive: Path, do: Callable[[Work], bool]) -> None:
        self.time, self.answers, self.lines = Time(), Answers(), io.StringIO()
        self.queue = MemoryQueue(clock=self.time)
        self.left: list[int] = []
        self.stopping = threading.Event()
        self.worker = Worker(
            queue=self.queue,
            workflow=Workflow(self.answers, "machine"),
            agent=Agent(""),
            duties=Duties(
                read=lambda body: read_message(body, data_bucket="b", takes_arrivals=False),
                do=do,
                look=None,
            ),
            teller=Teller(self.lines, lambda: datetime.now(UTC), environment="e", stage="s"),
            alive=alive,
            stopping=self.stopping,
            clock=self.time,
            exit=self.leave,
        )

    def leave(self, code: int) -> None:
        self.left.append(code)
        raise Left

    def send(self, token: str = "token") -> None:
        told = WorkMessage(run_id="run", task_id="risk-measure", execution="run-0001", token=token)
        self.queue.send(json.dumps({name: getattr(told, name) for name in told.__slots__}))

    def outcomes(self) -> list[str]:
        return [json.loads(line)["outcome"] for line in self.lines.getvalue().splitlines()]


@pytest.fixture
def go() -> Iterator[threading.Event]:
    """Lets work that waits for it end, at the end of the test at the latest."""
    event = threading.Event()
    yield event
    event.set()


def test_a_task_is_answered_deleted_and_told(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "alive", lambda work: bench.stopping.set() or True)
    bench.send()
    assert bench.worker.run() == 0
    assert bench.answers.told == [("heartbeat", ""), ("success", "")]
    assert bench.queue.receive(0) is None
    assert bench.outcomes() == ["done"]
    assert (tmp_path / "alive").exists()


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [(RunFailed("E856", "no such task"), "RunFailed", "E856"), (ValueError("P-4711"), "RunFailed",
                                                                "E606")],
)  # fmt: skip
def test_a_task_that_fails_is_answered_and_the_worker_goes_on(
    tmp_path: Path, error: Exception, kind: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[Work] = []

    def do(work: Work) -> bool:
        done.append(work)
        if len(done) == 2:
            bench.stopping.set()
        raise error

    bench = Bench(tmp_path / "alive", do)
    bench.send()
    bench.send()
    assert bench.worker.run() == 0
    assert bench.answers.told == [("heartbeat", ""), ("failure", kind)] * 2
    lines = [json.loads(line) for line in bench.lines.getvalue().splitlines()]
    assert {(line["outcome"], line["error"], line["ItemsFailed"]) for line in lines} == {
        ("failed", code, 1)
    }
    assert "P-4711" not in bench.lines.getvalue() + capsys.readouterr().err
    assert isinstance(error, RiskmillError) or "ValueError" in bench.lines.getvalue()


def test_a_busy_worker_beats_and_does_not_beat_a_token_that_died(
    tmp_path: Path, go: threading.Event
) -> None:
    def do(_work: Work) -> bool:
        bench.time.now += BEAT_SECONDS
        bench.answers.dead.add("token")
        assert go.wait(20)
        return True

    bench = Bench(tmp_path / "alive", do)
    bench.send()
    done = threading.Thread(target=bench.worker.run)
    done.start()
    while len(bench.answers.told) < 2:
        done.join(0.05)
    bench.time.now += BEAT_SECONDS
    done.join(2.5)
    bench.stopping.set()
    go.set()
    done.join(20)
    assert bench.answers.told == [("heartbeat", ""), ("heartbeat", "")]
    assert bench.outcomes() == ["stale"]
    assert bench.queue.receive(0) is None


def test_work_that_outlasts_sigterm_is_handed_back_and_the_process_ends(
    tmp_path: Path, go: threading.Event
) -> None:
    def do(_work: Work) -> bool:
        bench.stopping.set()
        bench.time.now += 1
        while not bench.left and not go.wait(0.05):
            if bench.worker.notice is not None:
                bench.time.now = bench.worker.notice + FINISH_SECONDS
        return True

    bench = Bench(tmp_path / "alive", do)
    bench.send()
    with pytest.raises(Left):
        bench.worker.run()
    assert bench.left == [0]
    assert bench.outcomes() == ["handed back", "left"]
    again = bench.queue.receive(0)
    assert again is not None
    assert again.received == 2


def test_work_that_hangs_after_its_token_died_ends_the_process_as_a_crash(
    tmp_path: Path, go: threading.Event
) -> None:
    def do(_work: Work) -> bool:
        bench.answers.dead.add("token")
        while not bench.left and not go.wait(0.05):
            bench.time.now += AFTERWARDS_SECONDS / 10
        return True

    bench = Bench(tmp_path / "alive", do)
    bench.send()
    with pytest.raises(Left):
        bench.worker.run()
    assert bench.left == [1]
    assert bench.outcomes() == ["given up", "left"]
    assert bench.queue.receive(0) is None
