"""A position that could not be valued is never quietly missing from a figure."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from riskmill.domain import InputRejected, QuarantineOverPolicy
from riskmill.runtime import RunOptions, start_run

Close = Callable[[Path, int], None]


def keep_market(source: Path, keep: Callable[[str], bool]) -> None:
    """Leave only some rows of the market file."""
    path = source / "market.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(header + "".join(row for row in rows if keep(row)), encoding="utf-8")


def test_a_run_that_values_nothing_is_refused(own_batch: Path, close: Close, out: Path) -> None:
    keep_market(own_batch, lambda row: row.startswith("FX:GBPUSD"))
    close(own_batch, 1_000)
    with pytest.raises(InputRejected) as refused:
        start_run(own_batch, out, RunOptions())
    assert refused.value.code == "E530"
    assert not list(out.rglob("report.*"))
    assert list(out.rglob("reject.json"))


def test_more_unvalued_positions_than_the_policy_allows_are_refused(
    own_batch: Path, close: Close, out: Path
) -> None:
    keep_market(own_batch, lambda row: not row.startswith("CO:WTI"))
    close(own_batch, 0)
    with pytest.raises(QuarantineOverPolicy) as refused:
        start_run(own_batch, out, RunOptions())
    assert refused.value.code == "E531"
    assert "CO:WTI" in str(refused.value)


def test_unvalued_positions_within_the_policy_are_told_at_their_limits(
    own_batch: Path, close: Close, out: Path
) -> None:
    keep_market(own_batch, lambda row: not row.startswith("CO:WTI"))
    close(own_batch, 50)
    outcome = start_run(own_batch, out, RunOptions())
    assert outcome.summary.status == "complete with failures"
    assert outcome.summary.unvalued == 2
    report = json.loads((outcome.report.parent / "report.json").read_text(encoding="utf-8"))
    told = {row["portfolio"]: row["status_text"] for row in report["limits"]["rows"]}
    assert told["OIL"].endswith(", 2 not valued")
    assert told["Demo Bank"].endswith(", 2 not valued")
    assert "not valued" not in told["UST"]
