"""
The loops over scenarios on numpy arrays: for batches so small that a compiler does not pay.

Each fills what the kernel of the same arguments fills (`kernels`), a whole row of scenarios at
a time. Both agree to 1e-12 of gross; a run uses one of them throughout.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from riskmill.domain import UsageError
from riskmill.risk.pricing.kernels import (
    Formula,
    Kernel,
    european_kernel,
    linear_kernel,
    option_kernel,
)

COMPILED, ARRAYS = "compiled", "numpy"
PATHS = (COMPILED, ARRAYS)
"""Ways to run a formula over scenarios."""


def option_arrays(formula: Formula) -> Kernel:
    """Return the loop over positions around *formula*, which prices a row of scenarios at once."""

    def fill(rows: Any, index: Any, terms: Any, amounts: Any, out: Any) -> None:
        for i, (spot, volatility, rate, yield_, conversion) in enumerate(index.tolist()):
            unit = formula(
                rows[spot], rows[volatility], rows[rate], rows[yield_], *terms[i].tolist()
            )
            out[i] = amounts[i] * rows[conversion] * unit

    return fill


def linear_arrays(
    rows: Any, starts: Any, index: Any, weights: Any, conversions: Any, amounts: Any, out: Any
) -> None:
    """Sums of weights times rows, in order; arguments as in `kernels.linear_rows`."""
    for i in range(out.shape[0]):
        own = range(int(starts[i]), int(starts[i + 1]))
        total = sum((weights[j] * rows[index[j]] for j in own), np.zeros(out.shape[1]))
        out[i] = total * (amounts[i] * rows[conversions[i]])


_WITHOUT_COMPILER: Mapping[Callable[..., Kernel], Callable[..., Kernel]] = {
    option_kernel: option_arrays,
    european_kernel: option_arrays,
    linear_kernel: lambda: linear_arrays,
}


def maker_on(path: str, maker: Callable[..., Kernel]) -> Callable[..., Kernel]:
    """
    What makes the loop that *maker* makes, on another path.

    American options solve for a boundary step by step: their loop is compiled on either path.
    """
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
