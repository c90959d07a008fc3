"""What changed between two books and two markets."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmill.domain import (
    DATE_COLUMNS,
    NUMBER_COLUMNS,
    TEXT_COLUMNS,
    FactorHistory,
    Labels,
    MarketSnapshot,
    PositionTable,
)
from riskmill.risk import market_changes, position_changes

DAY = date(2018, 12, 31)
Row = tuple[str, str, float]


def table(rows: list[Row]) -> PositionTable:
    """Positions with an id, a book and a quantity; every other cell is empty."""
    size = len(rows)
    empty = Labels.of([""] * size)
    return PositionTable(
        position_id=np.array([row[0] for row in rows], dtype=np.object_),
        texts=dict.fromkeys(TEXT_COLUMNS, empty) | {"book": Labels.of([r[1] for r in rows])},
        numbers={name: np.full(size, np.nan) for name in NUMBER_COLUMNS}
        | {"quantity": np.array([row[2] for row in rows], dtype=np.float64)},
        dates={name: np.full(size, np.datetime64("NaT", "D")) for name in DATE_COLUMNS},
    )


def test_positions_are_added_removed_changed_or_as_before() -> None:
    before = table([("A", "X", 1.0), ("B", "X", 2.0), ("C", "Y", 3.0)])
    after = table([("C", "Z", 3.0), ("B", "X", 2.0), ("D", "Y", 4.0)])
    found = position_changes(before, after, {"A": -5.0, "C": 1.0}, {"C": 2.0, "D": 7.0})
    assert (found.added, found.removed, found.changed, found.unchanged) == (1, 1, 1, 1)
    told = [
        (one.position_id, one.kind, one.columns, one.before, one.after) for one in found.largest
    ]
    assert told == [
        ("D", "added", (), None, 7.0),
        ("A", "removed", (), -5.0, None),
        ("C", "changed", ("book",), 1.0, 2.0),
    ]


def test_the_largest_come_first_and_only_so_many() -> None:
    after = table([(f"P{n}", "X", 1.0) for n in range(30)])
    values = {f"P{n}": (-1.0) ** n * n for n in range(30)}
    found = position_changes(table([]), after, {}, values, most=3)
    assert [one.position_id for one in found.largest] == ["P29", "P28", "P27"]
    assert found.added == 30


rows = st.lists(
    st.tuples(st.sampled_from("ABCDEFG"), st.sampled_from("XYZ"), st.sampled_from([1.0, 2.0])),
    unique_by=lambda row: row[0],
)


@settings(max_examples=60)
@given(rows, rows)
def test_counts_agree_with_a_comparison_row_by_row(before: list[Row], after: list[Row]) -> None:
    found = position_changes(table(before), table(after), {}, {}, most=100)
    old, new = ({row[0]: row for row in side} for side in (before, after))
    assert found.added == len(new.keys() - old.keys())
    assert found.removed == len(old.keys() - new.keys())
    common = old.keys() & new.keys()
    assert found.changed == sum(old[id_] != new[id_] for id_ in common)
    assert found.unchanged == sum(old[id_] == new[id_] for id_ in common)
    assert position_changes(table(after), table(after), {}, {}).largest == ()


def market(**quotes: float) -> MarketSnapshot:
    named = {name.replace("_", ":"): value for name, value in quotes.items()}
    return MarketSnapshot(valuation_date=DAY, quotes=named)


def history(**columns: list[float]) -> FactorHistory:
    count = len(next(iter(columns.values())))
    return FactorHistory(
        dates=tuple(DAY - timedelta(days=back) for back in range(count, 0, -1)),
        factors=tuple(name.replace("_", ":") for name in columns),
        values=np.array(list(columns.values()), dtype=np.float64).T,
    )


def test_moves_are_in_the_unit_of_their_class() -> None:
    before = market(EQ_SPX=100.0, IR_USD_1Y=0.02, VOL_VIX=0.20, FX_EURUSD=1.0)
    after = market(EQ_SPX=101.0, IR_USD_1Y=0.0210, VOL_VIX=0.25, FX_EURUSD=1.0)
    found = market_changes(before, after, history(EQ_SPX=[100.0] * 3))
    told = {one.factor: (pytest.approx(one.move), one.unit) for one in found.largest}
    assert told == {
        "EQ:SPX": (1.0, "%"), "IR:USD:1Y": (10.0, "bp"), "VOL:VIX": (5.0, "vol pt")
    }  # fmt: skip
    assert (found.moved, found.still) == (3, 1)


def test_a_small_move_of_a_quiet_factor_counts_more_than_a_large_one_of_a_wild_one() -> None:
    up_and_down = [1.0, 1.1] * 30
    quiet = [1.0, 1.0001] * 30
    found = market_changes(
        market(EQ_A=1.0, EQ_B=1.0, EQ_C=1.0),
        market(EQ_A=1.05, EQ_B=1.01, EQ_C=9.0),
        history(EQ_A=up_and_down, EQ_B=quiet),
    )
    assert [one.factor for one in found.largest] == ["EQ:B", "EQ:A", "EQ:C"]
    assert found.largest[2].multiple is None


def test_factors_that_come_and_go_are_named() -> None:
    found = market_changes(market(EQ_A=1.0), market(EQ_B=1.0), history(EQ_B=[1.0, 2.0]))
    assert (found.added, found.removed, found.largest) == (("EQ:B",), ("EQ:A",), ())
