"""
Elementary functions for floats, arrays and dual numbers: one source, three uses.

The formulas below are ordinary arithmetic on top of a handful of primitives, so the
same source runs as plain Python, runs on numpy arrays, and is compiled by
`riskmill.risk.pricing.kernels` into vector instructions. Nothing here calls the
platform's maths library: results do not change with the processor or the version of
a library, which keeps every artefact of a run reproducible to the byte.

Accuracy, relative: exp and log 1 ulp or better, `normal_cdf` 4e-16 at its centre and
in the far tail the rounding of exp's argument. Domain: exp saturates outside
[-708, 709]; log needs a positive, normal number.
"""

import math
import struct

import numpy as np

from riskmill.risk.pricing.dual import Dual, Real, lifted

LOG2_E = 1.4426950408889634
LN2_HIGH = 6.93147180369123816490e-01
"""ln 2 to 32 bits, so that its product with a whole number is exact."""
LN2_LOW = 1.90821492927058770002e-10
SQRT_HALF = 0.7071067811865476
INVERSE_SQRT_TWO_PI = 0.3989422804014327


# Primitives. Each has a second, compiled body in `kernels`.


def where(condition: Real, chosen: Real, otherwise: Real) -> Real:
    """*chosen* where the condition holds, else *otherwise*; element by element."""
    if isinstance(chosen, Dual) or isinstance(otherwise, Dual):
        a, b = lifted(chosen), lifted(otherwise)
        return Dual(
            where(condition, a.value, b.value),
            where(condition, a.first, b.first),
            where(condition, a.second, b.second),
        )
    if isinstance(condition, np.ndarray):
        return np.where(condition, chosen, otherwise)
    return chosen if condition else otherwise


def nearest(x: Real) -> Real:
    """Nearest whole number, as a float; of two, the even one."""
    return np.rint(x) if isinstance(x, np.ndarray) else float(round(x))


def power_of_two(k: Real) -> Real:
    """2**k for a whole number k in [-1022, 1023]."""
    if isinstance(k, np.ndarray):
        return np.ldexp(1.0, k.astype(np.int32))
    return math.ldexp(1.0, int(k))


def exponent(x: Real) -> Real:
    """Whole number k, as a float, for which x / 2**k lies in [sqrt(1/2), sqrt(2))."""
    if isinstance(x, np.ndarray):
        mantissa, power = np.frexp(x)
        return power - np.where(mantissa < SQRT_HALF, 1.0, 0.0)
    fraction, whole_power = math.frexp(x)
    return float(whole_power - 1 if fraction < SQRT_HALF else whole_power)


def sqrt(x: Real) -> Real:
    """Square root, correctly rounded."""
    if isinstance(x, Dual):
        root = sqrt(x.value)
        return x.chain(root, 0.5 / root, -0.25 / (root * x.value))
    return np.sqrt(x) if isinstance(x, np.ndarray) else math.sqrt(x)


def is_number(x: Real) -> int:
    """One for a finite number, else zero: also where the compiler takes every number for one."""
    return int(math.isfinite(x))


def bits_of(x: Real) -> int:
    """
    Binary form of a float as a whole number with a sign: a positive float's is positive, too.

    Of two positive floats the larger has the larger, so that the largest of many can be found
    among whole numbers, whose order a compiler may change.
    """
    (whole,) = struct.unpack("<q", struct.pack("<d", x))
    return int(whole)


def number_of(whole: int) -> Real:
    """Return the float of this binary form."""
    (number,) = struct.unpack("<d", struct.pack("<q", whole))
    return float(number)


# Functions of any number.


def exp(x: Real) -> Real:
    """Exponential."""
    if isinstance(x, Dual):
        value = real_exp(x.value)
        return x.chain(value, value, value)
    return real_exp(x)


def log(x: Real) -> Real:
    """Natural logarithm of a positive number."""
    if isinstance(x, Dual):
        inverse = 1.0 / x.value
        return x.chain(real_log(x.value), inverse, -inverse * inverse)
    return real_log(x)


