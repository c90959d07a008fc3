"""Inboxes of small deliveries, and quick runs of them."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from riskmill.domain import RiskSpec
from riskmill.runtime import RunOptions

QUICK = RunOptions(partitions=1, workers=2, spec=RiskSpec(scenarios=100))
V1, V2, V3 = (f"2018-12-31/EOD/v00{number}" for number in (1, 2, 3))
FRIDAY = "2018-12-28/EOD/v001"

Manifest = dict[str, Any]


def place(batch: Path, inbox: Path, batch_id: str) -> Path:
    """Copy a batch to its place in an inbox."""
    return Path(shutil.copytree(batch, inbox / batch_id))


def edit(source: Path, change: Callable[[Manifest], object]) -> None:
    """Change a manifest in its place."""
    path = source / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")


def lenient(manifest: Manifest) -> None:
    """Let any number of rows be rejected."""
    manifest["policy"] = {"max_bad_rows": 100, "max_bad_notional_pct": 100.0}


def entry(manifest: Manifest, name: str) -> Manifest:
    """Return a file's entry in a manifest."""
    found: Manifest = next(file for file in manifest["files"] if file["name"] == name)
    return found


def write(source: Path, name: str, raw: bytes) -> None:
    """Replace a file of a batch, and announce it as it is now."""
    (source / name).write_bytes(raw)

    def announce(manifest: Manifest) -> None:
        entry(manifest, name).update(sha256=hashlib.sha256(raw).hexdigest(), bytes=len(raw))
        entry(manifest, name).pop("control_totals", None)

    edit(source, announce)


def spoil_two_rows(source: Path) -> None:
    """Make the quantity of the first position unreadable, and cut the second row short."""
    header, first, second, *rest = (source / "positions.csv").read_bytes().splitlines(True)
    cells = first.split(b",")
    cells[header.split(b",").index(b"quantity")] = b"many"
    short = second.replace(b",", b"", 1)
    write(source, "positions.csv", b"".join([header, b",".join(cells), short, *rest]))
    edit(source, lenient)


def answer(out: Path, name: str) -> Manifest:
    """Return the only answer of that name below an output directory."""
    (path,) = (out / "quarantine").rglob(name)
    found: Manifest = json.loads(path.read_text(encoding="utf-8"))
    return found
