"""Cash dividends by ex-date: one amount a date, above zero, in a currency."""

from datetime import date

import pytest

from riskmill.domain import Dividend
from tests.ingestion.deliveries import DIVIDENDS, batch, staged


def test_dividends_are_read_in_delivered_order() -> None:
    first, second = batch().market.dividends
    assert first == Dividend(
        underlying="SPX",
        ex_date=date(2019, 2, 8),
        amount=12.5,
        currency="USD",
        source="vendor, declared",
    )
    assert (second.ex_date, second.amount) == (date(2019, 5, 10), 12.75)


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        ("SPX,2019-02-30,1,USD,x", ["E112"]),
        ("SPX,2019-08-09,much,USD,x", ["E107"]),
        ("SPX,2019-08-09,0,USD,x", ["E109"]),
        ("SPX,2019-08-09,-1,USD,x", ["E109"]),
        ("SPX,2019-08-09,1,usd,x", ["E118"]),
        (",,,,", ["E106"] * 5),
        ("SPX,2019-02-08,12.5,USD,again", ["E119"]),
        ("SPX,2018-11-09,1,USD,past", []),
        ("AAPL,2019-02-08,0.73,USD,another", []),
    ],
)
def test_a_wrong_dividend_is_rejected_with_every_reason(row: str, codes: list[str]) -> None:
    found = staged("dividends", DIVIDENDS + row + "\n").failures
    assert [(one.code, one.record) for one in found] == [(code, 3) for code in codes]


def test_two_amounts_of_one_ex_date_are_both_rejected() -> None:
    text = DIVIDENDS + "SPX,2019-02-08,13,USD,other\n"
    found = staged("dividends", text)
    assert [(one.code, one.record) for one in found.failures] == [("E126", 1), ("E126", 3)]
    assert [one.amount for one in found.content] == [12.75]
