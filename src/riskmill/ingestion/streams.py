"""Bytes that arrive in chunks: what was announced, what they unpack to, and no more than that."""

import hashlib
from collections.abc import Iterable, Iterator

import pyarrow as pa

from riskmill.domain import BatchFile, InputRejected

READ_AT_ONCE = 1024 * 1024
MOST_UNPACKED = 16 * 1024**3
"""Bytes that a compressed file may unpack to."""
MOST_RATIO = 250
"""Times its own size that a file may unpack to; deliveries of text stay below thirty."""
FREE = 32 * 1024 * 1024
"""Unpacked bytes up to which no ratio is asked for."""
MOST_HELD = 2 * 1024**3
"""Bytes of a file that cannot be read piece by piece, such as Parquet."""


class Delivered:
    """
    The chunks of one file, counted and hashed on their way.

    Iterate it once, then call `close`: a truncated or changed file is known at
    its end only.
    """

    def __init__(self, entry: BatchFile, chunks: Iterable[bytes]) -> None:
        self._entry = entry
        self._chunks = iter(chunks)
        self._digest = hashlib.sha256()
        self._asking = False
        self.size = 0
        """Bytes that have passed."""

    def __iter__(self) -> Iterator[bytes]:
        while True:
            self._asking = True
            chunk = next(self._chunks, None)
            self._asking = False
            if chunk is None:
                return
            self._digest.update(chunk)
            self.size += len(chunk)
            yield chunk

    def close(self) -> None:
        """
        Read what is left, and refuse a file other than the announced one.

        Raises `InputRejected`: E022 empty, E020 another size, E021 another hash. Where
        asking for a chunk failed, that error says all, and this does nothing.
        """
        if self._asking:
            return
        for _ in self:
            pass
        entry, found = self._entry, self._digest.hexdigest()
        checks = (
            ("E022", not self.size, "is empty"),
            (
                "E020",
                self.size != entry.size,
                f"has {self.size} bytes, the manifest announces {entry.size}",
            ),
            (
                "E021",
                found != entry.sha256,
                f"has the SHA-256 {found}, the manifest announces {entry.sha256}",
            ),
        )
        for code, wrong, says in checks:
            if wrong:
                raise InputRejected(
                    code,
                    f"'{entry.name}' {says}",
                    place=entry.name,
                    remedy="Deliver the file again whole, with a manifest that was made from it.",
                )


def check_delivered(entry: BatchFile, chunks: Iterable[bytes]) -> None:
    """Read a file to its end, and refuse one that is empty or is not the announced one."""
    Delivered(entry, chunks).close()


def whole(entry: BatchFile, chunks: Iterable[bytes]) -> bytes:
    """Gather a file that must be held as one; refuses (E037) more than `MOST_HELD` bytes."""
    gathered = bytearray()
    for chunk in chunks:
        gathered += chunk
        if len(gathered) > MOST_HELD:
            raise beyond_measure(entry, f"has more than {MOST_HELD} bytes")
    return bytes(gathered)


def unpacked(entry: BatchFile, chunks: Iterable[bytes], compression: str) -> Iterator[bytes]:
    """
    Unpack `gzip` or `zstd` piece by piece; `none` passes through.

    Raises `InputRejected` where the file is damaged or not packed so (E036), or
    unpacks beyond `MOST_UNPACKED` or `MOST_RATIO` (E037).
    """
    if compression == "none":
        yield from chunks
        return
    packed = _Packed(chunks)
    size = 0
    try:
        with pa.CompressedInputStream(pa.PythonFile(packed, mode="r"), compression) as stream:
            while piece := stream.read(READ_AT_ONCE):
                size += len(piece)
                if size > MOST_UNPACKED or size > FREE + MOST_RATIO * packed.taken:
                    raise beyond_measure(
                        entry, f"unpacks from {packed.taken} bytes to {size} and more"
                    )
                yield piece
    except (pa.ArrowException, OSError, ValueError) as cause:
        raise InputRejected(
            "E036",
            f"'{entry.name}' cannot be unpacked as {compression}: it is damaged, cut off, or "
            "packed otherwise",
            place=f"{entry.name}, unpacked byte {size}",
            remedy=f"Pack the file again with {compression}, or declare its true compression.",
        ) from cause


def beyond_measure(entry: BatchFile, says: str) -> InputRejected:
    """Refuse a file that is, or unpacks to, more than is ever read."""
    return InputRejected(
        "E037",
        f"'{entry.name}' {says}, which is more than is read",
        place=entry.name,
        remedy="Deliver the rows as plain CSV, or less of them in one file.",
    )


class _Packed:
    """The chunks as the kind of file that pyarrow reads from."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = b""
        self.taken = 0
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._rest = chunk
        piece = self._rest if size < 0 else self._rest[:size]
        self._rest = self._rest[len(piece) :]
        self.taken += len(piece)
        return piece

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self.closed = True
