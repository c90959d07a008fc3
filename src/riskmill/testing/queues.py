"""What every queue of tasks must do, as tests to inherit, and a queue in memory that does it."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition

from riskmill.pipeline import QueuedMessage, TaskQueue

VISIBILITY_SECONDS = 30.0


@dataclass(kw_only=True, slots=True)
class _Entry:
    body: str
    number: int
    seen_at: float = 0.0
    """Second from which it may be received."""
    received: int = 0
    receipt: str = ""
    """Of the latest holding."""


class MemoryQueue:
    """
    A `TaskQueue` in this process, for tests and examples.

    *clock* gives seconds that only ever grow, such as `time.monotonic`.
    """

    def __init__(
        self, *, clock: Callable[[], float], visibility_seconds: float = VISIBILITY_SECONDS
    ) -> None:
        self._clock = clock
        self._visibility_seconds = visibility_seconds
        self._entries: dict[int, _Entry] = {}
        self._numbers = itertools.count()
        self._changed = Condition()

    def send(self, body: str) -> None:
        """Add a message."""
        with self._changed:
            number = next(self._numbers)
            self._entries[number] = _Entry(body=body, number=number)
            self._changed.notify_all()

    def receive(self, wait_seconds: int) -> QueuedMessage | None:
        """Wait for a message for at most so long, and hold it; none where none came."""
        deadline = self._clock() + wait_seconds
        with self._changed:
            while (entry := self._visible()) is None:
                left = deadline - self._clock()
                if left <= 0:
                    return None
                self._changed.wait(min(left, self._next_seen()))
            entry.received += 1
            entry.seen_at = self._clock() + self._visibility_seconds
            entry.receipt = f"{entry.number}-{entry.received}"
            return QueuedMessage(body=entry.body, receipt=entry.receipt, received=entry.received)

    def hide(self, message: QueuedMessage, seconds: int) -> None:
        """Hide a held message for so many seconds; with 0 all may receive it at once."""
        with self._changed:
            if entry := self._held(message):
                entry.seen_at = self._clock() + seconds
                self._changed.notify_all()

    def delete(self, message: QueuedMessage) -> None:
        """Remove a message for good."""
        with self._changed:
            self._entries.pop(int(message.receipt.partition("-")[0]), None)

    def _visible(self) -> _Entry | None:
        now = self._clock()
        return next((one for one in self._entries.values() if one.seen_at <= now), None)

    def _next_seen(self) -> float:
        """Seconds until the next message can be seen."""
        now = self._clock()
        return min((one.seen_at - now for one in self._entries.values()), default=3600.0)

    def _held(self, message: QueuedMessage) -> _Entry | None:
        entry = self._entries.get(int(message.receipt.partition("-")[0]))
        held = entry is not None and entry.receipt == message.receipt
        return entry if held and entry and entry.seen_at > self._clock() else None


class TaskQueueContract:
    """
    Inherit it; give `queue` as a fixture that opens an empty queue, and `send` that fills it.

    The queue hides what was received for at least ten seconds.
    """

    def test_an_empty_queue_gives_nothing(self, queue: TaskQueue) -> None:
        """At once, where nobody wants to wait."""
        assert queue.receive(0) is None

    def test_a_message_is_received_as_it_was_sent(
        self, queue: TaskQueue, send: Callable[[str], None]
    ) -> None:
        """Whatever text it is."""
        body = '{"key": "in/2018-12-31/Ü <&> \\" \\u0001"}'
        send(body)
        message = queue.receive(5)
        assert message is not None
        assert (message.body, message.received) == (body, 1)

    def test_a_held_message_is_hidden_from_others(
        self, queue: TaskQueue, send: Callable[[str], None]
    ) -> None:
        """Nobody else gets it for now."""
        send("one")
        assert queue.receive(5) is not None
        assert queue.receive(0) is None

    def test_what_is_handed_back_comes_again_at_once(
        self, queue: TaskQueue, send: Callable[[str], None]
    ) -> None:
        """And is counted."""
        send("one")
        for count in (1, 2, 3):
            message = queue.receive(5)
            assert message is not None
            assert message.received == count
            queue.hide(message, 0)

    def test_what_nobody_extends_comes_again_after_its_time(
        self, queue: TaskQueue, send: Callable[[str], None]
    ) -> None:
        """As it does when its receiver has died."""
        send("one")
        message = queue.receive(5)
        assert message is not None
        queue.hide(message, 1)
        assert queue.receive(0) is None
        again = queue.receive(10)
        assert again is not None
        assert again.body == "one"
        assert again.receipt != message.receipt

    def test_what_is_deleted_is_gone(self, queue: TaskQueue, send: Callable[[str], None]) -> None:
        """Deleting it again is no error."""
        send("one")
        message = queue.receive(5)
        assert message is not None
        queue.delete(message)
        queue.delete(message)
        queue.hide(message, 0)
        assert queue.receive(1) is None

    def test_each_message_goes_to_one_receiver(
        self, queue: TaskQueue, send: Callable[[str], None]
    ) -> None:
        """None is lost, whatever the order."""
        sent = {f"task {number}" for number in range(5)}
        for body in sent:
            send(body)
        received = [queue.receive(5) for _ in sent]
        assert {message.body for message in received if message} == sent
        assert queue.receive(0) is None
