"""Text columns keep their texts, and tables their rows, in any order asked for."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from riskmill.domain import DATE_COLUMNS, NUMBER_COLUMNS, TEXT_COLUMNS, Labels, PositionTable

texts = st.lists(st.text(max_size=4), max_size=20)


@given(texts)
def test_labels_give_back_their_texts(given_texts: list[str]) -> None:
    labels = Labels.of(given_texts)
    assert labels.texts() == given_texts
    assert [labels.text(row) for row in range(len(labels))] == given_texts


@given(texts, st.data())
def test_lean_labels_are_those_made_of_the_texts(
    given_texts: list[str], data: st.DataObject
) -> None:
    rows = data.draw(st.lists(st.integers(0, max(len(given_texts) - 1, 0)), max_size=20))
    taken = Labels.of(given_texts).take(np.array(rows if given_texts else [], dtype=np.int64))
    shuffled = Labels(
        np.where(taken.codes < 0, -1, len(taken.values) - 1 - taken.codes).astype(np.int32),
        taken.values[::-1],
    )
    for labels in (taken, shuffled):
        again = Labels.of(labels.texts())
        assert labels.lean().values == again.values
        assert labels.lean().codes.tolist() == again.codes.tolist()


@given(texts, st.data())
def test_rows_are_taken_in_the_order_given(given_texts: list[str], data: st.DataObject) -> None:
    size = len(given_texts)
    rows = np.array(data.draw(st.permutations(range(size))), dtype=np.int64)
    table = PositionTable(
        position_id=np.array(given_texts, dtype=object),
        texts=dict.fromkeys(TEXT_COLUMNS, Labels.of(given_texts)),
        numbers=dict.fromkeys(NUMBER_COLUMNS, np.arange(size, dtype=np.float64)),
        dates=dict.fromkeys(DATE_COLUMNS, np.arange(size).astype("datetime64[D]")),
    ).take(rows)
    wanted = [given_texts[row] for row in rows]
    assert table.position_id.tolist() == wanted
    assert table.texts["book"].texts() == wanted
    assert table.numbers["quantity"].tolist() == rows.tolist()
    assert table.dates["expiry"].astype(np.int64).tolist() == rows.tolist()
    assert len(table) == size
