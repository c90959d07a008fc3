"""
Asian options on a lognormal spot: paid on the average of the spot on several dates.

The geometric average is lognormal, and its price exact. The arithmetic average is not;
it is given the lognormal distribution with its own mean and variance (Turnbull-Wakeman
for dates, Levy for an average without a break). How far that is from the exact price
stands in docs/methodology/exotic_options.md.
"""

from collections.abc import Sequence

from riskmill.risk.pricing.dual import Real
from riskmill.risk.pricing.formulas.black_scholes import CERTAIN
from riskmill.risk.pricing.maths import (
    exp,
    expm1,
    largest,
    log,
    log1p,
    maximum,
    normal_cdf,
    sqrt,
    where,
)

TINY = 1e-100
"""Spot that stands for one of zero or less."""
LEGENDRE = (
    (0.03333567215434407, 0.013046735741414128),
    (0.0747256745752902, 0.06746831665550773),
    (0.109543181257991, 0.16029521585048778),
    (0.13463335965499826, 0.2833023029353764),
    (0.1477621123573764, 0.4255628305091844),
    (0.1477621123573764, 0.5744371694908156),
    (0.13463335965499826, 0.7166976970646236),
    (0.109543181257991, 0.8397047841495122),
    (0.0747256745752902, 0.9325316833444923),
    (0.03333567215434407, 0.9869532642585859),
)
"""Weights and nodes of Gauss and Legendre on the interval from zero to one."""


def arithmetic_asian_option(
    spot: Real,
    volatility: Real,
    rate: Real,
    dividend_yield: Real,
    strike: Real,
    years: Real,
    sign: Real,
    fixings: Real,
    first: Real,
    past: Real,
    past_average: Real,
) -> Real:
    """
    Price of an option on the arithmetic average of the spot on equally distant dates.

    *fixings* dates belong to the average; *past* of them have gone by with the mean
    *past_average*, and the others lie evenly from *first* (in years) to expiry; a first one
    at or below zero is the spot itself. Other arguments as in `european_option`.
    Turnbull-Wakeman (1991), Haug (2007) p. 192-201.
    """
    left = fixings - past
    carry = rate - dividend_yield
    square = volatility * volatility
    gap = (years - first) / maximum(left - 1.0, 1.0)
    growth = exp(carry * gap)
    spread = exp(square * gap)
    widening = expm1(square * gap)
    spot = maximum(spot, TINY)
    due = where((first <= 0.0) & (left > 0.0), 1.0, 0.0)
    later = where(left > 0.0, 1.0, 0.0) - due
    start = maximum(first, 0.0)
    price = spot * exp(carry * start)
    excess = expm1(square * start)
    total = later * price
    cross = total * excess
    variance = price * cross
    start = maximum(first + gap, 0.0)
    price = spot * exp(carry * start)
    excess = expm1(square * start)
    for number in range(1, largest(left)):
        counts = where(number < left, 1.0, 0.0)
        total = total + counts * price
        variance = variance + counts * price * (price * excess + 2.0 * cross)
        cross = cross + counts * price * excess
        price = price * growth
        excess = excess * spread + widening
    open_ = left - due
    whole = maximum(total, TINY)
    known = (past * past_average + due * spot) / fixings
    mean = where(open_ > 0.0, total / maximum(open_, 1.0), spot)
    return on_average(
        mean, variance / (whole * whole), rate, strike, years, sign, open_ / fixings, known
    )


def geometric_asian_option(
    spot: Real,
    volatility: Real,
    rate: Real,
    dividend_yield: Real,
    strike: Real,
    years: Real,
    sign: Real,
    fixings: Real,
    first: Real,
    past: Real,
    past_average: Real,
) -> Real:
    """
    Price of an option on the geometric average of the spot on equally distant dates.

    Arguments as in `arithmetic_asian_option`; *past_average* is the geometric mean of the
    *past* fixings. Kemna-Vorst (1990), Clewlow-Strickland (1998) p. 118-123.
    """
    left = fixings - past
    gap = (years - first) / maximum(left - 1.0, 1.0)
    first = maximum(first, 0.0)
    second = where(left > 1.0, maximum(years - gap * (left - 2.0), 0.0), 0.0)
    others = maximum(left - 1.0, 0.0)
    times = first + others * (second + 0.5 * gap * (others - 1.0))
    overlaps = first * (2.0 * left - 1.0) + others * (
        others * second + gap * (others - 1.0) * (2.0 * others - 1.0) / 6.0
    )
    share = left / fixings
    square = volatility * volatility
    drift = (rate - dividend_yield - 0.5 * square) * times / fixings
    variance = square * overlaps / (fixings * fixings)
    known = where(past > 0.0, past_average, 1.0)
    level = exp(
        share * log(maximum(spot, TINY)) + (1.0 - share) * log(known) + drift + 0.5 * variance
    )
    return exp(-rate * years) * black(level, strike, variance, sign)


