"""What every object store must do, as tests to inherit."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

from riskmill.domain import ArtefactMissing, StoreError
from riskmill.pipeline import ObjectStore, PageStore

RACERS = 8


class ObjectStoreContract:
    """
    Inherit it, and give `store` as a fixture that opens an empty store.

    Where the store can be looked at from outside, add tests that do: a store
    that only agrees with itself has proved little.
    """

    def test_an_object_comes_back_as_it_was_put(self, store: ObjectStore) -> None:
        """Any bytes, the empty ones too."""
        for key, data in {"a/b.bin": bytes(range(256)), "a/empty": b""}.items():
            assert store.put_new(key, data)
            assert store.get(key) == data

    def test_a_stream_is_the_object_in_chunks(self, store: ObjectStore) -> None:
        """In order, nothing lost, no chunk empty; an empty object has none."""
        large = bytes(range(251)) * 40_000
        for key, data in {"large.bin": large, "small.bin": b"x", "empty.bin": b""}.items():
            store.put_new(key, data)
            chunks = list(store.stream(key))
            assert all(isinstance(chunk, bytes) and chunk for chunk in chunks)
            assert b"".join(chunks) == data

    def test_a_stream_may_be_left_before_its_end(self, store: ObjectStore) -> None:
        """What was read stands, and the object can be streamed again."""
        store.put_new("left.bin", b"abc" * 1_000_000)
        for _ in range(2):
            stream = store.stream("left.bin")
            assert next(stream).startswith(b"abc")

    def test_an_absent_object_has_no_stream(self, store: ObjectStore) -> None:
        """Known at the first chunk at the latest."""
        try:
            next(store.stream("no/such/object"))
        except ArtefactMissing as missing:
            assert missing.code == "E602"
        else:
            raise AssertionError("an absent object was streamed")

    def test_the_first_writer_wins_and_nothing_is_written_over(self, store: ObjectStore) -> None:
        """The second put says no and changes nothing."""
        assert store.put_new("runs/x/spec.json", b"first")
        assert not store.put_new("runs/x/spec.json", b"second")
        assert store.get("runs/x/spec.json") == b"first"

    def test_of_many_writers_exactly_one_wins(self, store: ObjectStore) -> None:
        """All race for one key at once; the winner's bytes are there, whole."""
        barrier = Barrier(RACERS)

        def race(racer: int) -> bool:
            barrier.wait()
            return store.put_new("race", bytes([racer]) * 100_000)

        with ThreadPoolExecutor(RACERS) as threads:
            won = list(threads.map(race, range(RACERS)))
        assert won.count(True) == 1
        assert store.get("race") == bytes([won.index(True)]) * 100_000

    def test_an_absent_object_is_missing(self, store: ObjectStore) -> None:
        """Missing is an error that trying again cannot help."""
        try:
            store.get("no/such/object")
        except ArtefactMissing as missing:
            assert not missing.retryable
            assert missing.code == "E602"
        else:
            raise AssertionError("an absent object was found")

    def test_keys_are_listed_in_order_below_their_prefix_only(self, store: ObjectStore) -> None:
        """A prefix ends at a segment boundary."""
        for key in ("runs/b", "runs/a/2", "runs/a/10", "runs/ab/1", "other"):
            store.put_new(key, b"")
        assert store.keys("runs/a") == ("runs/a/10", "runs/a/2")
        assert store.keys("") == ("other", "runs/a/10", "runs/a/2", "runs/ab/1", "runs/b")
        assert store.keys("nothing/here") == ()

    def test_folders_are_the_next_segments_only(self, store: ObjectStore) -> None:
        """An object is no folder, and what lies deeper is not told."""
        for key in ("runs/b/spec.json", "runs/a/x/1", "runs/a/2", "runs/note", "runsome/c/1"):
            store.put_new(key, b"")
        assert store.folders("runs") == ("a", "b")
        assert store.folders("") == ("runs", "runsome")
        assert store.folders("nothing/here") == ()

    def test_a_key_that_leads_outside_is_refused(self, store: ObjectStore) -> None:
        """No key reaches above the store."""
        for key in ("../outside", "a/../../outside", "a//b"):
            try:
                store.put_new(key, b"")
            except StoreError as refused:
                assert refused.code == "E605"
            else:
                raise AssertionError(f"the key '{key}' was accepted")


class PageStoreContract:
    """Inherit it beside `ObjectStoreContract` where a store keeps pages, too."""

    def test_a_page_is_written_and_written_over(self, store: PageStore) -> None:
        """The first time there is nothing to replace."""
        for content in (b"first", b"second, and longer", b"3"):
            store.rewrite("pages/index.html", partial(bytes, content))
            assert store.get("pages/index.html") == content

    def test_a_page_whose_maker_fails_stays_as_it_was(self, store: PageStore) -> None:
        """And can be written afterwards."""
        store.rewrite("page", lambda: b"before")
        try:
            store.rewrite("page", _fail)
        except ZeroDivisionError:
            pass
        else:
            raise AssertionError("the error of the maker was lost")
        assert store.get("page") == b"before"
        store.rewrite("page", lambda: b"after")
        assert store.get("page") == b"after"

    def test_the_last_of_many_writers_has_seen_what_all_of_them_stored(
        self, store: PageStore
    ) -> None:
        """Each stores an object of its own, then rewrites the page that lists them."""
        barrier = Barrier(RACERS)

        def one(number: int) -> None:
            barrier.wait()
            store.put_new(f"objects/{number}", b"")
            store.rewrite("list", lambda: "\n".join(store.keys("objects")).encode())

        with ThreadPoolExecutor(RACERS) as pool:
            list(pool.map(one, range(RACERS)))
        assert store.get("list").decode().split() == [f"objects/{n}" for n in range(RACERS)]


def _fail() -> bytes:
    return bytes(1 // 0)
