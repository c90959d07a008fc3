"""
Run the demo bank and replace `expected/` by what it published.

Run it after a change that is meant to change a result, and read the difference
before you commit it: python examples/demo-bank/refresh_expected.py
"""

import shutil
import tempfile
from pathlib import Path

from riskmill.runtime import RunOptions, demo_input, start_run

EXPECTED = Path(__file__).resolve().parent / "expected"
FILES = ("report.json", "figures.parquet", "vectors.parquet")


def refresh(expected: Path = EXPECTED) -> None:
    """Write the demo's report, vectors and quarantine into *expected*."""
    with tempfile.TemporaryDirectory() as scratch:
        outcome = start_run(demo_input(), Path(scratch), RunOptions())
        published = outcome.report.parent
        if expected.exists():
            shutil.rmtree(expected)
        expected.mkdir(parents=True)
        for name in FILES:
            shutil.copyfile(published / name, expected / name)
        for path in (Path(scratch) / "quarantine").rglob("*"):
            if path.is_file():
                shutil.copyfile(path, expected / path.name)


if __name__ == "__main__":
    refresh()
