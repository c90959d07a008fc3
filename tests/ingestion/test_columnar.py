"""Parquet gives the cells that a CSV file would hold, whatever its types and row groups."""

import io
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from riskmill.domain import FactorHistory, InputRejected
from riskmill.ingestion.columnar import open_parquet
from tests.ingestion.deliveries import HISTORY, entry_of, staged


def _written(table: pa.Table, rows: int = 1_000_000) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, row_group_size=rows)
    return sink.getvalue()


def _cells(table: pa.Table, rows: int = 1_000_000) -> list[list[str]]:
    raw = _written(table, rows)
    source = open_parquet(entry_of("positions", raw), raw)
    return [block.frame["a"].to_list() for block in source.blocks(("a",))]


def test_a_time_of_day_changes_no_other_cell() -> None:
    moments = [datetime(2019, 3, 15), datetime(2019, 3, 15, 1), None]  # noqa: DTZ001
    table = pa.table({"a": pa.array(moments, pa.timestamp("us"))})
    assert _cells(table) == [["2019-03-15", "2019-03-15T01:00:00", ""]]


def test_an_instant_is_told_in_utc_whatever_its_zone() -> None:
    for zone in ("UTC", "+05:30", "Europe/Zurich", "Mars/Phobos"):
        table = pa.table({"a": pa.array([0, 86_399], pa.timestamp("s", zone))})
        assert _cells(table) == [["1970-01-01T00:00:00Z", "1970-01-01T23:59:59Z"]]


def test_small_row_groups_are_read_together() -> None:
    names = [str(number) for number in range(1000)]
    assert _cells(pa.table({"a": names}), rows=1) == [names]


def test_a_file_of_absurdly_many_row_groups_is_refused() -> None:
    names = dict.fromkeys("abcdefghij", ["x"] * 12_000)
    raw = _written(pa.table(names), rows=1)
    with pytest.raises(InputRejected) as refused:
        open_parquet(entry_of("positions", raw), raw)
    assert refused.value.code == "E026"


def test_a_history_may_be_text_in_parquet() -> None:
    header, *rows = [line.split(",") for line in HISTORY.splitlines()]
    table = pa.table({name: [row[n] for row in rows] for n, name in enumerate(header)})
    as_parquet = staged("history", _written(table), "history.parquet").content
    as_csv = staged("history", HISTORY).content
    assert isinstance(as_parquet, FactorHistory)
    assert isinstance(as_csv, FactorHistory)
    assert as_parquet.dates == as_csv.dates
    assert as_parquet.values.tolist() == as_csv.values.tolist()
