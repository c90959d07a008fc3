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
QUARANTINE = ("positions.csv", "rejects.json")


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
        for name in QUARANTINE:
            (path,) = (Path(scratch) / "quarantine").rglob(name)
            same_for_every_run = path.read_bytes().replace(outcome.run_id.encode(), b"Run")
            (expected / name).write_bytes(same_for_every_run)


if __name__ == "__main__":
    refresh()
