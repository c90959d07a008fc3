"""Student's t distribution, as far as VaR and ES need it (docs/methodology/parametric.md)."""

from math import exp, lgamma, log, log1p, pi, sqrt

STEPS = 200
"""Most halvings of an interval, and most terms of a continued fraction."""
TINY = 1e-300


def student_quantile(tail: float, degrees: float) -> float:
    """Point that a t variable of *degrees* exceeds with probability *tail*, 0 < *tail* < 1."""
    if tail > 0.5:
        return -student_quantile(1.0 - tail, degrees)
    low, high = 0.0, 1.0
    while student_beyond(high, degrees) > tail:
        low, high = high, 2.0 * high
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        low, high = (middle, high) if student_beyond(middle, degrees) > tail else (low, middle)
    return 0.5 * (low + high)


def student_density(point: float, degrees: float) -> float:
    """Density of a t variable of *degrees* at *point*."""
    scale = lgamma(0.5 * (degrees + 1.0)) - lgamma(0.5 * degrees) - 0.5 * log(degrees * pi)
    return exp(scale - 0.5 * (degrees + 1.0) * log1p(point * point / degrees))


def student_beyond(point: float, degrees: float) -> float:
    """Probability that a t variable of *degrees* exceeds *point*, which is not negative."""
    share = degrees / (degrees + point * point)
    return 0.5 * incomplete_beta(0.5 * degrees, 0.5, share)


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Regularised incomplete beta function, by its continued fraction; 0 < *x* <= 1."""
    if x >= 1.0:
        return 1.0
    front = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)
    if x < (a + 1.0) / (a + b + 2.0):
        return exp(front) * _fraction(a, b, x) / a
    return 1.0 - exp(front) * _fraction(b, a, 1.0 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    """Evaluate the continued fraction from its start (Lentz's method)."""
    c, d = 1.0, 1.0 / _far(1.0 - (a + b) * x / (a + 1.0))
    total = d
    for m in range(1, STEPS):
        even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        for term in (even, odd):
            d = 1.0 / _far(1.0 + term * d)
            c = _far(1.0 + term / c)
            total *= c * d
        if abs(c * d - 1.0) < 1e-16:
            break
    return total


def _far(value: float) -> float:
    """The value, kept away from zero."""
    return value if abs(value) > TINY else TINY


def scale_of(degrees: float) -> float:
    """Factor that gives a t variable of *degrees* above 2 the variance 1."""
    return sqrt((degrees - 2.0) / degrees)
