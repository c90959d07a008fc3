"""Positions: exact values, rules by instrument, every failure of a row."""

import io
import math
from dataclasses import MISSING, fields
from decimal import Decimal

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmill.domain import INSTRUMENTS, FailureReason, PositionTable
from riskmill.ingestion import StagedFile
from tests.ingestion.deliveries import (
    COLUMNS,
    GOOD_ROWS,
    POSITIONS,
    changed,
    staged,
    table,
)


def _content(found: StagedFile) -> PositionTable:
    assert isinstance(found.content, PositionTable)
    return found.content


def _codes(text: str) -> list[tuple[str, str]]:
    return [(f.code, f.column) for f in staged("positions", text).failures]


def test_a_good_row_of_every_instrument_is_kept() -> None:
    found = staged("positions", POSITIONS)
    assert found.failures == ()
    assert _content(found).texts["instrument"].texts() == list(INSTRUMENTS)
    assert found.records.tolist() == list(range(1, len(INSTRUMENTS) + 1))
    assert found.lines.tolist() == list(range(2, len(INSTRUMENTS) + 2))


@settings(max_examples=50)
@given(st.floats(min_value=5e-324, allow_nan=False, allow_infinity=False))
def test_a_number_is_the_double_that_python_reads(number: float) -> None:
    text = table([{**GOOD_ROWS["fx_forward"], "strike": repr(number)}])
    assert _content(staged("positions", text)).numbers["strike"].tolist() == [number]


@settings(max_examples=50)
@given(st.decimals(min_value=1, max_value=10**15, allow_nan=False, places=20))
def test_a_number_with_many_digits_is_rounded_once(number: Decimal) -> None:
    text = table([{**GOOD_ROWS["fx_forward"], "strike": str(number)}])
    assert _content(staged("positions", text)).numbers["strike"].tolist() == [float(str(number))]


@pytest.mark.parametrize("text", ["1_000", " 1", "1 ", "0x10", "1d", "१", "--1", "1e", "."])
def test_text_that_only_looks_like_a_number_is_rejected(text: str) -> None:
    assert _codes(changed("equity", quantity=text)) == [("E107", "quantity")]


@pytest.mark.parametrize("text", ["NaN", "nan", "inf", "-Infinity", "1e400", "-1e400"])
def test_a_number_that_is_not_finite_is_rejected(text: str) -> None:
    assert _codes(changed("equity", quantity=text)) == [("E108", "quantity")]


def test_every_failed_rule_of_a_row_is_reported() -> None:
    row = changed(
        "european_option",
        position_id="P" * 65,
        quantity="x",
        currency="",
        notional="-1",
        strike="0",
        expiry="2018-01-01",
        option_type="both",
    )
    failures = staged("positions", row).failures
    assert {(f.code, f.column) for f in failures} == {
        ("E120", "position_id"),
        ("E107", "quantity"),
        ("E106", "currency"),
        ("E110", "notional"),
        ("E109", "strike"),
        ("E113", "expiry"),
        ("E116", "option_type"),
    }
    assert all((f.record, f.line, f.file) == (1, 2, "positions.csv") for f in failures)
    assert all(f.subject == "P" * 65 for f in failures)
    assert all(f.message.endswith(".") and f.reason in FailureReason for f in failures)
    assert {f.column: f.value for f in failures}["strike"] == "0"


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_an_empty_cell_that_the_instrument_needs_is_missing(instrument: str) -> None:
    terms = fields(INSTRUMENTS[instrument])
    optional = {term.name for term in terms if term.default is not MISSING}
    for column in set(GOOD_ROWS[instrument]) - optional - {"instrument"}:
        assert _codes(changed(instrument, **{column: ""})) == [("E106", column)]


def test_columns_that_the_instrument_does_not_use_are_ignored() -> None:
    text = changed("equity", strike="nonsense", expiry="2001-01-01", rate="x", multiplier="7")
    content = _content(staged("positions", text))
    assert math.isnan(content.numbers["strike"][0])
    assert np.isnat(content.dates["expiry"][0])
    assert content.numbers["multiplier"][0] == 1.0


