"""What was valued before is not valued again, and nothing shows that it was not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from riskmill.domain import ArtefactConflict, RiskSpec
from riskmill.runtime import RunOptions, start_run, write_follow_up
from tests.runtime.inboxes import QUICK, V1, V2, place

Published = dict[str, bytes]
Publish = Callable[[Path], Published]


def valued(out: Path) -> dict[Path, int]:
    """Kept valuations, with the instant at which each was written."""
    return {path: path.stat().st_mtime_ns for path in (out / "valued").rglob("*.msgpack")}


def corrected(inbox: Path) -> Path:
    """A second version in which one share is held in another quantity."""
    header, *rows = (inbox / V1 / "positions.csv").read_text().splitlines()
    row = next(cells for cells in map(split, rows) if cells[2] == "equity")
    row[3] = str(float(row[3]) + 1)
    (inbox / V2).mkdir()
    text = f"{header},_origin\n{','.join(row)},\n"
    (inbox / V2 / "positions.csv").write_text(text)
    write_follow_up(inbox / V2, supersedes="v001")
    return inbox / V2


def split(row: str) -> list[str]:
    return row.split(",")


@pytest.fixture
def inbox(sample_batch: Path, tmp_path: Path) -> Path:
    place(sample_batch, tmp_path / "in", V1)
    return tmp_path / "in"


def test_a_correction_of_one_row_values_one_segment(
    inbox: Path, tmp_path: Path, published: Publish
) -> None:
    out, alone = tmp_path / "out", tmp_path / "alone"
    start_run(inbox / V1, out, QUICK)
    before = valued(out)
    again = start_run(corrected(inbox), out, QUICK)
    after = valued(out)
    assert len(after) == len(before) + 1
    assert before.items() <= after.items()
    full = start_run(inbox / V2, alone, RunOptions(partitions=3, spec=QUICK.spec))
    assert again.run_id == full.run_id
    whole = published(alone)
    assert {key: data for key, data in published(out).items() if key in whole} == whole


def test_other_code_or_scenarios_value_everything_anew(inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    start_run(inbox / V1, out, QUICK)
    before = valued(out)
    start_run(inbox / V1, out, RunOptions(spec=RiskSpec(scenarios=19)))
    assert len(valued(out)) == 2 * len(before)


def test_a_kept_valuation_that_was_changed_is_noticed(inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    start_run(inbox / V1, out, QUICK)
    for kept in valued(out):
        kept.write_bytes(kept.read_bytes()[:-1] + b"\x00")
    with pytest.raises(ArtefactConflict) as refused:
        start_run(corrected(inbox), out, QUICK)
    assert refused.value.code == "E503"
