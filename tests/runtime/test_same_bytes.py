"""The same inputs give the same bytes, however the work was divided or interrupted."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from riskmill.domain import ArtefactConflict, RiskSpec, RunFailed, UsageError
from riskmill.runtime import RunOptions, list_runs, read_log, rerun, start_run
from riskmill.runtime.lock import run_lock
from riskmill.runtime.wiring import digest_of

Published = dict[str, bytes]
Publish = Callable[[Path], Published]


@pytest.mark.parametrize(("partitions", "workers"), [(1, 1), (2, 2), (7, 3), (50, 2)])
def test_partitions_and_workers_change_no_byte(
    sample_batch: Path,
    tmp_path: Path,
    undisturbed: Published,
    published: Publish,
    partitions: int,
    workers: int,
) -> None:
    start_run(sample_batch, tmp_path, RunOptions(partitions=partitions, workers=workers))
    assert published(tmp_path) == undisturbed


def test_a_run_publishes_report_vectors_and_rejected_rows(undisturbed: Published) -> None:
    names = {key.rpartition("/")[2] for key in undisturbed}
    assert {"report.html", "report.json", "vectors.parquet"} <= names


@pytest.mark.parametrize("seed", range(6))
def test_a_killed_run_resumes_to_the_same_bytes(
    sample_batch: Path, tmp_path: Path, undisturbed: Published, published: Publish, seed: int
) -> None:
    chance = random.Random(seed)
    command = [
        sys.executable,
        "-m",
        "riskmill",
        "run",
        str(sample_batch),
        "--out",
        str(tmp_path),
        "--partitions",
        str(chance.choice([1, 2, 7])),
    ]
    kills = 0
    while kills < 4 and _killed(command, tmp_path, after_files=chance.randint(1, 9)):
        kills += 1
    assert kills, "the run was never killed, so nothing was tested"
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    assert published(tmp_path) == undisturbed


def _killed(command: list[str], out: Path, after_files: int) -> bool:
    """Kill the command with SIGKILL once it has written so many files; false if it ended first."""
    limit = _files(out) + after_files
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        while process.poll() is None:
            if _files(out) >= limit:
                os.killpg(process.pid, signal.SIGKILL)
                return True
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.002)
    return False


def _files(out: Path) -> int:
    return sum(path.is_file() for path in out.rglob("*"))


@pytest.mark.parametrize("survivors", range(0, 11, 2))
def test_a_run_resumes_after_any_number_of_tasks(
    sample_batch: Path, tmp_path: Path, undisturbed: Published, published: Publish, survivors: int
) -> None:
    outcome = start_run(sample_batch, tmp_path, RunOptions(partitions=3))
    manifests = sorted((tmp_path / "runs" / outcome.run_id / "tasks").iterdir())
    for manifest in manifests[survivors:]:
        manifest.unlink()
    (tmp_path / "runs" / outcome.run_id / "run.json").unlink()
    assert rerun(tmp_path, outcome.run_id, RunOptions()).state == "finished"
    assert published(tmp_path) == undisturbed


def test_a_finished_run_is_not_run_again(sample_batch: Path, tmp_path: Path) -> None:
    first = start_run(sample_batch, tmp_path, RunOptions())
    attempts = list(read_log(tmp_path, first.run_id))
    again = start_run(sample_batch, tmp_path, RunOptions())
    assert (first.state, again.state) == ("finished", "already finished")
    assert again.summary == first.summary
    assert list(read_log(tmp_path, first.run_id)) == attempts


def test_a_forced_run_recalculates_beside_and_compares(
    sample_batch: Path, tmp_path: Path, undisturbed: Published, published: Publish
) -> None:
    start_run(sample_batch, tmp_path, RunOptions())
    forced = start_run(sample_batch, tmp_path, RunOptions(force=True))
    assert forced.state == "recalculated"
    assert published(tmp_path) == undisturbed
    assert len(list_runs(tmp_path)) == 1


def test_a_forced_run_tells_when_the_bytes_differ(sample_batch: Path, tmp_path: Path) -> None:
    report = start_run(sample_batch, tmp_path, RunOptions()).report
    report.write_bytes(report.read_bytes() + b"<!-- changed -->")
    with pytest.raises(ArtefactConflict) as conflict:
        start_run(sample_batch, tmp_path, RunOptions(force=True))
    assert conflict.value.code == "E503"
    assert b"<!-- changed -->" in report.read_bytes()


@pytest.mark.parametrize("name", ["report.html", "vectors.parquet"])
def test_a_published_file_that_has_gone_is_written_again(
    sample_batch: Path, tmp_path: Path, undisturbed: Published, published: Publish, name: str
) -> None:
    report = start_run(sample_batch, tmp_path, RunOptions()).report
    (report.parent / name).unlink()
    assert start_run(sample_batch, tmp_path, RunOptions()).state == "finished"
    assert published(tmp_path) == undisturbed


@pytest.mark.parametrize("recorded", [True, False])
def test_a_published_file_that_was_changed_is_never_passed_over(
    sample_batch: Path, tmp_path: Path, recorded: bool
) -> None:
    outcome = start_run(sample_batch, tmp_path, RunOptions())
    outcome.report.write_bytes(b"")
    if not recorded:
        (tmp_path / "runs" / outcome.run_id / "run.json").unlink()
    with pytest.raises(ArtefactConflict) as conflict:
        start_run(sample_batch, tmp_path, RunOptions())
    assert conflict.value.code == "E503"
    assert conflict.value.place.endswith("report.html")


def test_what_a_killed_writer_left_is_swept(
    sample_batch: Path, tmp_path: Path, undisturbed: Published, published: Publish
) -> None:
    outcome = start_run(sample_batch, tmp_path, RunOptions())
    stray = outcome.report.with_name("report.html#1")
    stray.write_bytes(b"half a report")
    outcome.report.unlink()
    start_run(sample_batch, tmp_path, RunOptions())
    assert not stray.exists()
    assert published(tmp_path) == undisturbed


def test_a_run_that_is_carried_out_elsewhere_is_left_alone(
    sample_batch: Path, tmp_path: Path
) -> None:
    outcome = start_run(sample_batch, tmp_path, RunOptions())
    (tmp_path / "runs" / outcome.run_id / "run.json").unlink()
    with run_lock(tmp_path, outcome.run_id):
        assert list_runs(tmp_path)[0].status == "running"
        with pytest.raises(RunFailed) as refused:
            start_run(sample_batch, tmp_path, RunOptions())
    assert refused.value.code == "E614"
    assert start_run(sample_batch, tmp_path, RunOptions()).state == "finished"


@pytest.mark.parametrize("record", ["run.json", "plan.json", "spec.json"])
def test_a_damaged_record_is_named_and_hides_no_other_run(
    sample_batch: Path, tmp_path: Path, record: str
) -> None:
    damaged = start_run(sample_batch, tmp_path, RunOptions()).run_id
    other = start_run(sample_batch, tmp_path, RunOptions(spec=RiskSpec(scenarios=150))).run_id
    (tmp_path / "runs" / damaged / record).write_bytes(b"\x00 not json")
    states = {run.run_id: run.status for run in list_runs(tmp_path)}
    assert states[damaged] == "damaged"
    assert states[other].startswith("complete")


def test_a_damaged_kernel_cache_costs_a_compilation_only(
    sample_batch: Path, tmp_path: Path, undisturbed: Published, published: Publish
) -> None:
    cache = tmp_path / "cache"
    command = [sys.executable, "-m", "riskmill", "run", str(sample_batch), "--out"]
    environment = {**os.environ, "RISKMILL_CACHE_DIR": str(cache)}
    for out in ("first", "second"):
        done = subprocess.run(
            [*command, str(tmp_path / out)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert published(tmp_path / out) == undisturbed
        kernels = [path for path in cache.rglob("*.nb?") if path.is_file()]
        assert kernels
        for path in kernels:
            path.write_bytes(path.read_bytes()[:40])


def test_every_file_of_the_package_is_in_the_code_version(tmp_path: Path) -> None:
    package = tmp_path / "package"
    (package / "templates").mkdir(parents=True)
    (package / "a.py").write_text("x = 1")
    template = package / "templates" / "page.html.j2"
    template.write_text("one")
    before = digest_of(package)
    template.write_text("two")
    assert digest_of(package) != before


def test_an_artefact_that_was_changed_is_never_used(sample_batch: Path, tmp_path: Path) -> None:
    outcome = start_run(sample_batch, tmp_path, RunOptions(partitions=1))
    run = tmp_path / "runs" / outcome.run_id
    (artefact,) = (run / "artefacts" / "risk-measure").glob("result.*")
    artefact.write_bytes(artefact.read_bytes()[:-1] + b"\xff")
    (run / "tasks" / "reporting-render.json").unlink()
    (run / "run.json").unlink()
    with pytest.raises(ArtefactConflict) as conflict:
        start_run(sample_batch, tmp_path, RunOptions(partitions=1))
    assert conflict.value.code == "E503"


def test_a_run_that_is_not_there_cannot_be_continued(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        rerun(tmp_path, "2018-12-31-000000000000", RunOptions())
    assert refused.value.code == "E612"
