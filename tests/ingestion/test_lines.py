"""Records are found in bytes as the csv module finds them, and a lost quote stays local."""

import csv
import io
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.ingestion.lines import BLOCK_BYTES, LONGEST_KEPT, decoded, read_windows

CELLS = st.text(alphabet='ab,"\n\ré ', max_size=8)
ROWS = st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=12)
LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@dataclass(frozen=True)
class Found:
    records: list[bytes]
    lines: list[int]
    misquoted: list[bool]


def _found(raw: bytes, size: int = 1_000_000, chunk: int = 1_000_000) -> Found:
    """Every record, by windows of about *size* bytes over chunks of *chunk*."""
    records, lines, misquoted = list[bytes](), list[int](), list[bool]()
    chunks = (raw[at : at + chunk] for at in range(0, len(raw), chunk))
    for window in read_windows(chunks, size=size):
        assert window.first == len(records)
        records += [window.record(place) for place in range(len(window.records))]
        lines += window.records.lines.tolist()
        misquoted += window.records.misquoted.tolist()
    return Found(records, lines, misquoted)


def _records(raw: bytes) -> list[bytes]:
    return _found(raw).records


def _written(rows: list[list[str]], end: str) -> list[bytes]:
    """Each row as bytes, every cell in quotes."""
    written = []
    for row in rows:
        text = io.StringIO()
        csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="").writerow(row)
        written.append(text.getvalue().encode())
    return written


@given(ROWS, LINE_ENDS)
def test_quoted_cells_may_hold_line_ends_and_commas(rows: list[list[str]], end: str) -> None:
    written = _written(rows, end)
    header = b"a,b,c"
    raw = end.encode().join([header, *written])
    assert _records(raw) == [header, *written]
    assert not any(_found(raw).misquoted)


@given(st.lists(st.sampled_from(["a,b,c", "", "1,2", "é"]), max_size=20), LINE_ENDS, st.booleans())
def test_a_record_is_a_line_that_is_not_blank(lines: list[str], end: str, last: bool) -> None:
    raw = (end.join(lines) + (end if last else "")).encode()
    assert _records(raw) == [line.encode() for line in lines if line]
    physical = [number for number, line in enumerate(lines, 1) if line]
    assert _found(raw).lines == physical


def test_a_byte_order_mark_is_no_part_of_the_first_record() -> None:
    assert _records(b"\xef\xbb\xbfa,b\n1,2\n") == [b"a,b", b"1,2"]


def test_a_lost_quote_costs_its_own_line_only() -> None:
    raw = b'a,b\n1,"2\n3,4\n5,6\n'
    found = _found(raw)
    assert found.records == [b"a,b", b'1,"2', b"3,4", b"5,6"]
    assert found.misquoted == [False, True, False, False]


def test_two_lost_quotes_do_not_swallow_the_rows_between_them() -> None:
    raw = b'a,b\n1,"2\n3,4\n5,"6\n7,8\n'
    assert _found(raw).misquoted == [False, True, False, True, False]


@given(
    st.lists(st.sampled_from(["a,b\n", '"a\n', 'b",c\r\n', '"x""y",', "\n", "\r", '"', "é,1\n"])),
    st.integers(4, 40),
    st.integers(1, 40),
)
def test_records_do_not_depend_on_chunks_and_windows(
    pieces: list[str], size: int, chunk: int
) -> None:
    raw = ("a,b\n" + "".join(pieces)).encode()
    assert _found(raw, size, chunk) == _found(raw)


def test_a_quoted_cell_may_run_over_a_hundred_lines_and_many_windows() -> None:
    row = b'1,"' + b"\n".join([b"x" * 50] * 100) + b'"'
    raw = b"a,b\n" + row + b"\n3,4\n"
    assert _found(raw, size=64).records == [b"a,b", row, b"3,4"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_line_that_is_too_long_is_cut_and_the_next_one_is_whole(end: bytes) -> None:
    long = b"x" * (LONGEST_KEPT + 3 * BLOCK_BYTES)
    found = _found(end.join([b"a,b", long, b"3,4", b""]), size=BLOCK_BYTES)
    assert [len(record) for record in found.records][::2] == [3, 3]
    assert LONGEST_KEPT <= len(found.records[1]) < len(long)
    assert found.lines == [1, 2, 3]


@given(st.binary(max_size=80))
def test_decoding_keeps_every_offset_and_gives_utf8(raw: bytes) -> None:
    text = decoded(raw)
    assert len(text) == len(raw)
    text.decode()
    assert all(a in (b, 0x1A) for a, b in zip(text, raw, strict=True))


@given(st.text(max_size=40))
def test_decoding_leaves_utf8_as_it_is(text: str) -> None:
    assert decoded(text.encode()) == text.encode()


@pytest.mark.parametrize("column", range(6))
def test_quotes_lost_in_one_column_of_two_lines_swallow_nothing_between(column: int) -> None:
    opens, closes = ["1", "2", "3", "4", "5", "6"], ["1", "2", "3", "4", "5", "6"]
    opens[column], closes[column] = '"x', 'x"'
    lines = ["a,b,c,d,e,f", ",".join(opens), "1,2,3,4,5,6", '1,"2,2",3,4,5,6', ",".join(closes)]
    found = _found("\n".join(lines).encode())
    assert found.records == [line.encode() for line in lines]
    assert found.misquoted == [False, True, False, False, False]


def test_a_long_text_over_two_lines_stays_one_cell_of_a_wide_record() -> None:
    record = b'1,2,3,"one, two\nthree, four, five",5,6'
    assert _records(b"a,b,c,d,e,f\n" + record + b"\n1,2,3,4,5,6") == [
        b"a,b,c,d,e,f", record, b"1,2,3,4,5,6",
    ]  # fmt: skip
