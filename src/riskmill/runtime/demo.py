"""The demo bank, and the sample batch that `riskmill init` writes."""

import csv
import io
from collections import Counter
from importlib.resources import files
from pathlib import Path

from riskmill.domain import UsageError
from riskmill.pipeline import MANIFEST
from riskmill.runtime.delivery import validate
from riskmill.runtime.new_files import write_new

PACKAGED = "demo_bank"
CHECKOUT = Path(__file__).resolve().parents[3] / "examples" / "demo-bank" / "input"
README = """# A sample batch

Two positions of each instrument of riskmill's demo bank, with the market data, history,
hierarchy and limits of 2018-12-31. Put your own in their place; `docs/datasets.md` of the
riskmill repository describes every column.

    riskmill validate input --write-manifest --business-date 2018-12-31 --currency USD
    riskmill run input --out out

The first command closes the batch with a manifest, the second makes the report.
"""
RISK_FILE = """# What a run asks of its scenarios: riskmill run input --out out --risk risk.toml
# Every line below states a default; take the # away and change it.

# scenario_set = "historical"    # or "filtered_historical", "monte_carlo"
# scenarios = 500
# holding_days = 1
# overlapping = true
# time_scaling = "none"
# decay = 0.94
# confidences = ["0.95", "0.975", "0.99"]
# headline_var = "0.99"
# headline_es = "0.975"

# [shocks]
# EQ = "log"
# CO = "log"
# FX = "log"
# IR = "absolute"
# VOL = "relative"
# YIELD = "absolute"

# [monte_carlo]
# draws = 2048
# distribution = "gaussian"      # or "student_t"
# covariance = "sample"          # or "ewma", "ledoit_wolf", "oas"
# sequence = "sobol"             # or "philox"
# seed = 1

# The table alone asks for stressed VaR and ES over the worst period of the history.
# [stressed]
# scenarios = 250
# measure = "expected_shortfall"
"""
POSITIONS = "positions.csv"
SAMPLES_OF_EACH = 2


def demo_input() -> Path:
    """Directory of the demo bank's batch: inside the installed package, or in the checkout."""
    packaged = Path(str(files("riskmill"))) / PACKAGED
    for candidate in (packaged, CHECKOUT):
        if (candidate / MANIFEST).is_file():
            return candidate
    raise UsageError(
        "E616",
        "the demo bank's files are not part of this installation",
        place=str(packaged),
        remedy="Install riskmill from its wheel or from a whole checkout.",
    )


def write_starter(directory: Path) -> tuple[Path, ...]:
    """
    Write a small batch without a manifest into *directory*, and say which files.

    Raises `UsageError` (E615) where one of them is there already: nothing is
    overwritten, and then nothing is written at all.
    """
    source = demo_input()
    contents = {
        directory / "README.md": README.encode(),
        directory / "risk.toml": RISK_FILE.encode(),
    }
    for path in sorted(source.iterdir()):
        if path.name != MANIFEST:
            contents[directory / "input" / path.name] = path.read_bytes()
    positions = directory / "input" / POSITIONS
    contents[positions] = _few_of_each(contents[positions], _bad_records(source, POSITIONS))
    return write_new(contents)


def _few_of_each(raw: bytes, bad: frozenset[int]) -> bytes:
    """Header and the first two good rows of each instrument; *bad* are 1-based records."""
    header, *rows = csv.reader(io.StringIO(raw.decode()))
    column = header.index("instrument")
    taken: Counter[str] = Counter()
    sample = io.StringIO()
    writer = csv.writer(sample, lineterminator="\n")
    writer.writerow(header)
    for record, row in enumerate(rows, start=1):
        if record not in bad and taken[row[column]] < SAMPLES_OF_EACH:
            taken[row[column]] += 1
            writer.writerow(row)
    return sample.getvalue().encode()


def _bad_records(source: Path, name: str) -> frozenset[int]:
    failures = validate(source).failures
    return frozenset(f.record for f in failures if f.file == name and f.record is not None)
