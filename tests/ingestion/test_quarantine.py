"""The quarantine file can be corrected and delivered again as it is."""

import csv
import hashlib
import io

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmill.ingestion import quarantine_csv
from tests.ingestion.deliveries import COLUMNS, GOOD_ROWS, POSITIONS, changed, staged, table

HEADER = (",".join(COLUMNS) + ",_codes,_messages,_origin").encode()


def _quarantine(raw: bytes, name: str = "") -> bytes:
    found = staged("positions", raw, name)
    return quarantine_csv(found.entry, raw, found.failures)


def test_a_file_without_failures_has_no_quarantine() -> None:
    assert _quarantine(POSITIONS.encode()) == b""


def test_rejected_rows_are_kept_byte_for_byte_with_every_reason() -> None:
    row = b'"P-1", CASH,equity,"1,000",USD,1' + b"," * (len(COLUMNS) - 6)
    raw = POSITIONS.encode() + row + b"\r\nragged;row\n"
    header, first, second = _quarantine(raw).splitlines()
    assert header == HEADER
    assert first.startswith(row + b",E121 E107 E106,")
    assert second.startswith(b"ragged;row,E101,")
    assert first.endswith(
        f",record {len(GOOD_ROWS) + 1} of {hashlib.sha256(raw).hexdigest()[:16]}".encode()
    )


def test_bytes_that_are_not_text_are_kept_too() -> None:
    raw = changed("equity", book="B\xfcro").encode("latin-1")
    assert b"B\xfcro" in _quarantine(raw)


def test_a_corrected_quarantine_file_is_a_good_file() -> None:
    raw = _quarantine(changed("equity", quantity="1,000").encode())
    corrected = raw.replace(b'"1,000"', b"1000", 1)
    found = staged("positions", corrected)
    assert found.failures == ()
    assert len(found.records) == 1


def test_an_uncorrected_quarantine_file_gives_itself_again_from_its_new_place() -> None:
    bad = table([{**GOOD_ROWS["equity"], "quantity": text} for text in ("x", "1,0", "")])
    once = _quarantine(bad.encode())
    before, after = (hashlib.sha256(raw).hexdigest()[:16].encode() for raw in (bad.encode(), once))
    assert _quarantine(once) == once.replace(before, after)


cells = st.text(alphabet="=+-@A1()', \"", max_size=10)


@given(st.sampled_from(["", "=", "+", "-", "@", "'", "'=", "''-", "-5"]), cells)
@settings(max_examples=80)
def test_cells_that_calculate_are_guarded_and_come_back_as_sent(first: str, rest: str) -> None:
    row = {**GOOD_ROWS["equity"], "quantity": "x", "book": f"{first}{rest}"}
    raw = table([row]).encode()
    once = _quarantine(raw)
    (kept,) = csv.DictReader(io.StringIO(once.decode()))
    assert not any(calculates(cell) for cell in kept.values())
    found = staged("positions", raw)
    again = staged("positions", once)
    assert [(f.code, f.column, f.value) for f in again.failures] == [
        (f.code, f.column, f.value) for f in found.failures
    ]
    before, after = (hashlib.sha256(text).hexdigest()[:16].encode() for text in (raw, once))
    assert _quarantine(once) == once.replace(before, after)


def calculates(cell: str) -> bool:
    """Whether a spreadsheet would take the cell for a formula."""
    try:
        float(cell)
    except ValueError:
        return cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    return False


def test_a_formula_is_guarded_in_a_broken_row_and_in_every_format() -> None:
    sent = "=cmd|' /C calc'!A0"
    broken = POSITIONS.encode() + f'P-1,{sent},"@SUM(1)",-2,=1\n'.encode()
    (row,) = _quarantine(broken).splitlines()[1:]
    assert row.startswith(f"P-1,'{sent},\"'@SUM(1)\",-2,'=1,".encode())
    bad = {**GOOD_ROWS["equity"], "quantity": "x", "book": sent}
    sink = io.BytesIO()
    pq.write_table(pa.table({name: [bad.get(name, "")] for name in COLUMNS}), sink)
    assert f",'{sent},".encode() in _quarantine(sink.getvalue(), "positions.parquet")


def test_a_corrected_row_with_a_formula_for_a_name_is_what_was_sent() -> None:
    raw = table([{**GOOD_ROWS["equity"], "book": "@BOOK", "quantity": "1,000"}]).encode()
    corrected = _quarantine(raw).replace(b'"1,000"', b"1000", 1)
    assert b",'@BOOK," in corrected
    found = staged("positions", corrected)
    assert found.failures == ()
    assert found.content.texts["book"].texts() == ["@BOOK"]


def test_a_line_end_in_a_cell_of_parquet_stays_in_its_cell() -> None:
    cells = {**GOOD_ROWS["equity"], "position_id": "a\nb", "book": "c\rd"}
    sink = io.BytesIO()
    pq.write_table(pa.table({name: [cells.get(name, "")] for name in COLUMNS}), sink)
    text = _quarantine(sink.getvalue(), "positions.parquet").decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["position_id"], row["book"]) for row in rows] == [("a\nb", "c\rd")]


def test_rows_of_parquet_are_written_as_text() -> None:
    bad = {**GOOD_ROWS["equity"], "quantity": "x"}
    columns = {name: [GOOD_ROWS["equity"].get(name, ""), bad.get(name, "")] for name in COLUMNS}
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    header, row = _quarantine(sink.getvalue(), "positions.parquet").splitlines()
    assert header == HEADER
    assert row.startswith(b"P-equity,CASH,equity,x,USD,")
    assert b",E107 E119," in row
