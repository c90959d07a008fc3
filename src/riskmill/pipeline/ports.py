"""What the pipeline asks of the world: a place to keep immutable objects, and queues of work."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol


class ObjectStore(Protocol):
    """
    Immutable objects under keys such as `runs/2018-12-31-ab12/spec.json`.

    A key is made of non-empty segments of letters, digits and `. _ - =`, joined
    by single slashes. An object is either whole or absent: no reader ever sees
    part of one, whenever its writer dies. Objects are never changed or removed.

    Every method raises `StoreUnavailable` where trying again can help, and
    another `StoreError` where it cannot (no space, no permission, invalid key).
    """

    def get(self, key: str) -> bytes:
        """Return the object's bytes; `ArtefactMissing` (E602) where there is none."""

    def stream(self, key: str) -> Iterator[bytes]:
        """
        Give the object's bytes in order, in chunks of any size, none of them empty.

        What `get` returns is all chunks together. A store holds no more than a few
        chunks at once. `ArtefactMissing` (E602) where there is no such object, at the
        first chunk at the latest; every other error at any chunk.
        """

    def put_new(self, key: str, data: bytes) -> bool:
        """
        Store *data* unless the key is taken, and say whether it was stored.

        Of any number of writers that race for one key, exactly one gets true.
        Nothing is written over: where the answer is false the bytes that were
        there first stay, whatever they are.
        """

    def keys(self, prefix: str) -> tuple[str, ...]:
        """
        Return the keys below *prefix* in ascending order of code points.

        The prefix ends at a segment boundary: `runs/a` does not match `runs/ab/x`.
        A prefix under which nothing lies gives an empty tuple.
        """

    def folders(self, prefix: str) -> tuple[str, ...]:
        """
        Return the next segments below *prefix* that have keys below them, ascending.

        Of `runs/a/spec.json` and `runs/b/spec.json` the folders below `runs` are `a` and `b`.
        What lies deeper is not listed, so this stays quick where there are many keys.
        """


class PageStore(ObjectStore, Protocol):
    """
    An object store that also keeps pages: views of its objects, made anew when those grow.

    A page proves nothing and decides nothing. Everything that does is an immutable
    object, and every page can be made from them again.
    """

    def rewrite(self, key: str, make: Callable[[], bytes]) -> None:
        """
        Put what *make* returns in the place of a page, which need not be there yet.

        *make* reads the store and is called after the call began; where another writer
        gets in between it is called again, so that of any number of writers the last one
        has seen everything that each of them had stored before. No reader ever sees part
        of a page.
        """


@dataclass(frozen=True, kw_only=True, slots=True)
class QueuedMessage:
    """A message as one receiver holds it, for a while."""

    body: str
    receipt: str
    """Names this holding of it; another receiver of the same message gets another."""
    received: int
    """How often it was received so far, this time included; a queue may count too high."""


class TaskQueue(Protocol):
    """
    Messages that come at least once, in any order, until they are deleted.

    A message that was received is hidden from others for the queue's own time. Whoever
    works on it extends that; whoever dies leaves it to be received again. Only what is
    deleted is gone.

    Every method raises `CloudRefused` where the queue does not do it: trying again may help,
    and nothing is lost meanwhile.
    """

    def receive(self, wait_seconds: int) -> QueuedMessage | None:
        """Wait for a message for at most so long, and hold it; none where none came."""

    def hide(self, message: QueuedMessage, seconds: int) -> None:
        """
        Hide a held message for so many seconds from now on; with 0 all may receive it at once.

        Where it is no longer held (hidden for too short a time, deleted) nothing changes.
        """

    def delete(self, message: QueuedMessage) -> None:
        """Remove a message for good; twice, or after others received it, is no error."""
