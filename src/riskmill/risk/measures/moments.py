"""Moments of P&L, and those of P&L that is linear or quadratic in normal factor moves."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from riskmill.domain import FloatArray
from riskmill.risk.measures.covariance import product
from riskmill.risk.measures.pnl import PnlInput, checked_pnl


@dataclass(frozen=True, kw_only=True, slots=True)
class Moments:
    """Four moments of a P&L distribution."""

    mean: float
    deviation: float
    """Standard deviation, that of all scenarios (divided by n)."""
    skewness: float
    """0 for a normal distribution, and for a P&L that never moves."""
    excess_kurtosis: float
    """0 for a normal distribution, and for a P&L that never moves."""


def pnl_moments(pnl: PnlInput) -> Moments:
    """
    Moments of a P&L vector, all of them divided by the number of scenarios.

    Raises `UsageError` (E453) for an unusable vector.
    """
    values = checked_pnl(pnl)
    mean = float(values.mean())
    centred = values - mean
    deviation = sqrt(float((centred**2).mean()))
    if deviation <= 1e-15 * float(np.abs(values).max()):
        return Moments(mean=mean, deviation=0.0, skewness=0.0, excess_kurtosis=0.0)
    standard = centred / deviation
    return Moments(
        mean=mean,
        deviation=deviation,
        skewness=float((standard**3).mean()),
        excess_kurtosis=float((standard**4).mean()) - 3.0,
    )


def spread_of(deltas: FloatArray, covariance: FloatArray) -> float:
    """Standard deviation of d'x, moves x having *covariance*."""
    return sqrt(max(_dot(deltas, product(covariance, deltas)), 0.0))


def quadratic_moments(deltas: FloatArray, gamma: FloatArray, covariance: FloatArray) -> Moments:
    """
    Exact moments of d'x + x'Gx / 2 for normal moves x of mean zero and *covariance*.

    All are taken as they are: shapes (factors,), (factors, factors) twice, symmetric. Factors
    without gamma take no part in the products.
    """
    moved = product(covariance, deltas)
    bends = np.flatnonzero(gamma.any(axis=1))
    gamma, covariance = gamma[np.ix_(bends, bends)], covariance[np.ix_(bends, bends)]
    curved, bent = product(gamma, covariance), product(gamma, moved[bends])
    squared = product(curved, curved)
    variance = _dot(deltas, moved) + 0.5 * float(np.trace(squared))
    third = 3.0 * _dot(moved[bends], bent) + _dot(squared, curved.T)
    fourth = 12.0 * _dot(bent, product(covariance, bent)) + 3.0 * _dot(squared, squared.T)
    deviation = sqrt(max(variance, 0.0))
    return Moments(
        mean=0.5 * float(np.trace(curved)),
        deviation=deviation,
        skewness=third / deviation**3 if deviation else 0.0,
        excess_kurtosis=fourth / deviation**4 if deviation else 0.0,
    )


def _dot(left: FloatArray, right: FloatArray) -> float:
    """Sum of the products of entries at the same place."""
    return float((left * right).sum())
