"""Every object store keeps the promises of its port, seen through it and around it."""

import os
from pathlib import Path

import pytest

from riskmill.domain import ArtefactMissing, StoreError
from riskmill.pipeline import PageStore
from riskmill.runtime import ObstoreStore
from riskmill.testing import ObjectStoreContract, PageStoreContract


class TestMemoryStore(ObjectStoreContract, PageStoreContract):
    @pytest.fixture
    def store(self) -> PageStore:
        return ObstoreStore.in_memory()


class TestDirectoryStore(ObjectStoreContract, PageStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> PageStore:
        return ObstoreStore.in_directory(tmp_path / "made" / "if" / "need" / "be")

    def test_an_object_is_a_file_of_the_same_bytes(self, tmp_path: Path) -> None:
        ObstoreStore.in_directory(tmp_path).put_new("runs/a/spec.json", b"seen from outside")
        assert (tmp_path / "runs/a/spec.json").read_bytes() == b"seen from outside"

    def test_what_a_dying_writer_left_is_not_listed(self, tmp_path: Path) -> None:
        store = ObstoreStore.in_directory(tmp_path)
        store.put_new("runs/a/spec.json", b"whole")
        (tmp_path / "runs/a/spec.json#1").write_bytes(b"ha")
        assert store.keys("runs") == ("runs/a/spec.json",)

    def test_a_file_in_place_of_the_directory_is_one_clear_error(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"")
        with pytest.raises(StoreError) as refused:
            ObstoreStore.in_directory(tmp_path / "file")
        assert refused.value.code == "E604"
        assert refused.value.remedy

    def test_a_directory_below_a_file_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"")
        with pytest.raises(StoreError) as refused:
            ObstoreStore.in_directory(tmp_path / "file" / "below")
        assert refused.value.code == "E604"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_among_the_files_is_no_object(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "positions.csv")
    store = ObstoreStore.in_directory(tmp_path)
    with pytest.raises(ArtefactMissing):
        store.get("positions.csv")
    with pytest.raises(ArtefactMissing):
        list(store.stream("positions.csv"))
