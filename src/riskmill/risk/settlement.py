"""
What yesterday's positions paid since, and those of them that have ended.

Without it a coupon that is paid would look like a loss, and an option that expired like a
lost premium (docs/methodology/pnl_explain.md).
"""

from collections.abc import Collection
from dataclasses import dataclass
from math import fsum

import numpy as np

from riskmill.domain import (
    FailureReason,
    MarketData,
    PositionTable,
    RiskSpec,
    ScenarioSet,
)
from riskmill.risk.pricing import PAYMENTS, Paid, Repricing
from riskmill.risk.valued import ValuedBlocks

STILL = ScenarioSet(name="base", labels=(), factors=(), levels=np.empty((0, 0)))
"""No scenario at all: base alone is valued."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """Positions of one book that are not all in today's value; in reporting currency."""

    book: str
    paid: float
    """Coupons and redemptions since the day before, at today's exchange rates."""
    ended: float
    """Present value on the day before of what ended since and pays nothing of its own."""
    ended_positions: int
    unvalued: float
    """Present value on the day before of what is alive and has no value today."""
    unvalued_positions: int

    @property
    def left(self) -> float:
        """What of the day before is in no value of today, as far as it is known."""
        return fsum((self.paid, self.ended, self.unvalued))


class Settlement:
    """Two days' markets, ready to settle yesterday's positions segment by segment."""

    def __init__(
        self, before: MarketData, after: MarketData, *, currency: str, spec: RiskSpec
    ) -> None:
        """Prepare for positions of *before*, whose run was asked for *spec*."""
        self._paid = Paid(before, after, currency=currency, spec=spec)
        self._repricing = Repricing(before, STILL, currency=currency, spec=spec)

    def of(self, segment: PositionTable, today: ValuedBlocks) -> Settled:
        """
        Settle *segment*, positions of one book and instrument, valued *today* in these blocks.

        A bond, note or swap that has ended is worth what it paid. Anything else that has no
        value today counts with that of the day before: it settled there, or what it is worth
        is not known.
        """
        pays = segment.texts["instrument"].text(0) in PAYMENTS
        ended = {
            failure.subject for failure in today.failures if failure.reason is FailureReason.EXPIRED
        }
        lost = {failure.subject for failure in today.failures} - ended
        counted = {*(ended if pays else ()), *today.position_ids.tolist()}
        paid = self._paid.since(segment) if pays else {}
        last = self._last_values(segment, set() if pays else ended)
        unvalued = self._last_values(segment, lost)
        return Settled(
            book=segment.texts["book"].text(0),
            paid=fsum(amount for id_, amount in paid.items() if id_ in counted),
            ended=fsum(last),
            ended_positions=len(last),
            unvalued=fsum(unvalued),
            unvalued_positions=len(unvalued),
        )

    def _last_values(self, segment: PositionTable, lost: Collection[str]) -> list[float]:
        """Values on the day before, of those of *lost* that had one."""
        if not lost:
            return []
        rows = [row for row, id_ in enumerate(segment.position_id.tolist()) if id_ in lost]
        valued = self._repricing.value(segment.take(np.array(rows, dtype=np.int64)))
        values: list[float] = valued.position_values.tolist()
        return values
