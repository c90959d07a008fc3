"""Broken and hostile files: rejected by code, never a traceback."""

import gzip
import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmill.domain import FileFormat, InputRejected
from riskmill.ingestion import CODES, StagedFile, parse_batch_manifest, quarantine_csv
from tests.ingestion.deliveries import COLUMNS, GOOD_ROWS, TEXTS, manifest_text, staged, table
from tests.ingestion.writers import WRITERS, sheet, workbook

DATASETS = sorted(TEXTS)
CELLS = [line.split(",") for line in TEXTS["positions"].splitlines()]
REFUSALS = {"E023", "E025", "E028", "E029", "E030", "E036", "E038"}
"""Codes of a file that was cut off, wherever that was."""


def _handled(
    dataset: str, raw: bytes, name: str = "", declared: FileFormat | None = None
) -> StagedFile | str:
    """The staged file, or the code under which the whole file was refused."""
    try:
        found = staged(dataset, raw, name, declared)
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


@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=40)
@given(data=st.data())
def test_a_damaged_file_of_every_format_is_told_by_code(kind: str, data: st.DataObject) -> None:
    file = WRITERS[kind](CELLS)
    raw = bytearray(file.raw)
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    del raw[data.draw(st.integers(1, len(raw))) :]
    _handled("positions", bytes(raw), file.name, file.declared)


