"""The demo bank, and the sample batch that `riskmill init` writes."""

import csv
import io
from importlib.resources import files
from pathlib import Path

from riskmill.domain import StoreError, UsageError

PACKAGED = "demo_bank"
CHECKOUT = Path(__file__).resolve().parents[3] / "examples" / "demo-bank" / "input"
README = """# A sample batch

Two positions of each instrument of riskmill's demo bank, with the market data, history,
hierarchy and limits of 2018-12-31. Put your own in their place; `docs/datasets.md` of the
riskmill repository describes every column.

    riskmill validate input --write-manifest --business-date 2018-12-31
    riskmill run input --out out

The first command closes the batch with a manifest, the second makes the report.
"""
SAMPLES_OF_EACH = 2


def demo_input() -> Path:
    """Directory of the demo bank's batch: inside the installed package, or in the checkout."""
    packaged = Path(str(files("riskmill"))) / PACKAGED
    for candidate in (packaged, CHECKOUT):
        if (candidate / "manifest.json").is_file():
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
    contents = {directory / "README.md": README.encode()}
    for path in sorted(source.iterdir()):
        if path.name != "manifest.json":
            contents[directory / "input" / path.name] = _sample(path)
    for path in contents:
        if path.exists():
            raise UsageError(
                "E615",
                "there is such a file already, and nothing is overwritten",
                place=str(path),
                remedy="Choose an empty directory.",
            )
    try:
        for path, data in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    except OSError as cause:
        raise StoreError(
            "E604",
            f"the sample cannot be written: {cause.strerror}",
            place=str(cause.filename or directory),
            remedy="Choose a directory that you may write, with room on its disk.",
        ) from cause
    return tuple(contents)


def _sample(path: Path) -> bytes:
    raw = path.read_bytes()
    return _few_of_each(raw) if path.name == "positions.csv" else raw


def _few_of_each(raw: bytes) -> bytes:
    """Header and the first two well-formed rows of each instrument."""
    rows = list(csv.reader(io.StringIO(raw.decode())))
    column = rows[0].index("instrument")
    taken: dict[str, int] = {}
    sample = io.StringIO()
    writer = csv.writer(sample, lineterminator="\n")
    writer.writerow(rows[0])
    for row in rows[1:]:
        if len(row) == len(rows[0]) and taken.get(row[column], 0) < SAMPLES_OF_EACH:
            taken[row[column]] = taken.get(row[column], 0) + 1
            writer.writerow(row)
    return sample.getvalue().encode()
