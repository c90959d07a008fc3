"""The loop of a worker: it receives, carries out what was decided, and looks at the clock."""

import os
import signal
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from time import monotonic

from riskmill.domain import SERVICES, CloudRefused, RiskmillError, RunFailed, WorkMessage
from riskmill.pipeline import QueuedMessage, TaskQueue
from riskmill.runtime.aws.agent import Agent
from riskmill.runtime.aws.clients import open_clients
from riskmill.runtime.aws.closing import RUN_EVENT, Closed, close_run
from riskmill.runtime.aws.decisions import (
    FINISH_SECONDS,
    Beat,
    Delete,
    Fail,
    Held,
    Hide,
    Instruction,
    Instructions,
    Leave,
    Protect,
    Succeed,
    Tell,
    after_work,
    hold,
    missed,
    put_away,
    spoken,
    unwanted,
    while_busy,
)
from riskmill.runtime.aws.deliveries import Deliveries
from riskmill.runtime.aws.messages import Arrival, Poison, Work, read_message
from riskmill.runtime.aws.places import Places, open_places
from riskmill.runtime.aws.queues import SqsQueue
from riskmill.runtime.aws.starting import Starter
from riskmill.runtime.aws.tasks import Done, RunTasks, closes
from riskmill.runtime.aws.telemetry import Teller, item_metrics
from riskmill.runtime.aws.workflow import Workflow
from riskmill.runtime.settings import Settings, WorkerSettings, read_settings, read_worker_settings

POLL_SECONDS = 5
"""A long poll; a worker that is asked to stop ends within it."""
TICK_SECONDS = 1.0
PAUSE_SECONDS = 5.0
"""After a queue that did not answer."""
LOOK_SECONDS, LOOK_SOON_SECONDS = 300.0, 30.0
"""An idle worker of ingestion looks at the inbox so often: an event may have been lost, a cut-off
may have passed, and what waits for an earlier date may begin."""
UNKNOWN = "E606"

Outcome = Done | Closed | bool
"""Of a task, of the last message of a run, or whether anything waits in the inbox."""


def run_worker(stage: str, alive: Path) -> int:
    """
    Do the work of a stage's queue until SIGTERM or SIGINT, and give the exit code.

    *stage* is the service, such as `risk-calculation`; the file *alive* is touched every few
    seconds. Raises `UsageError` where it is not told its buckets or queue (E851), or boto3 is
    not installed (E850).
    """
    room = next(room for room, service in SERVICES.items() if service == stage)
    told = read_worker_settings(starts_runs=room == "ingestion")
    settings = read_settings()
    clients = open_clients(told.region)
    teller = Teller(sys.stdout, _now, environment=told.environment, stage=stage)
    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    workflow = Workflow(clients.workflow, told.state_machine)
    worker = Worker(
        queue=SqsQueue(clients.queue, told.queue_url),
        workflow=workflow,
        agent=Agent(told.agent),
        duties=_duties(room, told, settings, open_places(told, clients), workflow, teller),
        teller=teller,
        alive=alive,
        stopping=stopping,
    )
    teller.tell("worker", outcome="started", process=os.getpid())
    code = worker.run()
    teller.tell("worker", outcome="stopped", process=os.getpid())
    return code


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Duties:
    """What a stage's worker is there for."""

    read: Callable[[str], Work | Poison]
    """Says what a message asks for."""
    do: Callable[[Work], Outcome]
    look: Callable[[], Outcome] | None
    """Looks at the inbox without being told; none for stages that have none."""


def _duties(
    room: str,
    told: WorkerSettings,
    settings: Settings,
    places: Places,
    workflow: Workflow,
    teller: Teller,
) -> Duties:
    tasks = RunTasks(room, places, settings)
    ingests = room == "ingestion"
    deliveries = Deliveries(places, Starter(places, workflow, settings), teller)

    def do(work: Work) -> Outcome:
        if isinstance(work, Arrival):
            return deliveries.look(work, _now())
        if closes(work) and room == "reporting":
            return close_run(work, places, _now())
        return tasks.do(work)

    return Duties(
        read=lambda body: read_message(body, data_bucket=told.data_bucket, takes_arrivals=ingests),
        do=do,
        look=(lambda: deliveries.look(None, _now())) if ingests else None,
    )


