"""
VaR and ES from moments: of a P&L vector, or of sensitivities and a covariance.

Cross-checks of full revaluation, never its replacement (docs/methodology/parametric.md).
"""

from collections.abc import Callable, Mapping
from math import exp, isfinite, pi, sqrt
from numbers import Real
from statistics import NormalDist

import numpy as np

from riskmill.domain import FloatArray, UsageError
from riskmill.risk.measures.confidence import Confidence, exact_confidence
from riskmill.risk.measures.conventions import unknown_convention
from riskmill.risk.measures.covariance import (
    MatrixInput,
    SensitivityInput,
    checked_covariance,
    checked_sensitivities,
    checked_square,
    numbers,
    product,
)
from riskmill.risk.measures.moments import (
    Moments,
    pnl_moments,
    quadratic_moments,
    spread_of,
)
from riskmill.risk.measures.pnl import PnlInput
from riskmill.risk.measures.student import scale_of, student_density, student_quantile

_NORMAL = NormalDist()


def gaussian_var(pnl: PnlInput, confidence: Confidence) -> float:
    """
    VaR of a normal distribution with the mean and deviation of *pnl*, loss positive.

    Raises `UsageError`: E452 for a bad confidence, E453 for an unusable vector.
    """
    return _gaussian_var(pnl_moments(pnl), confidence)


def gaussian_es(pnl: PnlInput, confidence: Confidence) -> float:
    """ES of a normal distribution with the mean and deviation of *pnl*; raises as above."""
    return _gaussian_es(pnl_moments(pnl), confidence)


def modified_var(pnl: PnlInput, confidence: Confidence) -> float:
    """
    VaR by the Cornish-Fisher quantile of the four moments of *pnl*, loss positive.

    Raises `UsageError`: E452 for a bad confidence, E453 for an unusable vector.
    """
    return _modified_var(pnl_moments(pnl), confidence)


def modified_es(pnl: PnlInput, confidence: Confidence) -> float:
    """
    ES beyond the modified VaR by the second-order Edgeworth density, never below that VaR.

    Boudt, Peterson and Croux (2008). Raises as `modified_var` does.
    """
    moments = pnl_moments(pnl)
    quantile = _cornish_fisher(moments, confidence)
    s, k, g = moments.skewness, moments.excess_kurtosis, quantile
    density = 1.0 + s / 6.0 * g**3 + k / 24.0 * (g**4 - 2.0 * g**2 - 1.0)
    density += s**2 / 72.0 * (g**6 - 9.0 * g**4 + 9.0 * g**2 + 3.0)
    mean_beyond = -_density(g) * density / _tail(confidence)
    return 0.0 - (moments.mean + moments.deviation * min(mean_beyond, quantile))


def parametric_var(
    deltas: SensitivityInput, covariance: MatrixInput, confidence: Confidence
) -> float:
    """
    VaR of P&L that is linear in normal factor moves of mean zero: z sqrt(d' C d).

    *deltas* holds P&L for a unit move of each factor, *covariance* those moves' in the same
    units; it may be singular. Raises `UsageError`: E452 for a bad confidence, E472 for a
    covariance that is none.
    """
    return _quantile(confidence) * spread_of(*_checked(deltas, covariance))


def parametric_es(
    deltas: SensitivityInput, covariance: MatrixInput, confidence: Confidence
) -> float:
    """ES of the same P&L: sqrt(d' C d) phi(z) / (1 - *confidence*); raises as above."""
    spread = spread_of(*_checked(deltas, covariance))
    return spread * _density(_quantile(confidence)) / _tail(confidence)


def parametric_marginal_var(
    deltas: SensitivityInput, covariance: MatrixInput, confidence: Confidence
) -> FloatArray:
    """
    Change of `parametric_var` for one more unit of each delta, shape of *deltas*.

    Times the deltas they add up to the VaR. All zero where nothing moves. Raises as
    `parametric_var` does.
    """
    sizes, matrix = _checked(deltas, covariance)
    spread = spread_of(sizes, matrix)
    if not spread:
        return np.zeros(len(sizes))
    marginal: FloatArray = _quantile(confidence) * product(matrix, sizes) / spread
    return marginal


def parametric_component_var(
    deltas: SensitivityInput, covariance: MatrixInput, confidence: Confidence
) -> FloatArray:
    """Part of each factor in `parametric_var`, which they add up to; raises as that does."""
    marginal = parametric_marginal_var(deltas, covariance, confidence)
    return np.asarray(deltas, dtype=np.float64) * marginal


