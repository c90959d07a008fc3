"""Drawn, filtered and stressed scenarios: the same bytes however the work is done."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import riskmill
from riskmill.domain import MonteCarloSpec, RiskSpec, StressedSpec
from riskmill.runtime import RunOptions, start_run

Published = dict[str, bytes]
Publish = Callable[[Path], Published]

DRAWN = RiskSpec(
    scenarios=200,
    scenario_set="monte_carlo",
    monte_carlo=MonteCarloSpec(draws=128, distribution="student_t", covariance="oas"),
    stressed=StressedSpec(scenarios=150),
)
FILTERED = RiskSpec(scenarios=200, scenario_set="filtered_historical", holding_days=5)

DIGEST = """
import hashlib
from tests.risk.scenarios.markets import wandering
from riskmill import MonteCarloSpec, RiskSpec, monte_carlo_scenarios
spec = RiskSpec(monte_carlo=MonteCarloSpec(distribution="student_t", covariance="ledoit_wolf"))
levels = monte_carlo_scenarios(wandering(), spec).levels
print(hashlib.sha256(levels.tobytes()).hexdigest())
"""


@pytest.mark.parametrize("spec", [DRAWN, FILTERED], ids=["drawn and stressed", "filtered"])
def test_partitions_and_workers_change_no_byte(
    sample_batch: Path, tmp_path: Path, published: Publish, spec: RiskSpec
) -> None:
    results = []
    for name, partitions, workers in (("one", 1, 1), ("many", 5, 2)):
        options = RunOptions(partitions=partitions, workers=workers, spec=spec)
        start_run(sample_batch, tmp_path / name, options)
        results.append(published(tmp_path / name))
    assert results[0] == results[1]


def test_threads_of_a_library_change_no_draw() -> None:
    sources = Path(riskmill.__file__).resolve().parents[1]
    path = os.pathsep.join((str(sources), str(Path(__file__).resolve().parents[2])))
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": threads,
                 "OMP_NUM_THREADS": threads},
            capture_output=True, text=True, check=True,
        ).stdout
        for threads in ("1", "2", "4")
    }  # fmt: skip
    assert len(digests) == 1
