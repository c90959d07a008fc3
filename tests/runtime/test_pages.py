"""The pages of a store: written after each run and signature, whoever else is writing."""

import json
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest

from riskmill.domain import ArtefactConflict, InputRejected, RiskSpec, UsageError
from riskmill.pipeline import CATALOGUE_PAGE, catalogue_of, write_catalogue
from riskmill.runtime import (
    ObstoreStore,
    RunOptions,
    compare_runs,
    rebuild_catalogue,
    sign_run,
    start_run,
)
from tests.runtime.days import Row, batch_of_day
from tests.runtime.signed_runs import flip

DAYS = (date(2018, 12, 27), date(2018, 12, 28), date(2018, 12, 31))


def fewer(rows: list[Row]) -> list[Row]:
    """All but the last position, and twice as much of the first."""
    first, *others = rows
    return [{**first, "quantity": str(2 * float(first["quantity"]))}, *others[:-1]]


@pytest.fixture(scope="module")
def batches(sample_batch: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[date, Path]:
    place = tmp_path_factory.mktemp("days")
    changes = {DAYS[0]: fewer}
    return {
        day: batch_of_day(sample_batch, place / day.isoformat(), day, change=changes.get(day, list))
        for day in DAYS
    }


@pytest.fixture(scope="module")
def three_days(
    batches: dict[date, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[date, str]]:
    """Three days run in order, and their run ids."""
    out = tmp_path_factory.mktemp("three") / "out"
    return out, {day: start_run(batches[day], out, RunOptions()).run_id for day in DAYS}


@pytest.fixture
def own(three_days: tuple[Path, dict[date, str]], tmp_path: Path) -> tuple[Path, dict[date, str]]:
    out, runs = three_days
    return Path(shutil.copytree(out, tmp_path / "out")), runs


def index(out: Path) -> dict[str, object]:
    loaded: dict[str, object] = json.loads((out / "reports" / "index.json").read_bytes())
    return loaded


def test_the_catalogue_lists_every_day_with_its_figures(
    three_days: tuple[Path, dict[date, str]],
) -> None:
    out, runs = three_days
    rows = index(out)["rows"]
    assert isinstance(rows, list)
    assert [row["run_id"] for row in rows] == [runs[day] for day in reversed(DAYS)]
    for row in rows:
        record = json.loads((out / "runs" / row["run_id"] / "run.json").read_bytes())
        assert row["var"]["value"]["value"] == record["value_at_risk"]
        assert row["es"]["value"]["value"] == record["expected_shortfall"]
    changes = [row["var"]["change"]["value"] for row in rows]
    values = [row["var"]["value"]["value"] for row in rows]
    assert changes == [values[0] - values[1], values[1] - values[2], None]


def test_every_link_of_the_pages_leads_to_a_file(
    three_days: tuple[Path, dict[date, str]],
) -> None:
    out, _ = three_days
    pages = [*(out / "reports").rglob("index.html"), *(out / "reports").rglob("signature.html")]
    pages += (out / "reports" / "compare").glob("*.html")
    links = [
        (page, link)
        for page in pages
        for link in re.findall(r'href="([^"#:]+)"', page.read_text(encoding="utf-8"))
    ]
    assert len(links) > 20
    assert [(page, link) for page, link in links if not (page.parent / link).is_file()] == []
    listed = {link.rpartition("/")[2] for page, link in links if page.name == "index.html"}
    forms = {path.name for path in (out / "reports").rglob("report.*")}
    assert listed >= {*forms, "figures.parquet", "vectors.parquet"}


def test_each_day_is_compared_with_the_day_before(
    three_days: tuple[Path, dict[date, str]],
) -> None:
    out, runs = three_days
    pages = {page.stem for page in (out / "reports" / "compare").glob("*.html")}
    ids = [runs[day] for day in DAYS]
    assert pages == {f"{ids[0]}--{ids[1]}", f"{ids[1]}--{ids[2]}"}


def test_days_that_come_in_another_order_give_the_same_catalogue(
    batches: dict[date, Path], tmp_path: Path
) -> None:
    """Of runs that are compared with none before them: a predecessor is part of a run's id."""
    alone = RunOptions(previous="")
    for out, days in (("in order", DAYS), ("mixed", (DAYS[2], DAYS[0], DAYS[1]))):
        for day in days:
            start_run(batches[day], tmp_path / out, alone)
    for name in ("index.html", "index.json"):
        found = [(tmp_path / out / "reports" / name).read_bytes() for out in ("in order", "mixed")]
        assert found[0] == found[1]


def test_runs_that_finish_at_once_are_all_listed(batches: dict[date, Path], tmp_path: Path) -> None:
    barrier = Barrier(len(DAYS))

    def at_once(day: date) -> str:
        barrier.wait()
        return start_run(batches[day], tmp_path, RunOptions(workers=1)).run_id

    with ThreadPoolExecutor(len(DAYS)) as pool:
        runs = list(pool.map(at_once, DAYS))
    page = (tmp_path / CATALOGUE_PAGE).read_text(encoding="utf-8")
    assert all(run_id[11:] in page for run_id in runs)
    store = ObstoreStore.in_directory(tmp_path)
    rows = index(tmp_path)["rows"]
    assert isinstance(rows, list)
    assert [row["run_id"] for row in rows] == [row.run_id for row in catalogue_of(store).rows]


def test_a_signature_shows_in_the_catalogue(own: tuple[Path, dict[date, str]]) -> None:
    out, runs = own
    sign_run(out, runs[DAYS[1]], signer="Ada <b>Smith</b>", comment="ok")
    page = (out / CATALOGUE_PAGE).read_text(encoding="utf-8")
    assert "Ada &lt;b&gt;Smith&lt;/b&gt;" in page
    assert index(out)["counts"] == "3\u00a0runs of 3\u00a0business days: 3 complete; 1 signed."


def test_a_refused_batch_is_listed_with_its_reason(
    batches: dict[date, Path], tmp_path: Path
) -> None:
    source = Path(shutil.copytree(batches[DAYS[0]], tmp_path / "batch"))
    (source / "market.csv").write_bytes(b"not,a,market\n")
    with pytest.raises(InputRejected):
        start_run(source, tmp_path / "out", RunOptions())
    rows = index(tmp_path / "out")["rows"]
    assert isinstance(rows, list)
    (row,) = rows
    assert row["status"]["word"] in ("Refused", "Failed")
    assert row["status"]["sentence"].startswith("E0")


def test_a_damaged_run_is_listed_as_such_and_hides_no_other(
    own: tuple[Path, dict[date, str]],
) -> None:
    out, runs = own
    (out / "runs" / runs[DAYS[0]] / "spec.json").write_bytes(b"{")
    page, catalogue = rebuild_catalogue(out)
    words = {row.business_date: row.status.word for row in catalogue.rows}
    assert words == {"2018-12-27": "Damaged", "2018-12-28": "Complete", "2018-12-31": "Complete"}
    assert page.is_file()


def test_lost_pages_are_made_anew(own: tuple[Path, dict[date, str]]) -> None:
    out, _ = own
    lost = [*(out / "reports").rglob("index.*"), *(out / "reports").rglob("signature.*")]
    before = {path: path.read_bytes() for path in lost}
    for path in lost:
        path.unlink()
    rebuild_catalogue(out)
    assert {path: path.read_bytes() for path in lost} == before


def test_a_run_that_is_done_already_makes_its_pages_anew(
    own: tuple[Path, dict[date, str]], batches: dict[date, Path]
) -> None:
    out, _ = own
    shutil.rmtree(out / "reports" / "compare")
    (out / CATALOGUE_PAGE).unlink()
    start_run(batches[DAYS[2]], out, RunOptions())
    assert (out / CATALOGUE_PAGE).is_file()
    assert list((out / "reports" / "compare").glob("*.html"))


def test_what_a_killed_writer_left_beside_a_page_is_swept(
    own: tuple[Path, dict[date, str]],
) -> None:
    out, _ = own
    stray = out / "reports" / "index.html#1"
    stray.write_bytes(b"half")
    write_catalogue(ObstoreStore.in_directory(out))
    assert not stray.exists()


def test_two_runs_are_compared_position_by_position(own: tuple[Path, dict[date, str]]) -> None:
    out, runs = own
    compared = compare_runs(out, runs[DAYS[0]], runs[DAYS[1]])
    positions = compared.comparison.positions
    assert (positions.added, positions.removed, positions.changed) == (1, 0, 1)
    (changed,) = (one for one in positions.largest if one.kind == "changed")
    assert changed.columns == ("quantity",)
    assert changed.after == pytest.approx(changed.before / 2, rel=0.2)
    files = {change.name: change.what for change in compared.comparison.inputs}
    assert {"positions.csv", "market.csv", "history.parquet"} == set(files)
    assert compared.page.is_file()


def test_two_currencies_are_compared_side_by_side(
    own: tuple[Path, dict[date, str]], sample_batch: Path, tmp_path: Path
) -> None:
    out, runs = own
    source = batch_of_day(sample_batch, tmp_path / "eur", DAYS[2], currency="EUR", snapshot="NOON")
    other = start_run(source, out, RunOptions(spec=RiskSpec(holding_days=2))).run_id
    found = compare_runs(out, runs[DAYS[2]], other).comparison
    assert (found.likeness.amounts, found.likeness.measures) == (False, False)
    names = {change.name for change in found.settings}
    assert {"reporting currency", "risk.holding_days", "snapshot"} <= names
    changes = {figure.change.value for row in found.portfolios for figure in row.figures}
    assert changes == {None}


def test_a_run_is_not_compared_with_itself_nor_with_none(
    own: tuple[Path, dict[date, str]],
) -> None:
    out, runs = own
    for pair, code in (
        ((runs[DAYS[0]], runs[DAYS[0]]), "E555"),
        ((runs[DAYS[0]], "2018-12-31-000000000000"), "E612"),
    ):
        with pytest.raises(UsageError) as refused:
            compare_runs(out, *pair)
        assert refused.value.code == code


def test_a_run_that_was_not_measured_cannot_be_compared(
    own: tuple[Path, dict[date, str]],
) -> None:
    out, runs = own
    (out / "runs" / runs[DAYS[0]] / "tasks" / "risk-measure.json").unlink()
    with pytest.raises(UsageError) as refused:
        compare_runs(out, runs[DAYS[0]], runs[DAYS[1]])
    assert refused.value.code == "E550"


def test_a_changed_result_is_not_compared(own: tuple[Path, dict[date, str]]) -> None:
    out, runs = own
    (result,) = (out / "runs" / runs[DAYS[0]]).rglob("result.*.msgpack")
    flip(result, 1_000)
    with pytest.raises(ArtefactConflict) as refused:
        compare_runs(out, runs[DAYS[0]], runs[DAYS[1]])
    assert refused.value.code == "E503"
