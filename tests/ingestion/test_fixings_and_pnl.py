"""Fixings and P&L of past days: facts of the business date or before, each told once."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmill.domain import Fixing, PastPnl
from tests.ingestion.deliveries import BUSINESS_DATE, FIXINGS, HIERARCHY, PNL, batch, staged


def _codes(dataset: str, text: str) -> list[tuple[str, int | None]]:
    return [(f.code, f.record) for f in staged(dataset, text).failures]


def test_fixings_are_read_in_delivered_order() -> None:
    assert batch().market.fixings == (
        Fixing(index="USD", date=date(2018, 12, 14), value=0.0281, source="fixing, official"),
        Fixing(index="USD", date=BUSINESS_DATE, value=0.0279, source="fixing"),
    )


def test_past_pnl_is_read_in_delivered_order() -> None:
    assert batch().past_pnl[0] == PastPnl(
        date=date(2018, 12, 28), portfolio="FIRM", kind="actual", value=-1200.5, currency="USD"
    )
    assert [past.portfolio for past in batch().past_pnl] == ["FIRM", "FIRM", "DESK"]


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        ("USD,2019-01-01,0.01,decimal,x", ["E143"]),
        ("USD,2018-12-32,0.01,decimal,x", ["E112"]),
        ("USD,2018-12-03,1.0 %,decimal,x", ["E107"]),
        ("USD,2018-12-03,nan,decimal,x", ["E108"]),
        ("USD,2018-12-03,2.8,percent,x", ["E116"]),
        (",,,,", ["E106"] * 5),
        (" USD,2018-12-03,-0.01,decimal,x", ["E121"]),
        ("USD,2018-12-14,0.0281,decimal,again", ["E119"]),
        ("USD,2018-12-03,-0.01,decimal,x", []),
        ("EUR,2018-12-14,0.01,decimal,another index", []),
    ],
)
def test_a_wrong_fixing_is_rejected_with_every_reason(row: str, codes: list[str]) -> None:
    assert _codes("fixings", FIXINGS + row + "\n") == [(code, 3) for code in codes]


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        ("2019-01-01,FIRM,actual,1,USD", ["E143"]),
        ("2018-12-27,FIRM,Actual,1,USD", ["E116"]),
        ("2018-12-27,FIRM,actual,,USD", ["E106"]),
        ("2018-12-27,FIRM,actual,1,EUR", ["E144"]),
        ("2018-12-27,FIRM,actual,1,US", ["E118"]),
        ("2019-01-01,FIRM,actual,x,EUR", ["E143", "E107", "E144"]),
        ("2018-12-28,FIRM,actual,-1200.50,USD", ["E119"]),
        ("2018-12-27,FIRM,actual,1,USD", []),
        ("2018-12-27,FIRM,value_at_risk,1,USD", []),
    ],
)
def test_a_wrong_pnl_is_rejected_with_every_reason(row: str, codes: list[str]) -> None:
    assert _codes("pnl", PNL + row + "\n") == [(code, 4) for code in codes]


def test_a_date_with_two_values_has_none() -> None:
    again = FIXINGS + "USD,2018-12-14,0.0280,decimal,other\n"
    assert _codes("fixings", again) == [("E126", 1), ("E126", 3)]
    twice = PNL + "2018-12-28,FIRM,actual,7,USD\n"
    assert _codes("pnl", twice) == [("E126", 1), ("E126", 4)]


def test_pnl_of_an_unknown_portfolio_is_rejected_with_its_place() -> None:
    found = batch({"pnl": PNL + "2018-12-31,GONE,actual,5,USD\n"})
    (failure,) = found.failures
    assert (failure.code, failure.file, failure.record) == ("E224", "pnl.csv", 4)
    assert len(found.past_pnl) == 3
    assert {file.dataset: file.rejected for file in found.inputs}["pnl"] == 1


def test_pnl_of_a_rejected_portfolio_goes_with_it() -> None:
    found = batch({"hierarchy": HIERARCHY + "LOST,book,LINE\n", "pnl": PNL.replace("DESK", "LOST")})
    assert {f.code for f in found.failures} == {"E132", "E224"}


def test_both_datasets_may_be_empty() -> None:
    found = batch({"fixings": FIXINGS.splitlines()[0] + "\n", "pnl": PNL.splitlines()[0] + "\n"})
    assert (found.market.fixings, found.past_pnl, found.failures) == ((), (), ())


fixings = st.tuples(
    st.sampled_from(["USD", "EUR", "GBP 3M"]),
    st.integers(-3, 6).map(lambda n: BUSINESS_DATE - timedelta(days=n)),
    st.sampled_from([0.01, 0.02]),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(fixings, max_size=12))
def test_a_fixing_is_kept_if_it_is_past_and_the_only_value_of_its_day(
    rows: list[tuple[str, date, float]],
) -> None:
    text = "index,date,value,unit,source\n"
    text += "".join(f"{index},{day},{value},decimal,x\n" for index, day, value in rows)
    past = [row for row in rows if row[1] <= BUSINESS_DATE]
    expected = [
        row
        for n, row in enumerate(past)
        if row not in past[:n] and {r[2] for r in past if r[:2] == row[:2]} == {row[2]}
    ]
    found = staged("fixings", text)
    assert [(f.index, f.date, f.value) for f in found.content] == expected  # type: ignore[union-attr]
    rejected = {failure.record for failure in found.failures}
    assert rejected | set(found.records.tolist()) == set(range(1, len(rows) + 1))
    assert not rejected & set(found.records.tolist())
