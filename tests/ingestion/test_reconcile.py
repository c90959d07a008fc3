"""Across files: order, references, totals, policy, warnings."""

from dataclasses import replace
from decimal import Decimal

import pytest

from riskmill.domain import BatchPolicy, InputRejected, QuarantineOverPolicy, Severity
from riskmill.ingestion import AcceptedBatch, reconcile
from tests.ingestion.deliveries import (
    GOOD_ROWS,
    HIERARCHY,
    HISTORY,
    LIMITS,
    MANIFEST,
    POSITIONS,
    PROXIES,
    TEXTS,
    batch,
    staged,
    table,
)

LENIENT = BatchPolicy(max_bad_rows=100, max_bad_notional_pct=100.0)


def _rejected(found: AcceptedBatch) -> dict[str, int]:
    return {file.dataset: file.rejected for file in found.inputs if file.rejected}


def _with_total(text: str, total: str) -> AcceptedBatch:
    parts = [staged(dataset, file) for dataset, file in {**TEXTS, "positions": text}.items()]
    entry = replace(parts[0].entry, control_totals={"USD": Decimal(total)})
    parts[0] = replace(parts[0], entry=entry)
    files = tuple(part.entry for part in parts)
    return reconcile(replace(MANIFEST, files=files, policy=LENIENT), parts)


def test_positions_are_sorted_by_book_instrument_and_id() -> None:
    rows = [
        {**GOOD_ROWS["equity"], "position_id": name, "book": book}
        for name, book in (("b", "OTHER"), ("a", "CASH"), ("é", "CASH"), ("Z", "CASH"))
    ]
    rows.append({**GOOD_ROWS["commodity_future"], "position_id": "z"})
    positions = batch({"positions": table(rows)}).positions
    assert positions.position_id.tolist() == ["z", "Z", "a", "é", "b"]


def test_the_order_of_the_files_changes_nothing() -> None:
    parts = [staged(dataset, text) for dataset, text in TEXTS.items()]
    manifest = replace(MANIFEST, files=tuple(part.entry for part in parts))
    one, other = reconcile(manifest, parts), reconcile(manifest, parts[::-1])
    assert one.inputs == other.inputs
    assert one.failures == other.failures
    assert one.positions.position_id.tolist() == other.positions.position_id.tolist()


def test_optional_files_may_be_missing() -> None:
    needed = ("positions", "market", "history", "hierarchy")
    parts = [staged(dataset, TEXTS[dataset]) for dataset in needed]
    found = reconcile(replace(MANIFEST, files=tuple(p.entry for p in parts)), parts)
    assert (found.refusal, found.limits, found.market.proxies) == (None, (), ())


def test_a_position_in_an_unknown_book_is_rejected_with_its_place() -> None:
    lost = {**GOOD_ROWS["equity"], "position_id": "LOST", "book": "NOWHERE"}
    found = batch({"positions": table([lost, *GOOD_ROWS.values()])})
    (failure,) = found.failures
    assert (failure.code, failure.record, failure.line) == ("E201", 1, 2)
    assert (failure.subject, failure.value) == ("LOST", "NOWHERE")
    assert len(found.positions) == len(GOOD_ROWS)
    assert _rejected(found) == {"positions": 1}


def test_a_book_that_is_rejected_takes_its_positions_with_it() -> None:
    found = batch({"hierarchy": HIERARCHY.replace("CASH,book,DESK", "CASH,book,GONE")})
    assert {failure.code for failure in found.failures} == {"E132", "E201"}
    assert found.refusal is not None
    assert found.refusal.code == "E207"


def test_limits_and_proxies_that_cannot_be_used_are_taken_out() -> None:
    found = batch(
        {
            "limits": LIMITS.replace("L-1,FIRM", "L-1,GONE").replace("1000000,USD", "1,EUR"),
            "proxies": PROXIES.replace("EQ:AAPL", "VOL:VIX") + "CO:WTI,none,1,held\n",
        }
    )
    assert [limit.limit_id for limit in found.limits] == ["L-2"]
    assert [proxy.factor for proxy in found.market.proxies] == ["CO:WTI"]
    assert _rejected(found) == {"limits": 1, "proxies": 1}
    assert sorted(f.code for f in found.failures) == ["E202", "E203", "E204"]


def test_failures_stand_in_the_order_of_files_and_records() -> None:
    rows = [
        {**GOOD_ROWS["equity"], "position_id": "1", "book": "NOWHERE"},
        {**GOOD_ROWS["equity"], "position_id": "2", "quantity": "x"},
        {**GOOD_ROWS["equity"], "position_id": "3"},
    ]
    found = batch({"positions": table(rows), "limits": LIMITS.replace("FIRM", "GONE")})
    assert [(f.code, f.record) for f in found.failures] == [("E201", 1), ("E107", 2), ("E202", 1)]


def test_a_control_total_is_compared_to_the_last_digit() -> None:
    assert _with_total(POSITIONS, "15003.75").refusal is None
    refusal = _with_total(POSITIONS, "9002.26").refusal
    assert refusal is not None
    assert refusal.code == "E206"
    assert "9002.26" in refusal.message


def test_a_total_with_an_unreadable_row_is_a_warning() -> None:
    found = _with_total(POSITIONS + "ragged\n", "10002.50")
    assert found.refusal is None
    assert [f.code for f in found.failures] == ["E101", "W303"]
    assert found.failures[-1].severity is Severity.WARNING


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        (BatchPolicy(max_bad_rows=1, max_bad_notional_pct=50.0), None),
        (BatchPolicy(max_bad_rows=0, max_bad_notional_pct=50.0), "E211"),
        (BatchPolicy(max_bad_rows=1, max_bad_notional_pct=6.0), "E212"),
        (BatchPolicy(max_bad_rows=1, max_bad_notional_pct=50.0, on_bad="fail"), "E210"),
    ],
)
def test_the_policy_decides_how_much_bad_data_is_let_through(
    policy: BatchPolicy, code: str | None
) -> None:
    bad = {**GOOD_ROWS["equity"], "position_id": "BAD", "quantity": "0"}
    found = batch({"positions": table([*GOOD_ROWS.values(), bad])}, policy)
    assert (found.refusal.code if found.refusal else None) == code
    assert code is None or isinstance(found.refusal, QuarantineOverPolicy)
    assert [f.code for f in found.failures] == ["E111"]


def test_a_warning_rejects_nothing() -> None:
    strict = BatchPolicy(on_bad="fail")
    found = batch({"history": HISTORY.replace("157.74", "158")}, strict)
    assert [(f.code, f.subject) for f in found.failures] == [("W301", "EQ:AAPL")]
    assert found.refusal is None


def test_a_snapshot_that_differs_by_rounding_is_no_warning() -> None:
    assert batch({"history": HISTORY.replace("157.74", "157.7400001")}).failures == ()


def test_more_unknown_books_than_can_be_told_refuse_the_batch() -> None:
    rows = [
        {**GOOD_ROWS["equity"], "position_id": str(n), "book": "NOWHERE"} for n in range(100_001)
    ]
    with pytest.raises(InputRejected) as refusal:
        batch({"positions": table(rows, list(rows[0]))})
    assert refusal.value.code == "E031"
