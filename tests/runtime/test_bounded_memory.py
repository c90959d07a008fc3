"""However large or odd a file is, a bounded amount of memory is enough for it."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from riskmill.domain import BatchFile
from riskmill.ingestion import CODES
from tests.ingestion.deliveries import COLUMNS, POSITIONS, entry_of

MEGABYTE = 1024 * 1024
NONSENSE: Mapping[str, tuple[bytes, int]] = {
    "newlines": (b"\n", 100),
    "returns": (b"\r", 40),
    "one cell": (b"x", 100),
    "quotes": (b'"', 40),
    "short rows": (b"a\n", 40),
    "open quotes": (b'"\n', 40),
}
"""What stands behind good rows, and how many megabytes of it."""
PROGRAM = """
import json, resource, sys
from pathlib import Path
from riskmill.domain import InputRejected
from riskmill.ingestion import ingest_blocks
from riskmill.runtime import ObstoreStore
from tests.ingestion.deliveries import MANIFEST
from tests.runtime.test_bounded_memory import written
directory, fill, times = sys.argv[1], bytes.fromhex(sys.argv[2]), int(sys.argv[3])
entry = written(Path(directory), fill, times)
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
before, rows, code = peak(), 0, ""
try:
    chunks = ObstoreStore.in_directory(Path(directory)).stream(entry.name)
    for block in ingest_blocks(entry, chunks, MANIFEST):
        rows += len(block.records)
except InputRejected as refusal:
    code = refusal.code
print(json.dumps({"code": code, "rows": rows, "megabytes": peak() - before}))
"""


def written(directory: Path, fill: bytes, times: int) -> BatchFile:
    """Write good positions, and *fill* many times behind them; `N` in it counts the times."""
    digest, size = hashlib.sha256(), 0
    with (directory / "positions.csv").open("wb") as file:
        for piece in _pieces(POSITIONS.encode(), fill, times):
            digest.update(piece)
            size += file.write(piece)
    return replace(entry_of("positions", b""), sha256=digest.hexdigest(), size=size)


def _pieces(first: bytes, fill: bytes, times: int) -> Iterator[bytes]:
    yield first
    for at in range(0, times, 10_000):
        some = range(at, min(times, at + 10_000))
        counted = b"N" in fill
        yield b"".join(fill.replace(b"N", b"%d" % n) for n in some) if counted else fill * len(some)


def _in_own_process(directory: Path, fill: bytes, times: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(directory), fill.hex(), str(times)],
        capture_output=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("kind", NONSENSE)
def test_megabytes_of_nonsense_take_bounded_memory(kind: str, tmp_path: Path) -> None:
    fill, megabytes = NONSENSE[kind]
    found = _in_own_process(tmp_path, fill, megabytes * MEGABYTE // len(fill))
    assert found["code"] in ("", *CODES)
    assert found["megabytes"] < 700


def test_four_times_the_rows_take_no_more_memory(tmp_path: Path) -> None:
    row = b"X-N,CASH,equity,1.5,USD,100,AAPL" + b"," * (len(COLUMNS) - 7) + b"\n"
    few, many = (_in_own_process(tmp_path, row, times) for times in (150_000, 600_000))
    assert many["rows"] - few["rows"] == 450_000
    assert many["megabytes"] < few["megabytes"] + 80