@dataclass(kw_only=True, slots=True)
class Worker:
    """Carries instructions out; holds one message at a time."""

    queue: TaskQueue
    workflow: Workflow
    agent: Agent
    duties: Duties
    teller: Teller
    alive: Path
    stopping: Event
    clock: Callable[[], float] = monotonic
    """Seconds that only ever grow."""
    exit: Callable[[int], None] = os._exit
    """Ends the process, whatever still runs in it."""
    _hand: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "work"))
    _protected: bool = False
    notice: float | None = None
    """Second at which it was first seen that the end is asked for; none before."""
    _look_at: float = 0.0
    """Second at which the inbox is looked at next."""

    def run(self) -> int:
        """Work until the end is asked for; give the exit code."""
        while not self._is_stopping():
            self.alive.touch()
            message = self._receive()
            if message is None:
                self._idle()
            elif self._is_stopping():
                self._carry_out((Hide(seconds=0),), message)
            else:
                self._handle(message)
        self._release()
        self._hand.shutdown()
        return 0

    def _is_stopping(self) -> bool:
        if self.stopping.is_set() and self.notice is None:
            self.notice = self.clock()
        return self.notice is not None

    def _receive(self) -> QueuedMessage | None:
        try:
            return self.queue.receive(POLL_SECONDS)
        except CloudRefused as refusal:
            self.teller.tell("queue", outcome="failed", error=refusal.code, message=str(refusal))
            self.stopping.wait(PAUSE_SECONDS)
            return None

    def _idle(self) -> None:
        self._release()
        if self.duties.look and self.clock() >= self._look_at and not self._is_stopping():
            work = self._hand.submit(self.duties.look)
            self._attend(work, None)
            waits = work.exception() is not None or bool(work.result())
            self._look_at = self.clock() + (LOOK_SOON_SECONDS if waits else LOOK_SECONDS)
            if error := work.exception():
                self.teller.tell("look", outcome="failed", **_said(_known(error, "inbox")))

    def _release(self) -> None:
        if self._protected:
            self._note(self.agent.release())
            self._protected = False

    def _note(self, refused: str) -> None:
        if refused:
            self.teller.tell("protection", outcome="refused", error="W850", message=refused)

    def _handle(self, message: QueuedMessage) -> None:
        work = self.duties.read(message.body)
        if isinstance(work, Poison):
            self._carry_out(put_away(work), message)
            return
        held, first = hold(message, work, self.clock())
        if not self._carry_out(first, message, held):
            self._carry_out(unwanted(), message, held)
            return
        doing = self._hand.submit(self.duties.do, work)
        held = self._attend(doing, held) or held
        error = doing.exception()
        known = _known(error, getattr(work, "task_id", "inbox")) if error else None
        outcome = None if error else doing.result()
        if isinstance(work, Arrival) and outcome:
            self._look_at = min(self._look_at, self.clock() + LOOK_SOON_SECONDS)
        self._carry_out(after_work(held, known), message, held, outcome)

    def _attend(self, doing: Future[Outcome], held: Held | None) -> Held | None:
        """Wait for work to end; beat meanwhile, and leave where it must be left."""
        while not wait([doing], timeout=TICK_SECONDS).done:
            self.alive.touch()
            stopping = self.notice if self._is_stopping() else None
            if held is None:
                if stopping is not None and self.clock() - stopping >= FINISH_SECONDS:
                    self._leave(0)
                continue
            held, due = while_busy(held, self.clock(), stopping)
            if due and not self._carry_out(due, held.message, held):
                held = missed(held, self.clock())
        return held

    def _carry_out(
        self,
        instructions: Instructions,
        message: QueuedMessage,
        held: Held | None = None,
        outcome: Outcome | None = None,
    ) -> bool:
        """
        Do one instruction after the other; give whether somebody still waits for the task.

        What AWS does not do is told, and ends the rest: the message stays, comes again, and
        finds the task done.
        """
        waited_for = True
        try:
            for instruction in instructions:
                waited_for = self._do(instruction, message, held, outcome) and waited_for
        except CloudRefused as refusal:
            self.teller.tell("message", outcome="failed", **_said(refusal))
        return waited_for

    def _do(
        self,
        instruction: Instruction,
        message: QueuedMessage,
        held: Held | None,
        outcome: Outcome | None,
    ) -> bool:
        token = held.token if held else ""
        match instruction:
            case Beat():
                return self.workflow.beat(token)
            case Succeed():
                self.workflow.succeed(token)
            case Fail():
                self.workflow.fail(instruction.token, instruction.error, instruction.cause)
            case Hide():
                self.queue.hide(message, instruction.seconds)
            case Delete():
                self.queue.delete(message)
            case Protect():
                self._note(self.agent.protect())
                self._protected = True
            case Tell():
                self._tell(instruction, message, held, outcome)
            case Leave():
                self._leave(instruction.code)
        return True

    def _tell(
        self, told: Tell, message: QueuedMessage, held: Held | None, outcome: Outcome | None
    ) -> None:
        seconds = round(self.clock() - held.began, 3) if held else 0.0
        work = held.work if held else None
        said = {**_named(work), **_found(outcome), **(_said(told.error) if told.error else {})}
        valued = outcome.valuations if isinstance(outcome, Done) else 0
        counted = isinstance(work, WorkMessage) and told.outcome in ("done", "failed")
        metrics = item_metrics(finished=told.outcome == "done", seconds=seconds, valuations=valued)
        self.teller.tell(
            "task" if isinstance(work, WorkMessage) or work is None else "arrival",
            metrics if counted else None,
            outcome=told.outcome,
            seconds=seconds,
            received=message.received,
            **said,
        )
        if isinstance(outcome, Closed) and told.outcome == "done":
            closed = {one.name: getattr(outcome, one.name) for one in fields(outcome)}
            self.teller.tell(RUN_EVENT, **closed)

    def _leave(self, code: int) -> None:
        """End now: a thread that computes cannot be stopped, and nothing it may write does harm."""
        self._release()
        self.teller.tell("worker", outcome="left", process=os.getpid(), code=code)
        sys.stdout.flush()
        sys.stderr.flush()
        self.exit(code)


