"""What the parametric measures accept: sensitivities and a covariance, checked at the door."""

from collections.abc import Sequence

import numpy as np

from riskmill.domain import FloatArray, UsageError

SensitivityInput = FloatArray | Sequence[float]
"""P&L for a unit move of each factor, in one currency."""

MatrixInput = FloatArray | Sequence[Sequence[float]]

TOLERANCE = 1e-10
"""Share of the largest entry or eigenvalue that rounding may explain."""


def checked_sensitivities(deltas: SensitivityInput) -> FloatArray:
    """Sensitivities as a float array; `UsageError` (E472) unless 1-D, filled and finite."""
    array = numbers(deltas, "sensitivities")
    if array.ndim != 1 or array.size == 0:
        raise _refused(f"sensitivities are a list of numbers, not of shape {array.shape}")
    return array


def checked_covariance(covariance: MatrixInput, factors: int) -> FloatArray:
    """
    A covariance of *factors* factors, in the squared units of their moves.

    A singular one is welcome: some mix of factors then never moves, and nothing here divides
    by it. Raises `UsageError` (E472) for a matrix of another shape, one that is not symmetric,
    and one by which some mix of factors would have a negative variance.
    """
    matrix = checked_square(covariance, factors, "the covariance")
    values = np.linalg.eigvalsh(matrix)
    if values[0] < -TOLERANCE * max(float(values[-1]), 0.0):
        raise _refused(
            f"the covariance gives a mix of factors the negative variance {float(values[0]):.6g}"
        )
    return matrix


def checked_square(values: MatrixInput, factors: int, what: str) -> FloatArray:
    """A symmetric matrix with a row a factor; `UsageError` (E472) for any other."""
    matrix = numbers(values, what)
    if matrix.shape != (factors, factors):
        raise _refused(f"{what} has shape {matrix.shape}, ({factors}, {factors}) was expected")
    if np.abs(matrix - matrix.T).max() > TOLERANCE * np.abs(matrix).max():
        raise _refused(f"{what} is not symmetric")
    return matrix


def numbers(values: SensitivityInput | MatrixInput, what: str) -> FloatArray:
    """A float array of any shape; `UsageError` (E472) unless all of it is finite numbers."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as cause:
        raise _refused(f"{what} must hold numbers only") from cause
    if not np.isfinite(array).all():
        raise _refused(f"{what} must be finite")
    return array


def _refused(message: str) -> UsageError:
    return UsageError(
        "E472",
        message,
        remedy="Give a finite sensitivity per factor and a symmetric covariance without "
        "negative eigenvalues, factors in the same order.",
    )


def product(left: FloatArray, right: FloatArray) -> FloatArray:
    """
    Matrix product, or that of a matrix and a vector, the same to the last digit everywhere.

    Not that of the linear algebra library, which sums as suits the processor it finds.
    """
    axes = "ij,jk->ik" if right.ndim == 2 else "ij,j->i"
    result: FloatArray = np.einsum(axes, left, right)
    return result
