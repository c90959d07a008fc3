"""Cells that begin as a formula are data; what riskmill writes shows them as text."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.domain import FORMULA, Failure, FailureReason, shown_as_text
from riskmill.ingestion import quarantine_csv, rejects_csv
from riskmill.ingestion.foreign.conversion import written
from tests.ingestion.deliveries import GOOD_ROWS, staged, table


@pytest.mark.parametrize("cell", ["-1", "+1.5", "-.5e-7", "1e6", "", "A=1", "SPX-FRONT", "'=1"])
def test_numbers_and_ordinary_texts_stay_as_they_are(cell: str) -> None:
    assert shown_as_text(cell) == cell


@pytest.mark.parametrize(
    "cell", ["=1+1", "+A1", "-A1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "=", "-", "+1 "]
)
def test_what_a_spreadsheet_would_calculate_is_text(cell: str) -> None:
    assert shown_as_text(cell) == f"'{cell}"


@given(st.lists(st.text(), min_size=1, max_size=3), st.sampled_from(FORMULA))
def test_no_written_cell_begins_as_a_formula(texts: list[str], first: str) -> None:
    columns = [str(place) for place in range(len(texts))]
    row = {column: first + text for column, text in zip(columns, texts, strict=True)}
    read = list(csv.reader(io.StringIO(written(columns, [row]).decode(), newline="")))
    for cell in read[1]:
        assert not cell.startswith(FORMULA) or float(cell) == float(cell)


def test_a_listing_of_rejects_calculates_nothing() -> None:
    failure = Failure(
        code="E121",
        reason=FailureReason.INVALID_VALUE,
        message="=cmd|' /C calc'!A0",
        file="@positions.csv",
        subject="+1+1",
        column="-book",
        value="\t=1",
    )
    (row,) = csv.DictReader(io.StringIO(rejects_csv([failure]).decode(), newline=""))
    assert not any(cell.startswith(FORMULA) for cell in row.values())


def test_a_quarantined_row_calculates_nothing_and_its_reasons_are_text() -> None:
    formula = '=HYPERLINK("http://localhost")'
    raw = table([{**GOOD_ROWS["equity"], "quantity": "@x", "position_id": formula}]).encode()
    found = staged("positions", raw)
    quarantined = quarantine_csv(found.entry, raw, found.failures)
    (row,) = csv.DictReader(io.StringIO(quarantined.decode()))
    assert (row["position_id"], row["quantity"]) == (f"'{formula}", "'@x")
    assert not any(row[column].startswith(FORMULA) for column in ("_codes", "_messages"))


def test_a_formula_is_a_good_name() -> None:
    raw = table([{**GOOD_ROWS["equity"], "position_id": "=1+1"}]).encode()
    found = staged("positions", raw)
    assert found.failures == ()
