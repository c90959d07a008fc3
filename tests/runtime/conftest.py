"""A small batch of two positions of each instrument, and one undisturbed run of it."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from riskmill.runtime import RunOptions, start_run, write_manifest, write_starter

Published = dict[str, bytes]


@pytest.fixture(scope="session")
def sample_batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("sample")
    write_starter(directory)
    source = directory / "input"
    write_manifest(
        source, business_date=date(2018, 12, 31), snapshot="EOD", reporting_currency="USD"
    )
    return source


@pytest.fixture
def own_batch(sample_batch: Path, tmp_path: Path) -> Path:
    """A copy that a test may damage."""
    return Path(shutil.copytree(sample_batch, tmp_path / "batch"))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A directory for runs that is not there yet."""
    return tmp_path / "out"


@pytest.fixture(scope="session")
def close() -> Callable[[Path, int], None]:
    """Close a changed batch anew, with a policy for bad rows."""

    def write(source: Path, max_bad_rows: int) -> None:
        manifest = source / "manifest.json"
        manifest.unlink(missing_ok=True)
        write_manifest(
            source, business_date=date(2018, 12, 31), snapshot="EOD", reporting_currency="USD"
        )
        content = json.loads(manifest.read_text(encoding="utf-8"))
        content["policy"] = {"max_bad_rows": max_bad_rows, "max_bad_notional_pct": 100.0}
        manifest.write_text(json.dumps(content), encoding="utf-8")

    return write


@pytest.fixture(scope="session")
def published() -> Callable[[Path], Published]:
    """Everything that a run published below a directory: key to bytes; no page of runs."""

    def read(out: Path) -> Published:
        files = [path for top in ("reports", "quarantine") for path in (out / top).rglob("*")]
        return {
            path.relative_to(out).as_posix(): path.read_bytes()
            for path in sorted(files)
            if path.is_file()
            and path.parent.name not in ("reports", "compare")
            and path.stem != "signature"
        }

    return read


@pytest.fixture(scope="session")
def undisturbed(
    sample_batch: Path,
    tmp_path_factory: pytest.TempPathFactory,
    published: Callable[[Path], Published],
) -> Published:
    """What a run of the sample publishes when nothing goes wrong."""
    out = tmp_path_factory.mktemp("undisturbed")
    start_run(sample_batch, out, RunOptions(partitions=2))
    return published(out)
