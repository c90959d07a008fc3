"""
How fast a partition is valued: `python -m benchmarks.pricing [positions] [scenarios]`.

Prints, per instrument, processor time and prices per second of `value`, greeks included,
and the largest memory of the process. Kernels come from, or go to, the directory named
by KERNELS below the system's temporary one, so a second run shows a warm start.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from riskmill.domain import Position
from riskmill.risk import configure_kernels, value
from tests.risk.pricing.samples import CONTRACTS, MARKET, shaken, table

KERNELS = "riskmill-benchmark-kernels"


def main() -> None:
    positions, scenarios = (int(text) for text in (*sys.argv[1:], "2000", "600")[:2])
    configure_kernels(str(Path(tempfile.gettempdir()) / KERNELS), "host")
    start = time.process_time()
    for contract in CONTRACTS.values():
        measure(contract, 1, 1)
    print(f"{'start-up':20} {time.process_time() - start:8.2f} s")
    for name, contract in CONTRACTS.items():
        seconds = measure(contract, positions, scenarios)
        print(f"{name:20} {seconds:8.2f} s {positions * scenarios / seconds / 1e6:10.2f} M/s")
    print(f"{'memory':20} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MB")


def measure(contract: object, positions: int, scenarios: int) -> float:
    held = [
        Position(position_id=f"P{i}", book="book", quantity=q, instrument=contract)
        for i, q in enumerate(np.linspace(1.0, 2.0, positions).tolist())
    ]
    batch = table(held)
    moves = shaken(scenarios)
    start = time.process_time()
    value(batch, MARKET, moves, currency="USD")
    return time.process_time() - start


if __name__ == "__main__":
    main()
