"""From a figure to what is behind it: branches, positions, scenarios, market."""

from dataclasses import replace

import pytest

from riskmill.domain import InputRow, PositionDetail
from riskmill.reporting import build_report, render_html
from riskmill.reporting.views.drilldown import Branch
from riskmill.reporting.views.holdings import level
from tests.reporting.bank import QUOTES, demo_result, empty_result
from tests.reporting.page import parse

RESULT = demo_result()
REPORT = build_report(RESULT)
TREE = parse(render_html(REPORT))


def branches(branch: Branch) -> list[Branch]:
    return [branch, *(below for child in branch.branches for below in branches(child))]


def test_every_portfolio_hangs_once_under_its_parent():
    (firm,) = REPORT.drilldown.top
    every = branches(firm)
    assert [one.portfolio for one in every] == [row.portfolio for row in REPORT.portfolios.rows]
    assert [one.place for one in every] == list(range(len(every)))
    parents = {p.name: p.parent for p in RESULT.hierarchy.portfolios}
    for one in every:
        assert all(parents[child.portfolio] == one.portfolio for child in one.branches)


def test_every_contributor_stands_in_its_own_book_and_nowhere_else():
    (firm,) = REPORT.drilldown.top
    shown = {rank: one.portfolio for one in branches(firm) for rank in one.positions}
    assert shown == {rank: part.book for rank, part in enumerate(RESULT.contributions, start=1)}


def test_a_book_says_how_many_of_its_positions_are_shown():
    few = replace(RESULT, contributions=RESULT.contributions[:1])
    every = branches(build_report(few).drilldown.top[0])
    remarks = {one.portfolio: one.remark for one in every if not one.branches}
    own = RESULT.contributions[0].book
    assert remarks[own].startswith("1 of its 43")
    others = {remark for book, remark in remarks.items() if book != own}
    assert all(remark.startswith("None of its 43") for remark in others)


def test_every_link_on_the_page_leads_somewhere():
    ids = {node.attributes["id"] for node in TREE.walk() if "id" in node.attributes}
    targets = {a.attributes["href"] for a in TREE.all("a")}
    assert {target.removeprefix("#") for target in targets} <= ids
    assert {f"p{rank}" for rank in range(1, 201)} <= ids


def test_a_position_tells_price_greeks_factors_and_its_row_as_sent():
    part, detail = REPORT.contributions.top[0], REPORT.contributions.top[0].detail
    assert detail is not None
    fold = TREE.one("p1").parent
    assert fold is not None
    assert part.position_id in fold.text
    for greek in detail.greeks:
        assert f"{greek.label} {greek.figure.text}" in fold.text
    for factor in detail.factors:
        assert f"{factor.name} {factor.level.text}" in fold.text
    assert "positions.csv, record 1, line 2: " in fold.text
    assert "strike=2500, expiry=2019-03-15" in fold.text


def test_columns_that_all_rows_begin_with_are_named_once():
    text = TREE.one("drilldown").parent.text
    assert "position_id, book, instrument, quantity, currency, notional, underlying; " in text
    assert "position_id=" not in text


def test_rows_that_begin_otherwise_name_every_column():
    first, *others = RESULT.input_rows
    turned = replace(first, fields=tuple(reversed(first.fields)))
    page = render_html(build_report(replace(RESULT, input_rows=(turned, *others)))).decode()
    assert "expiry=2019-03-15, strike=2500" in page
    assert f"position_id={others[0].position_id}" in page


def test_a_position_without_detail_or_row_is_shown_without_them():
    bare = build_report(replace(RESULT, details=(), input_rows=()))
    assert bare.contributions.top[0].detail is None
    tree = parse(render_html(bare))
    assert "Rank 1: " in tree.one("p1").text


def test_a_row_of_a_format_without_lines_names_none():
    rows = tuple(replace(row, line=0) for row in RESULT.input_rows)
    detail = build_report(replace(RESULT, input_rows=rows)).contributions.top[0].detail
    assert detail is not None
    assert detail.source == "positions.csv, record 1"


def test_a_position_of_no_quantity_has_no_price():
    none = tuple(replace(one, price=None, quantity=0.0) for one in RESULT.details)
    detail = build_report(replace(RESULT, details=none)).contributions.top[0].detail
    assert detail is not None
    assert (detail.price.text, detail.quantity.text) == ("n/a", "0")


def test_a_sensitivity_to_many_nodes_is_their_sum_and_names_the_largest():
    swap = next(p for p in RESULT.contributions if p.instrument == "interest_rate_swap")
    found = {one.position_id: one for one in REPORT.contributions.top + REPORT.contributions.more}
    detail = found[swap.position_id].detail
    assert detail is not None
    dv01 = next(greek for greek in detail.greeks if greek.label == "DV01")
    assert dv01.figure.value == pytest.approx(17.0 * 55)
    assert [name for name, _ in dv01.nodes] == ["USD 30Y", "USD 20Y", "USD 10Y"]


@pytest.mark.parametrize(
    ("factor", "value", "text"),
    [
        ("IR:USD:10Y", -0.0012346, "\u22120.1235\u00a0%"),
        ("VOL:SPX:2019-03-15:2500", 0.20123, "20.12\u00a0%"),
        ("YIELD:SPX", 0.021, "2.10\u00a0%"),
        ("EQ:SPX", 2506.85, "2,506.85"),
        ("FX:EURUSD", 1.14567, "1.1457"),
        ("EQ:SPX", float("nan"), "n/a"),
        ("no factor", 1.0, "1.0000"),
    ],
)
def test_a_quote_is_set_in_the_unit_of_its_class(factor: str, value: float, text: str):
    assert level(factor, value).text == text


