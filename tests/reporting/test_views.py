import itertools
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.domain import Failure, FailureReason, Figure
from riskmill.reporting import build_report
from riskmill.reporting.views.pnl import bins
from riskmill.reporting.views.tail import move
from tests.reporting.bank import (
    FIRM,
    all_breached_result,
    demo_result,
    empty_result,
    one_scenario_result,
)

RESULT = demo_result()
REPORT = build_report(RESULT)


def test_the_strip_says_what_is_breached_and_what_is_wrong_with_the_data():
    limits, data = REPORT.strip.limits, REPORT.strip.data
    assert (limits.tone, limits.word) == ("breach", "Breach")
    assert limits.sentence.startswith("1 of 19\u00a0limits breached: \u2068EQ-SINGLE-VOL\u2069")
    assert "1 on warning: \u2068Demo Bank\u2069 VaR 99\u00a0% at 94\u00a0%" in limits.sentence
    assert data.sentence == (
        "9 of 2,317\u00a0delivered rows rejected, 1\u00a0position not valued, "
        "260\u00a0factors proxied and 7\u00a0warnings."
    )
    assert REPORT.strip.signature == "DRAFT"


def test_a_clean_run_is_said_to_be_clean():
    record = replace(
        RESULT.record, inputs=tuple(replace(f, rejected=0) for f in RESULT.record.inputs)
    )
    clean = replace(RESULT, record=record, failures=(), proxied=(), status="complete")
    verdict = build_report(clean).strip.data
    assert verdict.tone == "ok"
    assert verdict.sentence == (
        "None of 2,317\u00a0delivered rows rejected, every accepted position valued, "
        "no factor proxied and no warning."
    )


def test_every_limit_breached_is_one_sentence():
    sentence = build_report(all_breached_result()).strip.limits.sentence
    assert sentence.startswith("All 19 limits are breached: ")
    assert "and 16 more; none on warning." in sentence


def test_diversification_is_the_desks_var_summed_less_the_firms():
    at = {(f.portfolio, f.measure, f.key): f.value for f in RESULT.figures}
    desks = [p.name for p in RESULT.hierarchy.portfolios if p.level == "desk"]
    summed = math.fsum(at[desk, "value_at_risk", "0.99"] for desk in desks)
    benefit = REPORT.headline.figures[3]
    assert benefit.label == "Diversification benefit"
    assert benefit.figure.value == summed - at[FIRM, "value_at_risk", "0.99"]


def test_the_worst_stress_is_the_firms_smallest_pnl():
    worst = min(f.value for f in RESULT.figures if (f.portfolio, f.measure) == (FIRM, "stress"))
    assert REPORT.headline.figures[4].figure.value == worst
    assert REPORT.stress.rows[0].firm.value == worst


def test_portfolios_stand_under_their_parents_even_if_delivered_level_by_level():
    levels = ("firm", "business_line", "desk", "book")
    by_level = sorted(RESULT.hierarchy.portfolios, key=lambda p: levels.index(p.level))
    shuffled = replace(RESULT, hierarchy=type(RESULT.hierarchy)(tuple(by_level)))
    names = [row.portfolio for row in build_report(shuffled).portfolios.rows]
    assert names == [row.portfolio for row in REPORT.portfolios.rows]
    assert [row.depth for row in REPORT.portfolios.rows[:5]] == [0, 1, 2, 3, 3]


def test_an_additive_measure_of_a_portfolio_without_one_is_summed_over_its_books():
    only_books = tuple(
        f for f in RESULT.figures if f.measure != "present_value" or f.portfolio != FIRM
    )
    report = build_report(replace(RESULT, figures=only_books))
    value = report.portfolios.rows[0].present_value.value
    assert value == pytest.approx(REPORT.portfolios.rows[0].present_value.value)


