"""Positions by themselves agree with the sums of the run, and with a brute-force tail."""

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from riskmill.domain import (
    EuropeanOption,
    Labels,
    PositionDetail,
    PositionLoss,
    PositionTable,
)
from riskmill.risk import (
    Attribution,
    TailRevaluation,
    contributions,
    merged,
    partition,
    position_details,
    price,
    revalue,
)
from tests.risk.test_contributions import SPEC, Run, run


@pytest.fixture(scope="module")
def whole() -> Run:
    return run(1)


@pytest.fixture(scope="module")
def details(whole: Run) -> tuple[PositionDetail, ...]:
    (every,) = whole.contributions()
    return position_details(
        whole.positions, every, whole.market, whole.scenarios, currency="USD", spec=SPEC
    )


def test_sensitivities_of_all_positions_add_up_to_the_firms_figures(whole, details):
    sums: dict[tuple[str, str], float] = {}
    for one in details:
        for measure, key, value in one.greeks:
            sums[measure, key] = sums.get((measure, key), 0.0) + value
    measures = {"delta", "gamma", "vega", "theta", "dv01", "fx_delta", "fx_gamma"}
    figures = {
        (figure.measure, figure.key): figure.value
        for figure in whole.measured.figures
        if figure.portfolio == "bank" and figure.measure in measures
    }
    assert {"delta", "gamma", "vega", "theta", "dv01", "fx_delta"} <= {m for m, _ in figures}
    for place, value in figures.items():
        assert math.isclose(sums.get(place, 0.0), value, rel_tol=1e-9, abs_tol=1e-6), place


def test_details_stand_in_the_order_of_the_contributions(whole, details):
    (every,) = whole.contributions()
    assert [one.position_id for one in details] == [one.position_id for one in every]
    for one, part in zip(details, every, strict=True):
        assert one.present_value == part.present_value


def test_the_price_is_that_of_one_unit_in_the_instruments_own_currency(whole, details):
    rows = {id_: row for row, id_ in enumerate(whole.positions.position_id.tolist())}
    european = [one for one in details if rows[one.position_id] >= 600]
    assert european
    for one in european[:10]:
        row = rows[one.position_id]
        option = EuropeanOption(
            currency="USD",
            underlying="AAPL",
            option_type=whole.positions.texts["option_type"].text(row),
            strike=float(whole.positions.numbers["strike"][row]),
            expiry=date(2019, 6, 21),
            multiplier=1.0,
        )
        assert one.price is not None
        assert math.isclose(one.price, price(option, whole.market), rel_tol=1e-9)
    euro = next(one for one in details if one.currency == "EUR")
    assert euro.price is not None
    assert math.isclose(euro.price, 90.0, rel_tol=1e-12)


def test_factors_are_those_read_with_their_quotes_the_conversion_last(whole, details):
    quotes = whole.market.snapshot.quotes
    euro = next(one for one in details if one.currency == "EUR")
    assert euro.factors == (("EQ:SAP", quotes["EQ:SAP"]), ("FX:EURUSD", quotes["FX:EURUSD"]))
    option = next(one for one in details if len(one.factors) > 2)
    assert [factor for factor, _ in option.factors][:2] == ["EQ:AAPL", "VOL:AAPL:2019-06-21:ATM"]


def test_a_detail_does_not_depend_on_the_other_positions(whole, details):
    (every,) = whole.contributions()
    alone = position_details(
        whole.positions, every[37:38], whole.market, whole.scenarios, currency="USD", spec=SPEC
    )
    assert alone == details[37:38]


def attribution(whole: Run, of: int, top: int) -> Attribution:
    tail = TailRevaluation(
        whole.market,
        whole.scenarios,
        whole.measured.es_weights,
        currency="USD",
        tail=whole.measured.tail_scenarios,
        spec=SPEC,
    )
    (part,) = whole.parts
    worst = dict(zip(part.position_ids.tolist(), part.position_worst.tolist(), strict=True))
    return merged(
        (
            tail.attribution(partition(whole.positions, index, of), worst=worst, top=top)
            for index in range(of)
        ),
        top,
    )


