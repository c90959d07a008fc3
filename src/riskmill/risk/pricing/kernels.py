"""
The loops over scenarios, compiled at first use.

A kernel fills an array of values, positions by width, from rows of market inputs; the
width is a multiple of `LANES` and scenarios lie along it. Where it is asked for sums
(`row_sums.Asked`), one row of room serves all positions: each is summed while it is still
in the nearest cache, and written over. The loops below are plain
Python and give the same numbers without a compiler, slowly. numba is imported when the
first kernel is asked for, not before.

Numba keeps compiled kernels on disk where a cache directory is configured, but does
not notice when a function that a kernel calls has changed: `kernel_fingerprint` names
a directory that such a change leaves behind.
"""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from inspect import isfunction, signature
from threading import RLock
from types import ModuleType
from typing import Any, TypeAlias

from riskmill.domain import UsageError
from riskmill.risk.pricing.dual import Real
from riskmill.risk.pricing.formulas import american, european_lanes
from riskmill.risk.pricing.maths import as_terms, exp
from riskmill.risk.pricing.row_sums import close_row

LANES = 64
"""Scenarios are padded to a multiple of this, so that every one runs in vector code."""

MARKET_ARGUMENTS = 4
"""Arguments of an option formula that come from the market; its terms follow."""

Kernel: TypeAlias = Callable[..., None]
Formula: TypeAlias = Callable[..., Real]

ASKED = "Tuple((int64, float64[:, ::1], float64[::1]))"
"""Last argument of every kernel of positions: `row_sums.Asked`."""
OPTION_SIGNATURE = (
    f"void(float64[:, ::1], int64[:, ::1], float64[:, ::1], float64[::1], float64[:, ::1], {ASKED})"
)
AMERICAN_SIGNATURE = (
    "void(float64[:, ::1], int64[:, ::1], float64[:, ::1], float64[::1], int64, float64[:, ::1], "
    f"{ASKED})"
)
LINEAR_SIGNATURE = (
    "void(float64[:, ::1], int64[::1], int64[::1], float64[::1], int64[::1], float64[::1], "
    f"float64[:, ::1], {ASKED})"
)

EXP_SIGNATURE = "void(float64[::1], float64[::1])"

LEVELS: dict[str, tuple[str, str]] = {
    "x86-64-v4": ("x86-64-v4", "-prefer-256-bit"),
    "x86-64-v3": ("x86-64-v3", ""),
    "x86-64-v2": ("x86-64-v2", ""),
}
"""LLVM's processor name and features by level; `host` is the machine as it is."""

