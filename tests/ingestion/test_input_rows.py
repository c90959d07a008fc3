"""The row behind a position is the accepted one, every cell as it was sent."""

from dataclasses import replace

import pytest

from riskmill.domain import InputRejected, InputRow
from riskmill.ingestion import DeliveredPositions, StagedFile, input_rows
from tests.ingestion.deliveries import GOOD_ROWS, staged, table

EQUITY = GOOD_ROWS["equity"]


def rows(ids: list[str], *raws: bytes) -> tuple[InputRow, ...]:
    parts: list[StagedFile] = [
        staged("positions", raw, f"positions-{number}.csv") for number, raw in enumerate(raws)
    ]
    rejected = {
        part.entry.name: {f.record for f in part.failures if f.record is not None} for part in parts
    }
    files = [
        DeliveredPositions(entry=part.entry, chunks=lambda raw=raw: [raw])
        for part, raw in zip(parts, raws, strict=True)
    ]
    return input_rows(files, ids, lambda entry: rejected[entry.name])


def sent(*cells: dict[str, str]) -> bytes:
    return table([{**EQUITY, **own} for own in cells]).encode()


def test_cells_are_as_sent_and_empty_ones_left_out():
    hostile = '<b>"=1+1"</b> \u202e'
    raw = sent({"position_id": "A"}, {"position_id": hostile, "quantity": "+1,000"})
    (row,) = rows(["A"], raw)
    assert (row.file, row.record, row.line) == ("positions-0.csv", 1, 2)
    assert dict(row.fields)["quantity"] == EQUITY["quantity"]
    assert all(text for _, text in row.fields)
    assert "strike" not in dict(row.fields)


def test_a_row_that_was_rejected_is_never_shown():
    raw = sent({"position_id": "A", "quantity": "1"}, {"position_id": "A", "quantity": "7"})
    (row,) = rows(["A"], raw)
    assert (row.record, dict(row.fields)["quantity"]) == (1, "1")


def test_the_last_file_that_holds_a_position_counts():
    first = sent({"position_id": "A", "quantity": "1"}, {"position_id": "B", "quantity": "2"})
    second = sent({"position_id": "B", "quantity": "3"})
    found = rows(["B", "A"], first, second)
    assert [(row.position_id, row.file, dict(row.fields)["quantity"]) for row in found] == [
        ("B", "positions-1.csv", "3"),
        ("A", "positions-0.csv", "1"),
    ]


def test_an_id_without_a_row_is_left_out_and_no_file_is_read_for_none():
    assert rows(["Z"], sent({"position_id": "A"})) == ()
    broken = replace(staged("positions", sent({"position_id": "A"}), "p.csv").entry, sha256="0")
    files = [DeliveredPositions(entry=broken, chunks=lambda: [b"no csv"])]
    assert input_rows(files, [], lambda _: set()) == ()


def test_a_file_that_changed_since_it_was_announced_is_refused():
    raw = sent({"position_id": "A"})
    entry = staged("positions", raw, "p.csv").entry
    files = [DeliveredPositions(entry=entry, chunks=lambda: [raw.replace(b"-2.5", b"-3.5")])]
    with pytest.raises(InputRejected) as refused:
        input_rows(files, ["A"], lambda _: set())
    assert refused.value.code == "E021"
