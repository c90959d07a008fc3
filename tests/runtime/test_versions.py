"""Corrections and carried files: the result is that of a whole delivery, and the report says so."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from riskmill.domain import InputRejected, UsageError
from riskmill.runtime import (
    RunOutcome,
    list_runs,
    preview,
    start_run,
    validate,
    write_follow_up,
)
from tests.runtime.inboxes import (
    FRIDAY,
    QUICK,
    V1,
    V2,
    V3,
    Manifest,
    edit,
    entry,
    lenient,
    place,
    spoil_two_rows,
    write,
)

SAME = ("figures.parquet", "vectors.parquet")


def carried(name: str, batch_id: str) -> Callable[[Manifest], object]:
    return lambda manifest: entry(manifest, name).update(carried_from=batch_id)


def strip_of(outcome: RunOutcome) -> list[str]:
    report = json.loads(outcome.report.with_name("report.json").read_text(encoding="utf-8"))
    return [note["sentence"] for note in report["strip"]["delivery"]]


@pytest.fixture
def inbox(sample_batch: Path, tmp_path: Path) -> Path:
    """An inbox whose first version has two bad rows."""
    spoil_two_rows(place(sample_batch, tmp_path / "in", V1))
    return tmp_path / "in"


def quarantined(outcome: RunOutcome, out: Path) -> bytes:
    (path,) = (out / "quarantine" / outcome.batch_id / outcome.run_id).glob("positions.csv")
    return path.read_bytes()


def mended(quarantine: bytes, good: bytes) -> bytes:
    """A quarantine file in which the first two rows have their true cells again."""
    header, *rows = quarantine.splitlines()
    true = good.splitlines()[1:3]
    reasons = [b",E1" + row.partition(b",E1")[2] for row in rows]
    return b"\n".join([header, *(a + b for a, b in zip(true, reasons, strict=True))]) + b"\n"


def test_a_corrected_quarantine_file_dropped_as_it_is_equals_a_whole_redelivery(
    inbox: Path, sample_batch: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = start_run(inbox / V1, out, QUICK)
    assert first.summary.rejected == 2
    (inbox / V2).mkdir()
    good = (sample_batch / "positions.csv").read_bytes()
    (inbox / V2 / "positions.csv").write_bytes(mended(quarantined(first, out), good))
    write_follow_up(inbox / V2, supersedes="v001")
    amended = start_run(inbox / V2, out, QUICK)

    whole = place(sample_batch, tmp_path / "whole", V1)
    redelivered = start_run(whole, out, QUICK)
    for name in SAME:
        assert amended.report.with_name(name).read_bytes() == (
            redelivered.report.with_name(name).read_bytes()
        )
        assert amended.report.with_name(name).read_bytes() != (
            first.report.with_name(name).read_bytes()
        )
    assert amended.summary.rejected == redelivered.summary.rejected == 0
    assert amended.summary.status == redelivered.summary.status
    assert len({first.run_id, amended.run_id, redelivered.run_id}) == 3
    notes = strip_of(amended)
    assert notes[0] == f"This batch corrects and supersedes {V1}."
    assert notes[1].endswith(f"unchanged since {V1}.")
    assert notes[2].startswith("positions.csv amends the positions: its 2")


def test_a_correction_of_a_correction_carries_both(
    inbox: Path, sample_batch: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    header, first, second, *_ = (sample_batch / "positions.csv").read_bytes().splitlines(True)
    for version, row in ((V2, first), (V3, second)):
        (inbox / version).mkdir()
        drafted = header.rstrip() + b",_origin\n" + row.rstrip() + b",\n"
        (inbox / version / "positions.csv").write_bytes(drafted)
        earlier = "v001" if version == V2 else "v002"
        write_follow_up(inbox / version, supersedes=earlier)
    found = validate(inbox / V3)
    rows = [(file.name, file.rows) for file in found.files if file.dataset == "positions"]
    whole = start_run(place(sample_batch, tmp_path / "whole", V1), out, QUICK)
    third = start_run(inbox / V3, out, QUICK)
    assert [name for name, _ in rows] == [
        "positions.v001.csv",
        "positions.v002.csv",
        "positions.csv",
    ]
    vectors = "vectors.parquet"
    assert third.report.with_name(vectors).read_bytes() == (
        whole.report.with_name(vectors).read_bytes()
    )
    assert third.summary.rejected == 1  # the row without a readable id was sent again, not mended


def test_the_superseded_run_is_marked_and_stays(
    inbox: Path, sample_batch: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = start_run(inbox / V1, out, QUICK)
    limits = (sample_batch / "limits.csv").read_bytes()
    (inbox / V2).mkdir()
    (inbox / V2 / "limits.csv").write_bytes(limits)
    write_follow_up(inbox / V2, supersedes="v001")
    second = start_run(inbox / V2, out, QUICK)
    marks = {run.run_id: run.superseded_by for run in list_runs(out)}
    assert marks == {first.run_id: V2, second.run_id: ""}
    assert start_run(inbox / V1, out, QUICK).state == "already finished"


def test_a_named_earlier_file_is_carried_forward_and_the_headline_says_so(
    sample_batch: Path, tmp_path: Path
) -> None:
    friday = place(sample_batch, tmp_path / "in", FRIDAY)
    monday = place(sample_batch, tmp_path / "in", V1)
    (monday / "limits.csv").unlink()
    edit(monday, carried("limits.csv", FRIDAY))
    outcome = start_run(monday, tmp_path / "out", QUICK)
    said = f"limits.csv carried forward from {FRIDAY}."
    assert strip_of(outcome) == [said]
    assert said in outcome.report.read_text(encoding="utf-8")
    assert outcome.summary.notes == (said,)
    ack = json.loads(next((tmp_path / "out").rglob("ack.json")).read_text(encoding="utf-8"))
    assert [f["carried_from"] for f in ack["files"] if f["name"] == "limits.csv"] == [FRIDAY]
    assert validate(monday).refusal is None
    assert preview(monday, QUICK).run_id == outcome.run_id

    (friday / "limits.csv").write_bytes(
        (friday / "limits.csv").read_bytes().replace(b"0.9", b"0.8")
    )
    with pytest.raises(InputRejected) as refused:
        start_run(monday, tmp_path / "out-2", QUICK)
    assert refused.value.code == "E021"


def test_a_carried_file_that_is_not_there_refuses_the_batch(
    sample_batch: Path, tmp_path: Path
) -> None:
    monday = place(sample_batch, tmp_path / "in", V1)
    edit(monday, carried("limits.csv", FRIDAY))
    with pytest.raises(InputRejected) as refused:
        start_run(monday, tmp_path / "out", QUICK)
    assert refused.value.code == "E521"


def test_a_batch_outside_of_an_inbox_can_carry_nothing(own_batch: Path, tmp_path: Path) -> None:
    edit(own_batch, carried("limits.csv", FRIDAY))
    with pytest.raises(InputRejected) as refused:
        start_run(own_batch, tmp_path / "out", QUICK)
    assert refused.value.code == "E522"
    refusal = validate(own_batch).refusal
    assert refusal is not None
    assert refusal.code == "E522"


def test_a_correction_of_nothing_is_refused(sample_batch: Path, tmp_path: Path) -> None:
    second = place(sample_batch, tmp_path / "in", V2)
    edit(second, lambda manifest: manifest.update(version="v002", supersedes="v001"))
    with pytest.raises(InputRejected) as refused:
        start_run(second, tmp_path / "out", QUICK)
    assert refused.value.code == "E525"
    refusal = validate(second).refusal
    assert refusal is not None
    assert refusal.code == "E525"


def test_an_order_of_rows_that_differs_gives_the_same_figures(
    sample_batch: Path, own_batch: Path, tmp_path: Path
) -> None:
    header, *rows = (own_batch / "positions.csv").read_bytes().splitlines(True)
    write(own_batch, "positions.csv", b"".join([header, *rows[::-1]]))
    edit(own_batch, lenient)
    one = start_run(sample_batch, tmp_path / "out", QUICK)
    other = start_run(own_batch, tmp_path / "out", QUICK)
    assert one.run_id != other.run_id
    for name in SAME:
        assert one.report.with_name(name).read_bytes() == other.report.with_name(name).read_bytes()


def test_a_follow_up_needs_a_closed_version_beside_it(own_batch: Path) -> None:
    (own_batch / "manifest.json").unlink()
    with pytest.raises(UsageError) as refused:
        write_follow_up(own_batch, supersedes="v001")
    assert refused.value.code == "E617"