def normal_cdf(x: Real) -> Real:
    """Probability that a standard normal variable is at most *x*."""
    if isinstance(x, Dual):
        density = normal_density(x.value)
        return x.chain(real_normal_cdf(x.value), density, -x.value * density)
    return real_normal_cdf(x)


def expected_gain(present: Real, paid: Real, d1: Real, d2: Real, sign: Real) -> Real:
    """
    What exercise is expected to gain: c (present N(c d1) - paid N(c d2)), c the sign.

    The arguments are those of the formula, so that present n(d1) = paid n(d2), and one
    exponential does for both tails.
    """
    if isinstance(d1, Dual) or isinstance(present, Dual) or isinstance(paid, Dual):
        first, second = normal_cdf(sign * lifted(d1)), normal_cdf(sign * lifted(d2))
        return sign * (present * first - paid * second)
    return real_expected_gain(present, paid, d1, d2, sign)


def maximum(a: Real, b: Real) -> Real:
    """The larger of two numbers."""
    return where(a > b, a, b)


def minimum(a: Real, b: Real) -> Real:
    """The smaller of two numbers."""
    return where(a < b, a, b)


def mills(z: Real) -> Real:
    """Mills' ratio of the standard normal at z >= 0: (1 - N(z)) / n(z)."""
    if isinstance(z, Dual):
        value = mills_ratio(z.value)
        slope = z.value * value - 1.0
        return z.chain(value, slope, value + z.value * slope)
    return mills_ratio(z)


def scaled_cdf(exponent: Real, x: Real) -> Real:
    """
    exp(exponent) N(x), also where one factor is huge and the other tiny.

    For a positive *x* the exponent counts up to 100 at most.
    """
    tail = INVERSE_SQRT_TWO_PI * exp(exponent - 0.5 * x * x) * mills(maximum(x, -x))
    return where(x > 0.0, exp(minimum(exponent, 100.0)) - tail, tail)


def expm1(x: Real) -> Real:
    """exp(x) - 1, to full relative accuracy near zero too."""
    near = (x > -0.3) & (x < 0.3)
    y = where(near, x, 0.0)
    p = 1.0 + y / 13.0
    for n in range(12, 1, -1):
        p = 1.0 + p * y / n
    return where(near, y * p, exp(x) - 1.0)


def log1p(x: Real) -> Real:
    """ln(1 + x) for x > -1, to full relative accuracy near zero too."""
    near = (x > -0.1) & (x < 0.1)
    y = where(near, x, 0.0)
    s = y / (2.0 + y)
    z = s * s
    p = 1.0 / 15.0
    p = p * z + 1.0 / 13.0
    p = p * z + 1.0 / 11.0
    p = p * z + 1.0 / 9.0
    p = p * z + 1.0 / 7.0
    p = p * z + 1.0 / 5.0
    p = p * z + 1.0 / 3.0
    p = p * z + 1.0
    return where(near, 2.0 * s * p, log(where(near, 1.0, 1.0 + x)))


def largest(x: Real) -> int:
    """The largest of whole numbers: how often a loop over all of them must run."""
    return int(np.max(x, initial=0))


def as_terms(row: Real, count: int) -> tuple[Real, ...]:
    """The first *count* entries of a row, as arguments of a formula."""
    return tuple(row[:count].tolist())


# Formulas on floats and arrays: these sources are what gets compiled.


def real_exp(x: Real) -> Real:
    """
    e**x by reduction to |r| <= ln(2)/2 and a minimax polynomial of degree 11.

    The polynomial, made for riskmill in 60-digit arithmetic, is off by 2e-17; its even and
    odd powers are summed apart, so that a processor works on both at once.
    """
    x = maximum(minimum(x, 709.0), -708.0)
    k = nearest(x * LOG2_E)
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    z = r * r
    even = 2.7620076808548074e-07
    even = even * z + 2.4801521320134886e-05
    even = even * z + 0.0013888888917198401
    even = even * z + 0.04166666666662416
    even = even * z + 0.5
    odd = 2.5110036158786467e-08
    odd = odd * z + 2.755724237297549e-06
    odd = odd * z + 0.00019841269886559107
    odd = odd * z + 0.008333333333322217
    odd = odd * z + 0.16666666666666674
    return (1.0 + (r + z * (even + r * odd))) * power_of_two(k)


