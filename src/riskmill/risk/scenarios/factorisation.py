"""A square root of a covariance matrix, singular or not."""

import numpy as np

from riskmill.domain import FloatArray, InputRejected

ROUNDING = 1e-10
"""Share of a variance below which what is left of it is rounding."""
TIE = 1e-9
"""Difference below which the earlier of two factors comes first: rounding must not decide."""


def factorise(covariance: FloatArray) -> FloatArray:
    """
    A matrix L of shape (factors, rank) with L L' = *covariance*, by pivoted Cholesky.

    It works on correlations, so that the unit of a factor does not matter, and stops at the
    rank: fewer days than factors give fewer columns. Of factors with as much variance left the
    earlier comes first, so that rounding does not change the order. Only element by element
    operations are used: the digits do not depend on the number of threads. Source: N. Higham,
    *Accuracy and Stability of Numerical Algorithms*, 2nd ed., section 10.3.
    Raises `InputRejected` (E482) for a matrix that is no covariance: not square, not finite,
    not symmetric, or with a negative eigenvalue.
    """
    matrix = _checked(covariance)
    deviations = np.sqrt(np.diagonal(matrix))
    scale = np.where(deviations > 0.0, deviations, 1.0)
    rest = matrix / scale / scale[:, np.newaxis]
    columns = []
    for _ in range(len(rest)):
        left = np.diagonal(rest)
        largest = left.max()
        if largest <= ROUNDING:
            break
        pivot = int(np.argmax(left >= largest - TIE))
        column = rest[:, pivot] / np.sqrt(left[pivot])
        rest = rest - np.multiply.outer(column, column)
        columns.append(column)
    if np.abs(rest).max(initial=0.0) > 10.0 * ROUNDING:
        raise _refused("it has a negative eigenvalue")
    return np.array(columns).reshape(len(columns), len(rest)).T * scale[:, np.newaxis]


def _checked(covariance: FloatArray) -> FloatArray:
    matrix = np.array(covariance, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise _refused(f"its shape is {matrix.shape}")
    if not np.isfinite(matrix).all():
        raise _refused("an entry is not finite")
    if (np.abs(matrix - matrix.T) > ROUNDING * np.abs(matrix).max(initial=0.0)).any():
        raise _refused("it is not symmetric")
    if (np.diagonal(matrix) < 0.0).any():
        raise _refused("it has a negative variance")
    return 0.5 * (matrix + matrix.T)


def _refused(reason: str) -> InputRejected:
    return InputRejected(
        "E482",
        f"the matrix is no covariance: {reason}",
        place="covariance",
        remedy="Give a symmetric matrix without negative eigenvalues, or one estimated by "
        "covariance().",
    )
