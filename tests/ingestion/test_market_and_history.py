"""The snapshot and the history: nothing is filled in, and nothing ambiguous is used."""

import io
from datetime import date

import numpy as np
import polars as pl
import pytest

from riskmill.domain import FactorHistory, InputRejected, MarketSnapshot
from riskmill.ingestion import StagedFile
from tests.ingestion.deliveries import BUSINESS_DATE, HISTORY, MARKET, staged


def _snapshot(text: str) -> MarketSnapshot:
    content = staged("market", text).content
    assert isinstance(content, MarketSnapshot)
    return content


def _history(found: StagedFile) -> FactorHistory:
    assert isinstance(found.content, FactorHistory)
    return found.content


def test_the_snapshot_holds_the_values_and_says_which_are_proxied() -> None:
    assert _snapshot(MARKET) == MarketSnapshot(
        valuation_date=BUSINESS_DATE,
        quotes={"EQ:AAPL": 157.74, "IR:USD:1Y": -0.001},
        proxied=frozenset({"IR:USD:1Y"}),
    )


def test_a_factor_with_two_values_has_none() -> None:
    again = MARKET + "EQ:AAPL,157.75,USD,other,2018-12-31T21:00:00Z,observed\n"
    found = staged("market", again)
    assert [(f.code, f.record) for f in found.failures] == [("E126", 1), ("E126", 3)]
    assert list(_snapshot(again).quotes) == ["IR:USD:1Y"]


def test_a_repeated_value_is_kept_once() -> None:
    again = MARKET + MARKET.splitlines()[1] + "\n"
    found = staged("market", again)
    assert [(f.code, f.record) for f in found.failures] == [("E119", 3)]
    assert found.records.tolist() == [1, 2]


@pytest.mark.parametrize("factor", ["EQ:X", "CO:WTI", "FX:EURUSD", "VOL:VIX"])
def test_a_price_or_volatility_is_above_zero(factor: str) -> None:
    text = MARKET + f"{factor},0,USD,x,2018-12-31T21:00:00Z,observed\n"
    assert [f.code for f in staged("market", text).failures] == ["E109"]


@pytest.mark.parametrize("factor", ["IR:USD:2Y", "YIELD:SPX"])
def test_a_rate_may_be_negative(factor: str) -> None:
    text = MARKET + f"{factor},-0.01,decimal,x,2018-12-31T21:00:00Z,observed\n"
    assert _snapshot(text).quotes[factor] == -0.01


@pytest.mark.parametrize(
    "instant", ["2018-12-31", "2018-12-31T25:00:00Z", "2018-02-30T12:00:00Z", "21:00Z"]
)
def test_an_instant_that_does_not_exist_is_rejected(instant: str) -> None:
    text = MARKET.replace("2018-12-31T21:00:00Z", instant)
    assert {f.code for f in staged("market", text).failures} == {"E127"}


def test_a_history_is_read_oldest_first_in_delivered_columns() -> None:
    history = _history(staged("history", HISTORY))
    assert history.dates == (date(2018, 12, 28), date(2018, 12, 31))
    assert history.factors == ("EQ:AAPL", "IR:USD:1Y")
    np.testing.assert_array_equal(history.values, [[156.23, 0.001], [157.74, -0.001]])


@pytest.mark.parametrize("cells", [("date",), (None, "date")])
def test_a_history_as_parquet_is_the_same(cells: tuple[str | None, ...]) -> None:
    frame = pl.read_csv(HISTORY.encode(), try_parse_dates=cells[0] == "date")
    sink = io.BytesIO()
    frame.write_parquet(sink)
    found = staged("history", sink.getvalue(), "history.parquet")
    plain = _history(staged("history", HISTORY))
    assert found.failures == ()
    assert _history(found).dates == plain.dates
    np.testing.assert_array_equal(_history(found).values, plain.values)


def test_a_factor_with_a_hole_is_left_out_and_said_once() -> None:
    text = HISTORY.replace("156.23", "").replace("157.74", "")
    found = staged("history", text)
    assert _history(found).factors == ("IR:USD:1Y",)
    assert [(f.code, f.subject, f.line) for f in found.failures] == [("E140", "EQ:AAPL", 2)]
    assert "1 more" in found.failures[0].message


@pytest.mark.parametrize("hole", [None, float("nan")])
def test_a_hole_in_parquet_is_a_hole(hole: float | None) -> None:
    frame = pl.DataFrame({"date": ["2018-12-28", "2018-12-31"], "EQ:AAPL": [hole, 2.0]})
    sink = io.BytesIO()
    frame.write_parquet(sink)
    found = staged("history", sink.getvalue(), "history.parquet")
    assert [f.code for f in found.failures] == ["E140"]


def test_a_column_that_is_no_factor_is_left_out() -> None:
    found = staged("history", HISTORY.replace("EQ:AAPL", "AAPL"))
    assert [(f.code, f.subject) for f in found.failures] == [("E150", "AAPL")]
    assert _history(found).factors == ("IR:USD:1Y",)


@pytest.mark.parametrize("wrong", ["2018-12-31", "2019-01-02", "", "31.12.2018", "2018-12-27"])
def test_a_wrong_date_refuses_the_history_and_names_its_line(wrong: str) -> None:
    with pytest.raises(InputRejected) as refusal:
        staged("history", HISTORY + f"{wrong},1,1\n")
    assert refusal.value.code == "E033"
    assert refusal.value.place == "history.csv, record 3, line 4"


def test_a_history_without_dates_is_refused() -> None:
    with pytest.raises(InputRejected) as refusal:
        staged("history", "day,EQ:AAPL\n2018-12-31,1\n")
    assert refusal.value.code == "E028"


@pytest.mark.parametrize(
    ("zone", "codes"), [("UTC", []), ("Europe/Berlin", []), (None, ["E127"] * 2)]
)
def test_instants_of_parquet_have_a_zone(zone: str | None, codes: list[str]) -> None:
    frame = pl.read_csv(MARKET.encode()).with_columns(
        pl.lit("2018-12-31T21:00:00").str.to_datetime(time_zone=zone).alias("as_of")
    )
    sink = io.BytesIO()
    frame.write_parquet(sink)
    found = staged("market", sink.getvalue(), "market.parquet")
    assert [failure.code for failure in found.failures] == codes