def test_an_empty_multiplier_is_one() -> None:
    content = _content(staged("positions", changed("equity_future", multiplier="")))
    assert content.numbers["multiplier"].tolist() == [1.0]


def test_a_swap_that_starts_today_needs_no_fixing() -> None:
    text = changed("interest_rate_swap", start="2018-12-31", current_fixing="")
    assert _codes(text) == []


def test_an_option_may_expire_on_the_business_date() -> None:
    assert _codes(changed("european_option", expiry="2018-12-31")) == []


def test_of_rows_with_one_id_the_first_is_kept_even_if_it_is_bad() -> None:
    good = GOOD_ROWS["equity"]
    found = staged("positions", table([{**good, "quantity": "x"}, good, good]))
    assert [(f.code, f.record) for f in found.failures] == [("E107", 1), ("E119", 2), ("E119", 3)]
    assert len(found.records) == 0


def test_optional_columns_may_be_left_out_of_the_file() -> None:
    row = GOOD_ROWS["equity"]
    found = staged("positions", table([row], list(row)))
    assert found.failures == ()
    option = GOOD_ROWS["european_option"]
    columns = [name for name in option if name != "strike"]
    less = {name: option[name] for name in columns}
    assert _codes(table([less], columns)) == [("E106", "strike")]


def test_the_order_of_columns_is_free() -> None:
    backwards = staged("positions", table(list(GOOD_ROWS.values()), COLUMNS[::-1]))
    assert _content(backwards).position_id.tolist() == [f"P-{word}" for word in INSTRUMENTS]


def test_a_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    plain = staged("positions", POSITIONS)
    raw = b"\xef\xbb\xbf" + POSITIONS.replace("\n", "\r\n").encode()
    windows = staged("positions", raw)
    assert windows.lines.tolist() == plain.lines.tolist()
    assert _content(windows).position_id.tolist() == _content(plain).position_id.tolist()


def test_the_notional_is_summed_exactly_over_all_rows_that_can_be_read() -> None:
    rows = [
        {**GOOD_ROWS["equity"], "position_id": str(n), "notional": text}
        for n, text in enumerate(["0.1", "0.2", "1e2", "123456789012345.000001", "x", "-7"])
    ]
    found = staged("positions", table(rows))
    assert found.notional == {"USD": Decimal("123456789012438.300001")}


def test_parquet_gives_what_the_same_text_gives() -> None:
    frame = pl.read_csv(POSITIONS.encode(), try_parse_dates=True)
    sink = io.BytesIO()
    frame.write_parquet(sink)
    found = staged("positions", sink.getvalue(), "positions.parquet")
    plain = _content(staged("positions", POSITIONS))
    assert found.failures == ()
    assert found.lines.tolist() == [0] * len(plain)
    kept = _content(found)
    assert kept.position_id.tolist() == plain.position_id.tolist()
    for column, numbers in plain.numbers.items():
        np.testing.assert_array_equal(kept.numbers[column], numbers)
    for column, dates in plain.dates.items():
        np.testing.assert_array_equal(kept.dates[column], dates)


def test_rows_keep_their_records_over_many_blocks() -> None:
    rows = [{**GOOD_ROWS["equity"], "position_id": f"P-{n}"} for n in range(60_000)]
    rows[50_000] = {**rows[50_000], "quantity": "x"}
    found = staged("positions", table(rows))
    assert [(f.record, f.subject) for f in found.failures] == [(50_001, "P-50000")]
    assert len(found.records) == 59_999
    assert found.records[-1] == 60_000


def test_a_table_of_arrow_dictionaries_is_read() -> None:
    columns = {name: [GOOD_ROWS["equity"].get(name, "")] for name in COLUMNS}
    arrow = pa.table({name: pa.array(cells).dictionary_encode() for name, cells in columns.items()})
    sink = io.BytesIO()
    pq.write_table(arrow, sink)
    assert staged("positions", sink.getvalue(), "positions.parquet").failures == ()
