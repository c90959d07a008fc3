"""
One thread against two on the kernels: python -m benchmarks.scaling

Kernels run without the interpreter's lock, so two threads value two halves at once. One
ratio is of elapsed times, the smallest of several interleaved rounds: a machine that others
use shows less than it can. The other is of processor times, which waiting for a processor
does not change. Plain arithmetic (numpy's exponential in the nearest cache) in the same
rounds shows the machine's own limit.
"""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from benchmarks import americans, european, swaps
from benchmarks.rounds import print_machine
from riskmill.domain import FloatArray
from riskmill.risk.pricing.formulas import american_option, european_option
from riskmill.risk.pricing.kernels import american_scenario_kernel, european_kernel, linear_kernel
from riskmill.risk.pricing.row_sums import ask

Work = Callable[[], object]


def european_half() -> Work:
    held = european.book(5000, 500)
    kernel = european_kernel(european_option)
    width = held.rows.shape[1]
    room, asked = np.empty((1, width)), ask(len(held.index), width, held.scenarios)
    return lambda: kernel(held.rows, held.index, held.terms, held.amounts, room, asked)


def linear_half() -> Work:
    held = swaps.book(20000, 250)
    index, weights = swaps.exposures(held)
    rows, kernel = swaps.rows(held), linear_kernel()
    starts = np.arange(len(index) + 1) * 2 * swaps.PERIODS
    conversions = np.full(len(index), len(rows) - 1)
    flat, ravelled = index.ravel(), weights.ravel()
    width = rows.shape[1]
    room, asked = np.empty((1, width)), ask(len(index), width, held.scenarios)
    return lambda: kernel(rows, starts, flat, ravelled, conversions, held.notionals, room, asked)


def american_half() -> Work:
    given = americans.cases(20)
    markets = americans.scenarios(given, 512)
    kernel = american_scenario_kernel(american_option)
    return lambda: americans.values(kernel, given, markets)


def arithmetic_half() -> Work:
    numbers: FloatArray = np.linspace(0.0, 1.0, 2048)
    out = np.empty_like(numbers)

    def run() -> None:
        for _ in range(20000):
            np.exp(numbers, out=out)

    return run


HALVES = {
    "European options": european_half,
    "swaps": linear_half,
    "American options": american_half,
    "plain arithmetic": arithmetic_half,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Scaling:
    """Two threads against one."""

    elapsed: float
    """How many times the speed, by the clock on the wall."""
    processor: float
    """Twice the share that processor time alone has of that together: what sharing caches and
    memory costs, without the queue."""


def measure(rounds: int) -> dict[str, Scaling]:
    """Speed of two threads in terms of one, by kernel."""
    halves = {name: (make(), make()) for name, make in HALVES.items()}
    taken: dict[str, list[list[float]]] = {name: [] for name in halves}
    with ThreadPoolExecutor(2) as pool:
        for _ in range(rounds):
            for name, (one, two) in halves.items():
                start = time.perf_counter()
                alone = timed(one) + timed(two)
                middle = time.perf_counter()
                runs = [pool.submit(timed, half) for half in (one, two)]
                together = [run.result() for run in runs]
                end = time.perf_counter()
                taken[name].append([middle - start, end - middle, alone, sum(together)])
    found = {}
    for name, times in taken.items():
        alone, together = np.min(times, axis=0)[:2]
        busy_alone, busy_together = np.median(times, axis=0)[2:]
        found[name] = Scaling(elapsed=alone / together, processor=2.0 * busy_alone / busy_together)
    return found


def timed(work: Work) -> float:
    """Processor seconds of the thread that does it."""
    start = time.thread_time()
    work()
    return time.thread_time() - start


def main() -> None:
    print_machine()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; bar: 1.8 of 2")
    print(f"{'two threads in terms of one':30}{'elapsed':>10}{'processor time':>18}")
    for name, ratio in measure(15).items():
        print(f"{name:30}{ratio.elapsed:9.2f}x{ratio.processor:17.2f}x")


if __name__ == "__main__":
    main()