def test_the_tail_names_positions_with_their_rank_and_factors_with_their_cost():
    row = REPORT.tail.rows[0]
    scenario = RESULT.tail[0]
    assert [loss.rank for loss in row.positions] == [1, 2, 3]
    assert [loss.pnl.value for loss in row.positions] == [p.pnl for p in scenario.positions]
    assert [move.pnl.value for move in row.moves] == list(scenario.move_pnl)
    unknown = replace(scenario.positions[0], position_id="elsewhere")
    other = replace(RESULT, tail=(replace(scenario, positions=(unknown,)),))
    assert build_report(other).tail.rows[0].positions[0].rank is None


def test_a_scenario_without_costs_says_that_they_are_not_known():
    bare = replace(RESULT, tail=tuple(replace(s, move_pnl=()) for s in RESULT.tail))
    assert {move.pnl.text for move in build_report(bare).tail.rows[0].moves} == {"n/a"}


def test_the_scenario_whose_loss_is_var_is_marked_in_words():
    marked = [row for row in REPORT.tail.rows if row.note]
    assert [row.rank for row in marked] == [5]
    assert marked[0].note == "This loss is VaR 99\u00a0%."


def test_concentration_is_the_running_share_of_the_largest_contributors():
    whole = next(f.value for f in RESULT.figures if f.measure == "expected_shortfall"
                 and f.key == "0.975")  # fmt: skip
    steps = REPORT.contributions.concentration.steps
    assert [step.positions.value for step in steps] == [1, 2, 5, 10, 20, 50, 100, 200]
    sums = [sum(p.component_es for p in RESULT.contributions[:n]) for n in (1, 2, 5)]
    for step, total in zip(steps, sums, strict=False):
        assert step.share.value == pytest.approx(100 * total / whole)
    few = build_report(replace(RESULT, contributions=RESULT.contributions[:3]))
    counts = [step.positions.value for step in few.contributions.concentration.steps]
    assert counts == [1, 2, 3]


def test_underlyings_gather_their_positions():
    first = REPORT.contributions.concentration.underlyings[0]
    own = [p for p in RESULT.contributions if p.underlying == first.underlying]
    assert first.positions.value == len(own)
    assert first.component_es.value == pytest.approx(sum(p.component_es for p in own))


def test_curves_stand_by_name_over_all_tenors_as_quoted():
    usd = next(row for row in REPORT.market.curves if row.curve == "USD")
    assert [rate.value for rate in usd.rates] == [
        pytest.approx(QUOTES[f"IR:USD:{tenor}"] * 100) for tenor in REPORT.market.tenors
    ]


def test_surfaces_are_those_with_the_largest_vega_strikes_ascending():
    names = [surface.name for surface in REPORT.market.surfaces]
    assert set(names[:2]) == {"SPX", "AAPL"}
    spx = next(surface for surface in REPORT.market.surfaces if surface.name == "SPX")
    assert spx.columns == ("2,300", "2,400", "2,500", "2,600")
    assert [smile.expiry for smile in spx.smiles] == ["2019-01-18", "2019-03-15", "2019-06-21"]
    assert spx.smiles[0].volatilities[0].text == "22.00\u00a0%"


def test_deltas_run_from_puts_over_the_money_to_calls():
    pair = next(surface for surface in REPORT.market.surfaces if surface.name == "EURUSD")
    assert pair.columns == ("25D put", "ATM", "25D call")


def test_of_a_wide_surface_some_strikes_are_shown_and_it_says_so():
    quotes = {f"VOL:SPX:2019-03-15:{strike}": 0.2 for strike in range(1000, 3000, 20)}
    view = build_report(replace(RESULT, quotes=tuple(sorted(quotes.items())))).market
    (surface,) = view.surfaces
    assert len(surface.columns) == 12
    assert (surface.columns[0], surface.columns[-1]) == ("1,000", "2,980")
    assert surface.remark == "Shown: 12 of 100\u00a0strikes."
    assert view.curves == ()


def test_a_snapshot_without_curves_or_surfaces_says_so():
    bare = build_report(replace(RESULT, quotes=()))
    assert bare.market.empty
    assert bare.market.empty in parse(render_html(bare)).text


def test_par_stands_beside_zero_for_every_curve():
    figures = (*RESULT.figures, *(replace(f, measure="par_dv01", value=2 * f.value)
                                  for f in RESULT.figures if f.measure == "dv01"))  # fmt: skip
    report = build_report(replace(RESULT, figures=figures))
    for ladder in report.sensitivities.ladders:
        for zero, par in zip(ladder.nodes, ladder.par, strict=True):
            assert (par.value is None) == (zero.value is None)
            assert par.value is None or par.value == pytest.approx(2 * zero.value)
    rows = parse(render_html(report)).all("tr", "second")
    assert len(rows) == len(report.sensitivities.ladders)


def test_a_run_without_positions_has_no_way_down_and_says_so():
    view = build_report(empty_result()).drilldown
    assert view.top == ()
    assert view.empty.endswith(".")


def test_details_and_rows_of_unknown_positions_are_no_error():
    stray = PositionDetail(
        position_id="Z", quantity=1.0, price=1.0, currency="USD", present_value=1.0,
        greeks=(), factors=(),
    )  # fmt: skip
    row = InputRow(position_id="Z", file="p.csv", record=1, line=2, fields=())
    more = replace(RESULT, details=(*RESULT.details, stray), input_rows=(*RESULT.input_rows, row))
    assert build_report(more).contributions == REPORT.contributions
