"""Inverse distribution functions, so that any sequence of numbers in (0, 1) can be drawn from."""

from math import lgamma

import numpy as np

from riskmill.domain import FloatArray

_CENTRE = (
    (
        2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
        4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
        1.3314166789178437745e2, 3.3871328727963666080e0,
    ),
    (
        5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4,
        2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2,
        4.2313330701600911252e1, 1.0,
    ),
)  # fmt: skip
_MIDDLE = (
    (
        7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
        1.27045825245236838258e0, 3.64784832476320460504e0, 5.76949722146069140550e0,
        4.63033784615654529590e0, 1.42343711074968357734e0,
    ),
    (
        1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
        1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e0,
        2.05319162663775882187e0, 1.0,
    ),
)  # fmt: skip
_TAIL = (
    (
        2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
        2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
        5.46378491116411436990e0, 6.65790464350110377720e0,
    ),
    (
        2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
        7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
        5.99832206555887937690e-1, 1.0,
    ),
)  # fmt: skip
"""Numerators and denominators of AS 241, highest power first."""


def normal_quantile(p: FloatArray) -> FloatArray:
    """
    Standard normal quantile of each *p* in (0, 1), to a relative error of 1e-15.

    Source: M. Wichura, *Algorithm AS 241: the percentage points of the normal distribution*,
    Applied Statistics 37(3), 1988, routine PPND16.
    """
    q = p - 0.5
    r = np.sqrt(-np.log(np.minimum(p, 1.0 - p)))
    central = q * _ratio(_CENTRE, 0.180625 - q * q)
    outer = np.where(r <= 5.0, _ratio(_MIDDLE, r - 1.6), _ratio(_TAIL, r - 5.0))
    return np.where(np.abs(q) <= 0.425, central, np.copysign(outer, q))


def _ratio(polynomials: tuple[tuple[float, ...], tuple[float, ...]], x: FloatArray) -> FloatArray:
    above, below = polynomials
    return _polynomial(above, x) / _polynomial(below, x)


def _polynomial(coefficients: tuple[float, ...], x: FloatArray) -> FloatArray:
    total = np.zeros_like(x)
    for coefficient in coefficients:
        total = total * x + coefficient
    return total


def chi_square_quantile(p: FloatArray, degrees: float) -> FloatArray:
    """
    Quantile of each *p* in (0, 1) of the chi-square distribution with *degrees* of freedom.

    Newton's method on the distribution function from the approximation of Wilson and Hilferty
    (1931), held inside a bracket, to a relative error of 1e-12.
    """
    shape = degrees / 2.0
    spread = 2.0 / (9.0 * degrees)
    guess = degrees * np.maximum(1.0 - spread + normal_quantile(p) * spread**0.5, 0.0) ** 3
    small = np.exp((np.log(p) + lgamma(shape + 1.0)) / shape)
    x = np.where(guess / 2.0 > 0.1 * shape, guess / 2.0, small)
    low, high = np.zeros_like(p), np.full_like(p, np.inf)
    for _ in range(60):
        value = gamma_distribution(x, shape)
        low, high = np.where(value < p, x, low), np.where(value < p, high, x)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            density = np.exp((shape - 1.0) * np.log(x) - x - lgamma(shape))
            step = x - (value - p) / density
        middle = np.where(np.isfinite(high), 0.5 * (low + high), 2.0 * x)
        inside = np.isfinite(step) & (step > low) & (step < high)
        moved = np.where(inside, step, middle)
        done = np.abs(moved - x) <= 1e-15 * x
        x = moved
        if done.all():
            break
    return 2.0 * x


def gamma_distribution(x: FloatArray, shape: float) -> FloatArray:
    """
    Regularised lower incomplete gamma function of *x* >= 0: a series below, a fraction above.

    Source: *NIST Digital Library of Mathematical Functions*, 8.7.1 and 8.9.2.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        weight = np.exp(shape * np.log(x) - x - lgamma(shape))
    low = np.minimum(x, shape + 1.0)
    high = np.maximum(x, shape + 1.0)
    return np.where(
        x < shape + 1.0, weight * _series(low, shape), 1.0 - weight * _fraction(high, shape)
    )


def _series(x: FloatArray, shape: float) -> FloatArray:
    term = np.full_like(x, 1.0 / shape)
    total = term.copy()
    for k in range(1, _terms(shape)):
        term = term * x / (shape + k)
        total = total + term
    return total


def _fraction(x: FloatArray, shape: float) -> FloatArray:
    """Lentz's evaluation from the front."""
    b = x + 1.0 - shape
    c, d = np.full_like(x, 1e300), 1.0 / b
    h = d
    for k in range(1, _terms(shape)):
        a = -k * (k - shape)
        b = b + 2.0
        d = 1.0 / (a * d + b)
        c = b + a / c
        h = h * c * d
    return h


def _terms(shape: float) -> int:
    """Terms enough for full precision at the seam of series and fraction."""
    return int(60 + 12.0 * shape**0.5) if shape > 1.0 else 120
