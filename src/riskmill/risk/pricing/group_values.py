"""One group of positions under every scenario, and why some of them have no value."""

from dataclasses import dataclass

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


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupValues:
    """A group under every scenario; arrays hold the positions that could be valued."""

    places: npt.NDArray[np.int64]
    """Where each stands in the group."""
    position_ids: list[str]
    present_values: FloatArray
    pnl: FloatArray
    batch: Batch | None
    """What was valued; none where nothing could be."""
    kept: npt.NDArray[np.bool_]
    """Which positions of the batch these are."""
    failures: dict[int, Failure]
    """By place in the group, in order."""


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
    kept = np.asarray(np.isfinite(values).all(axis=1))
    places = batch.places if batch else np.empty(0, dtype=np.int64)
    refused |= {place: not_finite("its value in some scenario") for place in places[~kept].tolist()}
    if not kept.all():
        values, places = values[kept], places[kept]
    ids = group.position_ids
    return GroupValues(
        places=places,
        position_ids=ids if len(places) == len(ids) else [ids[place] for place in places.tolist()],
        present_values=values[:, scenarios],
        pnl=values[:, :scenarios] - values[:, scenarios, np.newaxis],
        batch=batch,
        kept=kept,
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
