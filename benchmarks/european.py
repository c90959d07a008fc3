"""
European options over scenarios, side by side: python -m benchmarks.european [positions]

riskmill's kernel as a run uses it (blocks of 256 positions, P&L against base, summed row by
row), numpy with scipy's normal distribution in blocks that stay in the second cache, a
hand-tuned C++ kernel (european.cpp, compiled here with g++ where there is one) and QuantLib's
blackFormula. All price the same options and sum their P&L, and have to agree.
"""

import ctypes
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import numpy as np
import numpy.typing as npt
import QuantLib
from scipy.special import ndtr

from benchmarks.rounds import medians, print_machine, print_rates
from riskmill.domain import FloatArray
from riskmill.risk.pricing.formulas import european_option
from riskmill.risk.pricing.kernels import LANES, european_kernel
from riskmill.risk.pricing.row_sums import answered, ask

BLOCK = 256
SOURCE = Path(__file__).with_name("european.cpp")


@dataclass(frozen=True, kw_only=True, slots=True)
class Book:
    """Options with strikes, expiries and volatilities of their own, and their market."""

    rows: FloatArray
    index: npt.NDArray[np.int64]
    terms: FloatArray
    amounts: FloatArray
    scenarios: int


def book(positions: int, scenarios: int, underlyings: int = 100, expiries: int = 20) -> Book:
    """
    Random books of 256 positions on ten underlyings each; no two share a volatility.

    The last columns of the market are the base.
    """
    random = np.random.default_rng(1)
    width = (scenarios // LANES + 1) * LANES
    base = np.concatenate(
        [
            random.uniform(20.0, 400.0, underlyings),
            random.uniform(0.0, 0.03, underlyings),
            random.uniform(0.0, 0.05, expiries),
            random.uniform(0.1, 0.6, positions),
            [1.0],
        ]
    )
    moves = random.normal(0.0, 0.02, (len(base), width))
    moves[:, scenarios:] = 0.0
    books = random.integers(0, underlyings, (positions // BLOCK + 1, 10))
    underlying = books[np.arange(positions) // BLOCK, random.integers(0, 10, positions)]
    expiry = random.integers(0, expiries, positions)
    first_rate, first_volatility = 2 * underlyings, 2 * underlyings + expiries
    index = np.column_stack(
        [
            underlying,
            first_volatility + np.arange(positions),
            first_rate + expiry,
            underlyings + underlying,
            np.full(positions, first_volatility + positions),
        ]
    ).astype(np.int64)
    terms = np.column_stack(
        [
            base[underlying] * random.uniform(0.7, 1.4, positions),
            np.linspace(0.05, 3.0, expiries)[expiry],
            np.where(random.random(positions) < 0.5, 1.0, -1.0),
        ]
    )
    return Book(
        rows=base[:, np.newaxis] * (1.0 + moves),
        index=index,
        terms=terms,
        amounts=random.normal(0.0, 100.0, positions),
        scenarios=scenarios,
    )


Values = Callable[[npt.NDArray[np.int64], FloatArray, FloatArray, FloatArray], None]


def summed(held: Book, values: Values, size: int = BLOCK) -> FloatArray:
    """P&L of the book under every scenario, *size* positions at a time."""
    total = np.zeros(held.scenarios)
    out = np.empty((size, held.rows.shape[1]))
    for start in range(0, len(held.index), size):
        block = slice(start, start + size)
        part = out[: len(held.index[block])]
        values(held.index[block], held.terms[block], held.amounts[block], part)
        base = part[:, held.scenarios :][:, :1].copy()
        total += np.subtract(part, base, out=part).sum(axis=0)[: held.scenarios]
    return total


def riskmill(held: Book) -> FloatArray:
    kernel = european_kernel(european_option)
    width = held.rows.shape[1]
    room, total = np.empty((1, width)), np.zeros(held.scenarios)
    for start in range(0, len(held.index), BLOCK):
        block = slice(start, start + BLOCK)
        index = held.index[block]
        asked = ask(len(index), width, held.scenarios)
        kernel(held.rows, index, held.terms[block], held.amounts[block], room, asked)
        total += answered(asked).pnl[: held.scenarios]
    return total


def numpy_and_scipy(held: Book) -> FloatArray:
    """Blocks of 64 positions, about 32,000 prices, stay in the second cache."""

    def values(
        index: npt.NDArray[np.int64], terms: FloatArray, amounts: FloatArray, out: FloatArray
    ) -> None:
        spot, vol, rate, yield_, conversion = (held.rows[index[:, i]] for i in range(5))
        strike, years, sign = (terms[:, i : i + 1] for i in range(3))
        deviation = vol * np.sqrt(years)
        d1 = (np.log(spot / strike) + (rate - yield_) * years) / deviation + 0.5 * deviation
        present, paid = spot * np.exp(-yield_ * years), strike * np.exp(-rate * years)
        price = sign * (present * ndtr(sign * d1) - paid * ndtr(sign * (d1 - deviation)))
        np.multiply(amounts[:, np.newaxis] * conversion, price, out=out)

    return summed(held, values, 64)


def compiled_cpp(directory: str) -> ctypes.CDLL | None:
    """The C++ kernel, or none without g++."""
    if which("g++") is None:
        return None
    library = Path(directory) / "european.so"
    options = ["-O3", "-march=native", "-ffast-math", "-fno-associative-math", "-fPIC"]
    flags = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    if "avx512dq" in flags:  # a g++ older than the processor does not take the hint
        options += ["-mavx512f", "-mavx512dq", "-mavx512vl", "-mavx512bw", "-mavx512cd"]
        options += ["-mprefer-vector-width=512"]
    compiled = library.with_suffix(".o")
    subprocess.run(["g++", *options, "-c", "-o", str(compiled), str(SOURCE)], check=True)
    # Linked without -ffast-math: with it the library would take small numbers for zero, in the
    # whole process that loads it.
    subprocess.run(["g++", "-shared", "-o", str(library), str(compiled)], check=True)
    return ctypes.CDLL(str(library))


def cpp(held: Book, library: ctypes.CDLL) -> FloatArray:
    def values(
        index: npt.NDArray[np.int64], terms: FloatArray, amounts: FloatArray, out: FloatArray
    ) -> None:
        library.option_values(
            held.rows.ctypes.data_as(ctypes.c_void_p),
            ctypes.c_int64(held.rows.shape[1]),
            index.ctypes.data_as(ctypes.c_void_p),
            terms.ctypes.data_as(ctypes.c_void_p),
            amounts.ctypes.data_as(ctypes.c_void_p),
            ctypes.c_int64(len(index)),
            out.ctypes.data_as(ctypes.c_void_p),
        )

    return summed(held, values)


def quantlib(held: Book) -> FloatArray:
    """blackFormula: QuantLib's quickest way from Python; the forward is made by numpy."""

    def values(
        index: npt.NDArray[np.int64], terms: FloatArray, amounts: FloatArray, out: FloatArray
    ) -> None:
        spot, vol, rate, yield_, conversion = (held.rows[index[:, i]] for i in range(5))
        strike, years, sign = (terms[:, i : i + 1] for i in range(3))
        forward = (spot * np.exp((rate - yield_) * years)).tolist()
        deviation = (vol * np.sqrt(years)).tolist()
        discount = (np.exp(-rate * years) * conversion).tolist()
        for i, (forwards, deviations, discounts) in enumerate(
            zip(forward, deviation, discount, strict=True)
        ):
            side = QuantLib.Option.Call if sign[i, 0] > 0 else QuantLib.Option.Put
            paid = float(strike[i, 0])
            out[i] = [
                QuantLib.blackFormula(side, paid, f, s, d)
                for f, s, d in zip(forwards, deviations, discounts, strict=True)
            ]
            out[i] *= amounts[i]

    return summed(held, values)


def compare(positions: int, scenarios: int, rounds: int) -> dict[str, float]:
    """Assert that all agree; seconds by contestant, riskmill first."""
    held = book(positions, scenarios)
    few = book(max(positions // 100, 8), scenarios)
    with tempfile.TemporaryDirectory() as directory:
        library = compiled_cpp(directory)
        contestants: dict[str, Callable[[], FloatArray]] = {"riskmill": lambda: riskmill(held)}
        if library:
            contestants["C++ by hand"] = lambda: cpp(held, library)
        contestants["numpy and scipy"] = lambda: numpy_and_scipy(held)
        expected = numpy_and_scipy(held)
        scale = np.abs(expected).max()
        for name, run in contestants.items():
            np.testing.assert_allclose(run(), expected, rtol=1e-9, atol=1e-11 * scale, err_msg=name)
        expected = riskmill(few)
        scale = np.abs(expected).max()
        np.testing.assert_allclose(quantlib(few), expected, rtol=1e-9, atol=1e-11 * scale)
        contestants["QuantLib blackFormula"] = lambda: quantlib(few)
        seconds = medians(contestants, rounds)
    counts = dict.fromkeys(seconds, positions * scenarios)
    counts["QuantLib blackFormula"] = len(few.index) * scenarios
    print_rates(
        f"European options, {positions:,} positions x {scenarios} scenarios", counts, seconds
    )
    return {name: seconds[name] / counts[name] for name in seconds}


def main() -> None:
    print_machine("scipy", "QuantLib")
    taken = compare(int((*sys.argv[1:], "20000")[0]), 500, 7)
    ours = taken["riskmill"]
    print(f"\nnumpy and scipy take {taken['numpy and scipy'] / ours:.2f} times as long (bar: 5)")
    if "C++ by hand" in taken:
        print(f"riskmill has {taken['C++ by hand'] / ours:.2f} of the speed of C++ (bar: 0.5)")


if __name__ == "__main__":
    main()