@pytest.mark.parametrize("kind", ["gzip", "zstd", "xlsx"])
def test_a_cut_off_packed_file_is_refused_wherever_it_is_cut(kind: str) -> None:
    file = WRITERS[kind](CELLS)
    for size in range(1, len(file.raw), max(1, len(file.raw) // 60)):
        assert _handled("positions", file.raw[:size], file.name, file.declared) in REFUSALS


@settings(max_examples=60)
@given(st.data())
def test_any_sheet_is_told_by_code(data: st.DataObject) -> None:
    texts = st.sampled_from(["1", "x", "43465", "", "#N/A", "-1e400", "_x0000_", "&amp;", "9" * 30])
    kinds = st.sampled_from(["", 't="s"', 't="e"', 't="b"', 't="str"', 's="1"', 's="9"', 't="?"'])
    places = st.sampled_from(["", 'r="A2"', 'r="XFD9"', 'r="ZZZ1"', 'r="A"', 'r="1"', 'r="&#65;3"'])
    cell = st.builds(lambda k, p, v: f"<c {k} {p}><f>A1</f><v>{v}</v></c>", kinds, places, texts)
    numbers = st.sampled_from(["", 'r="2"', 'r="1"', 'r="1048577"', 'r="-1"', 'r="x"'])
    row = st.builds(
        lambda n, c: f"<row {n}>{''.join(c)}</row>", numbers, st.lists(cell, max_size=4)
    )
    header = "".join(f'<c t="str"><v>{name}</v></c>' for name in COLUMNS)
    rows = data.draw(st.lists(row, max_size=4))
    _handled("positions", workbook(sheet(f"<row>{header}</row>", *rows)), "positions.xlsx")


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


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_another_separator_is_refused_unless_declared(separator: str) -> None:
    raw = TEXTS["positions"].replace(",", separator).encode()
    assert _handled("positions", raw) == "E029"
    declared = FileFormat(kind="csv", separator=separator)
    found = _handled("positions", raw, declared=declared)
    assert isinstance(found, StagedFile)
    assert found.failures == ()


@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_line_ends_of_other_machines_change_nothing(end: str) -> None:
    raw = TEXTS["positions"].replace("\n", end).encode()
    found = _handled("positions", raw)
    assert isinstance(found, StagedFile)
    assert (found.failures, found.rows) == ((), len(GOOD_ROWS))
    assert found.lines.tolist() == list(range(2, len(GOOD_ROWS) + 2))


def test_latin_1_costs_the_rows_that_are_not_ascii() -> None:
    rows = [{**GOOD_ROWS["equity"], "position_id": f"P{n}", "book": "Büro"} for n in range(200)]
    raw = table([GOOD_ROWS["equity"], *rows]).encode("latin-1")
    found = _handled("positions", raw)
    assert isinstance(found, StagedFile)
    assert [failure.code for failure in found.failures] == ["E104"] * 200
    assert found.records.tolist() == [1]


@pytest.mark.parametrize("text", ["1e400", "-1e400", "NaN", "nan", "inf", "-Infinity"])
def test_numbers_that_are_none_are_rejected(text: str) -> None:
    found = _handled("positions", table([{**GOOD_ROWS["equity"], "quantity": text}]).encode())
    assert isinstance(found, StagedFile)
    assert {failure.code for failure in found.failures} <= {"E107", "E108"}
    assert len(found.records) == 0


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


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_a_packed_bomb_is_refused(kind: str) -> None:
    bomb = TEXTS["positions"].encode() + b"\n" * (80 * 1024 * 1024)
    packed = gzip.compress(bomb) if kind == "gzip" else pa.compress(bomb, "zstd", asbytes=True)
    declared = FileFormat(kind="csv", compression=kind)
    assert _handled("positions", packed, declared=declared) == "E037"


def test_a_workbook_that_unpacks_beyond_measure_is_refused() -> None:
    blanks = sheet("<row/>" + " " * (80 * 1024 * 1024))
    assert _handled("positions", workbook(blanks), "positions.xlsx") == "E037"


def test_a_tag_without_an_end_is_refused() -> None:
    noise = np.random.default_rng(1).integers(97, 123, 24 * 1024 * 1024, dtype=np.uint8).tobytes()
    endless = sheet(f'<row r="{noise.decode()}"/>')
    assert _handled("positions", workbook(endless), "positions.xlsx") == "E037"


def test_elements_within_elements_without_end_are_refused() -> None:
    deep = sheet("<row>" + "<c>" * 100_000)
    assert _handled("positions", workbook(deep), "positions.xlsx") == "E037"


@pytest.mark.parametrize("part", ["xl/texts.xml", "xl/styles.xml", "xl/workbook.xml", "s1"])
def test_a_billion_laughs_are_refused_in_every_part(part: str) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "lol">{laughs}]><x>&l9;</x>'
    names = {part: bomb.encode()} if part != "s1" else {}
    raw = workbook(bomb if part == "s1" else sheet(), others=names)
    assert _handled("positions", raw, "positions.xlsx") == "E039"


def test_a_file_of_this_machine_is_not_read_into_a_workbook() -> None:
    outside = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><sst>&f;</sst>'
    assert _handled("positions", workbook(sheet(), texts=outside), "positions.xlsx") == "E039"


def test_a_cell_in_the_last_corner_of_a_sheet_costs_its_own_row_only() -> None:
    header = "".join(f'<c t="str"><v>{name}</v></c>' for name in COLUMNS)
    corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    found = _handled("positions", workbook(sheet(f"<row>{header}</row>", corner)), "positions.xlsx")
    assert isinstance(found, StagedFile)
    assert [(failure.code, failure.line) for failure in found.failures] == [("E101", 1_048_576)]


def test_a_text_that_is_repeated_without_measure_in_parquet_is_refused() -> None:
    cells = pa.DictionaryArray.from_arrays(pa.array([0] * 60_000, pa.int32()), ["x" * 100_000])
    sink = io.BytesIO()
    pq.write_table(pa.table(dict.fromkeys(("portfolio", "level", "parent"), cells)), sink)
    assert len(sink.getvalue()) < 1_000_000
    assert _handled("hierarchy", sink.getvalue(), "hierarchy.parquet") == "E026"


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


def _column(kind: pa.DataType, value: object) -> pa.Array:
    return pa.array([value, None], kind)


ODD_COLUMNS = {
    "a moment beyond the calendar": _column(pa.timestamp("ms"), 2**62),
    "an instant before the calendar": _column(pa.timestamp("us", "UTC"), -(2**62)),
    "a day beyond the calendar": pa.array([2**31 - 1, -(2**31)], pa.int32()).cast(pa.date32()),
    "an unknown zone": _column(pa.timestamp("us", "Mars/Phobos"), 0),
    "a zone of hours": _column(pa.timestamp("us", "+05:30"), 0),
    "nanoseconds": _column(pa.timestamp("ns"), 2**63 - 1),
    "a large decimal": _column(pa.decimal256(76, 2), 10),
    "a duration": _column(pa.duration("s"), 5),
    "JSON": pa.ExtensionArray.from_storage(pa.json_(), pa.array(["1", "2"])),
    "a map": _column(pa.map_(pa.string(), pa.int64()), [("a", 1)]),
    "bytes": _column(pa.large_binary(), b"\xff"),
    "a view": _column(pa.string_view(), "x"),
}


@pytest.mark.parametrize("dataset", ["positions", "market", "history"])
@pytest.mark.parametrize("kind", ODD_COLUMNS)
def test_a_parquet_column_of_any_kind_is_told_by_code(dataset: str, kind: str) -> None:
    names = TEXTS[dataset].split("\n")[0].split(",")
    table = pa.table(dict.fromkeys(names, ODD_COLUMNS[kind]))
    sink = io.BytesIO()
    pq.write_table(table, sink)
    _handled(dataset, sink.getvalue(), f"{dataset}.parquet")


def test_texts_of_a_large_kind_are_counted_before_they_are_unfolded() -> None:
    cells = pa.array(["x" * 10_000] * 60_000, pa.large_string())
    sink = io.BytesIO()
    pq.write_table(pa.table(dict.fromkeys(COLUMNS[:6], cells)), sink, compression="zstd")
    assert _handled("positions", sink.getvalue(), "positions.parquet") == "E026"


def test_half_a_character_of_a_workbook_stays_as_it_is_written() -> None:
    header = "".join(f'<c t="str"><v>{name}</v></c>' for name in COLUMNS)
    raw = workbook(sheet(f"<row>{header}</row>", '<row><c t="str"><v>_xD800_</v></c></row>'))
    found = _handled("positions", raw, "positions.xlsx")
    assert isinstance(found, StagedFile)
    assert {failure.subject for failure in found.failures} == {"_xD800_"}


@pytest.mark.parametrize("text", ["1_000", "٣", " 12", "infinity", "0x1"])
def test_a_number_of_a_workbook_is_one_only_in_digits(text: str) -> None:
    row = {**GOOD_ROWS["equity"], "quantity": text}
    cells = "".join(
        f"<c><v>{row[name]}</v></c>"
        if name == "quantity"
        else f'<c t="str"><v>{row.get(name, "")}</v></c>'
        for name in COLUMNS
    )
    header = "".join(f'<c t="str"><v>{name}</v></c>' for name in COLUMNS)
    raw = workbook(sheet(f"<row>{header}</row>", f"<row>{cells}</row>"))
    found = _handled("positions", raw, "positions.xlsx")
    assert isinstance(found, StagedFile)
    assert [failure.column for failure in found.failures] == ["quantity"]


@pytest.mark.parametrize(
    "mark", ["\u0085", "\u009b", "\u200b", "\u200f", "\u2028", "\u202e", "\ufeff"]
)
def test_a_character_that_cannot_be_seen_is_in_no_name(mark: str) -> None:
    rows = [
        {**GOOD_ROWS["equity"], "position_id": name} for name in (f"a{mark}b", "a\u2014é\u00a0b")
    ]
    found = staged("positions", table(rows))
    assert [(failure.record, failure.code) for failure in found.failures] == [(1, "E105")]
