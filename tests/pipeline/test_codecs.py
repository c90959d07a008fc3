"""Values go through their stored form unchanged, and equal values give equal bytes."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from riskmill.domain import (
    DATE_COLUMNS,
    NUMBER_COLUMNS,
    TEXT_COLUMNS,
    ArtefactConflict,
    FactorHistory,
    Labels,
    MarketSnapshot,
    PnlVectors,
    PositionTable,
)
from riskmill.pipeline import decode_value, encode_value
from riskmill.pipeline.codecs import (
    decode_history,
    decode_parts,
    decode_positions,
    encode_history,
    encode_part,
    encode_positions,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
numbers = st.floats(allow_infinity=False)


@st.composite
def position_tables(draw: st.DrawFn) -> PositionTable:
    size = draw(st.integers(0, 6))
    column = st.lists(texts, min_size=size, max_size=size)
    floats = hnp.arrays(np.float64, size, elements=numbers)
    days = hnp.arrays(
        "datetime64[D]",
        size,
        elements=st.one_of(
            st.dates(date(1900, 1, 1), date(2200, 1, 1)).map(np.datetime64),
            st.just(np.datetime64("NaT", "D")),
        ),
    )
    return PositionTable(
        position_id=np.array(draw(column), dtype=object),
        texts={name: Labels.of(draw(column)) for name in TEXT_COLUMNS},
        numbers={name: draw(floats) for name in NUMBER_COLUMNS},
        dates={name: draw(days) for name in DATE_COLUMNS},
    )


@settings(max_examples=50)
@given(position_tables())
def test_positions_come_back_as_they_were(table: PositionTable) -> None:
    back = decode_positions(encode_positions(table))
    assert back.position_id.tolist() == table.position_id.tolist()
    for name in TEXT_COLUMNS:
        assert back.texts[name].texts() == table.texts[name].texts()
    for name in NUMBER_COLUMNS:
        np.testing.assert_array_equal(back.numbers[name], table.numbers[name])
    for name in DATE_COLUMNS:
        np.testing.assert_array_equal(back.dates[name], table.dates[name])


@settings(max_examples=50)
@given(position_tables())
def test_equal_positions_give_equal_bytes(table: PositionTable) -> None:
    assert encode_positions(table) == encode_positions(table)


@given(st.integers(0, 5), st.integers(0, 4))
def test_a_history_comes_back_as_it_was(rows: int, factors: int) -> None:
    history = FactorHistory(
        dates=tuple(date(2018, 1, 1) + timedelta(days=row) for row in range(rows)),
        factors=tuple(f"EQ:N{index}" for index in range(factors)),
        values=np.arange(rows * factors, dtype=np.float64).reshape(rows, factors),
    )
    back = decode_history(encode_history(history))
    assert (back.dates, back.factors) == (history.dates, history.factors)
    np.testing.assert_array_equal(back.values, history.values)


@given(hnp.arrays(np.float64, st.tuples(st.integers(0, 3), st.integers(0, 4))))
def test_arrays_inside_values_keep_every_bit(values: np.ndarray) -> None:
    vectors = PnlVectors(
        portfolios=tuple("abc"[: values.shape[0]]), scenarios=("x",), values=values
    )
    back = decode_value(encode_value(vectors, "test/1"), PnlVectors, "test/1")
    assert back.values.tobytes() == values.tobytes()
    assert back.values.shape == values.shape


def test_sets_and_mappings_are_stored_in_one_order() -> None:
    names = [f"EQ:{index}" for index in range(50)]

    def snapshot(order: list[str]) -> MarketSnapshot:
        return MarketSnapshot(
            valuation_date=date(2018, 12, 31),
            quotes=dict.fromkeys(order, 1.0),
            proxied=frozenset(order),
        )

    assert encode_value(snapshot(names), "s/1") == encode_value(snapshot(names[::-1]), "s/1")


@pytest.mark.parametrize("raw", [b"", b"\x00", b"not ours", encode_value(1, "other/1")])
def test_other_bytes_are_not_taken_for_a_value(raw: bytes) -> None:
    with pytest.raises(ArtefactConflict) as refused:
        decode_value(raw, PnlVectors, "vectors/1")
    assert refused.value.code == "E504"


@settings(max_examples=30)
@given(st.lists(position_tables(), min_size=1, max_size=4))
def test_parts_are_put_together_in_order(tables: list[PositionTable]) -> None:
    places = [np.arange(len(table)) + 10 * n for n, table in enumerate(tables)]
    parts = [encode_part(t, rows, rows + 1) for t, rows in zip(tables, places, strict=True)]
    whole, records, lines = decode_parts(parts, sum(map(len, tables)))
    assert records.tolist() == [row for rows in places for row in rows.tolist()]
    assert lines.tolist() == [row + 1 for row in records.tolist()]
    assert whole.position_id.tolist() == [i for t in tables for i in t.position_id.tolist()]
    for name in TEXT_COLUMNS:
        assert whole.texts[name].texts() == [x for t in tables for x in t.texts[name].texts()]
        assert list(whole.texts[name].values) == sorted(whole.texts[name].values)
    for name in NUMBER_COLUMNS:
        expected = np.concatenate([table.numbers[name] for table in tables])
        np.testing.assert_array_equal(whole.numbers[name], expected)
    for name in DATE_COLUMNS:
        expected_days = np.concatenate([table.dates[name] for table in tables])
        np.testing.assert_array_equal(whole.dates[name], expected_days)
