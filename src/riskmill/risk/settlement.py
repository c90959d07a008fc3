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
    carried: float
    """Present value on the day before of what ended since, or has no value today."""
    positions: int
    """How many of these there are."""


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
            failure.subject
            for failure in today.failures
            if pays and failure.reason is FailureReason.EXPIRED
        }
        lost = {failure.subject for failure in today.failures} - ended
        counted = ended.union(today.position_ids.tolist())
        paid = self._paid.since(segment) if pays else {}
        carried = self._carried(segment, lost)
        return Settled(
            book=segment.texts["book"].text(0),
            paid=fsum(amount for id_, amount in paid.items() if id_ in counted),
            carried=fsum(carried),
            positions=len(carried),
        )

    def _carried(self, segment: PositionTable, lost: Collection[str]) -> list[float]:
        """Values on the day before, of those of *lost* that had one."""
        if not lost:
            return []
        rows = [row for row, id_ in enumerate(segment.position_id.tolist()) if id_ in lost]
        valued = self._repricing.value(segment.take(np.array(rows, dtype=np.int64)))
        values: list[float] = valued.position_values.tolist()
        return values