def test_var_is_never_summed_where_it_is_missing():
    no_firm = tuple(
        f for f in RESULT.figures if f.measure != "value_at_risk" or f.portfolio != FIRM
    )
    report = build_report(replace(RESULT, figures=no_firm))
    assert report.headline.figures[0].figure.text == "n/a"
    assert report.headline.figures[3].figure.value is None


def test_figures_that_are_not_finite_are_missing():
    bad = Figure(portfolio=FIRM, measure="stress", key="Broken", value=math.nan, unit="USD")
    report = build_report(replace(RESULT, figures=(*RESULT.figures, bad)))
    assert report.stress.rows[-1].scenario == "Broken"
    assert report.stress.rows[-1].firm.text == "n/a"


def test_small_books_are_shown_in_cents():
    small = tuple(replace(f, value=f.value / 1e6) for f in RESULT.figures)
    report = build_report(replace(RESULT, figures=small))
    assert "." in report.portfolios.rows[0].present_value.text


def test_limits_stand_in_the_order_of_the_hierarchy():
    order = [p.name for p in RESULT.hierarchy.portfolios]
    places = [order.index(row.portfolio) for row in REPORT.limits.rows]
    assert places == sorted(places)
    breached = next(row for row in REPORT.limits.rows if row.status == "breach")
    assert breached.status_text == "Breach"
    assert breached.headroom.value < 0 < breached.used.value


def test_a_limit_on_an_unknown_portfolio_comes_last():
    stray = replace(RESULT.limits[0], portfolio="Nowhere")
    report = build_report(replace(RESULT, limits=(stray, *RESULT.limits)))
    assert report.limits.rows[-1].portfolio == "Nowhere"


def test_twenty_positions_are_open_and_two_hundred_is_the_most():
    many = replace(RESULT, contributions=RESULT.contributions * 2)
    view = build_report(many).contributions
    assert (len(view.top), len(view.more)) == (20, 180)
    assert view.more_text == "Ranks 21 to 200"
    few = build_report(replace(RESULT, contributions=RESULT.contributions[:3])).contributions
    assert (len(few.top), few.more, few.more_text) == (3, (), "")


def test_books_are_ranked_and_add_up_to_the_firms_es():
    books = REPORT.contributions.books
    values = [row.component_es.value for row in books]
    assert values == sorted(values, reverse=True)
    firm = REPORT.portfolios.rows[0].expected_shortfall[1].value
    assert math.fsum(values) == pytest.approx(firm)


@pytest.mark.parametrize(
    ("factor", "kind", "shock", "text"),
    [
        ("EQ:SPX", "log", -0.0324, "\u22123.24\u00a0%"),
        ("FX:EURUSD", "relative", 0.01, "+1.00\u00a0%"),
        ("IR:USD:10Y", "absolute", -0.0009, "\u22129.0\u00a0bp"),
        ("VOL:VIX", "absolute", 0.021, "+2.10\u00a0vol pt"),
        ("VOL:VIX", "relative", 0.241, "+24.10\u00a0%"),
        ("EQ:SPX", "absolute", 12.5, "+12.5000"),
        ("IR:USD:10Y", "relative", 0.1, "+10.00\u00a0%"),
    ],
)
def test_moves_are_told_in_the_unit_of_their_factor(factor, kind, shock, text):
    assert move(factor, shock, {factor.split(":")[0]: kind}).text == text


def test_ladders_are_ordered_by_tenor_and_totalled():
    view = REPORT.sensitivities
    assert view.tenors == ("3M", "6M", "1Y", "2Y", "3Y", "5Y", "7Y", "10Y", "20Y", "30Y")
    for ladder in view.ladders:
        known = [node.value for node in ladder.nodes if node.value is not None]
        assert ladder.total.value == pytest.approx(math.fsum(known))
    pounds = next(ladder for ladder in view.ladders if ladder.curve == "GBP")
    assert pounds.nodes[0].text == "\u2013"


