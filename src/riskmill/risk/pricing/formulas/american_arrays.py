"""
American options on numpy arrays: the lanes' own source, with an array in a lane.

A workspace of one lane whose cells hold arrays runs the unchanged scheme for all of them at
once: a thousand prices for the cost of some ten, and the same bytes.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from riskmill.domain import FloatArray
from riskmill.risk.pricing.formulas.american import (
    american_option,
    choose_exercise,
    set_lane,
)
from riskmill.risk.pricing.formulas.american_boundary import (
    CALM_ROUNDS,
    Work,
    add_calm_point,
    add_point,
    add_premium,
    answer_at,
    answer_calmly_at,
    guess_boundary,
    lanes_by_system,
    mix_rounds,
    set_limits,
    square_nodes,
    start_calm_integrals,
    start_integrals,
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
from riskmill.risk.pricing.maths import exp, largest

FEW = 1
"""Prices up to which one after the other is quicker."""
MOST = 1024
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
    bases = [part[:, -1] for part in arguments]
    known, nears = american_prices(*bases), _nears(bases)
    every = zip(zip(*arguments, strict=True), known, nears, strict=True)
    return np.array([_scenario_prices(own, one, near) for own, one, near in every])


def _scenario_prices(
    arguments: Sequence[FloatArray], known: float, near: Near | None
) -> FloatArray:
    """One option, whose precise price at base is *known*, by the polynomials around its base."""
    if near is None:
        quick, away = american_prices(*arguments, plan=QUICK), np.empty(0, dtype=np.int64)
    else:
        quick, away = _read_off(_boxed(workspace(1, QUICK)), near, arguments)
    found = quick + (known - quick[-1:])
    if len(away):
        columns = [np.append(column[away], column[-1]) for column in arguments]
        far = american_prices(*columns, plan=QUICK)
        found[away] = far[:-1] + (known - far[-1:])
    spot, strike, sign = arguments[0], arguments[4], arguments[6]
    return np.maximum(found, np.maximum(sign * (spot - strike), 0.0))


def _nears(bases: Sequence[FloatArray]) -> list[Near | None]:
    """Polynomials around the base of each option; none where no grid can hang on it."""
    size = MOST // len(GRID.points)
    parts = [
        _fitted([part[start : start + size] for part in bases])
        for start in range(0, len(bases[0]), size)
    ]
    return [near for part in parts for near in part]


def _fitted(bases: list[FloatArray]) -> list[Near | None]:
    """As many at once as there is room for: the points of all grids in one lane."""
    points = len(GRID.points)
    work = _boxed(workspace(1, QUICK))
    set_lane(work, 0, *(np.repeat(part, points) for part in bases))
    nears: list[Near | None] = []
    for i, years in enumerate(bases[5].tolist()):
        own = slice(i * points, (i + 1) * points)
        deviation, rate, yield_ = work.deviation[0][own], work.rate[0][own], work.yield_[0][own]
        if not work.early[0][own][0] > 0.0:
            nears.append(None)
            continue
        near = near_space(points, len(QUICK.spans), points)
        place_grid(near, deviation[0], rate[0], yield_[0], years)
        deviation[:] = near.base[0] * exp(VOLATILITY_REACH * GRID.points[:, 0])
        rate[:] = near.base[1] + near.base[3] * GRID.points[:, 1]
        yield_[:] = near.base[2] + near.base[4] * GRID.points[:, 2]
        nears.append(near)
    if any(nears):
        _solve_boundary(work, QUICK)
    for i, found in enumerate(nears):
        if found is not None:
            own = slice(i * points, (i + 1) * points)
            logs = [work.limit[0][own] - h[own] for h in work.h[: len(QUICK.spans), 0]]
            found.coefficients[:] = np.array(logs) @ GRID.powers
    return nears


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
    """Prices as `price_lanes` fills them, of one lane that holds them all."""
    work, out = _boxed(workspace(1, plan)), np.empty(1, dtype=np.object_)
    set_lane(work, 0, *columns)
    work.premium[0], work.limit[0] = 0.0, 0.0
    if largest(work.early[0]) > 0:
        _solve_boundary(work, plan)
        add_premium(work, plan)
    choose_exercise(work, out)
    return np.broadcast_to(out[0], columns[0].shape)


def _solve_boundary(work: Work, plan: Scheme) -> None:
    """`solve_boundary`, all points of an integral at once."""
    set_limits(work)
    guess_boundary(work, plan)
    any_calm, any_other = lanes_by_system(work)
    for turn in range(plan.rounds + CALM_ROUNDS * any_calm):
        square_nodes(work.h, work.squares)
        for i, root in enumerate(plan.roots[:-1]):
            if any_other and turn < plan.rounds:
                start_integrals(work, i, root)
                _add_points(work, i, plan, add_point)
                answer_at(work, i)
            if any_calm:
                start_calm_integrals(work, i, root)
                _add_points(work, i, plan, add_calm_point)
                answer_calmly_at(work, i, turn < plan.rounds)
        mix_rounds(work, turn)


def _add_points(work: Work, node: int, plan: Scheme, add: Callable[..., None]) -> None:
    """Every point of the integrals at a node, calculated together and added in order."""
    at_spans = plan.at_spans[node]
    square = at_spans[:, :1] * work.squares[0, 0]
    for j in range(1, len(work.squares) - 1):
        square = square + at_spans[:, j : j + 1] * work.squares[j, 0]
    points = work._replace(square=_cell(square), numerator=_cell(0.0), denominator=_cell(0.0))
    add(points, node, plan.spans[node][:, np.newaxis], plan.weights[node][:, np.newaxis])
    for k in range(len(at_spans)):
        work.numerator[0] = work.numerator[0] + points.numerator[0][k]
        work.denominator[0] = work.denominator[0] + points.denominator[0][k]


def _cell(held: Any) -> Any:
    """One lane that holds an array."""
    cell = np.empty(1, dtype=np.object_)
    cell[0] = held
    return cell


def _boxed(work: Work) -> Work:
    """The workspace with cells that take arrays."""
    cells: list[Any] = [part.astype(np.object_) for part in work]
    return Work(*cells)
