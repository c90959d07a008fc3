"""Broken and hostile files: rejected by code, never a traceback."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmill.domain import InputRejected
from riskmill.ingestion import CODES, StagedFile, parse_batch_manifest, quarantine_csv
from tests.ingestion.deliveries import COLUMNS, GOOD_ROWS, TEXTS, manifest_text, staged, table

DATASETS = sorted(TEXTS)


def _handled(dataset: str, raw: bytes, name: str = "") -> StagedFile | str:
    """The staged file, or the code under which the whole file was refused."""
    try:
        found = staged(dataset, raw, name)
    except InputRejected as refusal:
        return _known(refusal)
    assert {failure.code for failure in found.failures} <= set(CODES)
    assert all(failure.file and failure.message.endswith(".") for failure in found.failures)
    quarantine_csv(found.entry, raw, found.failures)
    return found


def _known(refusal: InputRejected) -> str:
    assert refusal.code in CODES
    return refusal.code


def _parquet(dataset: str) -> bytes:
    rows = [line.split(",") for line in TEXTS[dataset].splitlines()]
    columns = {name: [row[n] for row in rows[1:]] for n, name in enumerate(rows[0])}
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


@given(st.sampled_from(DATASETS), st.data())
def test_a_truncated_file_is_told_by_code(dataset: str, data: st.DataObject) -> None:
    raw = TEXTS[dataset].encode()
    _handled(dataset, raw[: data.draw(st.integers(0, len(raw)))])


@given(st.sampled_from(DATASETS), st.data())
def test_changed_bytes_are_told_by_code(dataset: str, data: st.DataObject) -> None:
    raw = bytearray(TEXTS[dataset].encode())
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(
            st.one_of(st.sampled_from(list(b'\x00"\n\r,\xff\x1a=')), st.integers(0, 255))
        )
    _handled(dataset, bytes(raw))


@given(st.sampled_from(DATASETS), st.lists(st.sampled_from('",\n\r \ta0é\x00'), max_size=60))
def test_any_text_behind_a_good_header_is_told_by_code(dataset: str, text: list[str]) -> None:
    header = TEXTS[dataset].split("\n")[0]
    _handled(dataset, f"{header}\n{''.join(text)}".encode())


@given(st.sampled_from(DATASETS), st.binary(max_size=200))
def test_any_bytes_are_told_by_code(dataset: str, raw: bytes) -> None:
    _handled(dataset, raw)
    _handled(dataset, raw, f"{dataset}.parquet")


@given(st.sampled_from(["positions", "market", "history", "hierarchy"]), st.data())
def test_a_damaged_parquet_file_is_told_by_code(dataset: str, data: st.DataObject) -> None:
    raw = bytearray(_parquet(dataset))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    _handled(dataset, bytes(raw), f"{dataset}.parquet")


@given(st.binary(max_size=300))
def test_a_manifest_of_any_bytes_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRejected) as refusal:
        parse_batch_manifest(raw)
    assert refusal.value.code in CODES


@settings(max_examples=50)
@given(st.data())
def test_a_manifest_with_changed_bytes_is_read_or_refused(data: st.DataObject) -> None:
    raw = bytearray(manifest_text())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        parse_batch_manifest(bytes(raw))
    except InputRejected as refusal:
        _known(refusal)


def test_a_deeply_nested_manifest_is_refused() -> None:
    with pytest.raises(InputRejected) as refusal:
        parse_batch_manifest(b'{"schema": "riskmill.batch/1", "x": ' + b"[" * 100_000)
    assert refusal.value.code == "E001"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_wide_characters_are_refused(encoding: str) -> None:
    assert _handled("positions", TEXTS["positions"].encode(encoding)) == "E023"


def test_a_cell_of_ten_megabytes_costs_its_own_row_only() -> None:
    rows = [*GOOD_ROWS.values(), {**GOOD_ROWS["equity"], "position_id": "x" * 10_000_000}]
    found = _handled("positions", table(rows[::-1]).encode())
    assert isinstance(found, StagedFile)
    assert [failure.code for failure in found.failures] == ["E103"]
    assert len(found.records) == len(GOOD_ROWS)


def test_ten_thousand_unknown_columns_are_refused_in_one_sentence() -> None:
    header = ",".join([*COLUMNS, *(f"c{n}" for n in range(10_000))])
    with pytest.raises(InputRejected) as refusal:
        staged("positions", header + "\n")
    assert refusal.value.code == "E029"
    assert len(refusal.value.message) < 300


def test_a_lost_quote_in_every_line_ends_soon() -> None:
    header, row = table([GOOD_ROWS["equity"]]).splitlines()
    found = _handled("positions", "\n".join([header, *[f'"{row}'] * 5_000]).encode())
    assert isinstance(found, StagedFile)
    assert {failure.code for failure in found.failures} == {"E102"}
    assert found.rows == 5_000


def test_a_file_of_quotes_alone_is_refused() -> None:
    assert _handled("positions", b'"' * 1_000_000) == "E025"


@pytest.mark.parametrize(
    "line",
    ["ragged", '"' + "," * 19, "," * 19, "P" + "," * 19],
    ids=["E101", "E102", "E106", "ids"],
)
def test_a_file_of_bad_rows_alone_is_refused_in_one_sentence(line: str) -> None:
    raw = "\n".join([",".join(COLUMNS), *[line] * 100_001]).encode()
    assert _handled("positions", raw) == "E031"


@pytest.mark.parametrize(
    "cells",
    [
        pa.array([["x"]]),
        pa.array([b"\xff"]),
        pa.array([{"a": 1}]),
    ],
    ids=["list", "binary", "struct"],
)
def test_a_parquet_column_that_is_no_plain_value_is_refused(cells: pa.Array) -> None:
    sink = io.BytesIO()
    pq.write_table(pa.table({"portfolio": cells, "level": ["firm"], "parent": [""]}), sink)
    assert _handled("hierarchy", sink.getvalue(), "hierarchy.parquet") == "E026"


def test_a_parquet_file_of_rows_that_are_never_there_is_refused() -> None:
    schema = pa.schema(
        [("portfolio", pa.string()), ("level", pa.string()), ("parent", pa.string())]
    )
    sink = io.BytesIO()
    pq.write_table(schema.empty_table(), sink)
    assert _handled("hierarchy", sink.getvalue(), "hierarchy.parquet") == "E030"