def continuous_arithmetic_asian_option(
    spot: Real,
    volatility: Real,
    rate: Real,
    dividend_yield: Real,
    strike: Real,
    years: Real,
    sign: Real,
    elapsed: Real,
    past_average: Real,
) -> Real:
    """
    Price of an option on the arithmetic average of the spot over a span of time.

    Averaging began *elapsed* years ago, with the mean *past_average* since, and ends in
    *years*. Levy (1992), Haug (1998) p. 99-100.
    """
    carry = rate - dividend_yield
    square = volatility * volatility
    spot = maximum(spot, TINY)
    mean = spot * mean_growth(carry * years)
    variance = 0.0 * spot
    for weight, node in LEGENDRE:
        u = node * years
        inner = node * (mean_growth((carry + square) * u) - mean_growth(carry * u))
        variance = variance + 2.0 * weight * exp(carry * u) * inner
    share = years / (years + elapsed)
    relative = maximum(variance, 0.0) * (spot * spot) / (mean * mean)
    return on_average(
        mean, relative, rate, strike, years, sign, share, (1.0 - share) * past_average
    )


def continuous_geometric_asian_option(
    spot: Real,
    volatility: Real,
    rate: Real,
    dividend_yield: Real,
    strike: Real,
    years: Real,
    sign: Real,
) -> Real:
    """
    Price of an option on the geometric average of the spot from now to expiry.

    Kemna-Vorst (1990), Haug (1998) p. 96-97.
    """
    square = volatility * volatility
    level = maximum(spot, TINY) * exp((0.5 * (rate - dividend_yield) - square / 12.0) * years)
    return exp(-rate * years) * black(level, strike, square * years / 3.0, sign)


def average_option(
    forwards: Sequence[Real],
    variances: Sequence[Real],
    strike: Real,
    discount: Real,
    sign: Real,
) -> Real:
    """
    Price of an option on the mean of the spot on any dates, with a curve of volatility.

    *forwards* are the spot's forward prices on those dates, earliest first, and
    *variances* its total variances (volatility squared times years) to each, which never
    fall; *discount* is the discount factor of the payment. Turnbull-Wakeman (1991).
    """
    total, cross, variance = 0.0, 0.0, 0.0
    for forward, square in zip(forwards, variances, strict=True):
        excess = expm1(square)
        variance = variance + forward * (forward * excess + 2.0 * cross)
        cross = cross + forward * excess
        total = total + forward
    square = log1p(variance / (total * total))
    return discount * black(total / len(forwards), strike, square, sign)


def on_average(
    mean: Real,
    relative_variance: Real,
    rate: Real,
    strike: Real,
    years: Real,
    sign: Real,
    share: Real,
    known: Real,
) -> Real:
    """
    Price on an average of which *share* is to come, with this mean, and *known* is set.

    What is left to be reached is (strike - known) / share. Where that is not above zero
    the option is sure to be exercised, or never.
    """
    part = where(share > 0.0, share, 1.0)
    needed = (strike - known) / part
    sure = (needed <= 0.0) | (share <= 0.0)
    gain = sign * (share * mean + known - strike)
    square = log1p(maximum(relative_variance, 0.0))
    risky = part * black(mean, where(sure, mean, needed), square, sign)
    return exp(-rate * years) * where(sure, maximum(gain, 0.0), risky)


def black(forward: Real, strike: Real, variance: Real, sign: Real) -> Real:
    """Expected payoff at a lognormal level with this mean and total variance."""
    deviation = sqrt(maximum(variance, 1e-30))
    certain = deviation < CERTAIN
    spread = where(certain, 1.0, deviation)
    d1 = log(where(certain, 1.0, forward / strike)) / spread + 0.5 * spread
    expected = sign * (forward * normal_cdf(sign * d1) - strike * normal_cdf(sign * (d1 - spread)))
    return where(certain, maximum(sign * (forward - strike), 0.0), expected)


def mean_growth(x: Real) -> Real:
    """(exp(x) - 1) / x, one at zero."""
    tiny = (x < 1e-12) & (x > -1e-12)
    return where(tiny, 1.0, expm1(x) / where(tiny, 1.0, x))
