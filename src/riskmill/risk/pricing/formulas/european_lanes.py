"""
`european_option` over scenarios, in stages short enough for a processor to overlap.

The same formula as in `black_scholes`, a chunk of scenarios at a time: each stage is one
loop, and what one stage leaves for the next stays in the nearest cache. Logarithms of
spots, discount and growth factors are kept for the positions that follow: those of one
block often share an underlying or an expiry. Whether one is kept changes no byte.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from riskmill.risk.pricing.dual import Real
from riskmill.risk.pricing.formulas.black_scholes import CERTAIN
from riskmill.risk.pricing.maths import (
    exp,
    gain_from_density,
    log,
    maximum,
    normal_density,
    sqrt,
    where,
)
from riskmill.risk.pricing.row_sums import close_row

CHUNK = 64
"""Scenarios worked on together."""
PLACES = 64
"""Rows kept of each kind: together they fit into the second cache."""
LOGARITHM, DISCOUNT, GROWTH = 0, PLACES, 2 * PLACES
"""First place of each kind."""
TINY = 1e-300


def european_rows(rows: Any, index: Any, terms: Any, amounts: Any, out: Any, asked: Any) -> None:
    """
    The loop over positions and scenarios; arguments as in `kernels.option_rows`.

    A width above `CHUNK` is a multiple of it.
    """
    width = out.shape[1]
    chunk = min(CHUNK, width)
    work = np.empty((3, chunk))
    kept = np.empty((3 * PLACES, width))
    owners = np.full(3 * PLACES, -1)
    times = np.empty(3 * PLACES)
    for i in range(index.shape[0]):
        row = out[min(i, out.shape[0] - 1)]
        strike = terms[i, 0]
        years = terms[i, 1]
        spot = rows[index[i, 0]]
        logarithm = kept[place_of(rows, index[i, 0], 0.0, LOGARITHM, kept, owners, times)]
        discount = kept[place_of(rows, index[i, 2], years, DISCOUNT, kept, owners, times)]
        growth = kept[place_of(rows, index[i, 3], years, GROWTH, kept, owners, times)]
        volatility = rows[index[i, 1]]
        rate = rows[index[i, 2]]
        yield_ = rows[index[i, 3]]
        conversion = rows[index[i, 4]]
        for start in range(0, width, chunk):
            part = slice(start, start + chunk)
            begin(logarithm[part], volatility[part], rate[part], yield_[part], strike, years, work)
            finish(
                spot[part],
                discount[part],
                growth[part],
                conversion[part],
                strike,
                terms[i, 2],
                amounts[i],
                work,
                row[part],
            )
        close_row(row, i, asked)


def place_of(
    rows: Any, row: int, years: Real, first: int, kept: Any, owners: Any, times: Any
) -> int:
    """Where ln(row), or exp(-row x years), is kept; it is made where the place has another."""
    place = first + (row * 7 + int(years * 365.0 + 0.5)) % PLACES
    if owners[place] != row or times[place] != years:
        owners[place] = row
        times[place] = years
        source = rows[row]
        target = kept[place]
        if first == LOGARITHM:
            for s in range(target.shape[0]):
                target[s] = log(maximum(source[s], TINY))
        else:
            for s in range(target.shape[0]):
                target[s] = exp(-years * source[s])
    return place


def begin(
    logarithm: Any,
    volatility: Any,
    rate: Any,
    yield_: Any,
    strike: Real,
    years: Real,
    work: Any,
) -> None:
    """Fill d1, the deviation and the density at d1."""
    d1s = work[0]
    deviations = work[1]
    densities = work[2]
    root = sqrt(years)
    log_strike = log(strike)
    for s in range(d1s.shape[0]):
        deviation = volatility[s] * root
        spread = maximum(deviation, CERTAIN)
        moneyness = (logarithm[s] - log_strike) + (rate[s] - yield_[s]) * years
        d1s[s] = moneyness / spread + 0.5 * spread
        deviations[s] = deviation
    for s in range(d1s.shape[0]):
        densities[s] = normal_density(d1s[s])


def finish(
    spot: Any,
    discount: Any,
    growth: Any,
    conversion: Any,
    strike: Real,
    sign: Real,
    amount: Real,
    work: Any,
    out: Any,
) -> None:
    """Prices from the tails; for certain, without volatility or with a spot of zero or less."""
    d1s = work[0]
    deviations = work[1]
    densities = work[2]
    for s in range(out.shape[0]):
        d1 = d1s[s]
        deviation = deviations[s]
        present = spot[s] * growth[s]
        paid = strike * discount[s]
        likely = gain_from_density(present, paid, d1, d1 - deviation, sign, densities[s])
        sure = maximum(sign * (present - paid), 0.0)
        certain = (deviation < CERTAIN) | (spot[s] <= 0.0)
        out[s] = amount * conversion[s] * where(certain, sure, likely)


INLINED: tuple[Callable[..., Any], ...] = (begin, finish, place_of)
"""Functions that the compiled loop inlines."""
