"""Delivered P&L of past days reaches the report as a backtest."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from riskmill.domain import RiskSpec
from riskmill.runtime import RunOptions, start_run

Close = Callable[[Path, int], None]
HEADER = "date,portfolio,kind,value,currency\n"


def rows(kind: str, values: list[float]) -> str:
    return "".join(
        f"{date(2018, 12, 31) - timedelta(n)},Demo Bank,{kind},{value},USD\n"
        for n, value in enumerate(values)
    )


def report_of(batch: Path, out: Path, spec: RiskSpec) -> dict[str, dict]:
    outcome = start_run(batch, out, RunOptions(spec=spec))
    found: dict[str, dict] = json.loads(
        (outcome.report.parent / "report.json").read_text(encoding="utf-8")
    )
    return found


def test_delivered_pnl_with_its_var_is_backtested(own_batch: Path, close: Close, out: Path) -> None:
    text = HEADER + rows("actual", [-5.0, 1.0, 2.0]) + rows("value_at_risk", [4.0, 4.0, 4.0])
    (own_batch / "pnl.csv").write_text(text, encoding="utf-8")
    close(own_batch, 50)
    backtests = report_of(own_batch, out, RiskSpec())["backtests"]
    firm = {row["kind"]: row for row in backtests["rows"] if row["portfolio"] == "Demo Bank"}
    assert set(firm) == {"Static: today's positions", "Actual P&L"}
    assert firm["Actual P&L"]["exceptions"]["value"] == 1
    assert firm["Static: today's positions"]["days"]["value"] == 250
    (exception,) = (row for row in backtests["exceptions"] if row["kind"] == "Actual P&L")
    assert (exception["date"], exception["pnl"]["value"]) == ("2018-12-31", -5.0)


def test_delivered_pnl_without_var_is_a_warning(own_batch: Path, close: Close, out: Path) -> None:
    (own_batch / "pnl.csv").write_text(HEADER + rows("actual", [1.0, 2.0]), encoding="utf-8")
    close(own_batch, 50)
    report = report_of(own_batch, out, RiskSpec(scenarios=50, confidences=("0.95",)))
    assert report["backtests"]["rows"] == []
    assert "W371" in json.dumps(report["quality"])
    assert "W370" in json.dumps(report["quality"])


def test_risk_classes_are_told_where_they_are_asked_for(own_batch: Path, out: Path) -> None:
    report = report_of(own_batch, out, RiskSpec(scenarios=60, by_risk_class=True))
    certainty = report["certainty"]
    assert "Implied volatility" in certainty["classes"]
    firm = certainty["class_rows"][0]
    assert firm["portfolio"] == "Demo Bank"
    assert all(figure["value"] for figure in firm["value_at_risk"])
