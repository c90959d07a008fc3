"""Kernels are vector code, are kept on disk, and know what they were made from."""

import platform
import re
import subprocess
import sys
from types import FunctionType

import numba
import numpy as np
import pytest
from llvmlite.binding import get_host_cpu_features
from numba.extending import register_jitable

from riskmill.domain import UsageError
from riskmill.risk import configure_kernels, kernel_fingerprint, processor_level
from riskmill.risk.pricing import compilation
from riskmill.risk.pricing.formulas import american_option, european_option, fx_option
from riskmill.risk.pricing.instruments import PRICERS as INSTRUMENTS
from riskmill.risk.pricing.kernels import (
    OPTION_SIGNATURE,
    Kernel,
    american_kernel,
    american_loop,
    american_scenario_kernel,
    european_kernel,
    linear_kernel,
    linear_rows,
    option_kernel,
    option_rows,
)
from riskmill.risk.pricing.row_sums import NOTHING, answered, ask, sum_rows

WIDEST = "[yz]" if get_host_cpu_features().get("avx512f") else "y"
PACKED = {
    "x86_64": rf"\bv(?:fmadd\d+|mul)pd\b.*%{WIDEST}mm",
    "aarch64": r"\bf(?:mla|mul)\tv\d+\.2d",
}
"""Multiplications of several doubles at once, in the wide registers of this machine's level."""
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


LEAST = {"european": 90, "fx": 90, "option": 60, "linear": 2, "american": 500}
"""Kernels, and the least number of packed multiplications that each must have."""


def called_kernel() -> Kernel:
    """The loop around the same formula, called and not inlined."""
    formula = FunctionType(european_option.__code__, european_option.__globals__, "called")
    register_jitable(**{**compilation.INLINED, "forceinline": False})(formula)
    return compilation.compiled(option_rows(formula), OPTION_SIGNATURE)


def quotient_kernel(error_model: str) -> Kernel:
    """A loop around divisions, which Python checks and numpy does not."""

    def formula(s: float, v: float, r: float, q: float, k: float, t: float, c: float) -> float:
        return (k * s * s / v + t * s) * (s * c / r + q * q)

    options = {**compilation.KERNEL, "error_model": error_model}
    inlined = numba.njit(**{**options, "forceinline": True})(formula)
    return numba.njit(OPTION_SIGNATURE, **options)(option_rows(inlined))


@pytest.fixture(scope="module")
def packed() -> dict[str, int]:
    """Packed multiplications in the code of each kernel, and of some that are spoiled."""
    kernels = {
        "european": european_kernel(european_option),
        "fx": INSTRUMENTS["fx_option"].scenario_kernel(fx_option),
        "option": option_kernel(european_option),
        "linear": linear_kernel(),
        "american": american_loop(),
        "called": called_kernel(),
        "unchecked": quotient_kernel("numpy"),
        "checked": quotient_kernel("python"),
    }
    codes = {name: "".join(kernel.inspect_asm().values()) for name, kernel in kernels.items()}
    return {name: len(re.findall(PACKED[platform.machine()], x)) for name, x in codes.items()}


@pytest.mark.parametrize("name", LEAST)
def test_the_loop_over_scenarios_is_vector_code(name: str, packed: dict[str, int]) -> None:
    assert packed[name] >= LEAST[name]


def test_a_kernel_that_calls_its_formula_is_found_out(packed: dict[str, int]) -> None:
    assert packed["called"] < LEAST["option"]


def test_a_kernel_that_checks_its_divisions_is_found_out(packed: dict[str, int]) -> None:
    assert packed["checked"] == 0 < packed["unchecked"]


def test_the_option_kernel_gives_what_its_source_gives() -> None:
    random = np.random.default_rng(1)
    rows = random.uniform(0.01, 0.4, (5, 64))
    rows[0] *= 500
    index = np.tile(np.arange(5), (3, 1))
    terms = np.array([[90.0, 0.5, 1.0], [110.0, 0.0, -1.0], [100.0, 5.0, -1.0]])
    amounts = np.array([1.0, -2.0, 1e6])
    compiled, plain = np.empty((3, 64)), np.empty((3, 64))
    option_kernel(european_option)(rows, index, terms, amounts, compiled, NOTHING)
    option_rows(european_option)(rows, index, terms, amounts, plain, NOTHING)
    gross = np.abs(amounts)[:, np.newaxis] * rows[4] * np.maximum(rows[0], terms[:, :1])
    assert (np.abs(compiled - plain) / gross).max() < 1e-12


