"""Shocks drawn from a fitted distribution (docs/methodology/monte_carlo.md)."""

from math import exp, lgamma, log, pi

import numpy as np

from riskmill.domain import FloatArray, MonteCarloSpec, UsageError
from riskmill.risk.scenarios.factorisation import factorise
from riskmill.risk.scenarios.quantiles import chi_square_quantile, normal_quantile
from riskmill.risk.scenarios.sequences import philox_points, shifted_sobol

FEWEST_DEGREES, MOST_DEGREES = 2.1, 200.0
"""Between which degrees of freedom are fitted; at the upper end t is as good as Gaussian."""
GOLDEN = (5.0**0.5 - 1.0) / 2.0


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
    shocks = np.zeros((len(root), spec.draws))
    for column, coordinate in zip(root.T, uniform[:, -rank:].T if rank else (), strict=True):
        shocks += np.multiply.outer(column, normal_quantile(coordinate))
    if degrees is None:
        return shocks
    chi_square = chi_square_quantile(uniform[:, 0], degrees)
    scaled: FloatArray = shocks * np.sqrt((degrees - 2.0) / chi_square)
    return scaled


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
