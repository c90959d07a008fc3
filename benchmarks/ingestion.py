"""
How fast a large file of positions is ingested: `python -m benchmarks.ingestion [rows] [rounds]`.

Each contender reads the same file, with one bad row in a thousand of twenty kinds, and leaves
good rows as Parquet and bad ones with their reasons. Every try is a process of its own, from
its imports to its last byte; rounds are interleaved, so that a busy machine is busy for all.
Printed are seconds, largest memory, rows let through and rows rejected, and at last the ratio
of each contender's best time to riskmill's. Rows that are let through beyond riskmill's are bad
rows, or rows too few are good ones lost: peers are not equally strict.

- `riskmill` is the handler of the ingestion task, and the quarantine file;
- `reconciled` is the same, and the handler of the reconcile task;
- `duckdb` is its CSV reader with a table of rejects, and the rules as SQL;
- `pandera` is polars' CSV reader and the rules as a schema of pandera's polars backend.

The peers read without quoting, which the file's good rows do not use: with it, the lost quotes of
some bad rows cost duckdb half of the file.

The peers are no dependency of riskmill: `pip install -r requirements/benchmarks.in`. One that is
not installed is left out. The file is made where RISKMILL_BENCHMARKS says, or in the system's
temporary directory, and stays there.
"""

import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from benchmarks.positions_file import write_batch
from benchmarks.readers import CONTENDERS, NEEDS


def main() -> None:
    rows, rounds = (int(text) for text in (*sys.argv[1:], "1000000", "3")[:2])
    directory = Path(os.environ.get("RISKMILL_BENCHMARKS") or tempfile.gettempdir())
    directory = directory / f"riskmill-ingestion-{rows}"
    directory.mkdir(parents=True, exist_ok=True)
    write_batch(directory, rows)
    present = [name for name in CONTENDERS if all(find_spec(module) for module in NEEDS[name])]
    best: dict[str, float] = {}
    print(f"{'':12}{'seconds':>10}{'MB':>8}{'good':>12}{'bad':>10}")
    for _ in range(rounds):
        for name in present:
            seconds, line = one_try(name, directory)
            best[name] = min(seconds, best.get(name, seconds))
            print(line, flush=True)
    for name, seconds in best.items():
        print(f"{name:12}{seconds:10.2f} s  {seconds / best['riskmill']:6.2f} times riskmill's")


def one_try(name: str, directory: Path) -> tuple[float, str]:
    """Seconds of a whole process, and what to print of it."""
    program = f"from benchmarks.readers import attempt; attempt({name!r}, {str(directory)!r})"
    done = subprocess.run(
        ["/usr/bin/env", "time", "-f", "%e %M", sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    good, bad = done.stdout.split()[-2:]
    seconds, kilobytes = done.stderr.split()[-2:]
    line = f"{name:12}{float(seconds):10.2f}{int(kilobytes) / 1024:8.0f}{good:>12}{bad:>10}"
    return float(seconds), line


if __name__ == "__main__":
    main()
