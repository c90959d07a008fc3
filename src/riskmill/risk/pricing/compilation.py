"""
How the sources of this package become vector instructions: everything numba sees.

Importing this module imports numba and registers a compiled body for each function of
`maths`. The four conditions under which LLVM vectorises a pricer are kept here, in
`INLINED` and `KERNEL`, and nowhere else: inlining is forced, division follows numpy,
floating-point contraction is allowed but reassociation is not, and kernels run without
the interpreter's lock along a contiguous scenario axis.

The flags tell LLVM that no NaN and no infinity occurs, so a kernel must never compare one:
callers check what goes in, and what comes out is judged by its bits (`maths.is_number`).
"""

import math
from collections.abc import Callable
from typing import Any

import numba
from llvmlite import ir
from numba import config, types
from numba.extending import intrinsic, overload, register_jitable
from numba.np.unsafe.ndarray import to_fixed_tuple

from riskmill.risk.pricing import maths
from riskmill.risk.pricing.dual import Real

FAST_MATH = {"contract", "nnan", "ninf", "nsz", "arcp", "afn"}
INLINED = {"fastmath": FAST_MATH, "error_model": "numpy", "forceinline": True}
KERNEL = {"fastmath": FAST_MATH, "error_model": "numpy", "nogil": True}

SHIFT = 6755399441055744.0
"""1.5 * 2**52: added to a small number, it leaves the nearest whole one in the low bits."""
SHIFT_BITS = 0x4338000000000000
SQRT_HALF_BITS = 0x3FE6A09E667F3BCD
EXPONENT_BITS = 0x7FF0000000000000
"""All of them are set in what is no finite number."""

_Body = Callable[..., Real]


def compiled(kernel: _Body, signature: str) -> _Body:
    """
    Compile *kernel* for one *signature*.

    Where numba has been given a cache directory, load it from there, or store it. A cache
    that is damaged, full or may not be used costs the compilation and nothing more: were
    the kernel itself at fault, compiling it without a cache says so.
    """
    body: _Body
    if config.CACHE_DIR:
        try:
            body = numba.njit(signature, cache=True, **KERNEL)(kernel)
        except Exception:
            config.CACHE_DIR = ""
        else:
            return body
    body = numba.njit(signature, **KERNEL)(kernel)
    return body


def inlined(function: _Body) -> _Body:
    """Make a plain function callable from compiled code, always inlined; it stays plain."""
    register_jitable(**INLINED)(function)
    return function


def called(function: _Body) -> _Body:
    """Make a plain function callable from compiled code, with loops of its own to vectorise."""
    register_jitable(**{**INLINED, "forceinline": False})(function)
    return function


def _bits(context: Any, number: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.int64(types.float64), generate


def _number(context: Any, pattern: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), generate


bits_of = intrinsic(_bits)
number_of = intrinsic(_number)


# Bodies of the primitives of `maths`: they run compiled only.


def _where(condition: Real, chosen: Real, otherwise: Real) -> Real:  # pragma: no cover
    return chosen if condition else otherwise


def _nearest(x: Real) -> Real:  # pragma: no cover
    return (x + SHIFT) - SHIFT


def _power_of_two(k: Real) -> Real:  # pragma: no cover
    return number_of((bits_of(k + SHIFT) + 1023) << 52)


def _exponent(x: Real) -> Real:  # pragma: no cover
    return number_of(((bits_of(x) - SQRT_HALF_BITS) >> 52) + SHIFT_BITS) - SHIFT


def _sqrt(x: Real) -> Real:  # pragma: no cover
    return math.sqrt(x)


def _bits_of(x: Real) -> int:  # pragma: no cover
    whole: int = bits_of(x)
    return whole


def _number_of(whole: int) -> Real:  # pragma: no cover
    return number_of(whole)


def _is_number(x: Real) -> int:  # pragma: no cover
    return 1 if bits_of(x) & EXPONENT_BITS != EXPONENT_BITS else 0


def _largest(x: Real) -> Real:  # pragma: no cover
    return int(x)


BODIES: dict[_Body, _Body] = {
    maths.where: _where,
    maths.nearest: _nearest,
    maths.power_of_two: _power_of_two,
    maths.exponent: _exponent,
    maths.sqrt: _sqrt,
    maths.exp: maths.real_exp,
    maths.log: maths.real_log,
    maths.normal_cdf: maths.real_normal_cdf,
    maths.mills: maths.mills_ratio,
    maths.largest: _largest,
    maths.is_number: _is_number,
    maths.bits_of: _bits_of,
    maths.number_of: _number_of,
    maths.expected_gain: maths.real_expected_gain,
}
"""Function of `maths` that accepts any number, and what is compiled in its place."""

PLAIN = (
    maths.maximum,
    maths.minimum,
    maths.real_exp,
    maths.real_log,
    maths.mills_ratio,
    maths.mills_numerator,
    maths.mills_denominator,
    maths.normal_density,
    maths.cdf_from_density,
    maths.real_normal_cdf,
    maths.scaled_cdf,
    maths.expm1,
    maths.log1p,
    maths.real_expected_gain,
    maths.gain_from_density,
)
"""Functions that are compiled from their own source."""


def _register(function: _Body, body: _Body) -> None:
    def choose(*_arguments: Any) -> _Body:
        return body

    overload(function, jit_options=INLINED, strict=False)(choose)


def _as_terms(row: Any, count: Any) -> Any:
    length = count.literal_value

    def terms(row: Any, count: Any) -> Any:  # pragma: no cover
        return to_fixed_tuple(row, length)

    return terms


overload(maths.as_terms, jit_options=INLINED, prefer_literal=True)(_as_terms)
for _function, _compiled_body in BODIES.items():
    _register(_function, _compiled_body)
for _function in PLAIN:
    inlined(_function)
