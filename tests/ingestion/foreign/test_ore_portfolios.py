"""ORE trades become positions, or are rejected by name."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.domain import InputRejected, Severity
from riskmill.ingestion import CODES, Conversion, convert
from riskmill.ingestion.foreign.ore.schedules import (
    has_whole_periods,
    last_roll,
    months_on,
)
from tests.ingestion.deliveries import staged
from tests.ingestion.foreign.portfolios import (
    BUSINESS_DATE,
    ENVELOPE,
    FLOATING,
    FX_FORWARD,
    GOOD,
    SWAP,
    converted,
    leg,
    portfolio,
    trade,
)

TRUTH = Path(__file__).parents[2] / "truth" / "ore"


@pytest.fixture(scope="module")
def truth() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in TRUTH.iterdir()}


def rows(found: Conversion, name: str = "positions.csv") -> list[dict[str, str]]:
    """Rows of a written file, empty cells left out."""
    if name not in found.files:
        return []
    read = csv.DictReader(io.StringIO(found.files[name].decode()))
    return [{key: cell for key, cell in row.items() if cell} for row in read]


def errors(found: Conversion) -> list[tuple[str, str]]:
    return [(f.code, f.column) for f in found.failures if f.severity is Severity.ERROR]


def test_ores_own_portfolio_gives_its_forward_and_names_why_its_swap_is_out(
    truth: dict[str, bytes],
) -> None:
    found = convert("ore", truth, business_date=BUSINESS_DATE)
    assert rows(found) == [
        {
            "position_id": "FXFWD_EURUSD_10Y",
            "book": "PF1",
            "instrument": "fx_forward",
            "quantity": "1000000",
            "currency": "USD",
            "notional": "1100000",
            "underlying": "EURUSD",
            "strike": "1.1",
            "expiry": "2029-03-01",
        }
    ]
    assert {(f.subject, f.code, f.line) for f in found.failures} == {
        ("XCCY_Swap_EUR_USD", "E152", 3)
    }
    said = " ".join(failure.message for failure in found.failures)
    assert "legs in several currencies" in said
    assert "exchange of notionals" in said
    portfolio_file, simulation = found.sources
    assert (portfolio_file.form, portfolio_file.records, portfolio_file.taken) == (
        "portfolio",
        2,
        1,
    )
    assert simulation.form == "simulation"


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_trade_of_every_type_passes_every_rule(kind: str) -> None:
    found = converted(trade(kind, GOOD[kind]))
    assert errors(found) == []
    assert len(rows(found)) == 1
    checked = staged("positions", found.files["positions.csv"])
    assert checked.failures == ()
    assert staged("hierarchy", found.files["hierarchy.csv"]).failures == ()


def test_a_swap_keeps_its_terms_and_its_direction() -> None:
    (row,) = rows(converted(trade("Swap", SWAP)))
    assert row == {
        "position_id": "T-1",
        "book": "PF1",
        "instrument": "interest_rate_swap",
        "quantity": "-30000000",
        "currency": "EUR",
        "notional": "30000000",
        "rate": "0.021",
        "start": "2020-03-05",
        "maturity": "2025-03-05",
        "fixed_frequency_months": "12",
        "fixed_day_count": "act/360",
        "float_frequency_months": "6",
        "float_day_count": "act/360",
    }


def test_an_option_keeps_its_side_and_strike() -> None:
    (row,) = rows(converted(trade("EquityOption", GOOD["EquityOption"])))
    assert (row["quantity"], row["option_type"], row["strike"]) == ("-775", "put", "2800")
    assert (row["underlying"], row["expiry"], row["notional"]) == (
        "RIC..SPX",
        "2021-03-15",
        "2170000",
    )
    american = GOOD["EquityOption"].replace("European", "American")
    (row,) = rows(converted(trade("EquityOption", american)))
    assert row["instrument"] == "american_option"


def test_both_forms_of_an_equitys_name_and_strike_mean_the_same() -> None:
    new = (
        GOOD["EquityOption"]
        .replace(
            "<Name>RIC:.SPX</Name>",
            "<Underlying><Type>Equity</Type><Name>RIC:.SPX</Name></Underlying>",
        )
        .replace(
            "<Strike>2800</Strike>",
            "<StrikeData><StrikePrice><Value>2800</Value><Currency>USD</Currency></StrikePrice>"
            "</StrikeData>",
        )
    )
    assert rows(converted(trade("EquityOption", new))) == rows(
        converted(trade("EquityOption", GOOD["EquityOption"]))
    )


def test_a_bond_is_taken_with_a_word_on_what_is_not_valued() -> None:
    found = converted(trade("Bond", GOOD["Bond"]))
    (row,) = rows(found)
    assert (row["instrument"], row["quantity"]) == ("fixed_rate_bond", "30000000")
    warned = {failure.column.rpartition("/")[2] for failure in found.failures}
    assert warned == {"CreditCurveId", "SettlementDays", "PaymentConvention"}
    assert {failure.code for failure in found.failures} == {"W390"}


@pytest.mark.parametrize(
    ("kind", "old", "new", "feature"),
    [
        ("Swap", "<Spread>0.0</Spread>", "<Spread>0.001</Spread>", "spread"),
        ("Swap", "</Notionals>", '<Notional startDate="2021-03-05">1</Notional></Notionals>',
         "changes"),
        ("Swap", "<Currency>EUR</Currency>", "<Currency>USD</Currency>", "several currencies"),
        ("Swap", "<Payer>true</Payer>", "<Payer>false</Payer>", "same direction"),
        ("Swap", ">30000000.00<", ">29000000.00<", "different notionals"),
        ("Swap", "2025-03-05", "2024-03-05", "different terms"),
        ("Swap", FLOATING, FLOATING + FLOATING, "one fixed and one floating"),
        ("Swap", "EUR-EURIBOR-6M", "EUR-EONIA", "the index 'EUR-EONIA'"),
        ("Swap", "EUR-EURIBOR-6M", "EUR-EURIBOR-3M", "other than that of its index"),
        ("Swap", "EUR-EURIBOR-6M", "USD-LIBOR-6M", "another currency"),
        ("Swap", "<FixingDays>2</FixingDays>", "<IsInArrears>true</IsInArrears>", "in arrears"),
        ("Swap", "<DayCounter>A360", "<DayCounter>ACT/ACT", "the day count 'ACT/ACT'"),
        ("Swap", "<FirstDate/>", "<FirstDate>2020-06-05</FirstDate>", "stub"),
        ("Swap", "2020-03-05", "2020-04-05", "short period"),
        ("Swap", "<Tenor>1Y", "<Tenor>2M", "the payment period '2M'"),
        ("Swap", "<LegType>Fixed", "<LegType>CMS", "a leg of type 'CMS'"),
        ("Swap", "</LegData>", "<PaymentLag>2</PaymentLag></LegData>", "lag"),
        ("Swap", "</LegData>", "<Indexings><Indexing>1</Indexing></Indexings></LegData>",
         "Indexings"),
        ("Swap", "</LegData>", "<Amortizations><A>1</A></Amortizations></LegData>",
         "Amortizations"),
        ("Bond", "<LegType>Fixed", "<LegType>Zero", "a leg of type 'Zero'"),
        ("FxOption", "European", "American", "the exercise style 'American'"),
        ("FxOption", "2019-11-01", "2020-01-02", "premium that is still to be paid"),
        ("EquityOption", "European", "Bermudan", "the exercise style 'Bermudan'"),
        ("EquityOption", "</ExerciseDates>",
         "<ExerciseDate>2022-03-15</ExerciseDate></ExerciseDates>", "several"),
        ("EquityOption", "<Strike>", "<StrikeCurrency>EUR</StrikeCurrency><Strike>",
         "another currency"),
        ("EquityPosition", "<Weight>1<", "<Weight>0.5<", "weight"),
        ("FxForward", "<Settlement>Cash",
         "<SettlementData><Date>2029-03-05</Date></SettlementData><Settlement>Cash",
         "SettlementData"),
        ("FxForward", "<BoughtAmount>1000000", "<BoughtAmount>0", "zero"),
    ],
)  # fmt: skip
def test_a_feature_that_is_not_priced_is_named(kind: str, old: str, new: str, feature: str) -> None:
    assert old in GOOD[kind]
    found = converted(trade(kind, GOOD[kind].replace(old, new, 1)))
    assert rows(found) == []
    assert {code for code, _ in errors(found)} == {"E152"}
    assert feature in " ".join(failure.message for failure in found.failures)
    assert found.refusal is not None


def test_other_types_are_rejected_by_their_names() -> None:
    found = converted(
        trade("Swaption", "<SwaptionData/>", "S-1"),
        trade("EquityForward", "<EquityForwardData/>", "F-1"),
        trade("FxForward", FX_FORWARD, "T-1"),
    )
    assert [(f.code, f.subject, f.value, f.record) for f in found.failures] == [
        ("E151", "S-1", "Swaption", 1),
        ("E151", "F-1", "EquityForward", 2),
    ]
    assert [row["position_id"] for row in rows(found)] == ["T-1"]
    assert found.refusal is None


def test_every_element_of_a_trade_is_read_or_refused() -> None:
    for kind, data in GOOD.items():
        for place in range(len(data)):
            if data.startswith("</", place) and data[place - 1] == ">":
                spoilt = f"{data[:place]}<Surprise>1</Surprise>{data[place:]}"
                found = converted(trade(kind, spoilt))
                assert rows(found) == [], (kind, data[place : place + 30])


def test_what_is_missing_or_odd_is_told_all_at_once() -> None:
    data = (
        FX_FORWARD.replace("2029-03-01", "2029-02-30")
        .replace("<SoldAmount>1100000", "<SoldAmount>-1")
        .replace("EUR", "")
    )
    found = converted(trade("FxForward", data))
    assert set(errors(found)) == {
        ("E154", "FxForwardData/ValueDate"),
        ("E154", "FxForwardData/SoldAmount"),
        ("E153", "FxForwardData/BoughtCurrency"),
    }


def test_rules_of_a_delivery_hold_for_converted_rows_too() -> None:
    found = converted(
        trade("FxForward", FX_FORWARD.replace("2029", "2019"), "ENDED"),
        trade("FxForward", FX_FORWARD, "TWICE"),
        trade("FxForward", FX_FORWARD, "TWICE"),
        trade("FxForward", FX_FORWARD.replace("USD", "US$"), "X" * 65),
    )
    assert [(f.code, f.record) for f in found.failures] == [
        ("E113", 1), ("E119", 3), ("E120", 4), ("E118", 4), ("E122", 4),
    ]  # fmt: skip
    assert {f.file for f in found.failures} == {"portfolio.xml"}
    assert [row["position_id"] for row in rows(found)] == ["TWICE"]


def test_a_book_is_the_one_portfolio_else_the_netting_set_else_the_counterparty() -> None:
    envelopes = {
        "PF1": ENVELOPE,
        "NS": ENVELOPE.replace("</PortfolioIds>", "<PortfolioId>PF2</PortfolioId></PortfolioIds>"),
        "CPTY_A": "<Envelope><CounterParty>CPTY_A</CounterParty><NettingSetId/></Envelope>",
    }
    for book, envelope in envelopes.items():
        (row,) = rows(converted(trade("FxForward", FX_FORWARD, envelope=envelope)))
        assert row["book"] == book
    (row,) = rows(converted(trade("FxForward", FX_FORWARD), book="MINE"))
    assert row["book"] == "MINE"
    assert errors(converted(trade("FxForward", FX_FORWARD, envelope="<Envelope/>"))) == [
        ("E155", "Envelope")
    ]


def test_the_hierarchy_places_every_book_and_no_name_twice() -> None:
    found = converted(trade("FxForward", FX_FORWARD), book="FIRM")
    assert rows(found, "hierarchy.csv") == [
        {"portfolio": "FIRM_", "level": "firm"},
        {"portfolio": "IMPORTED", "level": "business_line", "parent": "FIRM_"},
        {"portfolio": "ORE", "level": "desk", "parent": "IMPORTED"},
        {"portfolio": "FIRM", "level": "book", "parent": "ORE"},
    ]


def test_a_running_swap_takes_its_fixing_or_is_rejected() -> None:
    legs = "".join(
        leg(kind, payer=payer, tenor=tenor, start="2015-03-05")
        for kind, payer, tenor in (("Fixed", "true", "1Y"), ("Floating", "false", "6M"))
    )
    running = trade("Swap", f"<SwapData>{legs}</SwapData>")
    assert [code for code, _ in errors(converted(running))] == ["E125"]
    fixings = (
        b"# date index rate\n2019-09-03 EUR-EURIBOR-6M -0.00443\n2019-09-05 EUR-EURIBOR-6M 9\n"
    )
    (row,) = rows(converted(running, fixings_txt=fixings))
    assert row["current_fixing"] == "-0.00443"


def test_an_id_that_would_be_a_formula_reaches_no_spreadsheet_as_one() -> None:
    found = converted(trade("FxForward", FX_FORWARD, "=1+1"), book="@SUM")
    (row,) = rows(found)
    assert (row["position_id"], row["book"]) == ("'=1+1", "'@SUM")
    assert rows(found, "hierarchy.csv")[-1]["portfolio"] == "'@SUM"
    assert staged("positions", found.files["positions.csv"]).failures == ()


def test_files_that_are_no_input_are_named() -> None:
    found = converted(
        trade("FxForward", FX_FORWARD),
        sensitivity_csv=b"#TradeId,IsPar,Factor_1,ShiftSize_1\nT,false,X,1\n",
        todaysmarket_xml=b"<TodaysMarket/>",
        notes_bin=b"\xff\xfe\x00",
    )
    assert [(f.code, f.file) for f in found.failures] == [
        ("W391", "notes.bin"), ("W391", "sensitivity.csv"), ("W391", "todaysmarket.xml"),
    ]  # fmt: skip
    assert "sensitivities, which riskmill computes itself" in found.failures[1].message


def test_several_portfolios_are_one_book_of_trades() -> None:
    more = portfolio([trade("FxForward", FX_FORWARD, "T-2")])
    found = converted(trade("FxForward", FX_FORWARD), more_xml=more)
    assert [row["position_id"] for row in rows(found)] == ["T-2", "T-1"]


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.sampled_from([1, 3, 6, 12]), st.data())
def test_the_running_period_holds_its_day(start: date, months: int, data: st.DataObject) -> None:
    maturity = start + timedelta(days=data.draw(st.integers(1, 20_000)))
    when = start + timedelta(days=data.draw(st.integers(0, (maturity - start).days - 1)))
    begins = last_roll(start, maturity, months, when)
    assert start <= begins <= when
    assert when < min(months_on(begins, months) + timedelta(days=4), maturity + timedelta(days=1))
    assert has_whole_periods(start, months_on(start, 5 * months), months)


@given(st.sampled_from(sorted(GOOD)), st.data())
def test_any_damage_to_a_trade_is_told_by_code(kind: str, data: st.DataObject) -> None:
    good = GOOD[kind]
    place = data.draw(st.integers(0, len(good) - 1))
    spoilt = good[:place] + data.draw(st.sampled_from(["", "0", "-", "x", " "])) + good[place + 1 :]
    found = outcome(trade(kind, spoilt))
    if isinstance(found, InputRejected):
        assert found.code == "E075"
        return
    assert {failure.code for failure in found.failures} <= set(CODES)
    if "positions.csv" in found.files:
        assert staged("positions", found.files["positions.csv"]).failures == ()


def outcome(spoilt: str) -> Conversion | InputRejected:
    """What became of a portfolio of one trade."""
    try:
        return converted(spoilt)
    except InputRejected as refusal:
        return refusal
