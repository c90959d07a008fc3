"""
The exceptions of riskmill: a broken world, never bad data.

Bad data travels as a value (`riskmill.domain.failures`). An exception says that
the work cannot go on at all.

    RiskmillError
    ├── UsageError          the caller asked for something that cannot be
    ├── InputRejected       a delivery as a whole cannot be used
    │   └── QuarantineOverPolicy   too many bad rows for the batch's policy
    ├── RunFailed           a run was started and cannot be completed
    │   └── ArtefactConflict       a stored artefact has other bytes than its twin
    ├── CloudRefused        AWS, or the embedded AWS, will not do what was asked
    └── StoreError          the object store refused
        ├── StoreUnavailable       trying again can help
        └── ArtefactMissing        trying again cannot help
"""

from typing import ClassVar


class RiskmillError(Exception):
    """
    Something riskmill cannot go on from, said so that the reader can mend it.

    `code` is stable and `riskmill explain CODE` expands it; `place` says where
    (file, line, key, option); `remedy` says what to do next.
    """

    code: str
    retryable: ClassVar[bool] = False

    def __init__(self, code: str, message: str, *, place: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.place = place
        self.remedy = remedy

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a worker process with every detail."""
        return (_rebuild, (type(self), self.code, self.message, self.place, self.remedy))

    def __str__(self) -> str:
        where = f" ({self.place})" if self.place else ""
        return f"{self.code}: {self.message}{where}"


def _rebuild(
    kind: type[RiskmillError], code: str, message: str, place: str, remedy: str
) -> RiskmillError:
    return kind(code, message, place=place, remedy=remedy)


class UsageError(RiskmillError):
    """The request itself is wrong: a path, an option or an argument must change."""


class InputRejected(RiskmillError):
    """A delivery cannot be used as a whole; its sender must deliver again."""


class QuarantineOverPolicy(InputRejected):
    """More rows were rejected than the batch's own policy allows."""


class RunFailed(RiskmillError):
    """A run could not be completed; what it finished is kept and will be reused."""


class ArtefactConflict(RunFailed):
    """The same work gave other bytes than before; nothing was overwritten."""


class CloudRefused(RiskmillError):
    """The cloud will not do what was asked: permissions, quotas, names, or its own state."""


class StoreError(RiskmillError):
    """The object store refused an operation."""


class StoreUnavailable(StoreError):
    """The store failed in a way that may pass; trying again can help."""

    retryable: ClassVar[bool] = True


class ArtefactMissing(StoreError):
    """A named artefact is not in the store."""