@pytest.mark.parametrize("top", [1, 5, 200])
@pytest.mark.parametrize("of", [1, 3])
def test_losers_of_each_tail_scenario_are_those_of_a_full_revaluation(whole, of, top):
    found = revalue(whole.positions, whole.market, whole.scenarios.historical, currency="USD")
    held = set(whole.parts[0].position_ids.tolist())
    book = dict(
        zip(
            whole.positions.position_id.tolist(),
            whole.positions.texts["book"].texts(),
            strict=True,
        )
    )
    expected = []
    for number in whole.measured.tail_scenarios:
        losses = sorted(
            (float(pnl), id_)
            for pnl, id_ in zip(found.pnl[:, number], found.position_ids, strict=True)
            if pnl < 0.0 and id_ in held
        )
        expected.append(
            tuple(PositionLoss(position_id=id_, book=book[id_], pnl=pnl) for pnl, id_ in losses[:3])
        )
    assert attribution(whole, of, top).losers == tuple(expected)


def test_asking_for_losers_changes_no_contribution(whole):
    (expected,) = whole.contributions(top=200)
    assert attribution(whole, 1, 200).contributions == expected


def test_the_tail_holds_the_ten_worst_and_the_one_that_is_var(whole):
    measured = whole.measured
    firm = measured.vectors.values[measured.vectors.portfolios.index("bank")]
    assert list(measured.tail_scenarios[:10]) == np.argsort(firm, kind="stable")[:10].tolist()
    var = next(
        figure.value
        for figure in measured.figures
        if (figure.portfolio, figure.measure, figure.key) == ("bank", "value_at_risk", "0.99")
    )
    assert -var in {scenario.pnl for scenario in measured.tail}
    assert [s.rank for s in measured.tail] == sorted(s.rank for s in measured.tail)


def test_no_position_gives_no_detail(whole):
    none = contributions(
        whole.positions,
        whole.market,
        whole.scenarios,
        whole.measured.es_weights,
        currency="USD",
        priced=(),
    )
    assert position_details(
        whole.positions, none, whole.market, whole.scenarios, currency="USD"
    ) == ()  # fmt: skip


def examined(table: PositionTable, whole: Run) -> dict[str, PositionDetail]:
    named = [
        replace(whole.contributions()[0][0], position_id=id_) for id_ in table.position_id.tolist()
    ]
    found = position_details(table, named, whole.market, whole.scenarios, currency="USD")
    return {one.position_id: one for one in found}


def test_positions_that_cannot_be_valued_have_no_detail(whole):
    table = whole.positions.take(np.array([0, 1, 600, 601]))
    quantity = table.numbers["quantity"].copy()
    quantity[0] = 1e308
    ended = np.full(len(table), np.datetime64("2018-01-01"), dtype="datetime64[D]")
    hopeless = replace(
        table,
        numbers={**table.numbers, "quantity": quantity},
        dates={**table.dates, "expiry": ended},
    )
    assert set(examined(hopeless, whole)) == {"P0001"}


def test_a_position_of_no_quantity_has_no_price(whole):
    table = whole.positions.take(np.array([0]))
    nothing = replace(table, numbers={**table.numbers, "quantity": np.zeros(1)})
    (detail,) = examined(nothing, whole).values()
    assert (detail.price, detail.present_value, detail.greeks) == (None, 0.0, ())


def test_a_bond_has_no_delta_and_a_dv01_at_each_of_its_nodes(whole):
    table = whole.positions.take(np.array([0]))
    bond = replace(
        table,
        texts={**table.texts, "instrument": Labels.of(["zero_coupon_bond"]),
               "currency": Labels.of(["USD"])},
        dates={**table.dates, "maturity": np.array(["2023-12-31"], dtype="datetime64[D]")},
    )  # fmt: skip
    (detail,) = examined(bond, whole).values()
    measures = [measure for measure, _, _ in detail.greeks]
    assert measures == ["theta", "dv01", "dv01"]
    assert [factor for factor, _ in detail.factors] == ["IR:USD:1Y", "IR:USD:10Y"]
