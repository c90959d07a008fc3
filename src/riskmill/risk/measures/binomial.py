"""The binomial and chi-square distributions, as far as intervals and backtests need them."""

from math import erfc, exp, fsum, lgamma, log, log1p, sqrt


def binomial_at_most(count: int, trials: int, probability: float) -> float:
    """Probability of at most *count* successes in *trials*; 0 < *probability* < 1."""
    if count < 0:
        return 0.0
    if count >= trials:
        return 1.0
    return min(1.0, fsum(_density(k, trials, probability) for k in range(count + 1)))


def binomial_at_least(count: int, trials: int, probability: float) -> float:
    """Probability of at least *count* successes, added up from the far end."""
    return binomial_at_most(trials - count, trials, 1.0 - probability)


def chi_square_beyond(statistic: float, degrees: int) -> float:
    """Probability that chi-square of one or two *degrees* of freedom exceeds *statistic*."""
    if degrees == 1:
        return erfc(sqrt(0.5 * statistic))
    return exp(-0.5 * statistic)


def _density(count: int, trials: int, probability: float) -> float:
    ways = lgamma(trials + 1) - lgamma(count + 1) - lgamma(trials - count + 1)
    return exp(ways + count * log(probability) + (trials - count) * log1p(-probability))
