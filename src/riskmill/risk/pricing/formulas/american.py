"""
American options on a lognormal spot, by the integral equation of the exercise boundary.

A call is turned into a put by exchanging spot with strike and rate with yield, and the
put is scaled to strike one. Its price is the European one plus what exercise below the
boundary earns (`american_boundary`).

With both rates below zero and the yield below the rate (of the equivalent put) exercise
can pay inside a band only; that premium is left out, and the price is the larger of the
European price and immediate exercise.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from riskmill.risk.pricing.dual import Real
from riskmill.risk.pricing.formulas import american_boundary
from riskmill.risk.pricing.formulas.american_boundary import (
    TINY,
    Work,
    add_premium,
    set_limits,
    solve_boundary,
    workspace,
)
from riskmill.risk.pricing.formulas.american_grid import (
    GRID,
    Near,
    fit_boundary,
    near_space,
    place_grid,
    place_lanes,
    read_boundary,
    set_points,
)
from riskmill.risk.pricing.formulas.american_scheme import PRECISE, QUICK, Scheme
from riskmill.risk.pricing.formulas.black_scholes import european_option
from riskmill.risk.pricing.maths import exp, largest, log, maximum, minimum, sqrt, where
from riskmill.risk.pricing.row_sums import close_row

CHUNK = 64
"""Lanes worked on together, so that they stay in the nearest cache."""
CERTAIN = 1e-6
"""Total deviation below which the spot is taken to follow its forward."""
SMALL_RATE = 1e-9
"""Rate that stands for none in the boundary's equation."""
HARMLESS_RATE, HARMLESS_DEVIATION = 0.05, 0.2
"""What lanes without early exercise carry through the boundary's equation."""


def american_option(
    spot: float,
    volatility: float,
    rate: float,
    dividend_yield: float,
    strike: float,
    years: float,
    sign: float,
) -> float:
    """
    Price of an option that may be exercised at any time, per underlying unit.

    Arguments are those of `european_option`, one float each. Per 100 of spot, against
    QuantLib's high-precision engine: below 5e-5 for volatilities of 10 to 80 % and
    maturities to three years, 5e-4 to fifteen years, 5e-2 for volatilities of 1 to 10 %
    at rates to 8 % (docs/methodology/options.md).
    """
    work, out = workspace(1, PRECISE), np.empty(1)
    set_lane(work, 0, spot, volatility, rate, dividend_yield, strike, years, sign)
    price_lanes(work, PRECISE, out)
    return float(out[0])


# The loop over positions and scenarios.


def american_rows(
    rows: Any,
    index: Any,
    terms: Any,
    amounts: Any,
    precise_columns: int,
    out: Any,
    asked: Any,
) -> None:
    """
    Fill out (positions, width); the other arguments are those of `kernels.option_rows`.

    The last column is the base. Either all columns are precise, or the base alone and a
    scenario is the quick scheme's price plus what that scheme misses at base: a thirtieth
    of the cost, nothing but itself and the base in a scenario's value, and no change where
    nothing moved. Its boundary is read off a grid around the base where it stands on that
    grid (`american_grid`), and solved where it does not. A width above `CHUNK` is then a
    multiple of it.
    """
    width = out.shape[1]
    precise = np.empty((index.shape[0], precise_columns))
    fill_precisely(rows, index, terms, width - precise_columns, precise)
    work = workspace(min(CHUNK, width), QUICK)
    near = near_space(min(CHUNK, width), QUICK.spans.shape[0], GRID.points.shape[0])
    far = np.empty(width, np.int64)
    for i in range(index.shape[0]):
        row = out[min(i, out.shape[0] - 1)]
        if precise_columns == width:
            row[:] = precise[i]
        else:
            known = precise[i, precise_columns - 1]
            fill_quickly(rows, index[i], terms[i], work, near, far, known, row)
        conversion = rows[index[i, 4]]
        amount = amounts[i]
        for s in range(width):
            row[s] *= amount * conversion[s]
        close_row(row, i, asked)


def fill_quickly(
    rows: Any, index: Any, terms: Any, work: Work, near: Near, far: Any, base: Real, out: Any
) -> None:
    """Quick unit prices of one position whose precise price at base is known."""
    chunk = work.spot.shape[0]
    away = 0
    gridded = fit_around(rows, index, terms, out.shape[0] - 1, work, near)
    for start in range(0, out.shape[0], chunk):
        load_lanes(rows, index, terms, start, work)
        if gridded:
            price_near(work, near, out[start : start + chunk])
            away = note_far(near, start, far, away)
        else:
            price_lanes(work, QUICK, out[start : start + chunk])
    missed = base - out[out.shape[0] - 1]
    for s in range(out.shape[0]):
        out[s] += missed
    for start in range(0, away, chunk - 1):
        columns = far[start : min(start + chunk - 1, away)]
        price_far(rows, index, terms, work, columns, near.inside, base, out)
    spot = rows[index[0]]
    strike = terms[0]
    sign = terms[2]
    for s in range(out.shape[0]):
        out[s] = maximum(out[s], maximum(sign * (spot[s] - strike), 0.0))


