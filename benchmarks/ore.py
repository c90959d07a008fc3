"""
Historical simulation by riskmill and by the Open Source Risk Engine: python -m benchmarks.ore

Both fully revalue the same book under the same scenarios and give its P&L in each: ORE by
its analytic `historicalSimulationVar` from its own files (`ore_inputs`), riskmill by its public
`revalue`. Trade by trade and scenario by scenario the P&L agrees to the six decimals that
ORE prints, or the program stops.

ORE runs in a process of its own, as its Python module carries another QuantLib. Its seconds
are processor time of `OREApp.run`, without the import. riskmill's are of `revalue`, from terms
and levels on. Both are told from start to end, and for the valuation alone: less what the same
book takes under two scenarios, which for ORE is reading, market, portfolio and reports.
"""

import csv
import importlib.util
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks import ore_inputs
from benchmarks.rounds import print_machine, print_rates
from riskmill.domain import FloatArray, Instrument, Position, ScenarioSet
from riskmill.risk import revalue

PACKAGE = "open-source-risk-engine"
ABSENT = f"{PACKAGE} is not installed: pip install -r requirements/benchmarks.in"
TOLERANCE = 1e-6
"""Of the currency: ORE prints six decimals."""
START = 2
"""Scenarios of the run that is taken for the start; ORE refuses fewer."""
RUN = """
import sys, time, ORE
parameters = ORE.Parameters()
parameters.fromFile(sys.argv[1])
app = ORE.OREApp(parameters, False)
start = time.process_time()
app.run()
taken = time.process_time() - start
assert not app.getErrors(), app.getErrors()
assert "var" in app.getReportNames(), "ORE made no VaR: see its log.txt"
print(taken)
"""
KINDS: dict[str, tuple[Callable[[int], list[Instrument]], float, int]] = {
    "European options": (ore_inputs.options, 1.0, 1),
    "swaps": (ore_inputs.swaps, 1e6, 4),
    "currency forwards": (ore_inputs.fx_forwards, 1000.0, 1),
    "currency options": (ore_inputs.fx_options, 1000.0, 1),
}
"""Terms, quantity of each position, and by how much the book is smaller than asked for."""


def installed() -> bool:
    return importlib.util.find_spec("ORE") is not None


def riskmill(held: list[Instrument], quantity: float, scenarios: ScenarioSet) -> FloatArray:
    """P&L, shape (positions, scenarios)."""
    positions = [
        Position(position_id=str(number), book="book", quantity=quantity, instrument=one)
        for number, one in enumerate(held)
    ]
    found = revalue(positions, ore_inputs.snapshot(), scenarios, currency="USD")
    assert not found.failures, found.failures[:1]
    return found.pnl


def run_ore(parameters: Path) -> float:
    """Processor seconds of a run."""
    (parameters.parent / "output").mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(parameters)], check=True, capture_output=True, text=True
    )
    return float(done.stdout.split()[-1])


def ore(held: list[Instrument], quantity: float, days: FloatArray) -> FloatArray:
    """P&L that ORE prints, shape (trades, scenarios)."""
    with tempfile.TemporaryDirectory() as name:
        run_ore(ore_inputs.write(Path(name), held, quantity, days, "trades"))
        with (Path(name) / "output" / "historical_PnL.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
    found = np.full((len(held), len(days) - 1), np.nan)
    for row, printed in enumerate(rows):
        found[int(printed["#Portfolio"]), row // len(held)] = float(printed["PLAmount"])
    return found


def compare(positions: int, scenarios: int, rounds: int) -> dict[str, tuple[float, float]]:
    """How many times as fast as ORE riskmill is: in valuation alone, and from start to end."""
    return {kind: _compare(kind, positions, scenarios, rounds) for kind in KINDS}


def _compare(kind: str, positions: int, scenarios: int, rounds: int) -> tuple[float, float]:
    make, quantity, share = KINDS[kind]
    held, few, first = make(max(positions // share, 2)), make(8), ore_inputs.history(20)
    mine = riskmill(few, quantity, ore_inputs.scenario_set(first))
    error = np.abs(mine - ore(few, quantity, first)).max()
    assert error < TOLERANCE, (kind, error)
    print(f"\n{len(held)} {kind}, {scenarios} scenarios: P&L agrees to {error:.0e}")
    ours, theirs = _seconds(held, quantity, ore_inputs.history(scenarios), rounds)
    alone = _told(
        "valuation alone",
        len(held) * (scenarios - START),
        {"riskmill revalue": ours.whole - ours.start, "ORE": theirs.whole - theirs.start},
    )
    both = {"riskmill revalue": ours.whole, "ORE": theirs.whole}
    return alone, _told("start to end", len(held) * scenarios, both)


def _told(title: str, valuations: int, seconds: dict[str, float]) -> float:
    print_rates(title, dict.fromkeys(seconds, valuations), seconds)
    return seconds["ORE"] / seconds["riskmill revalue"]


class Taken(NamedTuple):
    """Median seconds of one contestant."""

    whole: float
    start: float
    """Under `START` scenarios."""


def _seconds(
    held: list[Instrument], quantity: float, days: FloatArray, rounds: int
) -> tuple[Taken, Taken]:
    """What riskmill and what ORE take, in turn."""
    lengths = (days, days[: START + 1])
    moves = [ore_inputs.scenario_set(some) for some in lengths]
    with tempfile.TemporaryDirectory() as whole, tempfile.TemporaryDirectory() as start:
        files = [
            ore_inputs.write(Path(place), held, quantity, some, "portfolio")
            for place, some in zip((whole, start), lengths, strict=True)
        ]
        taken = [
            [_own(held, quantity, some) for some in moves] + [run_ore(file) for file in files]
            for _ in range(rounds + 1)
        ]
    medians = [statistics.median(times) for times in zip(*taken[1:], strict=True)]
    return Taken(*medians[:2]), Taken(*medians[2:])


def _own(held: list[Instrument], quantity: float, moves: ScenarioSet) -> float:
    began = time.thread_time()
    riskmill(held, quantity, moves)
    return time.thread_time() - began


def main() -> None:
    if not installed():
        print(ABSENT, file=sys.stderr)
        return
    print_machine(PACKAGE)
    compare(int((*sys.argv[1:], "2000")[0]), 500, 3)


if __name__ == "__main__":
    main()
