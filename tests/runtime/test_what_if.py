"""Trades on top of a run change it by what a run that holds them would report."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from riskmill.domain import InputRejected, UsageError
from riskmill.runtime import RunOutcome, WhatIf, start_run, try_trades
from tests.runtime.inboxes import QUICK, edit, write

FIRST_ROWS = 6
PROGRAM = """
import sys
from riskmill.risk import revalue
from tests.risk.pricing.samples import CONTRACTS, MARKET, positions, shaken
held = positions([one for name, one in CONTRACTS.items() if name != "american_option"])
revalue(held, MARKET, shaken(70), currency="EUR", path="numpy")
print("numba" in sys.modules)
"""
"""Says whether numba was loaded."""


@pytest.fixture
def run(own_batch: Path, out: Path) -> RunOutcome:
    return start_run(own_batch, out, QUICK)


def trades_of(batch: Path, directory: Path, prefix: str = "T-") -> Path:
    """A file of the batch's first positions under other ids."""
    header, *rows = (batch / "positions.csv").read_text().splitlines()
    path = directory / "trades.csv"
    path.write_text("\n".join([header, *(prefix + row for row in rows[:FIRST_ROWS])]) + "\n")
    return path


def figures(outcome: RunOutcome) -> dict[tuple[str, str, str], float]:
    frame = pl.read_parquet(outcome.report.with_name("figures.parquet"))
    rows = frame.select("portfolio", "measure", "key", "value").iter_rows()
    return {(portfolio, measure, key): value for portfolio, measure, key, value in rows}


def test_it_is_what_a_run_that_holds_the_trades_reports(
    run: RunOutcome, own_batch: Path, out: Path, tmp_path: Path
) -> None:
    trades = trades_of(own_batch, tmp_path)
    found = try_trades(out, run.run_id, trades)
    both = (own_batch / "positions.csv").read_bytes() + trades.read_bytes().partition(b"\n")[2]
    write(own_batch, "positions.csv", both)
    edit(own_batch, announce_more)
    before, after = figures(run), figures(start_run(own_batch, out, QUICK))
    assert found.trades == FIRST_ROWS
    firm = found.figures[0].portfolio
    worth = after[firm, "present_value", ""] - before[firm, "present_value", ""]
    assert found.present_value == pytest.approx(worth, rel=1e-9)
    assert {one.measure for one in found.figures} == {"value_at_risk", "expected_shortfall"}
    for one in found.figures:
        place = (one.portfolio, one.measure, one.confidence)
        assert one.before == before[place]
        assert one.after == pytest.approx(after[place], rel=1e-9, abs=1e-6)
        assert one.change == one.after - one.before


def announce_more(manifest: dict[str, object]) -> None:
    files: list[dict[str, object]] = manifest["files"]  # type: ignore[assignment]
    entry = next(file for file in files if file["name"] == "positions.csv")
    entry["rows"] = int(str(entry["rows"])) + FIRST_ROWS


def test_the_opposite_of_positions_closes_them(
    run: RunOutcome, own_batch: Path, out: Path, tmp_path: Path
) -> None:
    header, *rows = (own_batch / "positions.csv").read_text().splitlines()
    place = header.split(",").index("quantity")
    turned = [row.split(",") for row in rows]
    for cells in turned:
        cells[place] = (
            cells[place].removeprefix("-") if cells[place][0] == "-" else f"-{cells[place]}"
        )
    path = tmp_path / "close.csv"
    path.write_text("\n".join([header, *(",".join(cells) for cells in turned)]) + "\n")
    found = try_trades(out, run.run_id, path)
    for one in found.figures:
        assert abs(one.after) <= 1e-9 * max(abs(one.before), 1.0) * len(rows)
        assert one.trades_alone != one.before


def refused(out: Path, run_id: str, path: Path) -> InputRejected | UsageError:
    with pytest.raises((InputRejected, UsageError)) as caught:
        try_trades(out, run_id, path)
    return caught.value


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [("quantity", "many", "E540"), ("book", "NOBODY", "E541"), ("underlying", "NONE", "E542")],
)
def test_trades_that_cannot_be_used_are_refused_by_name(
    run: RunOutcome, own_batch: Path, out: Path, tmp_path: Path, column: str, cell: str, code: str
) -> None:
    trades = trades_of(own_batch, tmp_path)
    header, first, *rows = trades.read_text().splitlines()
    cells = first.split(",")
    cells[header.split(",").index(column)] = cell
    trades.write_text("\n".join([header, ",".join(cells), *rows]) + "\n")
    refusal = refused(out, run.run_id, trades)
    assert refusal.code == code
    assert "trades.csv" in refusal.place


def test_a_run_that_is_not_there_and_a_file_that_is_not_are_told(
    run: RunOutcome, own_batch: Path, out: Path, tmp_path: Path
) -> None:
    assert refused(out, "2018-12-31-000000000000", trades_of(own_batch, tmp_path)).code == "E612"
    assert refused(out, run.run_id, tmp_path / "none.csv").code == "E619"


def test_a_run_by_other_code_is_refused(
    run: RunOutcome, own_batch: Path, out: Path, tmp_path: Path
) -> None:
    spec = out / "runs" / run.run_id / "spec.json"
    changed = json.loads(spec.read_text()) | {"code_version": "0.0.1+00000000"}
    spec.write_text(json.dumps(changed))
    assert refused(out, run.run_id, trades_of(own_batch, tmp_path)).code == "E618"


def test_nothing_is_written(run: RunOutcome, own_batch: Path, out: Path, tmp_path: Path) -> None:
    before = sorted(path for path in out.rglob("*"))
    found: WhatIf = try_trades(out, run.run_id, trades_of(own_batch, tmp_path))
    assert sorted(path for path in out.rglob("*")) == before
    assert replace(found, trades=0) != found


def test_no_compiler_is_started_without_need() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("False", "")
