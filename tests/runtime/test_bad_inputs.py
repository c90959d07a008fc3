"""What cannot be run ends in one clear error, and leaves nothing that looks like a result."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from riskmill.domain import InputRejected, RiskmillError, StoreError, UsageError
from riskmill.runtime import CODES, RunOptions, run_status, start_run, validate, write_manifest

Published = dict[str, bytes]
Publish = Callable[[Path], Published]


def refused(source: Path, out: Path) -> RiskmillError:
    """Start a run that must be refused, and give the error."""
    with pytest.raises(RiskmillError) as caught:
        start_run(source, out, RunOptions(partitions=1))
    error = caught.value
    assert error.code in CODES
    assert error.place
    assert error.remedy
    assert not list(out.rglob("report.*"))
    assert not list(out.rglob("run.json"))
    return error


def edit_manifest(source: Path, change: Callable[[dict[str, object]], None]) -> None:
    path = source / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def test_a_missing_path_is_a_usage_error(tmp_path: Path) -> None:
    error = refused(tmp_path / "nowhere", tmp_path / "out")
    assert (type(error), error.code) == (UsageError, "E607")


def test_a_file_in_place_of_a_directory_is_a_usage_error(own_batch: Path, tmp_path: Path) -> None:
    error = refused(own_batch / "positions.csv", tmp_path / "out")
    assert (type(error), error.code) == (UsageError, "E608")


def test_an_empty_directory_is_an_open_batch(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    error = refused(tmp_path / "empty", tmp_path / "out")
    assert (type(error), error.code) == (InputRejected, "E610")


def test_a_file_that_changed_after_its_manifest_is_refused(own_batch: Path, tmp_path: Path) -> None:
    path = own_batch / "limits.csv"
    path.write_bytes(path.read_bytes().replace(b"0.99", b"0.98", 1))
    error = refused(own_batch, tmp_path / "out")
    assert isinstance(error, InputRejected)
    assert "limits.csv" in str(error)


def test_a_file_that_never_came_is_refused(own_batch: Path, tmp_path: Path) -> None:
    (own_batch / "market.csv").unlink()
    error = refused(own_batch, tmp_path / "out")
    assert (type(error), error.code) == (InputRejected, "E520")


def test_an_unknown_dataset_is_refused(own_batch: Path, tmp_path: Path) -> None:
    def rename(manifest: dict[str, object]) -> None:
        files = manifest["files"]
        assert isinstance(files, list)
        files[0]["dataset"] = "horoscopes"

    edit_manifest(own_batch, rename)
    error = refused(own_batch, tmp_path / "out")
    assert isinstance(error, InputRejected)
    assert "horoscopes" in str(error)


def test_an_unknown_column_is_refused(own_batch: Path, tmp_path: Path) -> None:
    path = own_batch / "limits.csv"
    path.write_bytes(path.read_bytes().replace(b"warning", b"warming", 1))
    redeliver(own_batch)
    error = refused(own_batch, tmp_path / "out")
    assert isinstance(error, InputRejected)
    assert "warming" in str(error)


def redeliver(source: Path) -> None:
    """Close a damaged batch anew, so that its damage is met past the hashes."""
    (source / "manifest.json").unlink()
    write_manifest(
        source, business_date=date(2018, 12, 31), snapshot="EOD", reporting_currency="USD"
    )


def test_a_manifest_is_never_written_over(own_batch: Path) -> None:
    before = (own_batch / "manifest.json").read_bytes()
    with pytest.raises(UsageError) as caught:
        write_manifest(
            own_batch, business_date=date(2019, 1, 1), snapshot="EOD", reporting_currency="USD"
        )
    assert caught.value.code == "E611"
    assert (own_batch / "manifest.json").read_bytes() == before


@pytest.mark.parametrize(
    ("currency", "snapshot"), [("usd", "EOD"), ("XXX", "EOD"), ("USD", "../x"), ("USD", "a b")]
)
def test_a_manifest_that_would_be_refused_is_not_written(
    own_batch: Path, currency: str, snapshot: str
) -> None:
    (own_batch / "manifest.json").unlink()
    with pytest.raises(InputRejected):
        write_manifest(
            own_batch,
            business_date=date(2018, 12, 31),
            snapshot=snapshot,
            reporting_currency=currency,
        )
    assert not (own_batch / "manifest.json").exists()


def test_every_file_that_cannot_be_used_is_named(own_batch: Path) -> None:
    for name in ("market.csv", "limits.csv"):
        path = own_batch / name
        path.write_bytes(path.read_bytes() + b"\n")
    found = validate(own_batch)
    assert found.refusal is not None
    named = str(found.refusal) + " ".join(str(refusal) for refusal in found.further)
    assert "market.csv" in named
    assert "limits.csv" in named


def test_looking_for_a_run_makes_no_directory(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused_run:
        run_status(tmp_path / "nowhere", "2018-12-31-000000000000")
    assert refused_run.value.code == "E612"
    assert not (tmp_path / "nowhere").exists()


def test_an_output_that_is_a_file_is_one_clear_error(own_batch: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(StoreError) as caught:
        start_run(own_batch, tmp_path / "out", RunOptions())
    assert caught.value.code == "E604"


def test_a_validation_writes_nothing(own_batch: Path) -> None:
    before = {path: path.read_bytes() for path in own_batch.iterdir()}
    assert validate(own_batch).refusal is None
    assert {path: path.read_bytes() for path in own_batch.iterdir()} == before


FULL_DISK = """
set -e
mount -t tmpfs -o size={size}k tmpfs {out}
{python} -m riskmill run {source} --out {out} --partitions 1 || code=$?
ls {out}/reports/*/*/report.html >/dev/null 2>&1 && echo REPORT
mount -o remount,size=200m {out}
{python} -m riskmill run {source} --out {out} --partitions 1
cp -r {out}/. {copy}
exit $((code + 10))
"""


def test_a_full_disk_is_named_and_the_run_resumes_once_there_is_room(
    sample_batch: Path, tmp_path: Path, undisturbed: Published, published: Publish
) -> None:
    out, copy = tmp_path / "out", tmp_path / "copy"
    out.mkdir()
    copy.mkdir()
    script = FULL_DISK.format(
        size=600, out=out, copy=copy, python=sys.executable, source=sample_batch
    )
    unshare = shutil.which("unshare")
    assert unshare, "this test needs unshare, of util-linux"
    done = subprocess.run(
        [unshare, "--user", "--map-root-user", "--mount", "sh", "-c", script],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 11, done.stderr
    assert "E603" in done.stderr
    assert "REPORT" not in done.stdout
    assert published(copy) == undisturbed


def test_a_file_that_is_a_link_to_itself_is_refused_by_name(own_batch: Path, out: Path) -> None:
    file = own_batch / "limits.csv"
    file.unlink()
    file.symlink_to(file)
    with pytest.raises(InputRejected) as refused:
        start_run(own_batch, out, RunOptions())
    assert refused.value.code == "E527"
    assert "limits.csv" in refused.value.message
