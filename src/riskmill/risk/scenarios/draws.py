"""Shocks drawn from a fitted distribution (docs/methodology/monte_carlo.md)."""

from math import exp, lgamma, log, pi

import numpy as np
import numpy.typing as npt

from riskmill.domain import FloatArray, InputRejected, MonteCarloSpec, RiskSpec, UsageError
from riskmill.risk.scenarios.factorisation import factorise
from riskmill.risk.scenarios.options import check_spec
from riskmill.risk.scenarios.quantiles import chi_square_quantile, normal_quantile
from riskmill.risk.scenarios.sequences import philox_points, shifted_sobol

FEWEST_DEGREES, MOST_DEGREES = 2.1, 200.0
"""Between which degrees of freedom are fitted; at the upper end t is as good as Gaussian."""
CACHED = 64
"""Draws that are multiplied at a time; it changes no digit."""
GOLDEN = (5.0**0.5 - 1.0) / 2.0


def draw_shocks(covariance: npt.ArrayLike, spec: MonteCarloSpec) -> FloatArray:
    """
    Shocks of shape (factors, draws) with mean zero and the given *covariance*, as *spec* says.

    A covariance may be singular. What `spec.covariance` says is not read: there is nothing to
    estimate. Raises `UsageError` (E481) for an unusable spec, Student's t without degrees of
    freedom among them, `InputRejected` (E482) for a matrix that is no covariance.
    """
    check_spec(RiskSpec(monte_carlo=spec))
    degrees = None if spec.distribution == "gaussian" else spec.degrees_of_freedom or 0.0
    try:
        matrix = np.asarray(covariance, dtype=np.float64)
    except (TypeError, ValueError) as cause:
        raise InputRejected(
            "E482",
            "a covariance is a square table of numbers",
            place="covariance",
            remedy="Give one row and one column a factor.",
        ) from cause
    return draw(matrix, spec, degrees)


def draw(covariance: FloatArray, spec: MonteCarloSpec, degrees: float | None) -> FloatArray:
    """
    Shocks of shape (factors, draws) with mean zero and the given *covariance*.

    Gaussian where *degrees* is none, else Student's t with so many degrees of freedom, all
    factors divided by one chi-square: they are dependent in the tail. Raises `UsageError`
    (E481) for 2 degrees or fewer, `InputRejected` (E482) for a matrix that is no covariance.
    """
    if degrees is not None and not degrees > 2.0:
        raise UsageError(
            "E481",
            f"with {degrees:g} degrees of freedom Student's t has no variance to match",
            place="monte_carlo.degrees_of_freedom",
            remedy="Choose more than 2 degrees of freedom.",
        )
    root = factorise(covariance)
    rank = root.shape[1]
    points = shifted_sobol if spec.sequence == "sobol" else philox_points
    uniform = points(spec.draws, rank + (degrees is not None), spec.seed)
    shocks = _correlated(root, normal_quantile(uniform[:, uniform.shape[1] - rank :].T))
    if degrees is None:
        return shocks
    chi_square = chi_square_quantile(uniform[:, 0], degrees)
    scaled: FloatArray = shocks * np.sqrt((degrees - 2.0) / chi_square)
    return scaled


def _correlated(root: FloatArray, normal: FloatArray) -> FloatArray:
    """The product of both, added column by column, some draws at a time for the cache's sake."""
    shocks = np.zeros((len(root), normal.shape[1]))
    for start in range(0, normal.shape[1], CACHED):
        part = shocks[:, start : start + CACHED]
        for column, row in zip(root.T, normal[:, start : start + CACHED], strict=True):
            part += np.multiply.outer(column, row)
    return shocks


def fitted_degrees(observations: FloatArray) -> float:
    """
    Degrees of freedom of the Student's t that the columns of *observations* share.

    Each column, shape (observations,), is scaled to a mean square of one and the likelihood of
    all entries as t of unit variance is made greatest, between 2.1 and 200. A column of zeros
    says nothing. Golden section over the logarithm, to 1e-6.
    """
    mean_squares = (observations**2).mean(axis=0)
    moving = mean_squares > 0.0
    squares = (observations[:, moving] ** 2 / mean_squares[moving]).ravel()
    if not len(squares):
        return MOST_DEGREES
    low, high = log(FEWEST_DEGREES), log(MOST_DEGREES)
    while high - low > 1e-6:
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        if _log_likelihood(squares, exp(left)) < _log_likelihood(squares, exp(right)):
            low = left
        else:
            high = right
    return exp(0.5 * (low + high))


def _log_likelihood(squares: FloatArray, degrees: float) -> float:
    """Mean log density of unit-variance t at the roots of *squares*."""
    constant = (
        lgamma(0.5 * (degrees + 1.0)) - lgamma(0.5 * degrees) - 0.5 * log(pi * (degrees - 2.0))
    )
    return constant - 0.5 * (degrees + 1.0) * float(np.log1p(squares / (degrees - 2.0)).mean())
