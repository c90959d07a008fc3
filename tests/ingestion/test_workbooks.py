"""Cells of a workbook become the text that a CSV file would hold."""

from collections.abc import Mapping

import pytest

from riskmill.domain import FileFormat, InputRejected
from tests.ingestion.deliveries import COLUMNS, GOOD_ROWS, HISTORY, staged, table
from tests.ingestion.writers import as_workbook, sheet, workbook

PLACES = {name: place for place, name in enumerate(COLUMNS)}


def _cell(text: str) -> str:
    return f'<c t="str"><v>{text}</v></c>' if text else "<c/>"


def _one_row(cells: Mapping[str, str], texts: str = "", *, since_1904: bool = False) -> bytes:
    """A workbook of one good row, some of its cells given as XML."""
    row = GOOD_ROWS["european_option"]
    header = "".join(_cell(name) for name in COLUMNS)
    body = "".join(cells.get(name, _cell(row.get(name, ""))) for name in COLUMNS)
    return workbook(
        sheet(f"<row>{header}</row>", f'<row r="7">{body}</row>'),
        texts=texts,
        since_1904=since_1904,
    )


CELLS = {
    "number": ("strike", "<c><v>2500.25</v></c>", "2500.25"),
    "whole number": ("strike", "<c><v>2.5E3</v></c>", "2500"),
    "digits of a double": ("strike", "<c><v>0.10000000000000001</v></c>", "0.1"),
    "name of digits": ("position_id", "<c><v>1234567</v></c>", "1234567"),
    "date": ("expiry", '<c s="1"><v>43539</v></c>', "2019-03-15"),
    "ISO date": ("expiry", '<c t="d"><v>2019-03-15T00:00:00</v></c>', "2019-03-15"),
    "formula": ("strike", "<c><f>A1*2</f><v>2500</v></c>", "2500"),
    "formula of text": ("book", '<c t="str"><f>A1</f><v>CASH</v></c>', "CASH"),
    "shared text": ("book", '<c t="s"><v>1</v></c>', "CASH"),
    "runs of text": (
        "book",
        '<c t="inlineStr"><is><r><t>CA</t></r><r><t>SH</t></r></is></c>',
        "CASH",
    ),
    "leading equals sign": ("book", '<c t="inlineStr"><is><t>=CASH</t></is></c>', "=CASH"),
}
TEXTS = "<sst><si><t>other</t></si><si><t>CASH</t><rPh><t>x</t></rPh></si></sst>"


@pytest.mark.parametrize("kind", CELLS)
def test_a_cell_is_read_as_the_text_of_a_csv_file(kind: str) -> None:
    column, xml, text = CELLS[kind]
    found = staged("positions", _one_row({column: xml}, TEXTS), "positions.xlsx")
    expected = staged("positions", table([{**GOOD_ROWS["european_option"], column: text}]))
    assert found.failures == ()
    assert found.content.position_id.tolist() == expected.content.position_id.tolist()
    for name in ("book", "underlying"):
        assert found.content.texts[name].texts() == expected.content.texts[name].texts()
    assert found.content.numbers["strike"].tolist() == expected.content.numbers["strike"].tolist()
    assert found.content.dates["expiry"].tolist() == expected.content.dates["expiry"].tolist()
    assert (found.records.tolist(), found.lines.tolist()) == ([1], [7])


@pytest.mark.parametrize(
    "xml",
    [
        '<c t="e"><v>#N/A</v></c>',
        '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        "<c><f>A1*2</f></c>",
        '<c t="str"><v>#REF!</v></c>',
    ],
)
def test_an_error_or_an_uncalculated_formula_is_rejected_even_where_empty_would_do(
    xml: str,
) -> None:
    found = staged("positions", _one_row({"multiplier": xml}), "positions.xlsx")
    (failure, *_) = found.failures
    assert (failure.code, failure.column, failure.record, failure.line) == (
        "E134",
        "multiplier",
        1,
        7,
    )
    assert len(found.records) == 0


def test_dates_of_workbooks_that_count_from_1904_are_right() -> None:
    raw = _one_row({"expiry": '<c s="1"><v>42077</v></c>'}, since_1904=True)
    found = staged("positions", raw, "positions.xlsx")
    assert found.content.dates["expiry"].astype(str).tolist() == ["2019-03-15"]


def test_a_named_sheet_is_read_and_another_one_is_not() -> None:
    file = as_workbook([COLUMNS, [GOOD_ROWS["equity"].get(name, "") for name in COLUMNS]])
    only = FileFormat(kind="xlsx", sheet="s1")
    assert staged("positions", file.raw, file.name, only).rows == 1
    with pytest.raises(InputRejected) as refusal:
        staged("positions", file.raw, file.name, FileFormat(kind="xlsx", sheet="S1"))
    assert refusal.value.code == "E040"
    assert "'s1'" in refusal.value.message


def test_a_history_is_read_from_a_workbook() -> None:
    cells = [line.split(",") for line in HISTORY.splitlines()]
    found = staged("history", as_workbook(cells).raw, "history.xlsx")
    expected = staged("history", HISTORY)
    assert found.failures == ()
    assert found.content.dates == expected.content.dates
    assert found.content.values.tolist() == expected.content.values.tolist()


@pytest.mark.parametrize("raw", [b"", b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 100])
def test_what_is_no_workbook_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRejected) as refusal:
        staged("positions", raw, "positions.xlsx")
    assert refusal.value.code in ("E022", "E038")
