"""ORE's scenario file becomes the history and the snapshot."""

import csv
import io
import math
from dataclasses import replace
from datetime import date

import pytest

from riskmill.domain import FactorHistory, InputRejected, MarketSnapshot
from riskmill.ingestion import Conversion, convert, ingest_file
from tests.ingestion.deliveries import MANIFEST, entry_of
from tests.ingestion.foreign.portfolios import FX_FORWARD, FX_OPTION, portfolio, trade
from tests.ingestion.foreign.scenarios import HEADER, ROWS, SIMULATION, scenario_file

BUSINESS_DATE = date(2019, 12, 30)


def converted(
    raw: bytes, *, day: date = BUSINESS_DATE, kind: str = "FxForward", **others: bytes
) -> Conversion:
    data = {"FxForward": FX_FORWARD, "FxOption": FX_OPTION}[kind]
    files = {
        "portfolio.xml": portfolio([trade(kind, data)]),
        "simulation.xml": SIMULATION,
        "scenarios.csv": raw,
        **{name.replace("_", "."): other for name, other in others.items()},
    }
    return convert("ore", files, business_date=day)


def rows(found: Conversion, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(found.files[name].decode())))


def refused(raw: bytes, **others: bytes) -> str:
    with pytest.raises(InputRejected) as refusal:
        converted(raw, **others)
    return refusal.value.code


def test_discount_factors_become_zero_rates_at_their_own_dates() -> None:
    history = rows(converted(scenario_file()), "history.csv")
    assert [row["date"] for row in history] == ["2019-12-27", "2019-12-30"]
    half_a_year = (date(2020, 6, 30) - date(2019, 12, 30)).days / 365.0
    assert float(history[1]["IR:EUR:6M"]) == pytest.approx(
        -math.log(1.0021) / half_a_year, rel=1e-15
    )
    two_years = (date(2021, 12, 27) - date(2019, 12, 27)).days / 365.0
    assert float(history[0]["IR:USD:2Y"]) == pytest.approx(-math.log(0.9812) / two_years, rel=1e-15)
    assert history[1]["FX:USDEUR"] == "0.8929"
    assert history[1]["EQ:RIC..SPX"] == "3221.5"


def test_the_business_dates_row_is_the_snapshot() -> None:
    found = converted(scenario_file())
    history, market = rows(found, "history.csv"), rows(found, "market.csv")
    assert {row["factor"]: row["value"] for row in market} == {
        name: cell for name, cell in history[-1].items() if name != "date"
    }
    assert {row["unit"] for row in market} == {"decimal", "EUR", "price"}


def test_history_and_snapshot_pass_every_rule() -> None:
    found = converted(scenario_file())
    manifest = replace(MANIFEST, business_date=BUSINESS_DATE, as_of="2019-12-30T22:00:00Z")
    for dataset, kind in (("history", FactorHistory), ("market", MarketSnapshot)):
        raw = found.files[f"{dataset}.csv"]
        staged = ingest_file(entry_of(dataset, raw), raw, manifest)
        assert staged.failures == ()
        assert isinstance(staged.content, kind)


def test_a_trade_is_turned_to_the_pair_that_is_quoted() -> None:
    (forward,) = rows(converted(scenario_file()), "positions.csv")
    assert (forward["underlying"], forward["currency"]) == ("USDEUR", "EUR")
    assert (forward["quantity"], forward["notional"]) == ("-1100000", "1000000")
    assert float(forward["strike"]) == pytest.approx(1.0 / 1.1, rel=1e-15)
    (option,) = rows(converted(scenario_file(), kind="FxOption"), "positions.csv")
    assert (option["underlying"], option["option_type"]) == ("USDEUR", "call")
    assert option["quantity"] == "-1100000"


def test_what_riskmill_cannot_use_is_named_once_a_curve() -> None:
    found = converted(scenario_file())
    (left_out,) = [f for f in found.failures if f.file == "scenarios.csv"]
    assert left_out.code == "W392"
    assert "IndexCurve/EUR-EONIA (2 nodes)" in left_out.message


def test_dates_after_the_business_date_are_left_out_with_a_word() -> None:
    found = converted(scenario_file(), day=date(2019, 12, 29))
    assert [row["date"] for row in rows(found, "history.csv")] == ["2019-12-27"]
    assert "market.csv" not in found.files
    assert "1 of its dates are after the business date" in " ".join(
        failure.message for failure in found.failures
    )


@pytest.mark.parametrize(
    "raw",
    [
        scenario_file(ROWS[::-1]),
        scenario_file([ROWS[0], ROWS[0]]),
        scenario_file([ROWS[0] + ",1"]),
        scenario_file([ROWS[0].replace("27/12/2019", "12/27/2019")]),
        scenario_file([ROWS[0].replace("1.002", "x")]),
        scenario_file([ROWS[0].replace("1.002", "-1.002")]),
        scenario_file([ROWS[0].replace("1.002", "nan")]),
        scenario_file([ROWS[0].replace("1.002", "1e999")]),
        scenario_file().replace(b"EONIA", b"\xff"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(raw: bytes) -> None:
    assert refused(raw) == "E080"


def test_two_scenario_files_are_refused() -> None:
    assert refused(scenario_file(), more_csv=scenario_file()) == "E080"


def test_nodes_without_tenors_are_refused() -> None:
    assert refused(scenario_file(header=HEADER.replace("EUR/1", "EUR/2"))) == "E081"
    assert refused(scenario_file(), simulation_xml=b"<Simulation/>") == "E081"
