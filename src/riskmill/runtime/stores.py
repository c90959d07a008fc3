"""Object stores through obstore: a directory and memory; `runtime/aws/buckets.py` opens S3."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)
from obstore.store import LocalStore, MemoryStore

from riskmill.domain import ArtefactMissing, StoreError, StoreUnavailable
from riskmill.pipeline import Landed
from riskmill.runtime.lock import page_lock

CHUNK = 4 * 1024 * 1024
"""Bytes of a chunk of a stream."""


LASTING = (13, 20, 21, 30, 40)
"""Errors of a file system that stay: no permission, no directory, a directory, read-only, a
link in a circle."""

FORBIDDEN = "status code: 403 Forbidden"
GONE = "status code: 404 Not Found"
"""How a listing says so; other calls have errors of their own for it."""


class ObstoreStore:
    """The pipeline's `ObjectStore` over any store of obstore."""

    def __init__(self, backend: Any, name: str, directory: Path | None = None) -> None:
        self._backend = backend
        self._name = name
        self._directory = directory

    @classmethod
    def in_memory(cls) -> Self:
        """An empty store that lives as long as this object."""
        return cls(MemoryStore(), "memory")

    @classmethod
    def in_directory(cls, directory: Path) -> Self:
        """
        A store whose keys are paths below *directory*, which is made if need be.

        Raises `StoreError` (E604) where it cannot be made or entered.
        """
        try:
            directory.mkdir(parents=True, exist_ok=True)
            return cls(LocalStore(directory), str(directory), directory)
        except (OSError, BaseError) as cause:
            raise StoreError(
                "E604",
                f"the directory cannot be used: {_reason(cause)}",
                place=str(directory),
                remedy="Choose a directory that you may read and write.",
            ) from cause

    def get(self, key: str) -> bytes:
        """Return an object's bytes."""
        try:
            self._refuse_pipe(key)
            return bytes(obstore.get(self._backend, key).bytes())
        except (BaseError, OSError, ValueError) as cause:
            raise self._not_read(cause, key) from cause

    def stream(self, key: str) -> Iterator[bytes]:
        """Give an object's bytes chunk by chunk."""
        try:
            self._refuse_pipe(key)
            size = obstore.head(self._backend, key)["size"]
            for start in range(0, size, CHUNK):
                end = min(start + CHUNK, size)
                yield bytes(obstore.get_range(self._backend, key, start=start, end=end))
        except (BaseError, OSError, ValueError) as cause:
            raise self._not_read(cause, key) from cause

    def put_new(self, key: str, data: bytes) -> bool:
        """Store *data* unless the key is taken, and say whether it was stored."""
        try:
            obstore.put(self._backend, key, data, mode="create", use_multipart=False)
        except AlreadyExistsError:
            return False
        except (BaseError, OSError, ValueError) as cause:
            raise self._translate(cause, key) from cause
        return True

    def keys(self, prefix: str) -> tuple[str, ...]:
        """Return the keys below *prefix*, ascending."""
        try:
            listed = obstore.list(self._backend, prefix or None).collect()
        except FileNotFoundError as cause:
            return self._nothing(cause, prefix)
        except (BaseError, OSError, ValueError) as cause:
            raise self._translate(cause, prefix) from cause
        return tuple(sorted(entry["path"] for entry in listed))

    def folders(self, prefix: str) -> tuple[str, ...]:
        """Return the next segments below *prefix* that have keys below them, ascending."""
        try:
            listed = obstore.list_with_delimiter(self._backend, prefix or None)
        except FileNotFoundError as cause:
            return self._nothing(cause, prefix)
        except (BaseError, OSError, ValueError) as cause:
            raise self._translate(cause, prefix) from cause
        return tuple(sorted(path.rpartition("/")[2] for path in listed["common_prefixes"]))

    def rewrite(self, key: str, make: Callable[[], bytes]) -> None:
        """
        Put what *make* returns in the place of a page.

        In a directory writers wait for one another; elsewhere a put is taken only where
        the page is what it was before *make* was called.
        """
        try:
            if self._directory is None:
                while not self._put_unless_changed(key, make):
                    pass
                return
            with page_lock(self._directory, key):
                obstore.put(self._backend, key, make(), use_multipart=False)
        except (BaseError, OSError, ValueError) as cause:
            raise self._translate(cause, key) from cause

    def _put_unless_changed(self, key: str, make: Callable[[], bytes]) -> bool:
        try:
            state = obstore.head(self._backend, key)
        except FileNotFoundError:
            return self.put_new(key, make())
        known = {"e_tag": state["e_tag"], "version": state["version"]}
        version: Any = {name: value for name, value in known.items() if value is not None}
        try:
            obstore.put(self._backend, key, make(), mode=version, use_multipart=False)
        except PreconditionError:
            return False
        return True

    def landed(self, prefix: str = "") -> tuple[Landed, ...]:
        """Return every object below *prefix* with its size and instant of writing, by key."""
        try:
            listed = obstore.list(self._backend, prefix or None).collect()
        except FileNotFoundError as cause:
            return self._nothing(cause, prefix)
        except (BaseError, OSError, ValueError) as cause:
            raise self._translate(cause, prefix) from cause
        entries = (
            Landed(key=entry["path"], size=entry["size"], instant=entry["last_modified"])
            for entry in listed
        )
        return tuple(sorted(entries, key=lambda entry: entry.key))

    def written(self, key: str) -> datetime:
        """Return the instant at which an object was last written, UTC."""
        try:
            instant: datetime = obstore.head(self._backend, key)["last_modified"]
        except (BaseError, OSError, ValueError) as cause:
            raise self._not_read(cause, key) from cause
        return instant

    def _nothing(self, cause: FileNotFoundError, prefix: str) -> tuple[()]:
        """A directory that is not there holds nothing; of a bucket it is an error."""
        if self._directory is None:
            raise self._translate(cause, prefix) from cause
        return ()

    def _refuse_pipe(self, key: str) -> None:
        """A pipe between the files of a directory is no object: to open it may wait for ever."""
        if self._directory and (self._directory / key).is_fifo():
            raise FileNotFoundError(key)

    def _not_read(self, cause: Exception, key: str) -> StoreError:
        if not isinstance(cause, FileNotFoundError):
            return self._translate(cause, key)
        return ArtefactMissing(
            "E602",
            "there is no such object",
            place=f"{self._name}/{key}",
            remedy="Check the path, or run the batch that should have written it.",
        )

    def _translate(self, cause: Exception, key: str) -> StoreError:
        place = f"{self._name}/{key}"
        text = str(cause)
        if "os error 28" in text or "os error 122" in text:
            return StoreError(
                "E603",
                "the disk is full",
                place=place,
                remedy="Make room and run again: what is finished is kept and used.",
            )
        gone = isinstance(cause, FileNotFoundError) or GONE in text
        if gone and self._directory is None:
            return StoreError(
                "E857",
                "there is no such bucket",
                place=place,
                remedy="Check its name, and whose account the credentials are of.",
            )
        if "redirect" in text and "region" in text:
            return StoreError(
                "E858",
                "the bucket is in another region",
                place=place,
                remedy="Set AWS_REGION to the region of the bucket.",
            )
        refused = isinstance(cause, PermissionDeniedError | UnauthenticatedError | PermissionError)
        if refused or FORBIDDEN in text or any(f"os error {n})" in text for n in LASTING):
            return StoreError(
                "E604",
                f"the store may not be used: {_reason(cause)}",
                place=place,
                remedy="Grant read and write access, or choose another place.",
            )
        if isinstance(cause, ValueError):
            return StoreError(
                "E605",
                f"this is not a valid key: {_reason(cause)}",
                place=place,
                remedy="Use letters, digits and . _ - = between single slashes.",
            )
        return StoreUnavailable(
            "E601",
            f"the store did not answer as it should: {_reason(cause)}",
            place=place,
            remedy="Try again; if it stays, look at the store itself.",
        )


def _reason(cause: Exception) -> str:
    """First line of a vendor's error, which is the part written for people."""
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return str(cause).partition("\n")[0].strip() or type(cause).__name__