def load_lanes(rows: Any, index: Any, terms: Any, start: int, work: Work) -> None:
    """Take the columns from *start* on into all lanes."""
    lanes = work.spot.shape[0]
    spot = rows[index[0], start : start + lanes]
    volatility = rows[index[1], start : start + lanes]
    rate = rows[index[2], start : start + lanes]
    yield_ = rows[index[3], start : start + lanes]
    for s in range(lanes):
        set_lane(work, s, spot[s], volatility[s], rate[s], yield_[s], terms[0], terms[1], terms[2])


def fit_around(rows: Any, index: Any, terms: Any, column: int, work: Work, near: Near) -> bool:
    """Fit the boundaries around a column's; false where no grid can hang on it."""
    points = GRID.points.shape[0]
    for s in range(work.spot.shape[0]):
        load_lane(rows, index, terms, column, work, s)
    fits = bool(work.early[0] > 0.0) and points <= work.spot.shape[0]
    if fits:
        place_grid(near, work.deviation[0], work.rate[0], work.yield_[0], terms[1])
        set_points(work, near, GRID.points)
        solve_boundary(work, QUICK)
        fit_boundary(work, near, GRID.powers)
    return fits


def price_near(work: Work, near: Near, out: Any) -> None:
    """Price the options in all lanes by the boundaries around the base's."""
    set_limits(work)
    place_lanes(work, near, GRID.made_of)
    read_boundary(work, near)
    add_premium(work, QUICK)
    choose_exercise(work, out)


def price_far(
    rows: Any, index: Any, terms: Any, work: Work, columns: Any, lanes: Any, base: Real, out: Any
) -> None:
    """Price some columns with boundaries of their own: the base's before them, to compare."""
    load_lane(rows, index, terms, out.shape[0] - 1, work, 0)
    for s in range(columns.shape[0]):
        load_lane(rows, index, terms, columns[s], work, s + 1)
    price_lanes(work, QUICK, lanes)
    for s in range(columns.shape[0]):
        out[columns[s]] = lanes[s + 1] + (base - lanes[0])


def note_far(near: Near, start: int, far: Any, away: int) -> int:
    """Add the columns of lanes that stand off the grid to *far*, which has *away* of them."""
    for s in range(near.inside.shape[0]):
        if near.inside[s] == 0.0:
            far[away] = start + s
            away += 1
    return away


def fill_precisely(rows: Any, index: Any, terms: Any, first: int, out: Any) -> None:
    """
    Precise unit prices in the columns from *first* on, several positions at a time.

    A column whose market is the base's has its value and costs nothing, so an axis may have
    many more columns than move one position.
    """
    base = first + out.shape[1] - 1
    work = workspace(CHUNK, PRECISE)
    lanes = np.empty(CHUNK)
    places = np.empty((CHUNK, 2), np.int64)
    taken = 0
    for i in range(out.shape[0]):
        for s in range(first, base + 1):
            if s == base or is_moved(rows, index[i], s, base):
                load_lane(rows, index[i], terms[i], s, work, taken)
                places[taken, 0] = i
                places[taken, 1] = s - first
                taken += 1
            if taken == CHUNK:
                price_lanes(work, PRECISE, lanes)
                put_lanes(lanes, places, taken, out)
                taken = 0
    if taken > 0:
        price_lanes(work, PRECISE, lanes)
        put_lanes(lanes, places, taken, out)
    for i in range(out.shape[0]):
        for s in range(first, base):
            if not is_moved(rows, index[i], s, base):
                out[i, s - first] = out[i, base - first]


def is_moved(rows: Any, index: Any, column: int, base: int) -> bool:
    """Whether a column's spot, volatility, rate or yield differs from the base's."""
    moved = False
    for j in range(4):
        moved = moved or rows[index[j], column] != rows[index[j], base]
    return moved


def load_lane(rows: Any, index: Any, terms: Any, column: int, work: Work, lane: int) -> None:
    """Take one column of one position into a lane."""
    set_lane(
        work,
        lane,
        rows[index[0], column],
        rows[index[1], column],
        rows[index[2], column],
        rows[index[3], column],
        terms[0],
        terms[1],
        terms[2],
    )


def put_lanes(lanes: Any, places: Any, taken: int, out: Any) -> None:
    """Put the lanes taken where they belong."""
    for lane in range(taken):
        out[places[lane, 0], places[lane, 1]] = lanes[lane]


# One option in one lane.


