"""
Covariance of shocks from few observations (docs/methodology/covariance.md).

Sums run observation by observation, never through a matrix product of a library: their last
digits do not depend on the number of threads.
"""

from dataclasses import dataclass
from numbers import Real

import numpy as np
import numpy.typing as npt

from riskmill.domain import FloatArray, InputRejected, UsageError
from riskmill.risk.scenarios.options import COVARIANCES

DEFAULT_DECAY = 0.94
SHRUNK = ("ledoit_wolf", "oas")


@dataclass(frozen=True, kw_only=True, slots=True)
class Covariance:
    """An estimate and how far it was shrunk."""

    matrix: FloatArray
    """Shape (factors, factors), symmetric."""
    shrinkage: float
    """Weight of the target, 0 to 1; 0 where the method shrinks nothing."""


def covariance(
    observations: npt.ArrayLike, method: str = "sample", *, decay: float = DEFAULT_DECAY
) -> Covariance:
    """
    Estimate the covariance of *observations*, shape (observations, factors), oldest first.

    `sample` divides squares about the mean by n - 1. `ewma` weights squares about zero by
    (1 - decay) decay^age, the weights scaled to add up to one. `ledoit_wolf` (2004) and `oas`
    (Chen, Wiesel, Eldar, Hero 2010) shrink the mean square about the mean, divided by n,
    towards its average variance times the identity.
    Raises `UsageError` (E481) for an unknown method or a decay that weights no past;
    `InputRejected` (E482) for fewer than two observations or one that is not finite.
    """
    values = _checked(observations)
    if method not in COVARIANCES:
        raise UsageError(
            "E481",
            f"'{method}' is no covariance",
            place="covariance",
            remedy=f"Choose one of {', '.join(COVARIANCES)}.",
        )
    if method == "ewma":
        return Covariance(matrix=_ewma(values, decay), shrinkage=0.0)
    centred = values - values.mean(axis=0)
    if method == "sample":
        scatter = _sum_of_products(centred, np.ones(len(centred)))
        return Covariance(matrix=scatter / (len(centred) - 1), shrinkage=0.0)
    mean_square = _sum_of_products(centred, np.full(len(centred), 1.0 / len(centred)))
    weight = (
        _ledoit_wolf(centred, mean_square)
        if method == "ledoit_wolf"
        else _oas(mean_square, len(centred))
    )
    return Covariance(matrix=_shrunk(mean_square, weight), shrinkage=weight)


def correlated_covariance(
    observations: FloatArray, method: str, *, decay: float = DEFAULT_DECAY
) -> Covariance:
    """
    As `covariance`, but shrinkage acts on correlations and leaves every variance as it is.

    Factors are in units of their own; a target of equal variances would lend the variance of
    a share to an interest rate. Raises as `covariance` does.
    """
    if method not in SHRUNK:
        return covariance(observations, method, decay=decay)
    values = _checked(observations)
    centred = values - values.mean(axis=0)
    deviations = np.sqrt((centred**2).sum(axis=0) / (len(centred) - 1))
    scale = np.where(deviations > 0.0, deviations, 1.0)
    moving = deviations > 0.0
    found = covariance(centred[:, moving] / scale[moving], method)
    correlation = np.zeros((len(scale), len(scale)))
    roots = np.sqrt(np.diagonal(found.matrix))
    correlation[np.ix_(moving, moving)] = found.matrix / np.outer(roots, roots)
    return Covariance(
        matrix=correlation * np.outer(deviations, deviations), shrinkage=found.shrinkage
    )


def _checked(observations: npt.ArrayLike) -> FloatArray:
    try:
        values = np.asarray(observations, dtype=np.float64)
    except (TypeError, ValueError) as cause:
        raise InputRejected(
            "E482",
            "observations are numbers only, as many in every row",
            place="history",
            remedy="Leave out what was not observed.",
        ) from cause
    if values.ndim != 2 or len(values) < 2:
        raise InputRejected(
            "E482",
            f"a covariance needs a table of at least 2 observations, this one is of shape "
            f"{values.shape}",
            place="history",
            remedy="Deliver a longer history, or choose more scenarios of it.",
        )
    if not np.isfinite(values).all():
        row, column = np.argwhere(~np.isfinite(values))[0].tolist()
        raise InputRejected(
            "E482",
            f"observation {row} of factor {column} is {values[row, column]}",
            place="history",
            remedy="Leave out what was not observed.",
        )
    return values


def _sum_of_products(values: FloatArray, weights: FloatArray) -> FloatArray:
    total = np.zeros((values.shape[1], values.shape[1]))
    for row, weight in zip(values, weights.tolist(), strict=True):
        total += np.multiply.outer(row, weight * row)
    return 0.5 * (total + total.T)


def _ewma(values: FloatArray, decay: float) -> FloatArray:
    if not isinstance(decay, Real) or not 0.0 < decay < 1.0:
        raise UsageError(
            "E481",
            f"the decay is {decay}, which weights no past",
            place="decay",
            remedy="Choose a decay above 0 and below 1, such as 0.94.",
        )
    ages = np.arange(len(values) - 1, -1, -1, dtype=np.float64)
    weights = (1.0 - decay) * decay**ages / (1.0 - decay ** len(values))
    return _sum_of_products(values, weights)


def _shrunk(mean_square: FloatArray, weight: float) -> FloatArray:
    average = float(np.trace(mean_square)) / len(mean_square) if len(mean_square) else 0.0
    return (1.0 - weight) * mean_square + weight * average * np.eye(len(mean_square))


def _ledoit_wolf(centred: FloatArray, mean_square: FloatArray) -> float:
    """Ledoit and Wolf (2004), lemma 3.2 to 3.4: b^2 / d^2."""
    n, factors = centred.shape
    if factors < 2:
        return 0.0
    average = float(np.trace(mean_square)) / factors
    distance = float(((mean_square - average * np.eye(factors)) ** 2).sum())
    fourth = sum(float((row**2).sum()) ** 2 for row in centred) / n
    spread = (fourth - float((mean_square**2).sum())) / n
    return min(max(spread, 0.0), distance) / distance if distance > 0.0 else 0.0


def _oas(mean_square: FloatArray, n: int) -> float:
    """Chen, Wiesel, Eldar and Hero (2010), equation 23, in the form for n large."""
    factors = len(mean_square)
    if factors < 2:
        return 0.0
    average = float(np.trace(mean_square)) / factors
    squares = float((mean_square**2).sum()) / factors**2
    above = squares + average**2
    below = (n + 1.0) * (squares - average**2 / factors)
    return 1.0 if below <= 0.0 else min(above / below, 1.0)
