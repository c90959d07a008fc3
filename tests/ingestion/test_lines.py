"""Records are found in bytes as the csv module finds them, and a lost quote stays local."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from riskmill.ingestion.lines import decoded, read_windows

CELLS = st.text(alphabet='ab,"\n\ré ', max_size=8)
ROWS = st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=12)
LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])


def _records(raw: bytes) -> list[bytes]:
    found = find_records(raw)
    return [raw[a:b] for a, b in zip(found.starts.tolist(), found.ends.tolist(), strict=True)]


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
    assert not find_records(raw).misquoted.any()


@given(st.lists(st.sampled_from(["a,b,c", "", "1,2", "é"]), max_size=20), LINE_ENDS, st.booleans())
def test_a_record_is_a_line_that_is_not_blank(lines: list[str], end: str, last: bool) -> None:
    raw = (end.join(lines) + (end if last else "")).encode()
    assert _records(raw) == [line.encode() for line in lines if line]
    physical = [number for number, line in enumerate(lines, 1) if line]
    assert find_records(raw).lines.tolist() == physical


def test_a_byte_order_mark_is_no_part_of_the_first_record() -> None:
    assert _records(b"\xef\xbb\xbfa,b\n1,2\n") == [b"a,b", b"1,2"]


def test_a_lost_quote_costs_its_own_line_only() -> None:
    raw = b'a,b\n1,"2\n3,4\n5,6\n'
    found = find_records(raw)
    assert _records(raw) == [b"a,b", b'1,"2', b"3,4", b"5,6"]
    assert found.misquoted.tolist() == [False, True, False, False]


def test_two_lost_quotes_do_not_swallow_the_rows_between_them() -> None:
    raw = b'a,b\n1,"2\n3,4\n5,"6\n7,8\n'
    assert find_records(raw).misquoted.tolist() == [False, True, False, True, False]


@given(st.binary(max_size=80))
def test_decoding_keeps_every_offset_and_gives_utf8(raw: bytes) -> None:
    text = decoded(raw)
    assert len(text) == len(raw)
    text.decode()
    assert all(a in (b, 0x1A) for a, b in zip(text, raw, strict=True))


@given(st.text(max_size=40))
def test_decoding_leaves_utf8_as_it_is(text: str) -> None:
    assert decoded(text.encode()) == text.encode()
