"""One embedded AWS with both stacks, for all system tests."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from riskmill.cloud.laptop import EmbeddedAws, running
from riskmill.runtime import RunOptions, start_run, write_manifest, write_starter
from riskmill.runtime.settings import read_settings
from tests.system.cloud import Cloud, Crew, deployed

Published = dict[str, bytes]
Batch = Callable[[str], Path]


@pytest.fixture(scope="session")
def cache() -> Path:
    found = read_settings().cache_dir
    assert found is not None, "set RISKMILL_CACHE_DIR to a directory that you may write"
    return found


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[EmbeddedAws]:
    with running(tmp_path_factory.mktemp("embedded-aws"), cache) as started:
        yield started


@pytest.fixture(scope="session")
def cloud(
    aws: EmbeddedAws, cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cloud]:
    with deployed(aws, tmp_path_factory.mktemp("tasks"), cache) as found:
        yield found


@pytest.fixture
def crew(cloud: Cloud) -> Iterator[Crew]:
    """A worker of each stage; they end with the test."""
    found = Crew.of(cloud)
    yield found
    found.stop()


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    """Make a small batch of a snapshot of its own; its id is `2018-12-31/<snapshot>/v001`."""

    def made(snapshot: str) -> Path:
        directory = tmp_path / snapshot
        write_starter(directory)
        write_manifest(
            directory / "input",
            business_date=date(2018, 12, 31),
            snapshot=snapshot,
            reporting_currency="USD",
        )
        return directory / "input"

    return made


@pytest.fixture
def on_one_machine(tmp_path: Path) -> Callable[[Path, str], Published]:
    """Run a batch here, in its place in an inbox, and give what was published, by key."""

    def run(source: Path, batch_id: str) -> Published:
        place = tmp_path / "inbox" / batch_id
        shutil.copytree(source, place)
        out = tmp_path / "out"
        start_run(place, out, RunOptions())
        return {
            path.relative_to(out).as_posix(): path.read_bytes()
            for top in ("reports", "quarantine")
            for path in sorted((out / top).rglob("*"))
            if path.is_file() and path.parent.name != "reports"
        }

    return run
