"""A file that amends positions gives what a whole file of the merged rows gives."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmill.domain import (
    DATE_COLUMNS,
    NUMBER_COLUMNS,
    TEXT_COLUMNS,
    BatchFile,
    BatchPolicy,
    PositionTable,
)
from riskmill.ingestion import (
    AcceptedBatch,
    DeliveredPositions,
    StagedFile,
    quarantine_csv,
    reconcile,
    replaced_rows,
)
from tests.ingestion.deliveries import GOOD_ROWS, MANIFEST, TEXTS, Row, staged, table

LENIENT = BatchPolicy(max_bad_rows=1000, max_bad_notional_pct=100.0)
EQUITY = GOOD_ROWS["equity"]


def amended_batch(*files: str | bytes, policy: BatchPolicy = LENIENT) -> AcceptedBatch:
    """Reconcile a batch whose first file of positions is amended by the others in turn."""
    raws = [file if isinstance(file, bytes) else file.encode() for file in files]
    parts: list[StagedFile] = []
    for number, raw in enumerate(raws):
        part = staged("positions", raw, f"positions-{number}.csv")
        if number:
            part = replace(part, entry=replace(part.entry, mode="amend"))
            files = [*(one.entry for one in parts), part.entry]
            delivered = [delivered_positions(*file) for file in zip(files, raws, strict=False)]
            part = replace(part, replaces=replaced_rows(delivered))
        parts.append(part)
    parts += [staged(dataset, text) for dataset, text in TEXTS.items() if dataset != "positions"]
    manifest = replace(MANIFEST, policy=policy, files=tuple(part.entry for part in parts))
    return reconcile(manifest, parts)


def delivered_positions(entry: BatchFile, raw: bytes) -> DeliveredPositions:
    return DeliveredPositions(entry=entry, chunks=lambda: [raw])


def quarantined(raw: bytes, name: str = "positions-0.csv") -> bytes:
    found = staged("positions", raw, name)
    return quarantine_csv(found.entry, raw, found.failures)


def owned(position_id: str, **cells: str) -> Row:
    return {**EQUITY, "position_id": position_id, **cells}


def same_positions(one: PositionTable, other: PositionTable) -> bool:
    return (
        one.position_id.tolist() == other.position_id.tolist()
        and all(one.texts[c].texts() == other.texts[c].texts() for c in TEXT_COLUMNS)
        and all(
            np.array_equal(one.numbers[c], other.numbers[c], equal_nan=True) for c in NUMBER_COLUMNS
        )
        and all(np.array_equal(one.dates[c], other.dates[c], equal_nan=True) for c in DATE_COLUMNS)
    )


def refused_places(batch: AcceptedBatch) -> list[tuple[str, int | None, str]]:
    return [(failure.file, failure.record, failure.code) for failure in batch.failures]


def test_a_row_of_the_same_id_replaces_a_good_one_and_others_are_added() -> None:
    base = table([owned("A", quantity="1"), owned("B", quantity="2")])
    batch = amended_batch(base, table([owned("B", quantity="5"), owned("C", quantity="7")]))
    assert batch.positions.position_id.tolist() == ["A", "B", "C"]
    assert batch.positions.numbers["quantity"].tolist() == [1.0, 5.0, 7.0]
    assert [file.rows for file in batch.inputs[:2]] == [1, 2]
    assert batch.failures == ()


def test_a_corrected_quarantine_file_mends_the_rows_that_it_came_from() -> None:
    base = table([owned("A"), owned("B", quantity="x"), owned("A", quantity="9"), owned("D")])
    ragged = base + "E,CASH\n"
    corrected = (
        quarantined(ragged.encode())
        .replace(b",x,", b",3,")
        .replace(b"A,CASH,equity,9", b"A2,CASH,equity,9")
        .replace(b"E,CASH,E101", table([owned("E")]).splitlines()[1].encode() + b",E101")
    )
    batch = amended_batch(ragged, corrected)
    assert batch.positions.position_id.tolist() == ["A", "A2", "B", "D", "E"]
    assert batch.failures == ()
    assert sum(file.rows for file in batch.inputs if file.dataset == "positions") == 5


def test_a_row_that_is_not_corrected_stays_rejected_where_it_is() -> None:
    base = table([owned("A"), owned("B", quantity="x"), owned("C", book="")])
    amending = table([owned("B", quantity="3")])
    assert refused_places(amended_batch(base, amending)) == [("positions-0.csv", 3, "E106")]


def test_a_row_corrected_wrongly_takes_the_good_one_out() -> None:
    base = table([owned("A"), owned("B")])
    batch = amended_batch(base, table([owned("B", quantity="x")]))
    assert batch.positions.position_id.tolist() == ["A"]
    assert refused_places(batch) == [("positions-1.csv", 1, "E107")]


def test_rules_across_files_name_the_file_that_the_row_is_in() -> None:
    batch = amended_batch(table([owned("A", book="X")]), table([owned("B", book="Y"), owned("C")]))
    assert refused_places(batch) == [
        ("positions-0.csv", 1, "E201"),
        ("positions-1.csv", 1, "E201"),
    ]


def test_what_is_named_last_counts() -> None:
    base = table([owned("A", quantity="1")])
    batch = amended_batch(
        base, table([owned("A", quantity="2")]), table([owned("A", quantity="3")])
    )
    assert batch.positions.numbers["quantity"].tolist() == [3.0]
    assert [file.rows for file in batch.inputs[:3]] == [0, 0, 1]


def test_the_rejected_share_of_notional_is_that_of_the_merged_rows() -> None:
    base = table([owned("A", notional="50"), owned("B", notional="50", quantity="x")])
    strict = BatchPolicy(max_bad_rows=9, max_bad_notional_pct=0.0)
    mended = amended_batch(base, table([owned("B", notional="50")]), policy=strict)
    assert mended.refusal is None
    refusal = amended_batch(base, table([owned("C", notional="50")]), policy=strict).refusal
    assert refusal is not None
    assert (refusal.code, refusal.message.split(" %")[0]) == ("E212", "33.33")


def test_an_origin_of_another_file_or_beyond_the_last_record_mends_nothing() -> None:
    base = table([owned("A"), owned("B", quantity="x")])
    digest = staged("positions", base).entry.sha256[:16]
    rows = table([{**owned("C"), "_origin": f"record 1 of {'0' * 16}"}], (*EQUITY, "_origin"))
    beyond = rows.replace("0" * 16, digest).replace("record 1 ", "record 99999999999999999 ")
    for amending in (rows, beyond):
        assert amended_batch(base, amending).positions.position_id.tolist() == ["A", "C"]


_IDS = st.sampled_from(["A", "B", "C", "D", "E"])
_ROWS = st.lists(
    st.builds(
        lambda name, quantity, book: owned(name, quantity=quantity, book=book),
        _IDS,
        st.sampled_from(["1", "2", "x"]),
        st.sampled_from(["CASH", "OTHER", "LOST"]),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda row: row["position_id"],
)


def merged(base: Sequence[Row], amending: Sequence[Row]) -> list[Row]:
    later = {row["position_id"] for row in amending}
    return [*(row for row in base if row["position_id"] not in later), *amending]


@settings(max_examples=60)
@given(_ROWS, _ROWS, _ROWS)
def test_amendments_equal_a_whole_file_of_the_merged_rows(
    base: list[Row], first: list[Row], second: list[Row]
) -> None:
    whole = amended_batch(table(merged(merged(base, first), second)))
    parts = amended_batch(table(base), table(first), table(second))
    assert same_positions(parts.positions, whole.positions)
    assert sorted(f.subject + f.code for f in parts.failures) == sorted(
        f.subject + f.code for f in whole.failures
    )
    for found in (parts, whole):
        assert (found.refusal is None) == bool(len(whole.positions))
    rows, rejected = (
        [sum(getattr(f, name) for f in found.inputs) for found in (parts, whole)]
        for name in ("rows", "rejected")
    )
    assert rows[0] == rows[1]
    assert rejected[0] == rejected[1]
