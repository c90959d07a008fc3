"""Rules for all tests: rooms are pure, unit tests come first, random tests repeat themselves."""

from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

from tests.purity import WATCH

ROOMS = ("domain", "risk", "ingestion", "reporting")
"""Folders of tests during whose calls nothing outside the process may be touched."""
UNIT = (*ROOMS, "pipeline", "architecture")
"""Folders of the tests that run first: they are fast and say most precisely what is wrong."""

settings.register_profile(
    "riskmill",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("riskmill")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put unit tests first, in the order of `UNIT`."""
    rank = {folder: place for place, folder in enumerate(UNIT)}
    items.sort(key=lambda item: rank.get(folder_of(item), len(UNIT)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a room's test that touched a file, a socket or a process."""
    if folder_of(item) not in ROOMS:
        return (yield)
    with WATCH.watching() as touched:
        result = yield
    if touched:
        pytest.fail("a room's test touched the world:\n" + "\n".join(touched), pytrace=False)
    return result


def folder_of(item: pytest.Item) -> str:
    """Return the folder below `tests/` that a test lies in; empty outside of it."""
    place = item.path.relative_to(item.config.rootpath).parts
    return place[1] if place[0] == "tests" and len(place) > 2 else ""