def _known(error: BaseException, place: str) -> RiskmillError:
    """Return riskmill's own errors as they are, and put others on record as E606."""
    if isinstance(error, RiskmillError):
        if error.code == UNKNOWN and error.__cause__:
            _show(error.__cause__)
        return error
    _show(error)
    kind = type(error).__name__
    unknown = RunFailed(
        UNKNOWN,
        f"the task stopped with an error that riskmill does not know: {kind}",
        place=place,
        remedy="Report the lines of standard error.",
    )
    unknown.__cause__ = error
    return unknown


def _show(error: BaseException) -> None:
    """Show where an unforeseen error arose, not what it says: that may hold a position."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    sys.stderr.write(f"{frames}{type(error).__name__}\n")
    sys.stderr.flush()


def _said(error: RiskmillError) -> dict[str, str]:
    return {"error": error.code, "kind": type(error).__name__, "message": spoken(error)}


def _named(work: Work | None) -> dict[str, str]:
    if isinstance(work, WorkMessage):
        return {"run_id": work.run_id, "task_id": work.task_id, "execution": work.execution}
    return {"key": work.key} if work else {}


def _found(outcome: Outcome | None) -> dict[str, str | int]:
    if isinstance(outcome, Done):
        task = outcome.task
        return {"stage": task.stage, "wave": task.wave, "attempt": outcome.attempt}
    return {}
