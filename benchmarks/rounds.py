"""
How the benchmarks measure: interleaved rounds, processor time, medians.

Every round runs all contestants once, in turn, so that a machine that slows down slows
all of them. Times are of the thread (`time.thread_time`), not of the wall clock.
"""

import platform
import statistics
import time
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from riskmill.risk import processor_level

FARGATE_VCPU_HOUR, FARGATE_GB_HOUR = 0.04048, 0.004445
"""US dollars, Linux on x86, us-east-1, on demand: list price as of March 2026."""
GB_A_VCPU = 2.0
"""Memory beside each virtual processor of a risk task."""


def medians(contestants: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median seconds of each, after one round that is not counted."""
    for run in contestants.values():
        run()
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, run in contestants.items():
            start = time.thread_time()
            run()
            seconds[name].append(time.thread_time() - start)
    return {name: statistics.median(times) for name, times in seconds.items()}


def dollars_a_million(rate: float) -> float:
    """List price of a million valuations at *rate* a second a core, one virtual core each."""
    hour = FARGATE_VCPU_HOUR + GB_A_VCPU * FARGATE_GB_HOUR
    return hour / 3600.0 / rate * 1e6


def print_rates(title: str, counts: Mapping[str, int], seconds: Mapping[str, float]) -> None:
    """Valuations a second a core of each, and how many times the first one that is."""
    print(f"\n{title}")
    print(f"{'':44}{'M/s a core':>12}{'riskmill is':>14}{'$ a million':>14}")
    first = next(iter(seconds))
    ours = counts[first] / seconds[first]
    for name, taken in seconds.items():
        rate = counts[name] / taken
        times = "" if name == first else f"{ours / rate:,.2f} x"
        print(f"{name:44}{rate / 1e6:12.4g}{times:>14}{dollars_a_million(rate):14.2e}")


def print_machine(*packages: str) -> None:
    """The processor, its vector level, and versions."""
    flags, model = _processor()
    level = processor_level(flags, platform.machine())
    versions = " ".join(f"{name} {_version(name)}" for name in ("numba", "numpy", *packages))
    print(f"{model}, level {level}; Python {platform.python_version()} {versions}")
    print(
        f"Fargate list price, us-east-1, March 2026: ${FARGATE_VCPU_HOUR} a vCPU hour "
        f"and ${FARGATE_GB_HOUR} a GB hour, {GB_A_VCPU:g} GB a vCPU"
    )


def _processor() -> tuple[frozenset[str], str]:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return frozenset(), platform.processor()
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    found = {name.strip(): value.strip() for name, value in fields.items()}
    return frozenset(found.get("flags", "").split()), found.get("model name", platform.processor())


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"