def real_log(x: Real) -> Real:
    """
    ln(x) by reduction to f = m - 1, m in [sqrt(1/2), sqrt(2)), and atanh of f / (2 + f).

    The polynomial is a minimax fit, off by 1e-17 of the result, made as exp's was.
    """
    k = exponent(x)
    f = x * power_of_two(-k) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = 0.14617737075424894
    even = even * w + 0.1818289288815341
    even = even * w + 0.28571428626371387
    even = even * w + 0.666666666666667
    odd = 0.15331607939265532
    odd = odd * w + 0.22222211077382348
    odd = odd * w + 0.39999999999898506
    half_square = 0.5 * f * f
    tail = s * (half_square + z * (even + z * odd)) + k * LN2_LOW
    return k * LN2_HIGH - ((half_square - tail) - f)


def mills_ratio(z: Real) -> Real:
    """
    Tail of the standard normal over its density, (1 - N(z)) / n(z), for z >= 0.

    A rational minimax fit on [0, 39], made for riskmill in 80-digit arithmetic
    (weights by Lawson's iteration); its relative error is 6e-17. Every coefficient
    is positive, so nothing cancels, and it falls off as 1/z for ever.
    """
    return mills_numerator(z) / mills_denominator(z)


def mills_numerator(z: Real) -> Real:
    """Upper part of the fit of `mills_ratio`."""
    p = 3.4735001301660868e-06
    p = p * z + 9.338361917987204e-05
    p = p * z + 0.0012293071983176165
    p = p * z + 0.010250472443740307
    p = p * z + 0.05921299443763204
    p = p * z + 0.24489698390166528
    p = p * z + 0.7252513521199044
    p = p * z + 1.4890555181624863
    p = p * z + 1.94232219066555
    return p * z + 1.2533141373155001


def mills_denominator(z: Real) -> Real:
    """Lower part of the fit of `mills_ratio`."""
    q = 3.4735001301763973e-06
    q = q * z + 9.338361917773724e-05
    q = q * z + 0.0012327806986470796
    q = q * z + 0.010343856051732412
    q = q * z + 0.06043535506113978
    q = q * z + 0.25496067738971895
    q = q * z + 0.7820407112477239
    q = q * z + 1.7143814288185877
    q = q * z + 2.561234891374059
    q = q * z + 2.3476334488396966
    return q * z + 1.0


def normal_density(x: Real) -> Real:
    """Density of the standard normal."""
    return INVERSE_SQRT_TWO_PI * real_exp(-0.5 * x * x)


def real_normal_cdf(x: Real) -> Real:
    """N(x): the far tail by Mills' ratio, so that it is never a difference of ones."""
    return cdf_from_density(x, normal_density(x))


def cdf_from_density(x: Real, density: Real) -> Real:
    """N(x), where the density at x is known already."""
    tail = density * mills_ratio(maximum(x, -x))
    return where(x > 0.0, 1.0 - tail, tail)


def real_expected_gain(present: Real, paid: Real, d1: Real, d2: Real, sign: Real) -> Real:
    """`expected_gain` of real numbers."""
    return gain_from_density(present, paid, d1, d2, sign, normal_density(d1))


def gain_from_density(
    present: Real, paid: Real, d1: Real, d2: Real, sign: Real, density: Real
) -> Real:
    """`expected_gain` by its tails, neither a difference of ones; the density is that at d1."""
    z1, z2 = maximum(d1, -d1), maximum(d2, -d2)
    q1, q2 = mills_denominator(z1), mills_denominator(z2)
    bell = present * density / (q1 * q2)
    tail1 = bell * (mills_numerator(z1) * q2)
    tail2 = bell * (mills_numerator(z2) * q1)
    first = where(sign * d1 > 0.0, present - tail1, tail1)
    second = where(sign * d2 > 0.0, paid - tail2, tail2)
    return sign * (first - second)
