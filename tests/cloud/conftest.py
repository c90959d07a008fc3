"""One embedded AWS for all tests of a session; each test names its things by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from riskmill.cloud.laptop import EmbeddedAws, running
from riskmill.runtime.settings import read_settings


@pytest.fixture(scope="session")
def cache() -> Path:
    found = read_settings().cache_dir
    assert found is not None, "set RISKMILL_CACHE_DIR to a directory that you may write"
    return found


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[EmbeddedAws]:
    with running(tmp_path_factory.mktemp("embedded-aws"), cache) as started:
        yield started
