"""One embedded AWS for the stores and queues of these tests."""

from collections.abc import Iterator

import pytest

from riskmill.cloud.laptop import EmbeddedAws, running
from riskmill.runtime.settings import read_settings


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedAws]:
    cache = read_settings().cache_dir
    assert cache is not None, "set RISKMILL_CACHE_DIR to a directory that you may write"
    with running(tmp_path_factory.mktemp("embedded-aws"), cache) as started:
        yield started
