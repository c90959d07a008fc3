"""One group of positions under every scenario, and why some of them have no value."""

from dataclasses import dataclass
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from riskmill.domain import (
    Failure,
    FloatArray,
)
from riskmill.risk.pricing.batches import Batch, prepare, prepare_columns
from riskmill.risk.pricing.faults import ValuationError, not_finite
from riskmill.risk.pricing.frames import (
    SCENARIOS,
    MarketRows,
)
from riskmill.risk.pricing.groups import Group
from riskmill.risk.pricing.instruments import PRICERS
from riskmill.risk.pricing.row_sums import sum_rows


@dataclass(frozen=True, kw_only=True, slots=True)
class Valued:
    """Positions of a group that could be valued, and why the others could not."""

    places: npt.NDArray[np.int64]
    """Where each stands in the group."""
    position_ids: list[str]
    present_values: FloatArray
    batch: Batch | None
    """What was valued; none where nothing could be."""
    kept: npt.NDArray[np.bool_]
    """Which positions of the batch these are."""
    failures: dict[int, Failure]
    """By place in the group, in order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupValues(Valued):
    """A group under every scenario, position by position."""

    pnl: FloatArray
    """Shape (positions, scenarios)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupSums(Valued):
    """A group under every scenario, summed."""

    worst: FloatArray
    """Largest loss of each position in the headline scenarios."""
    pnl: FloatArray
    """Shape (scenarios,)."""


def prepared_group(
    group: Group, rows: MarketRows, currency: str
) -> tuple[Batch | None, dict[int, ValuationError]]:
    """Take a group by its columns where that can be done, else position by position."""
    pricer = PRICERS.get(group.instrument)
    if group.table is not None:
        start, stop = int(group.rows[0]), int(group.rows[-1]) + 1
        batch = prepare_columns(group.table, start, stop, pricer, rows, currency)
        if batch is not None:
            return batch, {}
    return prepare(group.holdings(), pricer, rows, currency)


def value_group(group: Group, rows: MarketRows, currency: str, scenarios: int) -> GroupValues:
    """Value one group along the scenario axis; what is no finite number is a failure."""
    batch, refused = prepared_group(group, rows, currency)
    with np.errstate(all="ignore"):
        values = batch.values(SCENARIOS) if batch else np.empty((0, scenarios + 1))
    finite = np.asarray(np.isfinite(values).all(axis=1))
    if not finite.all():
        values = values[finite]
    valued = _valued(group, batch, refused, finite)
    return GroupValues(
        **valued,
        present_values=values[:, scenarios],
        pnl=values[:, :scenarios] - values[:, scenarios, np.newaxis],
    )


def sum_group(
    group: Group, rows: MarketRows, currency: str, scenarios: int, headline: int
) -> GroupSums:
    """
    Value one group as `value_group` does and sum its P&L, scenario by scenario, in row order.

    The largest loss of a position is that of the first *headline* scenarios.
    """
    batch, refused = prepared_group(group, rows, currency)
    if batch is None:
        sums = sum_rows(np.empty((0, scenarios + 1)), headline)
    else:
        with np.errstate(all="ignore"):
            sums = batch.sums(headline)
    return GroupSums(
        **_valued(group, batch, refused, sums.finite),
        present_values=sums.present_values[sums.finite],
        worst=sums.worst[sums.finite],
        pnl=sums.pnl[:scenarios],
    )


class _Common(TypedDict):
    places: npt.NDArray[np.int64]
    position_ids: list[str]
    batch: Batch | None
    kept: npt.NDArray[np.bool_]
    failures: dict[int, Failure]


def _valued(
    group: Group,
    batch: Batch | None,
    refused: dict[int, ValuationError],
    finite: npt.NDArray[np.bool_],
) -> _Common:
    """What is known of a group once it is told which positions of its batch have values."""
    places = batch.places if batch else np.empty(0, dtype=np.int64)
    if not finite.all():
        strange = places[~finite].tolist()
        refused = refused | {place: not_finite("its value in some scenario") for place in strange}
        places = places[finite]
    ids = group.position_ids
    return _Common(
        places=places,
        position_ids=ids if len(places) == len(ids) else [ids[place] for place in places.tolist()],
        batch=batch,
        kept=finite,
        failures={place: failure_of(ids[place], refused[place]) for place in sorted(refused)},
    )


def failure_of(position_id: str, refusal: ValuationError) -> Failure:
    """The refusal of a position as a failure of the run."""
    return Failure(
        code=refusal.code,
        reason=refusal.reason,
        message=f"{refusal.message}. {refusal.remedy}",
        subject=position_id,
        value=refusal.datum[:200],
    )