_REQUIRED_FLAGS: dict[str, frozenset[str]] = {
    "x86-64-v4": frozenset({"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}),
    "x86-64-v3": frozenset({"avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"}),
    "x86-64-v2": frozenset({"sse4_1", "sse4_2", "ssse3", "popcnt", "cx16"}),
}


def processor_level(flags: frozenset[str], machine: str) -> str:
    """
    Highest level that a processor with these *flags* (as Linux names them) runs.

    `x86-64-v4`, `-v3` or `-v2`; `host` for any other machine, or an older one.
    """
    level = "host"
    if machine.lower() in ("x86_64", "amd64"):
        needed: frozenset[str] = frozenset()
        for name in reversed(LEVELS):
            needed |= _REQUIRED_FLAGS[name]
            level = name if needed <= flags else level
    return level


def configure_kernels(cache_dir: str, level: str) -> None:
    """
    Say where compiled kernels are kept and for which processors they are made.

    To be called before the first valuation of the process; an empty *cache_dir* keeps
    nothing. Raises `UsageError` (E411) for a level that is none.
    """
    if level not in LEVELS and level != "host":
        raise UsageError(
            "E411",
            f"'{level}' is not a processor level",
            remedy=f"Choose one of {', '.join(LEVELS)} or host.",
        )
    _CHOSEN.update(cache_dir=cache_dir, level=level)


_CHOSEN: dict[str, str] = {}
"""What `configure_kernels` was told; the compiler hears of it when it is started."""


def _compiler() -> ModuleType:
    """Start the compiler as it was configured."""
    from numba import config

    from riskmill.risk.pricing import compilation

    if _CHOSEN:
        config.CACHE_DIR = _CHOSEN["cache_dir"]
        config.CPU_NAME, config.CPU_FEATURES = LEVELS.get(_CHOSEN["level"], (None, None))
    return compilation


def _compiled(loop: Kernel, signature_: str) -> Kernel:
    compilation = _compiler()
    compilation.inlined(close_row)
    kernel: Kernel = compilation.compiled(loop, signature_)
    return kernel


@cache
def kernel_fingerprint() -> str:
    """
    Hexadecimal name of the kernels' sources and compiler.

    It changes with any source of this package and with numba; the processor level is
    not in it, since numba tells levels apart by itself.
    """
    digest = sha256(version("numba").encode())
    for name, source in sorted(_sources(files("riskmill.risk.pricing"), "")):
        digest.update(f"\n{name}\n".encode() + source)
    return digest.hexdigest()[:16]


def _sources(directory: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found = []
    for entry in directory.iterdir():
        if entry.name.endswith(".py"):
            found.append((prefix + entry.name, entry.read_bytes()))
        elif entry.is_dir() and entry.name != "__pycache__":
            found += _sources(entry, f"{prefix}{entry.name}/")
    return found


_compiling = RLock()


def option_kernel(formula: Formula) -> Kernel:
    """
    The compiled loop of `option_rows` around *formula*; made once a process.

    *formula* is straight-line code on the functions of `maths`.
    """
    with _compiling:
        return _option_kernel(formula)


def european_kernel(formula: Formula) -> Kernel:
    """The compiled loop of `european_rows`; *formula* is the same price, one at a time."""
    with _compiling:
        return _european_kernel()


def american_kernel(formula: Formula) -> Kernel:
    """The compiled loop of `american_rows`, precise; *formula* is the same price by itself."""
    loop = american_loop()

    def fill(rows: Any, index: Any, terms: Any, amounts: Any, out: Any, asked: Any) -> None:
        loop(rows, index, terms, amounts, out.shape[1], out, asked)

    return fill


def american_scenario_kernel(formula: Formula) -> Kernel:
    """The same loop, precise at base and quick in every other scenario."""
    loop = american_loop()

    def fill(rows: Any, index: Any, terms: Any, amounts: Any, out: Any, asked: Any) -> None:
        loop(rows, index, terms, amounts, 1, out, asked)

    return fill


def american_loop() -> Kernel:
    """What both are made of, compiled once a process."""
    with _compiling:
        return _american_loop()


def linear_kernel() -> Kernel:
    """The compiled loop of `linear_rows`; made once a process."""
    with _compiling:
        return _linear_kernel()


def exp_kernel() -> Kernel:
    """The compiled loop of `exp_row`; made once a process."""
    with _compiling:
        return _exp_kernel()


def _parts(formula: Formula) -> list[Formula]:
    """Plain functions that *formula* calls, those called by others first; none of `maths`."""
    found: dict[Formula, None] = {}
    for name in formula.__code__.co_names:
        part = formula.__globals__.get(name)
        if isfunction(part) and part.__module__ != as_terms.__module__:
            found |= dict.fromkeys([*_parts(part), part])
    return list(found)


@cache
def _option_kernel(formula: Formula) -> Kernel:
    compilation = _compiler()
    for part in _parts(formula):
        compilation.inlined(part)
    return _compiled(option_rows(compilation.inlined(formula)), OPTION_SIGNATURE)


@cache
def _european_kernel() -> Kernel:
    compilation = _compiler()
    for function in european_lanes.INLINED:
        compilation.inlined(function)
    return _compiled(european_lanes.european_rows, OPTION_SIGNATURE)


@cache
def _american_loop() -> Kernel:
    compilation = _compiler()
    for function in american.INLINED:
        compilation.inlined(function)
    for function in american.CALLED:
        compilation.called(function)
    return _compiled(american.american_rows, AMERICAN_SIGNATURE)


@cache
def _linear_kernel() -> Kernel:
    return _compiled(linear_rows, LINEAR_SIGNATURE)


@cache
def _exp_kernel() -> Kernel:
    return _compiled(exp_row, EXP_SIGNATURE)


def exp_row(powers: Any, out: Any) -> None:
    """Fill *out* with e to each of *powers*."""
    for s in range(out.shape[0]):
        out[s] = exp(powers[s])


def option_rows(price: Formula) -> Kernel:
    """
    The loop over positions and scenarios around one scalar price.

    rows (inputs, width); index (positions, 5) points into it: spot, volatility, rate,
    yield, conversion; terms (positions, any): what *price* takes after those, such as
    strike, years, sign; amounts (positions,).
    Fills out (positions, width) with amount x conversion x price; asked is `row_sums.Asked`.
    """
    count = len(signature(price).parameters) - MARKET_ARGUMENTS

    def fill(rows: Any, index: Any, terms: Any, amounts: Any, out: Any, asked: Any) -> None:
        for i in range(index.shape[0]):
            row = out[min(i, out.shape[0] - 1)]
            spot = rows[index[i, 0]]
            volatility = rows[index[i, 1]]
            rate = rows[index[i, 2]]
            yield_ = rows[index[i, 3]]
            conversion = rows[index[i, 4]]
            own = as_terms(terms[i], count)
            amount = amounts[i]
            for s in range(row.shape[0]):
                unit = price(spot[s], volatility[s], rate[s], yield_[s], *own)
                row[s] = amount * conversion[s] * unit
            close_row(row, i, asked)

    return fill


def linear_rows(
    rows: Any,
    starts: Any,
    index: Any,
    weights: Any,
    conversions: Any,
    amounts: Any,
    out: Any,
    asked: Any,
) -> None:
    """
    Sums of weights times rows.

    Position i owns entries starts[i] up to starts[i + 1] of index and weights. Fills
    out (positions, width) with amount x conversion x the sum, taken in that order; asked is
    `row_sums.Asked`.
    """
    for i in range(amounts.shape[0]):
        row = out[min(i, out.shape[0] - 1)]
        row[:] = 0.0
        for j in range(starts[i], starts[i + 1]):
            source = rows[index[j]]
            weight = weights[j]
            for s in range(row.shape[0]):
                row[s] += weight * source[s]
        conversion = rows[conversions[i]]
        amount = amounts[i]
        for s in range(row.shape[0]):
            row[s] *= amount * conversion[s]
        close_row(row, i, asked)
