"""Kernels are vector code, are kept on disk, and know what they were made from."""

import platform
import re
import subprocess
import sys

import numpy as np
import pytest

from riskmill.domain import UsageError
from riskmill.risk import configure_kernels, kernel_fingerprint, processor_level
from riskmill.risk.pricing.formulas import european_option
from riskmill.risk.pricing.kernels import (
    american_loop,
    linear_kernel,
    linear_rows,
    option_kernel,
    option_rows,
)

PACKED = {
    "x86_64": r"\bv?(?:fmadd\d+|mul|add)pd\b",
    "aarch64": r"\bf(?:mla|mul|add)\tv\d+\.2d",
}
"""Instructions that work on several doubles at once."""
V3 = frozenset(
    [
        "avx2",
        "bmi1",
        "bmi2",
        "f16c",
        "fma",
        "abm",
        "movbe",
        "sse4_1",
        "sse4_2",
        "ssse3",
        "popcnt",
        "cx16",
    ]
)
V4 = V3 | {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}

CHILD = """
import sys
from riskmill.risk.pricing.formulas import european_option
from riskmill.risk.pricing.kernels import configure_kernels, linear_kernel, option_kernel
assert "numba" not in sys.modules
configure_kernels(sys.argv[1], "host")
kernels = (option_kernel(european_option), linear_kernel())
print(sum(sum(kernel.stats.cache_hits.values()) for kernel in kernels))
"""


@pytest.fixture(scope="module")
def hits(tmp_path_factory: pytest.TempPathFactory) -> list[int]:
    """Kernels found on disk by a first and by a second process."""
    command = [sys.executable, "-c", CHILD, str(tmp_path_factory.mktemp("kernels"))]
    return [int(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(2)]


def test_a_second_process_finds_every_kernel_on_disk(hits: list[int]) -> None:
    assert hits == [0, 2]


@pytest.mark.parametrize("kernel", ["option", "american"])
def test_the_loop_over_scenarios_is_vector_code(kernel: str) -> None:
    made = {
        "option": lambda: option_kernel(european_option),
        "american": american_loop,
    }[kernel]()
    (code,) = made.inspect_asm().values()
    assert len(re.findall(PACKED[platform.machine()], code)) > 100


def test_the_option_kernel_gives_what_its_source_gives() -> None:
    random = np.random.default_rng(1)
    rows = random.uniform(0.01, 0.4, (5, 64))
    rows[0] *= 500
    index = np.tile(np.arange(5), (3, 1))
    terms = np.array([[90.0, 0.5, 1.0], [110.0, 0.0, -1.0], [100.0, 5.0, -1.0]])
    amounts = np.array([1.0, -2.0, 1e6])
    compiled, plain = np.empty((3, 64)), np.empty((3, 64))
    option_kernel(european_option)(rows, index, terms, amounts, compiled)
    option_rows(european_option)(rows, index, terms, amounts, plain)
    gross = np.abs(amounts)[:, np.newaxis] * rows[4] * np.maximum(rows[0], terms[:, :1])
    assert (np.abs(compiled - plain) / gross).max() < 1e-12


def test_the_linear_kernel_gives_what_its_source_gives() -> None:
    random = np.random.default_rng(1)
    rows = random.uniform(0.5, 1.5, (6, 64))
    starts, index = np.array([0, 3, 3, 5]), np.array([0, 1, 2, 5, 4])
    weights, conversions = random.normal(0, 1, 5), np.array([5, 0, 1])
    amounts = np.array([1.0, 2.0, -3.0])
    compiled, plain = np.empty((3, 64)), np.empty((3, 64))
    linear_kernel()(rows, starts, index, weights, conversions, amounts, compiled)
    linear_rows(rows, starts, index, weights, conversions, amounts, plain)
    assert compiled == pytest.approx(plain, abs=1e-14)
    assert not compiled[1].any()


@pytest.mark.parametrize(
    ("flags", "machine", "level"),
    [
        (V4, "x86_64", "x86-64-v4"),
        (V4 - {"avx512dq"}, "AMD64", "x86-64-v3"),
        (V3 - {"fma"}, "x86_64", "x86-64-v2"),
        (frozenset(), "x86_64", "host"),
        (V4 - {"popcnt"}, "x86_64", "host"),
        (frozenset({"asimd"}), "aarch64", "host"),
    ],
)
def test_the_processor_level_is_the_highest_whose_flags_are_all_there(
    flags: frozenset[str], machine: str, level: str
) -> None:
    assert processor_level(flags, machine) == level


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(UsageError, match="E411"):
        configure_kernels("", "x86-64-v9")


@pytest.fixture(scope="module")
def fingerprint() -> str:
    """The fingerprint, which reads the sources."""
    return kernel_fingerprint()


def test_the_fingerprint_is_a_short_name_for_a_directory(fingerprint: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{16}", fingerprint)
    assert kernel_fingerprint() == fingerprint


def test_pricing_and_measures_start_no_compiler(started: list[str]) -> None:
    assert "numba" not in started
    assert "riskmill.risk.pricing.kernels" in started


@pytest.fixture(scope="module")
def started() -> list[str]:
    """Modules loaded by a process that prices one option."""
    code = (
        "import sys; from riskmill.risk import american_option, european_option; "
        "european_option(100.0, 0.2, 0.01, 0.0, 100.0, 1.0, 1.0); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return done.stdout.split()
