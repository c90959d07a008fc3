"""What there is of ORE's example HistSimVar in tests/truth."""

import csv
from datetime import date
from pathlib import Path

TRUTH = Path(__file__).parents[1] / "truth"
TODAY = date(2019, 12, 30)


def rows(name: str) -> list[dict[str, str]]:
    """Rows of a CSV file of the example."""
    return list(csv.DictReader((TRUTH / "ore_var" / name).read_text("utf-8").splitlines()))
