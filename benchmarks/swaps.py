"""
Swaps over scenarios, side by side: python -m benchmarks.swaps [swaps]

Forty quarterly periods on two curves and 250 scenarios, from exposures to P&L: the rows
of discount and forward factors are made once per unique date, then comes riskmill's sum
of weights times rows, then P&L against base. Beside it the same rows with scipy's sparse
product, and numpy that values each swap's own dates. All have to agree.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from benchmarks.rounds import medians, print_machine, print_rates
from riskmill.domain import FloatArray
from riskmill.risk.pricing.kernels import LANES, linear_kernel
from riskmill.risk.pricing.row_sums import NOTHING

PERIODS = 40
BLOCK = 256
NODES = np.array([0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0])


@dataclass(frozen=True, kw_only=True, slots=True)
class Book:
    """Swaps that start on one of many dates, and two curves of zero rates."""

    starts: npt.NDArray[np.int64]
    """First date of each swap, as a number among *dates*; its periods are *step* apart."""
    step: int
    dates: FloatArray
    """Years to every date."""
    coupons: FloatArray
    notionals: FloatArray
    discounting: FloatArray
    """Zero rates at the nodes, shape (nodes, width); base to the end."""
    forwarding: FloatArray
    scenarios: int


def book(swaps: int, scenarios: int, first_dates: int = 250, step: int = 63) -> Book:
    random = np.random.default_rng(2)
    width = (scenarios // LANES + 1) * LANES
    moves = random.normal(0.0, 0.001, (2, len(NODES), width))
    moves[:, :, scenarios:] = 0.0
    level = 0.02 + 0.01 * np.sqrt(NODES / 30.0)[:, np.newaxis]
    return Book(
        starts=random.integers(0, first_dates, swaps),
        step=step,
        dates=np.arange(first_dates + PERIODS * step) / 252.0,
        coupons=random.uniform(0.01, 0.05, swaps),
        notionals=random.normal(0.0, 1e6, swaps),
        discounting=level + moves[0],
        forwarding=level + 0.003 + moves[1],
        scenarios=scenarios,
    )


def factors(rates: FloatArray, years: FloatArray) -> FloatArray:
    """Discount factors, log-linear between the nodes, shape (dates, width)."""
    right = np.clip(np.searchsorted(NODES, years), 1, len(NODES) - 1)
    share = ((years - NODES[right - 1]) / (NODES[right] - NODES[right - 1]))[:, np.newaxis]
    logs = NODES[:, np.newaxis] * rates
    return np.asarray(np.exp(-((1.0 - share) * logs[right - 1] + share * logs[right])))


def rows(held: Book) -> FloatArray:
    """Discount factors, then discounted forward interest, of every unique date; then ones."""
    discount = factors(held.discounting, held.dates)
    forward = factors(held.forwarding, held.dates)
    interest = (forward[: -held.step] / forward[held.step :] - 1.0) * discount[held.step :]
    return np.concatenate([discount, interest, np.ones((1, discount.shape[1]))])


def exposures(held: Book) -> tuple[npt.NDArray[np.int64], FloatArray]:
    """Rows and weights of each swap, shape (swaps, 2 x periods): a coupon less a forward."""
    periods = held.starts[:, np.newaxis] + held.step * np.arange(PERIODS)
    index = np.concatenate([periods + held.step, len(held.dates) + periods], axis=1)
    coupon = np.repeat(held.coupons[:, np.newaxis] * held.step / 252.0, PERIODS, axis=1)
    return index, np.concatenate([coupon, -np.ones(periods.shape)], axis=1)


def riskmill(held: Book, index: npt.NDArray[np.int64], weights: FloatArray) -> FloatArray:
    matrix, kernel = rows(held), linear_kernel()
    out = np.empty((len(index), matrix.shape[1]))
    for start in range(0, len(index), BLOCK):
        block = slice(start, start + BLOCK)
        count = len(index[block])
        kernel(
            matrix,
            np.arange(count + 1) * 2 * PERIODS,
            index[block].ravel(),
            weights[block].ravel(),
            np.full(count, len(matrix) - 1),
            held.notionals[block],
            out[block],
            NOTHING,
        )
    return pnl(held, out)


def sparse(held: Book, index: npt.NDArray[np.int64], weights: FloatArray) -> FloatArray:
    matrix = rows(held)
    starts = np.arange(len(index) + 1) * 2 * PERIODS
    amounts = (weights * held.notionals[:, np.newaxis]).ravel()
    product = csr_array((amounts, index.ravel(), starts), shape=(len(index), len(matrix)))
    return pnl(held, product @ matrix)


def by_swap(held: Book, index: npt.NDArray[np.int64], weights: FloatArray) -> FloatArray:
    """Each swap finds the factors of its own dates."""
    out = np.empty((len(index), held.discounting.shape[1]))
    for i, start in enumerate(held.starts.tolist()):
        years = held.dates[start :: held.step][: PERIODS + 1]
        discount = factors(held.discounting, years)[1:]
        forward = factors(held.forwarding, years)
        interest = forward[:-1] / forward[1:] - 1.0
        out[i] = held.notionals[i] * ((weights[i, 0] - interest) * discount).sum(axis=0)
    return pnl(held, out)


def pnl(held: Book, values: FloatArray) -> FloatArray:
    return values[:, : held.scenarios] - values[:, held.scenarios :][:, :1]


def compare(swaps: int, scenarios: int, rounds: int) -> dict[str, float]:
    """Assert that all agree; valuations a second by contestant, riskmill first."""
    held, few = book(swaps, scenarios), book(max(swaps // 20, 2), scenarios)
    index, weights = exposures(held)
    part = exposures(few)
    contestants: dict[str, Callable[[], FloatArray]] = {
        "riskmill": lambda: riskmill(held, index, weights),
        "scipy's sparse product": lambda: sparse(held, index, weights),
        "numpy, swap by swap": lambda: by_swap(few, *part),
    }
    gross = np.abs(held.notionals).max()
    assert (
        np.abs(riskmill(held, index, weights) - sparse(held, index, weights)).max() < 1e-12 * gross
    )
    assert np.abs(riskmill(few, *part) - by_swap(few, *part)).max() < 1e-12 * gross
    seconds = medians(contestants, rounds)
    counts = dict.fromkeys(seconds, swaps * scenarios)
    counts["numpy, swap by swap"] = len(few.starts) * scenarios
    print_rates(f"Swaps, {swaps:,} of {PERIODS} periods x {scenarios} scenarios", counts, seconds)
    return {name: counts[name] / seconds[name] for name in seconds}


def main() -> None:
    print_machine("scipy")
    rates = compare(int((*sys.argv[1:], "20000")[0]), 250, 5)
    print(f"\nriskmill values {rates['riskmill'] / 1e6:.1f} M swaps a second (bar: 10)")


if __name__ == "__main__":
    main()