def test_the_european_kernel_gives_what_the_formula_gives() -> None:
    random = np.random.default_rng(2)
    rows = random.uniform(0.01, 0.4, (8, 128))
    rows[0] *= 500
    rows[0, :3] = [0.0, -1.0, 1e-9]
    rows[5] = random.uniform(50, 150, 128)
    rows[1, 3:6] = [0.0, 1e-14, 50.0]
    index = np.array([[0, 1, 2, 3, 4], [5, 1, 2, 3, 4], [5, 6, 7, 3, 4], [0, 6, 2, 7, 4]])[
        random.integers(0, 4, 200)
    ]
    terms = np.column_stack(
        [
            random.uniform(20, 300, 200),
            random.choice([0.0, 1 / 365, 0.25, 1.0, 10.0], 200),
            random.choice([1.0, -1.0], 200),
        ]
    )
    amounts = random.normal(0, 100, 200)
    staged, plain = np.empty((200, 128)), np.empty((200, 128))
    european_kernel(european_option)(rows, index, terms, amounts, staged, NOTHING)
    with np.errstate(under="ignore"):
        for i, (spot, vol, rate, yield_, conversion) in enumerate(index):
            market = (rows[spot], rows[vol], rows[rate], rows[yield_])
            plain[i] = amounts[i] * rows[conversion] * european_option(*market, *terms[i])
    gross = np.abs(amounts)[:, np.newaxis] * rows[4] * np.maximum(terms[:, :1], rows[index[:, 0]])
    assert (np.abs(staged - plain) / gross).max() < 1e-14


def test_a_european_position_has_the_same_bytes_whatever_its_neighbours() -> None:
    random = np.random.default_rng(3)
    rows = random.uniform(0.05, 0.4, (30, 64))
    index = random.integers(0, 30, (150, 5))
    years = random.choice([0.1, 0.5, 2.0], 150)
    terms = np.column_stack([random.uniform(0.05, 0.4, 150), years, np.ones(150)])
    together, alone = np.empty((150, 64)), np.empty((1, 64))
    european_kernel(european_option)(rows, index, terms, np.ones(150), together, NOTHING)
    for i in range(150):
        one = slice(i, i + 1)
        european_kernel(european_option)(rows, index[one], terms[one], np.ones(1), alone, NOTHING)
        assert (alone[0] == together[i]).all()


def test_sums_are_those_of_the_values_and_leave_out_what_is_no_number() -> None:
    random = np.random.default_rng(4)
    rows = random.uniform(0.05, 0.4, (30, 128))
    rows[:, 100:] = rows[:, 100:101]
    rows[7, 3], rows[9, 90], rows[11, 99] = np.nan, np.inf, -np.inf
    index = random.integers(0, 30, (300, 5))
    terms = np.column_stack([random.uniform(0.05, 0.4, 300), np.full(300, 0.5), np.ones(300)])
    amounts, headline = random.normal(0, 100, 300), 90
    starts, flat, weights = np.arange(301) * 3, index[:, :3].ravel(), random.normal(0, 1, 900)
    optional = (rows, index, terms, amounts)
    linear = (rows, starts, flat, weights, index[:, 4].copy(), amounts)
    for kernel, given in (
        (european_kernel(european_option), optional),
        (option_kernel(european_option), optional),
        (american_kernel(american_option), optional),
        (american_scenario_kernel(american_option), optional),
        (linear_kernel(), linear),
    ):
        values, asked = np.empty((300, 128)), ask(300, 128, headline)
        kernel(*given, values, NOTHING)
        kernel(*given, np.empty((1, 128)), asked)
        expected, found = sum_rows(values, headline), answered(asked)
        assert (found.finite == expected.finite).all()
        assert 0 < found.finite.sum() < 300
        assert found.pnl.tobytes() == expected.pnl.tobytes()
        kept = found.finite
        assert (found.worst[kept] == expected.worst[kept]).all()
        assert (found.present_values[kept] == expected.present_values[kept]).all()


def test_the_linear_kernel_gives_what_its_source_gives() -> None:
    random = np.random.default_rng(1)
    rows = random.uniform(0.5, 1.5, (6, 64))
    starts, index = np.array([0, 3, 3, 5]), np.array([0, 1, 2, 5, 4])
    weights, conversions = random.normal(0, 1, 5), np.array([5, 0, 1])
    amounts = np.array([1.0, 2.0, -3.0])
    compiled, plain = np.empty((3, 64)), np.empty((3, 64))
    linear_kernel()(rows, starts, index, weights, conversions, amounts, compiled, NOTHING)
    linear_rows(rows, starts, index, weights, conversions, amounts, plain, NOTHING)
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
