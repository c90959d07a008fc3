"""
American options on numpy arrays: the lanes' own source, with an array in a lane.

A workspace of one lane whose cells hold arrays runs the unchanged scheme for all of them at
once: a thousand prices for the cost of some ten, and the same bytes.
"""

from typing import Any

import numpy as np

from riskmill.domain import FloatArray
from riskmill.risk.pricing.formulas.american import american_option, price_lanes, set_lane
from riskmill.risk.pricing.formulas.american_boundary import Work, workspace
from riskmill.risk.pricing.formulas.american_scheme import PRECISE, Scheme

FEW = 4
"""Prices up to which one after the other is quicker."""
MOST = 4096
"""Prices worked on together, so that they stay in the cache."""


def american_prices(*arguments: Any, plan: Scheme = PRECISE) -> FloatArray:
    """`american_option` of arguments that broadcast: numbers or arrays."""
    columns = np.broadcast_arrays(*(np.asarray(one, dtype=np.float64) for one in arguments))
    shape = columns[0].shape
    flat = np.array([column.ravel() for column in columns])
    if flat.shape[1] <= FEW and plan is PRECISE:
        single = [american_option(*row) for row in flat.T.tolist()]
        return np.array(single, dtype=np.float64).reshape(shape)
    parts = [_together(flat[:, i : i + MOST], plan) for i in range(0, flat.shape[1], MOST)]
    return np.concatenate(parts).reshape(shape)


def _together(columns: FloatArray, plan: Scheme) -> FloatArray:
    work, out = _boxed(workspace(1, plan)), np.empty(1, dtype=np.object_)
    set_lane(work, 0, *columns)
    price_lanes(work, plan, out)
    return np.broadcast_to(out[0], columns[0].shape)


def _boxed(work: Work) -> Work:
    """The workspace with cells that take arrays."""
    cells: list[Any] = [part.astype(np.object_) for part in work]
    return Work(*cells)
