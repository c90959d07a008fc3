"""Positions that stay prepared after they were valued, for a second look at a few scenarios."""

from collections.abc import Sequence
from threading import Lock

import numpy as np
import numpy.typing as npt

from riskmill.domain import FloatArray
from riskmill.risk.pricing.batches import Batch
from riskmill.risk.pricing.frames import SCENARIOS, MarketRows
from riskmill.risk.pricing.kernels import LANES

MOST_BYTES = 512 * 2**20
"""Prepared positions beyond this are not kept."""

Prepared = tuple[Batch, npt.NDArray[np.bool_]]
"""A batch, and which of its positions have a value in every scenario."""


class Kept:
    """Prepared positions by name, and the market rows that they read; safe among threads."""

    def __init__(self) -> None:
        """Nothing is kept yet."""
        self._lock = Lock()
        self._bytes = 0
        self._rows: MarketRows | None = None
        self._named: dict[str, tuple[Prepared, ...]] = {}
        self._cut: tuple[object, FloatArray] | None = None

    def keep(self, name: str, rows: MarketRows, batches: Sequence[Prepared]) -> None:
        """Keep *batches*, which read *rows*, unless there is no room."""
        size = sum(batch.size for batch, _ in batches)
        with self._lock:
            if name not in self._named and self._bytes + size <= MOST_BYTES:
                self._bytes += size
                self._rows = rows
                self._named[name] = tuple(batches)

    def pnl(self, name: str, scenarios: npt.NDArray[np.int64], base: int) -> FloatArray | None:
        """
        P&L under some scenarios, shape (positions, scenarios); none for what is not kept.

        *base* is the number of the base among the scenarios.
        """
        batches = self._named.get(name)
        if batches is None or self._rows is None:
            return None
        count = len(scenarios)
        matrix = self._columns(self._rows, scenarios, base) if batches else np.empty((0, 0))
        values = [batch.values_on(matrix)[kept, : count + 1] for batch, kept in batches]
        joined: FloatArray = np.concatenate([np.empty((0, count + 1)), *values])
        pnl: FloatArray = joined[:, :count] - joined[:, count, np.newaxis]
        return pnl

    def _columns(self, rows: MarketRows, scenarios: npt.NDArray[np.int64], base: int) -> FloatArray:
        """Market rows of these scenarios, then base to a whole number of kernel lanes."""
        with self._lock:
            key = (len(rows), base, scenarios.tobytes())
            if self._cut is None or self._cut[0] != key:
                width = (len(scenarios) // LANES + 1) * LANES
                chosen = np.full(width, base)
                chosen[: len(scenarios)] = scenarios
                matrix = rows.matrix(SCENARIOS)[: len(rows)]
                self._cut = (key, np.ascontiguousarray(matrix[:, chosen]))
            return self._cut[1]
