"""
Full revaluation: every position under every scenario, in reporting currency.

Base is one more scenario on the same axis and through the same kernel, so a scenario
without a shock gives a P&L of exactly zero. Each block is summed in row order before
the next is valued: positions by scenarios are held for one block only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
import numpy.typing as npt

from riskmill.domain import (
    INSTRUMENTS,
    Failure,
    FloatArray,
    MarketData,
    MarketSnapshot,
    Position,
    PositionTable,
    ScenarioSet,
)
from riskmill.risk.blocks import BLOCK_ROWS, cut_blocks
from riskmill.risk.pricing.batches import Batch, Holding, prepare
from riskmill.risk.pricing.contracts import contracts
from riskmill.risk.pricing.faults import CannotValue
from riskmill.risk.pricing.frames import (
    SCENARIOS,
    MarketRows,
    bump_axis,
    scenario_axis,
    tomorrow_axis,
)
from riskmill.risk.pricing.instruments import PRICERS
from riskmill.risk.pricing.quotes import Quotes
from riskmill.risk.valued import BlockGreek, Revaluation, ValuedBlocks


def value(
    positions: PositionTable,
    market: MarketSnapshot,
    scenarios: ScenarioSet,
    *,
    currency: str,
    without_history: frozenset[str] = frozenset(),
) -> ValuedBlocks:
    """
    Value a partition of positions: base, every scenario, and greeks, summed by block.

    Amounts are in *currency*: a scenario's value at that scenario's exchange rates,
    the base value at the base's. A position that reads a factor of *without_history*,
    or cannot be valued for another reason, is a failure (E401 to E407) and is in no sum.
    The numbers of a block do not depend on what else is in the partition.
    """
    quotes = Quotes.of(market)
    axes = (scenario_axis(quotes, scenarios), bump_axis(quotes), tomorrow_axis(quotes))
    rows = MarketRows(quotes=quotes, axes=axes, without_history=without_history)
    groups = _table_groups(positions)
    valued = [_value_group(group, rows, currency, len(scenarios)) for group in groups]
    sums = [_sum_block(one) for one in valued]
    return ValuedBlocks(
        currency=currency,
        books=tuple(group.book for group in groups),
        instruments=tuple(group.instrument for group in groups),
        counts=np.array([len(one.places) for one in valued], dtype=np.int64),
        present_values=np.array([fsum(one.present_values) for one in valued]),
        ...
    )
