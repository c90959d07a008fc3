"""A factor id is taken apart by its grammar, or refused."""

from datetime import date

import pytest

from riskmill.domain import Factor, InputRejected, RiskClass, parse_factor, tenor_days

GOOD = {
    "EQ:AAPL": {"risk_class": RiskClass.EQUITY, "name": "AAPL"},
    "CO:WTI": {"risk_class": RiskClass.COMMODITY, "name": "WTI"},
    "FX:EURUSD": {"risk_class": RiskClass.FX, "name": "EURUSD"},
    "IR:USD:10Y": {"risk_class": RiskClass.RATES, "name": "USD", "tenor": "10Y"},
    "VOL:VIX": {"risk_class": RiskClass.VOLATILITY, "name": "VIX"},
    "VOL:SPX:2019-03-15:2500": {
        "risk_class": RiskClass.VOLATILITY,
        "name": "SPX",
        "expiry": date(2019, 3, 15),
        "strike": 2500.0,
    },
    "VOL:EURUSD:2019-03-29:ATM": {
        "risk_class": RiskClass.VOLATILITY,
        "name": "EURUSD",
        "expiry": date(2019, 3, 29),
    },
    "YIELD:SPX": {"risk_class": RiskClass.YIELD, "name": "SPX"},
}


@pytest.mark.parametrize("factor_id", GOOD)
def test_an_id_is_taken_apart(factor_id: str) -> None:
    assert parse_factor(factor_id) == Factor(id=factor_id, **GOOD[factor_id])


@pytest.mark.parametrize(
    "factor_id",
    [
        "",
        "EQ",
        "EQ:",
        "XX:AAPL",
        "EQ:AA PL",
        "FX:EUR",
        "FX:eurusd",
        "IR:USD",
        "IR:USD:10",
        "IR:USD:10Q",
        "VOL:SPX:2019-03-15",
        "VOL:SPX:2019-02-30:2500",
        "VOL:SPX:2019-03-15:-1",
        "EQ:AAPL:more",
        "EQ:AAPL\n",
    ],
)
def test_anything_else_is_refused_by_name(factor_id: str) -> None:
    with pytest.raises(InputRejected) as refused:
        parse_factor(factor_id)
    assert refused.value.code == "E150"
    assert refused.value.place == factor_id


@pytest.mark.parametrize(
    ("tenor", "days"), [("1D", 1.0), ("2W", 14.0), ("12M", 365.0), ("1Y", 365.0), ("30Y", 10950.0)]
)
def test_a_tenor_has_a_length_in_days(tenor: str, days: float) -> None:
    assert tenor_days(tenor) == pytest.approx(days, abs=1e-12)
