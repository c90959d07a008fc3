"""
The loops over scenarios on numpy arrays: for batches so small that a compiler does not pay.

Each fills what the kernel of the same arguments fills (`kernels`), a whole row of scenarios at
a time. Both agree to 1e-12 of gross; a run uses one of them throughout. Sums are not their
matter: what is asked beside values has to be `row_sums.NOTHING`, and `row_sums.sum_rows` makes
the sums of what they filled.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from riskmill.domain import FloatArray, UsageError
from riskmill.risk.pricing.formulas.american_arrays import american_prices, american_scenario_prices
from riskmill.risk.pricing.kernels import (
    Formula,
    Kernel,
    american_kernel,
    american_scenario_kernel,
    european_kernel,
    exp_kernel,
    linear_kernel,
    option_kernel,
)
from riskmill.risk.pricing.maths import exp

COMPILED, ARRAYS = "compiled", "numpy"
PATHS = (COMPILED, ARRAYS)
"""Ways to run a formula over scenarios."""


def option_arrays(formula: Formula) -> Kernel:
    """Return the loop over positions around *formula*, which prices a row of scenarios at once."""

    def fill(rows: Any, index: Any, terms: Any, amounts: Any, out: Any, _asked: Any) -> None:
        for i, (spot, volatility, rate, yield_, conversion) in enumerate(index.tolist()):
            unit = formula(
                rows[spot], rows[volatility], rows[rate], rows[yield_], *terms[i].tolist()
            )
            out[i] = amounts[i] * rows[conversion] * unit

    return fill


def linear_arrays(
    rows: Any,
    starts: Any,
    index: Any,
    weights: Any,
    conversions: Any,
    amounts: Any,
    out: Any,
    _asked: Any,
) -> None:
    """Sums of weights times rows, in order; arguments as in `kernels.linear_rows`."""
    for i in range(out.shape[0]):
        own = range(int(starts[i]), int(starts[i + 1]))
        total = sum((weights[j] * rows[index[j]] for j in own), np.zeros(out.shape[1]))
        out[i] = total * (amounts[i] * rows[conversions[i]])


def american_arrays(formula: Formula) -> Kernel:
    """Return the loop of `kernels.american_kernel`: every column precise."""

    def fill(rows: Any, index: Any, terms: Any, amounts: Any, out: Any, _asked: Any) -> None:
        with np.errstate(all="ignore"):
            unit = american_prices(*_american_arguments(rows, index, terms))
        out[:] = amounts[:, np.newaxis] * rows[index[:, 4]] * unit

    return fill


def american_scenario_arrays(formula: Formula) -> Kernel:
    """Return the loop of `kernels.american_scenario_kernel`: precise at base, quick elsewhere."""

    def fill(rows: Any, index: Any, terms: Any, amounts: Any, out: Any, _asked: Any) -> None:
        given = np.broadcast_arrays(*_american_arguments(rows, index, terms))
        with np.errstate(all="ignore"):
            unit = american_scenario_prices(*given)
        out[:] = amounts[:, np.newaxis] * rows[index[:, 4]] * unit

    return fill


def _american_arguments(rows: Any, index: Any, terms: Any) -> list[FloatArray]:
    """Arguments of `american_option`, shape (positions, width) or (positions, 1) each."""
    return [*(rows[index[:, j]] for j in range(4)), *(terms[:, j, np.newaxis] for j in range(3))]


def exp_array(powers: Any, out: Any) -> None:
    """E to each of *powers*; arguments as in `kernels.exp_row`."""
    out[:] = exp(powers)


_WITHOUT_COMPILER: Mapping[Callable[..., Kernel], Callable[..., Kernel]] = {
    option_kernel: option_arrays,
    european_kernel: option_arrays,
    american_kernel: american_arrays,
    american_scenario_kernel: american_scenario_arrays,
    linear_kernel: lambda: linear_arrays,
    exp_kernel: lambda: exp_array,
}


def maker_on(path: str, maker: Callable[..., Kernel]) -> Callable[..., Kernel]:
    """What makes the loop that *maker* makes, on another path."""
    return _WITHOUT_COMPILER.get(maker, maker) if path == ARRAYS else maker


def check_path(path: str) -> str:
    """Return the path itself; `UsageError` (E418) where it is none of `PATHS`."""
    if path not in PATHS:
        raise UsageError(
            "E418",
            f"'{path}' is no way to compute",
            place="path",
            remedy=f"Choose one of {', '.join(PATHS)}.",
        )
    return path