def test_rejections_are_grouped_by_code_and_only_the_first_are_shown():
    many = tuple(
        Failure(
            code="E107", reason=FailureReason.INVALID_VALUE, message="No.", file="a.csv", record=n
        )
        for n in range(1, 1_001)
    )
    group = build_report(replace(RESULT, failures=many)).quality.rejected[0]
    assert group.failures.value == 1_000
    assert len(group.first) == 5
    assert group.more_text == "995 more of this code are not shown."
    assert group.first[0].place == "a.csv, record 1"


def test_unvalued_positions_and_warnings_are_kept_apart_from_rejected_rows():
    quality = REPORT.quality
    assert [g.code for g in quality.rejected] == ["E103", "E107", "E109", "E112"]
    assert [g.code for g in quality.unpriced] == ["E401"]
    assert [g.code for g in quality.warnings] == ["W301"]
    assert quality.warnings_text.startswith(
        "7\u00a0warnings of 1\u00a0code. What a warning is about"
    )
    assert quality.unpriced_text.startswith("1\u00a0position could not be valued and is in no")


def test_a_position_with_two_failures_counts_once():
    twice = tuple(f for f in RESULT.failures if f.code == "E401") * 2
    report = build_report(replace(RESULT, failures=twice))
    assert "1\u00a0position not valued" in report.strip.data.sentence
    assert report.quality.unpriced_text.startswith("1\u00a0position")


def test_proxied_factors_are_grouped_by_class_and_source_with_their_reasons():
    surfaces, yields = REPORT.quality.proxied
    assert surfaces.heading == "Implied volatility: 240\u00a0factors proxied by \u2068VOL:VIX\u2069"
    assert len(surfaces.reasons) == 60
    assert sum(len(part.names) for part in surfaces.reasons) == surfaces.factors.value == 240
    assert surfaces.more_text == ""
    assert surfaces.page_text == "and 20\u00a0more reasons"
    assert yields.heading == "Dividend and convenience yield: 20\u00a0factors held constant"


def test_only_a_hundred_factors_of_one_reason_are_listed():
    many = tuple((f"EQ:S{n}", "EQ:SPX", "new listing") for n in range(1_300))
    (group,) = build_report(replace(RESULT, proxied=many)).quality.proxied
    assert len(group.reasons[0].names) == 100
    assert group.more_text == ""
    assert group.reasons[0].more_text == "and 1,200\u00a0more factors"


def test_every_input_is_in_the_audit_with_its_whole_hash():
    assert [row.sha256 for row in REPORT.audit.inputs] == [f.sha256 for f in RESULT.record.inputs]
    stated = {fact.label: fact.text for fact in REPORT.audit.run}
    assert stated["Code version"] == RESULT.record.code_version
    assert stated["Run spec, SHA-256"] == RESULT.record.spec_sha256


def test_a_run_without_positions_says_so_in_words():
    report = build_report(empty_result())
    views = (report.limits, report.portfolios, report.pnl, report.contributions, report.tail,
             report.stress, report.sensitivities)  # fmt: skip
    assert all(view.empty.endswith(".") for view in views)
    assert report.strip.limits.sentence == "No limits were delivered; none was checked."


def test_one_scenario_is_remarked_on():
    assert build_report(one_scenario_result()).pnl.remarks == (
        "With 1\u00a0scenario, VaR and ES at 95\u00a0%, 97.5\u00a0% and 99\u00a0% are the worst "
        "scenario itself.",
    )
    assert REPORT.pnl.remarks == ()


@given(st.lists(st.floats(min_value=-1e9, max_value=1e9), min_size=1, max_size=60))
def test_every_scenario_is_in_exactly_one_bin_and_bins_touch(values):
    found = bins(tuple(values))
    assert sum(b.scenarios for b in found) == len(values)
    assert all(a.high == b.low for a, b in itertools.pairwise(found))
    slack = 1e-6 * max(1e-9, max(abs(v) for v in values))
    assert found[0].low <= min(values) + slack
    assert max(values) <= found[-1].high + slack
    assert len(found) <= 130
