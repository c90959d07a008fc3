"""Which keys came before, exactly, at a few bytes a row however large the file."""

import io
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl

MOST_SORTED = 2_000_000
"""Keys that are sorted into one run; merging longer ones would double the memory."""
_PLACE_BITS = 16
_PLACE = np.uint64((1 << _PLACE_BITS) - 1)
_HASH = ~_PLACE


class Seen:
    """
    The keys of a file so far, block by block.

    A key is held as the upper 48 bits of its hash and the number of its block, so a
    row costs eight bytes; the texts are kept beside it, compressed. Where a hash
    returns, the texts decide: two keys with one hash are two keys.
    """

    def __init__(self) -> None:
        self._runs: list[npt.NDArray[np.uint64]] = []
        self._texts: list[bytes] = []

    def repeated(self, keys: pl.Series) -> npt.NDArray[np.int64]:
        """Rows whose key stands in an earlier block or row; empty keys are none. Adds *keys*."""
        new = keys != ""
        again = new & ~keys.is_first_distinct()
        rows = np.flatnonzero((new & ~again).to_numpy())
        hashes = keys.hash(seed=0).to_numpy()[rows] & _HASH
        known = self._known(keys, rows, hashes)
        fresh = ~np.isin(rows, known)
        self._add(keys[rows[fresh]], hashes[fresh])
        return np.sort(np.concatenate([np.flatnonzero(again.to_numpy()), known]))

    def _known(
        self, keys: pl.Series, rows: npt.NDArray[np.int64], hashes: npt.NDArray[np.uint64]
    ) -> npt.NDArray[np.int64]:
        """Those of *rows* whose key is in an earlier block."""
        suspects: dict[int, set[int]] = {}
        order = np.argsort(hashes)
        for run in self._runs:
            first = np.searchsorted(run, hashes[order])
            inside = np.minimum(first, len(run) - 1)
            for place in np.flatnonzero((run[inside] & _HASH) == hashes[order]).tolist():
                row = int(order[place])
                for block in _blocks(run, int(first[place]), hashes[row]):
                    suspects.setdefault(block, set()).add(int(rows[row]))
        found = [
            row for block, held in suspects.items() for row in self._in(block, keys, sorted(held))
        ]
        return np.unique(np.array(found, dtype=np.int64))

    def _in(self, block: int, keys: pl.Series, rows: list[int]) -> Iterable[int]:
        earlier = pl.read_ipc(io.BytesIO(self._texts[block]))["key"]
        same = keys[rows].is_in(earlier.implode()).to_list()
        return (row for row, is_same in zip(rows, same, strict=True) if is_same)

    def _add(self, keys: pl.Series, hashes: npt.NDArray[np.uint64]) -> None:
        if not len(keys):
            return
        self._runs.append(np.sort(hashes | np.uint64(len(self._texts))))
        packed = keys.to_frame("key").write_ipc(None, compression="zstd", compat_level=_OLDEST)
        self._texts.append(packed.getvalue())
        while self._fit():
            last, before = self._runs.pop(), self._runs.pop()
            self._runs.append(np.sort(np.concatenate([before, last])))

    def _fit(self) -> bool:
        """Whether the last two runs are merged: alike in length, and short enough together."""
        sizes = [len(run) for run in self._runs[-2:]]
        return len(sizes) == 2 and sizes[0] <= 2 * sizes[1] and sum(sizes) <= MOST_SORTED


_OLDEST = pl.CompatLevel.oldest()
"""Plain offsets and bytes, which compress; views do not."""


def _blocks(run: npt.NDArray[np.uint64], first: int, hashed: np.uint64) -> Iterable[int]:
    """Blocks of the keys in *run* that have this hash, from place *first* on."""
    while first < len(run) and run[first] & _HASH == hashed:
        yield int(run[first] & _PLACE)
        first += 1
