"""A stored batch gives each partition exactly the rows that the whole would give it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import riskmill.pipeline.accepted as accepted_module
import riskmill.risk.blocks as blocks_module
from riskmill.domain import NUMBER_COLUMNS, TEXT_COLUMNS, PositionTable, UsageError
from riskmill.pipeline.accepted import StoredBatch, decode_batch, encode_batch
from riskmill.risk import partition
from tests.ingestion.deliveries import GOOD_ROWS, batch, table

ACCEPTED = batch()


def _positions(runs: list[int]) -> PositionTable:
    """Positions of one book whose instruments change after so many rows."""
    words = sorted(GOOD_ROWS)
    rows = [
        {**GOOD_ROWS[words[n % len(words)]], "position_id": f"P-{n:02}-{row:04}"}
        for n, count in enumerate(runs)
        for row in range(count)
    ]
    return batch({"positions": table(rows)}).positions if rows else ACCEPTED.positions.take(_none())


def _none() -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.empty(0, dtype=np.int64)


def _stored(positions: PositionTable) -> StoredBatch:
    kept = dict(encode_batch(replace(ACCEPTED, positions=positions)))
    return decode_batch(kept.__getitem__)


def _rows(positions: PositionTable) -> list[object]:
    texts = [positions.texts[name].texts() for name in TEXT_COLUMNS]
    numbers = [positions.numbers[name].view(np.int64).tolist() for name in NUMBER_COLUMNS]
    return [positions.position_id.tolist(), texts, numbers]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.integers(0, 300), max_size=4),
    st.integers(1, 9),
    st.sampled_from([64, 100, 200]),
)
def test_partitions_of_parts_are_partitions_of_the_whole(
    runs: list[int], of: int, part_rows: int
) -> None:
    positions = _positions(runs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accepted_module, "PART_ROWS", part_rows)
        patch.setattr(blocks_module, "SEGMENT_ROWS", 64)
        patch.setattr(blocks_module, "SEGMENT_END", 16)
        stored = _stored(positions)
        for index in range(of):
            whole = partition(positions, index, of)
            assert _rows(stored.partition(index, of)) == _rows(whole)
    assert stored.rows == len(positions)
    assert all(part.rows <= part_rows for part in stored.parts)
    ids = [id_ for part in stored.positions() for id_ in part.position_id.tolist()]
    assert ids == positions.position_id.tolist()


def test_a_partition_that_there_is_not_is_refused() -> None:
    with pytest.raises(UsageError) as refused:
        _stored(ACCEPTED.positions).partition(3, 3)
    assert refused.value.code == "E450"
