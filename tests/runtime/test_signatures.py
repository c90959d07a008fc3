"""Signatures: chained, appended under a race, seen through when forged, and final."""

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from threading import Barrier

import msgspec
import pytest

from riskmill.domain import ArtefactConflict, RunFailed, UsageError
from riskmill.pipeline import is_note
from riskmill.runtime import (
    RunOptions,
    rebuild_catalogue,
    rerun,
    run_status,
    sign_run,
    start_run,
    verify_run,
)
from tests.runtime.signed_runs import FinishedRun, finish, flip

SIGNERS = 6


@pytest.fixture(scope="module")
def finished(sample_batch: Path, tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    return finish(sample_batch, tmp_path_factory.mktemp("finished") / "out")


@pytest.fixture
def run(finished: FinishedRun, tmp_path: Path) -> FinishedRun:
    """A run of a batch that was read where it still lies, so that it can be run again."""
    shutil.copytree(finished.out, tmp_path / "out")
    return FinishedRun(source=finished.source, out=tmp_path / "out", run_id=finished.run_id)


def sign(run: FinishedRun, name: str = "A. Smith") -> str:
    return sign_run(run.out, run.run_id, signer=name, comment="Approved.").head


def test_a_signature_names_report_spec_and_every_record_by_hash(run: FinishedRun) -> None:
    sign(run)
    raw = (run.signatures / "0001.json").read_bytes()
    said = json.loads(raw)
    report, spec = run.report / "report.json", run.records / "spec.json"
    assert said["report_sha256"] == sha256(report.read_bytes()).hexdigest()
    assert said["spec_sha256"] == sha256(spec.read_bytes()).hexdigest()
    assert (said["signer"], said["comment"], said["previous"]) == ("A. Smith", "Approved.", "")
    for entry in said["sealed"]:
        content = (run.out / entry["key"]).read_bytes()
        assert (entry["sha256"], entry["size"]) == (sha256(content).hexdigest(), len(content))
    names = {entry["key"].rpartition("/")[2] for entry in said["sealed"]}
    assert {"spec.json", "plan.json", "run.json", "report.html", "risk-measure.json"} <= names
    assert (
        raw == json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    )


def test_each_signature_names_the_hash_of_the_one_before(run: FinishedRun) -> None:
    heads = [sign(run, name) for name in ("A. Smith", "B. Jones", "A. Smith")]
    stored = [run.signatures / f"{number:04d}.json" for number in (1, 2, 3)]
    assert [sha256(path.read_bytes()).hexdigest() for path in stored] == heads
    assert [json.loads(path.read_bytes())["previous"] for path in stored] == ["", *heads[:2]]


def test_of_many_signers_at_once_every_one_gets_in_and_in_order(run: FinishedRun) -> None:
    barrier = Barrier(SIGNERS)

    def at_once(number: int) -> str:
        barrier.wait()
        return sign(run, f"Signer {number}")

    with ThreadPoolExecutor(SIGNERS) as pool:
        heads = set(pool.map(at_once, range(SIGNERS)))
    assert len(heads) == SIGNERS
    found = verify_run(run.out, run.run_id)
    assert (found.faults, found.signatures) == ((), SIGNERS)
    statement = json.loads((run.report / "signature.json").read_bytes())
    signers = {line["signer"] for line in statement["signatures"]}
    assert signers == {f"Signer {number}" for number in range(SIGNERS)}


def test_the_report_stays_as_it_is_and_a_page_beside_it_says_who_signed(run: FinishedRun) -> None:
    before = (run.report / "report.html").read_bytes()
    assert b"NOT SIGNED" in (run.report / "signature.html").read_bytes()
    sign(run, "Zoë O'Brien")
    assert (run.report / "report.html").read_bytes() == before
    page = (run.report / "signature.html").read_text(encoding="utf-8")
    assert "NOT SIGNED" not in page
    assert "Zoë O&#39;Brien" in page


@pytest.mark.parametrize(
    ("name", "comment", "code"),
    [
        ("", "x", "E552"),
        ("   ", "x", "E552"),
        ("\u200b\u200d", "x", "E552"),
        (" A", "x", "E552"),
        ("A\nB", "x", "E552"),
        ("A\x1b[31m", "x", "E552"),
        ("htimS \u202eA", "x", "E552"),
        ("A" * 201, "x", "E552"),
        ("\udcff", "x", "E552"),
        ("A", "", "E553"),
        ("A", " \n", "E553"),
        ("A", "x" * 10_001, "E553"),
        ("A", "x\x00", "E553"),
        ("A", "x\udcff", "E553"),
    ],
)
def test_a_name_or_comment_that_is_none_is_refused(
    run: FinishedRun, name: str, comment: str, code: str
) -> None:
    with pytest.raises(UsageError) as refused:
        sign_run(run.out, run.run_id, signer=name, comment=comment)
    assert (refused.value.code, run.signatures.exists()) == (code, False)


@pytest.mark.parametrize(
    ("name", "comment"),
    [
        ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>\n</style></blockquote>"),
        ('"><a href="//evil">', "{{ 7 * 7 }} {% raw %} '; DROP TABLE--"),
        ("בני כהן", "מאושר \u202e desrever \u2066 isolated"),
        ("Zoë 🧑🏽‍💻", "🎉" * 10_000),
        ("A" * 200, "word " * 2_000),
    ],
)
def test_any_other_name_and_comment_is_kept_and_shown_as_text(
    run: FinishedRun, name: str, comment: str
) -> None:
    sign_run(run.out, run.run_id, signer=name, comment=comment)
    said = json.loads((run.signatures / "0001.json").read_bytes())
    assert (said["signer"], said["comment"]) == (name, comment)
    page = (run.report / "signature.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("</style>") == 1
    assert not set(page) & set("\u202e\u2066")
    assert run.faults() == ()


def test_a_run_that_is_not_finished_cannot_be_signed(run: FinishedRun) -> None:
    (run.records / "run.json").unlink()
    with pytest.raises(UsageError) as refused:
        sign(run)
    assert refused.value.code == "E550"


@pytest.mark.parametrize("name", ["report.html", "report.json", "vectors.parquet"])
def test_a_run_that_was_tampered_with_cannot_be_signed(run: FinishedRun, name: str) -> None:
    flip(run.report / name, 100)
    with pytest.raises(ArtefactConflict) as refused:
        sign(run)
    assert refused.value.code == "E551"
    assert refused.value.place.endswith(name)
    assert not run.signatures.exists()


def test_a_run_whose_batch_is_gone_can_be_signed(run: FinishedRun) -> None:
    (run.records / "source.json").write_text('"no/longer/there"\n')
    assert sign(run)


def test_nobody_signs_behind_a_broken_chain(run: FinishedRun) -> None:
    sign(run)
    flip(run.signatures / "0001.json", 30)
    with pytest.raises(ArtefactConflict) as refused:
        sign(run, "B. Jones")
    assert refused.value.code == "E551"


def test_a_signature_that_cannot_be_read_is_told_as_that(run: FinishedRun) -> None:
    sign(run)
    (run.signatures / "0001.json").write_bytes(b"{")
    with pytest.raises(ArtefactConflict) as refused:
        start_run(run.source, run.out, RunOptions(partitions=2))
    assert refused.value.code == "E556"


def _forged(run: FinishedRun, place: int, **changes: object) -> None:
    """Rewrite a signature in its proper form, with *changes*."""
    path = run.signatures / f"{place:04d}.json"
    said = {**json.loads(path.read_bytes()), **changes}
    path.write_bytes(
        json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    )


def _swap(run: FinishedRun) -> None:
    first, second = (run.signatures / name for name in ("0001.json", "0002.json"))
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    second.write_bytes(one)


def _insert(run: FinishedRun) -> None:
    """A forged signature between the first and the second, which moves up."""
    (run.signatures / "0002.json").rename(run.signatures / "0003.json")
    shutil.copy(run.signatures / "0001.json", run.signatures / "0002.json")
    previous = sha256((run.signatures / "0001.json").read_bytes()).hexdigest()
    _forged(run, 2, number=2, previous=previous, signer="C. Forger")
    _forged(run, 3, number=3)


def _append(run: FinishedRun) -> None:
    shutil.copy(run.signatures / "0002.json", run.signatures / "0003.json")
    _forged(run, 3, number=3, signer="C. Forger")


def _thin(run: FinishedRun) -> None:
    """A well-chained signature that vouches for less than the run."""
    shutil.copy(run.signatures / "0002.json", run.signatures / "0003.json")
    previous = sha256((run.signatures / "0002.json").read_bytes()).hexdigest()
    sealed = json.loads((run.signatures / "0002.json").read_bytes())["sealed"][1:]
    _forged(run, 3, number=3, previous=previous, sealed=sealed)


FORGERIES: dict[str, Callable[[FinishedRun], None]] = {
    "the comment of the first is another": lambda run: _forged(run, 1, comment="Rejected."),
    "the last was given by another": lambda run: _forged(run, 2, signer="C. Forger"),
    "the instant is another": lambda run: _forged(run, 1, instant="2018-12-31T00:00:00.000Z"),
    "the order is turned": _swap,
    "one is put in between": _insert,
    "one is put behind that follows the wrong one": _append,
    "one is put behind that vouches for less": _thin,
    "the first is gone": lambda run: (run.signatures / "0001.json").unlink(),
    "the last is gone": lambda run: (run.signatures / "0002.json").unlink(),
    "all are gone": lambda run: shutil.rmtree(run.signatures),
    "the last is cut short": lambda run: (run.signatures / "0002.json").write_bytes(
        (run.signatures / "0002.json").read_bytes()[:-40]
    ),
    "one is empty": lambda run: (run.signatures / "0001.json").write_bytes(b""),
    "something else lies there": lambda run: (
        (run.signatures / "extra.json").write_bytes(b"{}"),
        None,
    )[1],
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_chain_is_seen_through(run: FinishedRun, forgery: str) -> None:
    sign(run)
    sign(run, "B. Jones")
    FORGERIES[forgery](run)
    faults = run.faults()
    assert {fault.kind for fault in faults} & {"signature", "page"}
    assert all(fault.expected and fault.says for fault in faults)


def test_pages_do_not_forget_a_signature_that_is_gone(run: FinishedRun) -> None:
    for name in ("Ada", "Bo"):
        sign_run(run.out, run.run_id, signer=name, comment="seen")
    (run.signatures / "0002.json").unlink()
    rebuild_catalogue(run.out)
    assert any("it tells of 2 signatures" in check.found for check in run.faults())
    with pytest.raises(ArtefactConflict) as refused:
        start_run(run.source, run.out, RunOptions(partitions=2))
    assert refused.value.code == "E551"


def test_a_chain_and_pages_cut_short_together_need_a_kept_hash(run: FinishedRun) -> None:
    """What lies in one place can be rewritten there as a whole; a hash kept elsewhere tells."""
    sign(run)
    earlier = {path: path.read_bytes() for path in run.report.glob("signature.*")}
    head = sign(run, "B. Jones")
    assert run.faults(head=head) == ()
    (run.signatures / "0002.json").unlink()
    for path, raw in earlier.items():
        path.write_bytes(raw)
    assert run.faults() == ()
    (fault,) = run.faults(head=head)
    assert fault.expected == head


def _state(run: FinishedRun) -> dict[str, tuple[bytes, int, int]]:
    """Bytes, time of change and inode of every file that belongs to the run."""
    return {
        run.key(path): (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino)
        for path in run.files()
        if path.is_relative_to(run.out) and not path.name.startswith("signature.")
    }


WRITERS: dict[str, Callable[[FinishedRun], object]] = {
    "run": lambda run: start_run(run.source, run.out, RunOptions(partitions=2)),
    "run --force": lambda run: start_run(run.source, run.out, RunOptions(force=True)),
    "rerun": lambda run: rerun(run.out, run.run_id, RunOptions()),
    "rerun --force": lambda run: rerun(run.out, run.run_id, RunOptions(force=True)),
    "status": lambda run: run_status(run.out, run.run_id),
    "verify": lambda run: verify_run(run.out, run.run_id),
    "sign": lambda run: sign(run, "B. Jones"),
}


@pytest.mark.parametrize("writer", WRITERS)
def test_nothing_changes_a_signed_run(run: FinishedRun, writer: str) -> None:
    sign(run)
    stray = run.records / "spec.json#1"
    stray.write_bytes(b"left by a killed writer")
    before = _state(run)
    WRITERS[writer](run)
    after = _state(run)
    assert {key: after[key] for key in before} == before
    assert set(after) - set(before) <= {f"runs/{run.run_id}/signatures/0002.json"}
    assert stray.exists()


@pytest.mark.parametrize("writer", ["run", "run --force", "rerun"])
@pytest.mark.parametrize("lost", ["report.html", "run.json", "risk-measure.json"])
def test_nothing_is_written_to_a_signed_run_that_lost_a_file(
    run: FinishedRun, writer: str, lost: str
) -> None:
    sign(run)
    (path,) = (path for path in run.files() if path.name == lost)
    path.unlink()
    before = _state(run)
    if lost == "risk-measure.json":
        WRITERS[writer](run)  # the record and all published files are there: nothing to do
    else:
        with pytest.raises(RunFailed) as refused:
            WRITERS[writer](run)
        assert refused.value.code == "E554"
    assert _state(run) == before


def test_a_signature_of_an_earlier_version_that_seals_no_notes_still_holds(
    run: FinishedRun,
) -> None:
    sign(run)
    path = run.signatures / "0001.json"
    said = json.loads(path.read_bytes())
    said["sealed"] = [one for one in said["sealed"] if not is_note(one["key"], run.run_id)]
    path.write_bytes(msgspec.json.encode(said, order="sorted"))
    (run.report / "signature.json").unlink()
    (run.report / "signature.html").unlink()
    rebuild_catalogue(run.out)
    assert run.faults() == ()