def set_lane(
    work: Work,
    lane: int,
    spot: Real,
    volatility: Real,
    rate: Real,
    dividend_yield: Real,
    strike: Real,
    years: Real,
    sign: Real,
) -> None:
    """Put an option into a lane, as the put with strike one that it is worth the same as."""
    put_rate = where(sign < 0.0, rate, dividend_yield)
    put_yield = where(sign < 0.0, dividend_yield, rate)
    early = pays_early(put_rate, put_yield, volatility, years)
    put_spot = relative_spot(spot, strike, sign)
    work.spot[lane] = put_spot
    work.rate[lane] = where(early, maximum(put_rate, SMALL_RATE) * years, HARMLESS_RATE)
    work.yield_[lane] = where(early, put_yield * years, 0.0)
    deviation = volatility * sqrt(maximum(years, 0.0))
    work.deviation[lane] = where(early, deviation, HARMLESS_DEVIATION)
    work.early[lane] = where(early, 1.0, 0.0)
    work.price[lane] = put_price(put_spot, volatility, put_rate, put_yield, years)
    work.scale[lane] = where(sign < 0.0, strike, maximum(spot, TINY))


def price_lanes(work: Work, plan: Scheme, out: Any) -> None:
    """Price the options in all lanes of *work*; *out* has as many."""
    possible = 0.0
    for s in range(out.shape[0]):
        possible += work.early[s]
        work.premium[s] = 0.0
        work.limit[s] = 0.0
    if largest(possible) > 0:
        solve_boundary(work, plan)
        add_premium(work, plan)
    choose_exercise(work, out)


def choose_exercise(work: Work, out: Any) -> None:
    """From European price, premium and boundary to the price of each lane."""
    for s in range(out.shape[0]):
        spot = work.spot[s]
        boundary = exp(work.limit[s] - work.h[0, s])
        waiting = work.price[s] + maximum(work.premium[s], 0.0)
        early = where(spot > boundary, waiting, maximum(1.0 - spot, work.price[s]))
        price = where(work.early[s] > 0.0, early, work.price[s])
        out[s] = work.scale[s] * maximum(price, maximum(1.0 - spot, 0.0))


def pays_early(rate: Real, yield_: Real, volatility: Real, years: Real) -> Real:
    """Whether a put is worth exercising early below some boundary."""
    earns = (rate > SMALL_RATE) | ((rate >= 0.0) & (yield_ < 0.0))
    return earns & (volatility * sqrt(maximum(years, 0.0)) > CERTAIN)


def relative_spot(spot: Real, strike: Real, sign: Real) -> Real:
    """Spot of the put with strike one: spot over strike, for a call the other way round."""
    spot = maximum(spot, TINY)
    return where(sign < 0.0, spot / strike, strike / spot)


def put_price(spot: Real, volatility: Real, rate: Real, yield_: Real, years: Real) -> Real:
    """
    Price without the early-exercise premium of a put with strike one.

    Where nothing is left to chance, the best date on the forward path, exactly.
    """
    years = maximum(years, 0.0)
    european = european_option(spot, volatility, rate, yield_, 1.0, years, -1.0)
    both = (rate > 0.0) & (yield_ > 0.0) & (rate != yield_)
    interest = where(both, rate, 2.0)
    dividends = where(both, yield_, 1.0)
    best = log(interest / (dividends * spot)) / (interest - dividends)
    best = where(both, minimum(maximum(best, 0.0), years), 0.0)
    certain = maximum(exp(-rate * best) - spot * exp(-yield_ * best), european)
    return where(volatility * sqrt(years) > CERTAIN, european, certain)


INLINED: tuple[Callable[..., Any], ...] = (
    pays_early,
    relative_spot,
    european_option,
    put_price,
    set_lane,
    american_boundary.is_calm,
    american_boundary.first_boundary,
    american_boundary.square_nodes,
    american_boundary.interpolate,
    american_boundary.start_integrals,
    american_boundary.add_point,
    american_boundary.start_calm_integrals,
    american_boundary.add_calm_point,
    american_boundary.answer_at,
    american_boundary.answer_calmly_at,
    american_boundary.add_earning,
)
"""Functions that the compiled kernel inlines: scalar ones, and loops too short for a call."""
CALLED: tuple[Callable[..., Any], ...] = (
    workspace,
    american_boundary.lanes_by_system,
    american_boundary.guess_boundary,
    american_boundary.apply_equation,
    american_boundary.apply_calm_equation,
    american_boundary.mix_rounds,
    set_limits,
    solve_boundary,
    add_premium,
    near_space,
    place_grid,
    set_points,
    fit_boundary,
    place_lanes,
    read_boundary,
    choose_exercise,
    price_lanes,
    is_moved,
    load_lane,
    load_lanes,
    put_lanes,
    fit_around,
    price_near,
    price_far,
    note_far,
    fill_quickly,
    fill_precisely,
)
"""Functions over lanes that it calls, each after those that it calls itself."""
