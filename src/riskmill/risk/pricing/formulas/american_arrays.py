"""
American options on numpy arrays: the lanes' own source, with an array in a lane.

A workspace of one lane whose cells hold arrays runs the unchanged scheme for all of them at
once: a thousand prices for the cost of some ten, and the same bytes.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from riskmill.domain import FloatArray
from riskmill.risk.pricing.formulas.american import (
    american_option,
    choose_exercise,
    price_lanes,
    set_lane,
)
from riskmill.risk.pricing.formulas.american_boundary import (
    Work,
    add_premium,
    set_limits,
    solve_boundary,
    workspace,
)
from riskmill.risk.pricing.formulas.american_grid import (
    GRID,
    VOLATILITY_REACH,
    Near,
    near_space,
    place_grid,
    place_lanes,
    read_boundary,
)
from riskmill.risk.pricing.formulas.american_scheme import PRECISE, QUICK, Scheme
from riskmill.risk.pricing.maths import exp

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


def american_scenario_prices(*arguments: FloatArray) -> FloatArray:
    """
    Options along scenarios, the base last: what `american.american_rows` fills quickly.

    Arguments are those of `american_option`, shape (options, scenarios) each.
    """
    known = american_prices(*(part[:, -1] for part in arguments))
    every = zip(*arguments, strict=True)
    return np.array([_scenario_prices(own, one) for own, one in zip(every, known, strict=True)])


def _scenario_prices(arguments: Sequence[FloatArray], known: float) -> FloatArray:
    """One option, whose precise price at base is *known*."""
    base = [column[-1:] for column in arguments]
    work, near = _boxed(workspace(1, QUICK)), _near(base, float(arguments[5][-1]))
    if near is None:
        quick, away = american_prices(*arguments, plan=QUICK), np.empty(0, dtype=np.int64)
    else:
        quick, away = _read_off(work, near, arguments)
    found = quick + (known - quick[-1:])
    if len(away):
        columns = [np.append(column[away], column[-1]) for column in arguments]
        far = american_prices(*columns, plan=QUICK)
        found[away] = far[:-1] + (known - far[-1:])
    spot, strike, sign = arguments[0], arguments[4], arguments[6]
    return np.maximum(found, np.maximum(sign * (spot - strike), 0.0))


def _near(base: list[FloatArray], years: float) -> Near | None:
    """Polynomials around the base; none where no grid can hang on it."""
    points = len(GRID.points)
    work = _boxed(workspace(1, QUICK))
    set_lane(work, 0, *(np.repeat(part, points) for part in base))
    if not work.early[0][0] > 0.0:
        return None
    near = near_space(points, len(QUICK.spans), points)
    place_grid(near, work.deviation[0][0], work.rate[0][0], work.yield_[0][0], years)
    work.deviation[0], work.rate[0], work.yield_[0] = (
        near.base[0] * exp(VOLATILITY_REACH * GRID.points[:, 0]),
        near.base[1] + near.base[3] * GRID.points[:, 1],
        near.base[2] + near.base[4] * GRID.points[:, 2],
    )
    solve_boundary(work, QUICK)
    logs = np.array([work.limit[0] - h for h in work.h[: len(QUICK.spans), 0]])
    near.coefficients[:] = logs @ GRID.powers
    return near


def _read_off(
    work: Work, near: Near, arguments: Sequence[FloatArray]
) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """Prices by the boundaries around the base's, and which scenarios stand off the grid."""
    set_lane(work, 0, *arguments)
    set_limits(work)
    there = near_space(1, len(QUICK.spans), len(GRID.points))
    cells: list[Any] = [part.astype(np.object_) for part in there]
    lanes = Near(*cells)._replace(base=near.base, coefficients=near.coefficients)
    place_lanes(work, lanes, GRID.made_of)
    read_boundary(work, lanes)
    out = np.empty(1, dtype=np.object_)
    add_premium(work, QUICK)
    choose_exercise(work, out)
    inside = np.broadcast_to(lanes.inside[0], arguments[0].shape)
    return np.broadcast_to(out[0], arguments[0].shape), np.flatnonzero(inside == 0.0)


def _together(columns: FloatArray, plan: Scheme) -> FloatArray:
    work, out = _boxed(workspace(1, plan)), np.empty(1, dtype=np.object_)
    set_lane(work, 0, *columns)
    price_lanes(work, plan, out)
    return np.broadcast_to(out[0], columns[0].shape)


def _boxed(work: Work) -> Work:
    """The workspace with cells that take arrays."""
    cells: list[Any] = [part.astype(np.object_) for part in work]
    return Work(*cells)
