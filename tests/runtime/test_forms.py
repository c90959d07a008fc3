"""Forms of the report beside the page: published, named, and never lost in silence."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from riskmill.domain import ArtefactConflict, UsageError
from riskmill.runtime import (
    RenderOptions,
    RunOptions,
    list_runs,
    preview,
    read_log,
    render_again,
    rerun,
    start_run,
)

Published = dict[str, bytes]


def planted(out: Path, source: Path, name: str) -> Path:
    """Put other bytes where a form is going to be published."""
    run_id = preview(source, RunOptions()).run_id
    place = out / "reports" / run_id[:10] / run_id / name
    place.parent.mkdir(parents=True)
    place.write_bytes(b"somebody else's")
    return place


def test_every_form_is_published_beside_the_page(undisturbed: Published) -> None:
    names = {key.split("/", 3)[3] for key in undisturbed if key.startswith("reports/")}
    assert {"report.html", "report.json", "report.pdf", "report.xlsx", "vectors.parquet"} <= names
    assert {"tables/limits.csv", "tables/pnl_vector.csv", "tables/inputs.csv"} <= names


KINDS = ("html", "json")
"""Of the pages about signatures, which are made anew with every one and sealed by none."""


def test_every_form_is_in_a_task_manifest_with_its_hash(sample_batch: Path, out: Path) -> None:
    outcome = start_run(sample_batch, out, RunOptions())
    tasks = (out / "runs" / outcome.run_id / "tasks").glob("reporting-*.json")
    published = [ref for task in tasks for ref in json.loads(task.read_text())["published"]]
    named = {out / ref["key"]: ref["sha256"] for ref in published}
    assert set(named) == set(outcome.files)
    found = {file for file in outcome.report.parent.rglob("*") if file.is_file()}
    assert found - set(named) == {outcome.report.with_name(f"signature.{kind}") for kind in KINDS}
    for path, digest in named.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest


def test_a_form_that_cannot_be_published_fails_the_run_and_a_rerun_makes_it_alone(
    sample_batch: Path, out: Path, undisturbed: Published, published: Callable[[Path], Published]
) -> None:
    place = planted(out, sample_batch, "report.pdf")
    with pytest.raises(ArtefactConflict) as conflict:
        start_run(sample_batch, out, RunOptions())
    assert conflict.value.place.endswith("report.pdf")
    assert place.with_name("report.html").is_file()
    assert place.with_name("report.xlsx").is_file()
    (run,) = list_runs(out)
    assert run.status == "failed"
    place.unlink()
    before = len(list(read_log(out, run.run_id)))
    rerun(out, run.run_id, RunOptions())
    again = list(read_log(out, run.run_id))[before:]
    assert [(record.wave, record.outcome) for record in again] == [("forms", "done")]
    assert published(out) == undisturbed


@pytest.fixture(scope="module")
def finished(sample_batch: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A directory of runs and its one finished run; not to be changed."""
    out = tmp_path_factory.mktemp("forms")
    return out, start_run(sample_batch, out, RunOptions()).run_id


def test_a_report_rendered_again_has_the_bytes_that_were_published(
    finished: tuple[Path, str], tmp_path: Path
) -> None:
    out, run_id = finished
    rendered = render_again(out, run_id, tmp_path / "again", RenderOptions())
    published = out / "reports" / run_id[:10] / run_id
    for path in rendered.files:
        name = path.relative_to(tmp_path / "again")
        assert path.read_bytes() == (published / name).read_bytes()
    assert (tmp_path / "again" / "report.html") == rendered.files[0]


def test_a_report_that_was_changed_is_not_rendered(sample_batch: Path, tmp_path: Path) -> None:
    outcome = start_run(sample_batch, tmp_path / "out", RunOptions())
    model = outcome.report.with_name("report.json")
    model.write_bytes(model.read_bytes().replace(b"USD", b"EUR"))
    with pytest.raises(ArtefactConflict) as conflict:
        render_again(tmp_path / "out", outcome.run_id, tmp_path / "to", RenderOptions())
    assert conflict.value.code == "E503"
    assert not (tmp_path / "to").exists()


def test_a_run_without_a_report_says_so(sample_batch: Path, out: Path, tmp_path: Path) -> None:
    planted(out, sample_batch, "report.json")
    with pytest.raises(ArtefactConflict):
        start_run(sample_batch, out, RunOptions())
    with pytest.raises(UsageError) as refused:
        render_again(out, list_runs(out)[0].run_id, tmp_path / "to", RenderOptions())
    assert refused.value.code == "E727"


@pytest.mark.parametrize("place", ["reports/x", "runs", "quarantine/a/b", "x/../reports"])
def test_nothing_is_added_to_what_runs_published(finished: tuple[Path, str], place: str) -> None:
    out, run_id = finished
    with pytest.raises(UsageError) as refused:
        render_again(out, run_id, out / place, RenderOptions())
    assert refused.value.code == "E726"


def test_a_file_that_is_there_already_is_kept(finished: tuple[Path, str], tmp_path: Path) -> None:
    (tmp_path / "report.xlsx").write_bytes(b"mine")
    with pytest.raises(UsageError) as refused:
        render_again(*finished, tmp_path, RenderOptions())
    assert refused.value.code == "E615"
    assert [path.name for path in tmp_path.iterdir()] == ["report.xlsx"]
    assert (tmp_path / "report.xlsx").read_bytes() == b"mine"


def test_a_directory_of_templates_that_cannot_be_used_is_named(
    finished: tuple[Path, str], tmp_path: Path
) -> None:
    many = tmp_path / "many"
    many.mkdir()
    for number in range(101):
        (many / f"{number}.css").touch()
    dangling = tmp_path / "dangling"
    dangling.mkdir()
    (dangling / "report.css").symlink_to(tmp_path / "nowhere")
    for template in (tmp_path / "none", many, dangling):
        options = RenderOptions(template=template)
        with pytest.raises(UsageError) as refused:
            render_again(*finished, tmp_path / "to", options)
        assert refused.value.code == "E722"
        assert str(template) in refused.value.place
