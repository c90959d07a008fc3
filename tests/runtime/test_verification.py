"""Verification finds every byte that is not as it was written, and says where."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from riskmill.domain import UsageError
from riskmill.runtime import sign_run, verify_run
from tests.runtime.signed_runs import FinishedRun, finish, flip

Close = Callable[[Path, int], None]


@pytest.fixture(scope="module")
def unsigned_run(
    sample_batch: Path, tmp_path_factory: pytest.TempPathFactory, close: Close
) -> FinishedRun:
    """A run with a rejected row, so that there are quarantine files too."""
    place = tmp_path_factory.mktemp("unsigned")
    source = Path(shutil.copytree(sample_batch, place / "batch"))
    positions = source / "positions.csv"
    lines = positions.read_text(encoding="utf-8").splitlines(keepends=True)
    positions.write_text("".join([*lines, lines[1].replace(lines[1].split(",")[0], "", 1)]))
    close(source, 5)
    return finish(source, place / "out")


@pytest.fixture(scope="module")
def signed_run(unsigned_run: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    """The same, signed twice."""
    run = unsigned_run.copied(tmp_path_factory.mktemp("signed"))
    for name in ("A. Smith", "B. Jones"):
        sign_run(run.out, run.run_id, signer=name, comment=f"Approved by {name}.")
    return run


@pytest.fixture
def own_run(signed_run: FinishedRun, tmp_path: Path) -> FinishedRun:
    return signed_run.copied(tmp_path)


@pytest.mark.parametrize("state", ["unsigned_run", "signed_run"])
def test_an_untouched_run_has_no_fault(state: str, request: pytest.FixtureRequest) -> None:
    run: FinishedRun = request.getfixturevalue(state)
    found = verify_run(run.out, run.run_id)
    assert found.faults == ()
    assert {check.outcome for check in found.checks} == {"as written"}


def test_every_file_of_a_run_is_checked(signed_run: FinishedRun) -> None:
    checked = {check.place for check in verify_run(signed_run.out, signed_run.run_id).checks}
    assert {signed_run.key(path) for path in signed_run.files()} <= checked


@pytest.mark.parametrize("state", ["unsigned_run", "signed_run"])
def test_a_flipped_byte_of_any_file_is_found(
    state: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    whole: FinishedRun = request.getfixturevalue(state)
    run = whole.copied(tmp_path)
    for path in run.files():
        size = path.stat().st_size
        for place in sorted({0, size // 2, size - 1}):
            raw = flip(path, place)
            assert run.faults(), f"byte {place} of {run.key(path)}"
            path.write_bytes(raw)
    assert run.faults() == ()


def test_the_fault_names_the_file_what_it_should_be_and_what_it_is(own_run: FinishedRun) -> None:
    for path in own_run.files():
        raw = flip(path, path.stat().st_size // 2)
        key, faults = own_run.key(path), own_run.faults()
        # A flipped hash or size in a record accuses another file, with the record as witness.
        assert any(key in (fault.place, fault.says) for fault in faults), key
        told = [fault for fault in faults if fault.place == key]
        assert all(fault.expected and fault.found and fault.says for fault in told)
        path.write_bytes(raw)


@pytest.mark.parametrize(
    ("name", "step"),
    [("plan.json", 7), ("run.json", 13), ("spec.json", 53), ("tasks/risk-measure.json", 7)],
)
def test_no_byte_of_a_record_goes_unseen_without_a_signature(
    unsigned_run: FinishedRun, tmp_path: Path, name: str, step: int
) -> None:
    run = unsigned_run.copied(tmp_path)
    path = run.records / name
    for place in range(0, path.stat().st_size, step):
        raw = flip(path, place)
        assert run.faults(), f"byte {place}: {path.read_bytes()[place - 20 : place + 20]!r}"
        path.write_bytes(raw)


@pytest.mark.parametrize("name", ["signatures/0001.json", "signatures/0002.json"])
def test_no_byte_of_a_signature_goes_unseen(own_run: FinishedRun, name: str) -> None:
    path = own_run.records / name
    for place in range(0, path.stat().st_size, 83):
        raw = flip(path, place)
        assert own_run.faults(), f"byte {place}: {path.read_bytes()[place - 20 : place + 20]!r}"
        path.write_bytes(raw)


@pytest.mark.parametrize(("name", "step"), [("signature.json", 83), ("signature.html", 997)])
def test_no_byte_of_the_signature_pages_goes_unseen(
    own_run: FinishedRun, name: str, step: int
) -> None:
    path = own_run.report / name
    for place in range(0, path.stat().st_size, step):
        raw = flip(path, place)
        assert own_run.faults(), f"byte {place}: {path.read_bytes()[place - 20 : place + 20]!r}"
        path.write_bytes(raw)


def test_a_missing_file_is_named(own_run: FinishedRun) -> None:
    for path in own_run.files():
        if path.is_relative_to(own_run.source):
            continue
        raw = path.read_bytes()
        path.unlink()
        missing = {fault.place for fault in own_run.faults() if fault.outcome == "missing"}
        assert own_run.key(path) in missing or path.name == "0002.json"
        assert own_run.faults()
        path.write_bytes(raw)


def test_delivered_files_that_are_gone_are_told_and_are_no_fault(own_run: FinishedRun) -> None:
    (own_run.source / "positions.csv").unlink()
    found = own_run.verified()
    assert [check.place for check in found.checks if check.outcome == "gone"] == ["positions.csv"]
    assert found.faults == ()


def test_a_run_without_its_note_of_the_batch_says_that_no_input_was_hashed(
    own_run: FinishedRun,
) -> None:
    (own_run.records / "source.json").unlink()
    found = verify_run(own_run.out, own_run.run_id)
    inputs = [check for check in found.checks if check.kind == "input"]
    note, *files = inputs
    assert (note.place.rpartition("/")[2], note.outcome) == ("source.json", "missing")
    assert {check.outcome for check in files} == {"gone"}
    assert note in found.faults
    again = verify_run(own_run.out, own_run.run_id, source=own_run.source)
    hashed = {c.outcome for c in again.checks if c.kind == "input" and c.place != note.place}
    assert hashed == {"as written"}


def test_an_attempt_that_is_changed_or_added_after_a_signature_is_a_fault(
    own_run: FinishedRun,
) -> None:
    attempt = next((own_run.records / "attempts").rglob("0001.json"))
    raw = attempt.read_bytes()
    attempt.write_bytes(raw.replace(b'"done"', b'"fail"'))
    assert {fault.place for fault in own_run.faults()} == {own_run.key(attempt)}
    attempt.write_bytes(raw)
    attempt.with_name("0002.json").write_bytes(raw)
    assert "signature" in {fault.kind for fault in own_run.faults()}


def test_another_batch_in_the_same_directory_is_no_fault(own_run: FinishedRun) -> None:
    manifest = own_run.source / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"EOD"', '"NOON"'))
    found = own_run.verified()
    assert found.faults == ()
    remarks = {check.remark for check in found.checks if check.outcome == "gone"}
    assert remarks == {"its directory now holds batch 2018-12-31/NOON/v001"}


def test_a_file_that_no_task_published_is_told_and_is_no_fault(own_run: FinishedRun) -> None:
    (own_run.report / "notes.txt").write_text("mine")
    found = own_run.verified()
    assert [c.place.rpartition("/")[2] for c in found.checks if c.outcome == "unlisted"] == [
        "notes.txt"
    ]
    assert found.faults == ()


def test_a_stray_task_manifest_is_a_fault(own_run: FinishedRun) -> None:
    manifest = own_run.records / "tasks" / "risk-measure.json"
    shutil.copy(manifest, manifest.with_name("risk-extra.json"))
    assert "unexpected" in {fault.outcome for fault in own_run.faults()}


def test_a_run_whose_spec_is_lost_is_still_looked_at(own_run: FinishedRun) -> None:
    (own_run.records / "spec.json").unlink()
    found = own_run.verified()
    assert found.batch_id == ""
    assert {"published", "artefact", "sealed"} <= {check.kind for check in found.checks}
    assert found.faults


def test_nothing_is_written(own_run: FinishedRun) -> None:
    before = sorted(path for path in own_run.out.rglob("*"))
    own_run.verified()
    assert sorted(path for path in own_run.out.rglob("*")) == before


def test_there_is_no_such_run(own_run: FinishedRun) -> None:
    with pytest.raises(UsageError) as refused:
        verify_run(own_run.out, "2018-12-31-000000000000")
    assert refused.value.code == "E612"
