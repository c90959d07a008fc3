"""
What a worker does next, decided as data; the loop in `worker` carries it out.

Pure: instructions follow from a message, from what a token or a task came to, and from seconds
of one clock that only ever grows.
"""

from dataclasses import dataclass, replace

from riskmill.domain import RiskmillError, WorkMessage
from riskmill.pipeline import QueuedMessage
from riskmill.runtime.aws.messages import Arrival, Poison, Work

VISIBILITY_SECONDS = 300
"""For so long a message is hidden from others, counted from the last beat."""
BEAT_SECONDS = 60
"""A busy worker says so often that it lives: to the queue, the token and the agent of ECS."""
FINISH_SECONDS = 90
"""Of the 120 between SIGTERM and SIGKILL: what is not done by then is handed back."""
AFTERWARDS_SECONDS = 300
"""Work that nobody waits for any more may take this long to end by itself."""
AGAIN_SECONDS = 30
"""An event that could not be acted on is received again after this."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hide:
    """Hide the message for so many seconds; 0 hands it to whoever asks next."""

    seconds: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Beat:
    """Tell the token's owner that the task goes on, and hear whether anybody waits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Protect:
    """Ask ECS not to stop this task for a while."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Succeed:
    """Answer the token with success."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fail:
    """Answer a token with a failure."""

    token: str
    error: str
    """Name of its kind: Step Functions tries those again that say so themselves."""
    cause: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Delete:
    """Remove the message: it has been dealt with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tell:
    """Write the one line of this message."""

    outcome: str
    """`done`, `failed`, `stale`, `handed back`, `poison` or `given up`."""
    error: RiskmillError | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Leave:
    """End the process with this exit code, whatever still runs in it."""

    code: int


Instruction = Hide | Beat | Protect | Succeed | Fail | Delete | Tell | Leave
Instructions = tuple[Instruction, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A message in hand."""

    message: QueuedMessage
    work: Work
    began: float
    """Second at which it was received."""
    beaten: float
    """Second of the last beat."""
    lost: float | None = None
    """Second at which it was heard that nobody waits any more."""

    @property
    def token(self) -> str:
        """Token to be answered; empty for an arrival."""
        return self.work.token if isinstance(self.work, WorkMessage) else ""


def hold(message: QueuedMessage, work: Work, now: float) -> tuple[Held, Instructions]:
    """Take a message: first of all hear whether its token lives, before any work is done."""
    held = Held(message=message, work=work, began=now, beaten=now)
    first: Instructions = (Protect(),)
    return held, (Beat(), *first) if held.token else first


def put_away(poison: Poison) -> Instructions:
    """Fail what can be failed with its reason; the rest is left to become a dead letter."""
    told = Tell(outcome="poison", error=poison.error)
    if poison.token:
        return (_failure(poison.token, poison.error), Delete(), told)
    return (Hide(seconds=0), told)


def unwanted() -> Instructions:
    """Let go of a message whose token was dead when it came: nothing has been done for it."""
    return (Delete(), Tell(outcome="stale"))


def missed(held: Held, now: float) -> Held:
    """Note that nobody waits any more for what is being done."""
    return held if held.lost is not None else replace(held, lost=now)


def while_busy(held: Held, now: float, stopping: float | None) -> tuple[Held, Instructions]:
    """
    Say what is due while the work goes on; *stopping* is the second of SIGTERM, if it came.

    Work that outlasts its notice is handed back at once, so that another worker need not wait
    for its message.
    """
    if stopping is not None and now - stopping >= FINISH_SECONDS:
        return held, (Hide(seconds=0), Tell(outcome="handed back"), Leave(code=0))
    if held.lost is not None and now - held.lost >= AFTERWARDS_SECONDS:
        return held, (Delete(), Tell(outcome="given up"), Leave(code=1))
    if now - held.beaten < BEAT_SECONDS:
        return held, ()
    beats: Instructions = (Beat(),) if held.token and held.lost is None else ()
    return replace(held, beaten=now), (Hide(seconds=VISIBILITY_SECONDS), *beats, Protect())


def after_work(held: Held, error: RiskmillError | None) -> Instructions:
    """Say what follows when the work has ended, with *error* or without."""
    if held.lost is not None:
        return (Delete(), Tell(outcome="stale", error=error))
    if isinstance(held.work, Arrival):
        return _after_arrival(error)
    if error is None:
        return (Succeed(), Delete(), Tell(outcome="done"))
    return (_failure(held.token, error), Delete(), Tell(outcome="failed", error=error))


def _after_arrival(error: RiskmillError | None) -> Instructions:
    """An event has no token: it comes again until it is acted on, or becomes a dead letter."""
    if error is None:
        return (Delete(), Tell(outcome="done"))
    return (Hide(seconds=AGAIN_SECONDS), Tell(outcome="failed", error=error))


def _failure(token: str, error: RiskmillError) -> Fail:
    return Fail(token=token, error=type(error).__name__, cause=spoken(error))


def spoken(error: RiskmillError) -> str:
    """
    Word an error for logs and messages, which hold no position, price or account.

    What an unforeseen error says may hold anything, so only its kind is told.
    """
    if error.code == "E606":
        kind = type(error.__cause__).__name__ if error.__cause__ else "an unknown error"
        return f"E606: the task stopped with {kind} ({error.place})"
    return f"{error} {error.remedy}".strip()