def student_t_var(
    deltas: SensitivityInput, covariance: MatrixInput, confidence: Confidence, *, degrees: float
) -> float:
    """
    VaR of P&L that is linear in moves of a Student t with this very *covariance*.

    *degrees* of freedom are above 2, so that there is a covariance. Raises `UsageError`: E452
    for a bad confidence, E472 for a covariance or *degrees* that are none.
    """
    spread = spread_of(*_checked(deltas, covariance)) * scale_of(_checked_degrees(degrees))
    return spread * student_quantile(_tail(confidence), degrees)


def student_t_es(
    deltas: SensitivityInput, covariance: MatrixInput, confidence: Confidence, *, degrees: float
) -> float:
    """ES of the same P&L; arguments and errors as `student_t_var`."""
    spread = spread_of(*_checked(deltas, covariance)) * scale_of(_checked_degrees(degrees))
    tail = _tail(confidence)
    point = student_quantile(tail, degrees)
    beyond = (degrees + point**2) / (degrees - 1.0)
    return spread * student_density(point, degrees) / tail * beyond


def delta_gamma_var(
    deltas: SensitivityInput,
    gammas: SensitivityInput | MatrixInput,
    covariance: MatrixInput,
    confidence: Confidence,
    *,
    convention: str = "cornish_fisher",
) -> float:
    """
    VaR of d'x + x'Gx / 2 for normal moves x of mean zero, from its exact moments.

    *gammas* holds the second derivatives: a symmetric matrix, or its diagonal. `cornish_fisher`
    takes four moments, `normal` two. Raises `UsageError`: E452 for a bad confidence, E471 for
    another convention, E472 for a covariance or gammas that are none.
    """
    rule = DELTA_GAMMA_CONVENTIONS.get(str(convention))
    if rule is None:
        raise unknown_convention(convention, tuple(DELTA_GAMMA_CONVENTIONS))
    return rule(delta_gamma_moments(deltas, gammas, covariance), confidence)


def delta_gamma_moments(
    deltas: SensitivityInput, gammas: SensitivityInput | MatrixInput, covariance: MatrixInput
) -> Moments:
    """
    Exact moments of d'x + x'Gx / 2 for normal moves x of mean zero and *covariance*.

    Cumulant r is (r-1)!/2 tr((GC)^r) + r!/2 d'C(GC)^(r-2) d, the first without its second
    term. Raises `UsageError` (E472) for a covariance or gammas that are none.
    """
    sizes, matrix = _checked(deltas, covariance)
    return quadratic_moments(sizes, _gamma_matrix(gammas, len(sizes)), matrix)


def _gaussian_var(moments: Moments, confidence: Confidence) -> float:
    return 0.0 - (moments.mean - _quantile(confidence) * moments.deviation)


def _gaussian_es(moments: Moments, confidence: Confidence) -> float:
    beyond = _density(_quantile(confidence)) / _tail(confidence)
    return 0.0 - (moments.mean - beyond * moments.deviation)


def _checked_degrees(degrees: float) -> float:
    if not isinstance(degrees, Real) or not isfinite(degrees) or degrees <= 2.0:
        raise UsageError(
            "E472",
            f"{degrees!r} degrees of freedom give no finite covariance",
            place="degrees",
            remedy="Give a number above 2, such as 4.",
        )
    return degrees


def _modified_var(moments: Moments, confidence: Confidence) -> float:
    return 0.0 - (moments.mean + moments.deviation * _cornish_fisher(moments, confidence))


DELTA_GAMMA_CONVENTIONS: Mapping[str, Callable[[Moments, Confidence], float]] = {
    "cornish_fisher": _modified_var,
    "normal": _gaussian_var,
}
"""How a quantile is made of the moments of delta-gamma P&L; ours is the first."""


def _cornish_fisher(moments: Moments, confidence: Confidence) -> float:
    """Quantile of the standardised P&L at the tail's end, negative for a usual tail."""
    z, s, k = -_quantile(confidence), moments.skewness, moments.excess_kurtosis
    skew = (z**2 - 1.0) * s / 6.0 - (2.0 * z**3 - 5.0 * z) * s**2 / 36.0
    return z + skew + (z**3 - 3.0 * z) * k / 24.0


def _checked(deltas: SensitivityInput, covariance: MatrixInput) -> tuple[FloatArray, FloatArray]:
    sizes = checked_sensitivities(deltas)
    return sizes, checked_covariance(covariance, len(sizes))


def _gamma_matrix(gammas: SensitivityInput | MatrixInput, factors: int) -> FloatArray:
    values = numbers(gammas, "gamma")
    return checked_square(np.diag(values) if values.ndim == 1 else values, factors, "gamma")


def _quantile(confidence: Confidence) -> float:
    return _NORMAL.inv_cdf(float(exact_confidence(confidence)))


def _tail(confidence: Confidence) -> float:
    return float(1 - exact_confidence(confidence))


def _density(z: float) -> float:
    return exp(-0.5 * z * z) / sqrt(2.0 * pi)
