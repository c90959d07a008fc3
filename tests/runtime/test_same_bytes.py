"""The same inputs give the same bytes, however the work was divided or interrupted."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from riskmill.domain import ArtefactConflict, UsageError
from riskmill.runtime import RunOptions, list_runs, read_log, rerun, start_run

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
    while kills < 4 and _killed(command, after=chance.uniform(0.2, 4.0)):
        kills += 1
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    assert published(tmp_path) == undisturbed


def _killed(command: list[str], after: float) -> bool:
    """Start the command and kill it with SIGKILL; false where it ended before."""
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            process.wait(timeout=after)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return True
    return False


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
    assert conflict.value.code == "E501"
    assert b"<!-- changed -->" in report.read_bytes()


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
