import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.domain import Labels, PositionTable, UsageError
from riskmill.risk import Block, cut_blocks, cut_segments, partition


def table(owners: list[tuple[str, str]]) -> PositionTable:
    ids = np.array([f"P{n}" for n in range(len(owners))], dtype=object)
    return PositionTable(
        position_id=ids,
        texts={
            "book": Labels.of([book for book, _ in owners]),
            "instrument": Labels.of([instrument for _, instrument in owners]),
        },
        numbers={"quantity": np.arange(len(owners), dtype=np.float64)},
        dates={},
    )


runs = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from("xy"), st.integers(1, 700)), max_size=6
)
tables = runs.map(lambda rs: table([(b, i) for b, i, n in rs for _ in range(n)]))


def test_a_block_ends_where_book_or_instrument_changes():
    positions = table([("A", "x"), ("A", "x"), ("A", "y"), ("B", "y")])
    assert cut_blocks(positions) == (
        Block(start=0, stop=2),
        Block(start=2, stop=3),
        Block(start=3, stop=4),
    )


def test_a_block_holds_at_most_256_rows():
    assert [len(block) for block in cut_blocks(table([("A", "x")] * 600))] == [256, 256, 88]


def test_no_positions_make_no_blocks():
    assert cut_blocks(table([])) == ()
    assert len(partition(table([]), 0, 3)) == 0


@given(tables)
def test_blocks_cover_every_row_once_and_hold_one_book_and_instrument(positions):
    blocks = cut_blocks(positions)
    covered = [row for block in blocks for row in range(block.start, block.stop)]
    assert covered == list(range(len(positions)))
    for block in blocks:
        rows = range(block.start, block.stop)
        assert len({positions.texts["book"].text(row) for row in rows}) == 1
        assert len({positions.texts["instrument"].text(row) for row in rows}) == 1


@given(tables, st.integers(1, 60))
def test_partitions_cover_every_row_once_in_order(positions, of):
    parts = [partition(positions, index, of) for index in range(of)]
    ids = [position for part in parts for position in part.position_id.tolist()]
    assert ids == positions.position_id.tolist()


@given(tables, st.integers(1, 60))
def test_partitions_cut_into_the_same_blocks_as_the_whole(positions, of):
    lengths = [
        len(block) for index in range(of) for block in cut_blocks(partition(positions, index, of))
    ]
    assert lengths == [len(block) for block in cut_blocks(positions)]


@pytest.mark.parametrize(("index", "of"), [(-1, 2), (2, 2), (0, 0), (0, -1)])
def test_a_partition_that_does_not_exist_is_refused(index, of):
    with pytest.raises(UsageError, match="no partition") as caught:
        partition(table([("A", "x")]), index, of)
    assert caught.value.code == "E450"


def test_a_segment_holds_at_most_2048_rows_and_mostly_some_hundred():
    lengths = [len(segment) for segment in cut_segments(table([("A", "x")] * 60_000))]
    assert sum(lengths) == 60_000
    assert max(lengths) <= 2_048
    assert 60 <= len(lengths) <= 180


@given(st.integers(3_000, 6_000), st.data())
def test_a_row_that_goes_changes_its_own_segment_and_no_block_of_another(rows, data):
    whole = table([("A", "x")] * rows)
    gone = data.draw(st.integers(0, rows - 1))
    less = whole.take(np.delete(np.arange(rows), gone))
    before, after = (
        [tuple(one.position_id[b.start : b.stop]) for b in cut(one)]
        for cut, one in ((cut_segments, whole), (cut_segments, less))
    )
    touched = [segment for segment in before if f"P{gone}" in segment]
    kept = [segment for segment in before if segment not in touched]
    assert len(touched) == 1
    assert len(set(kept) - set(after)) <= 1  # the next one joins where the row ended its segment
