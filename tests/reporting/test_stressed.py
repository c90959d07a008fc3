"""The stressed period and the worst past scenario on the page."""

from dataclasses import replace

from riskmill.domain import Figure, RiskResult, StressedPeriod, TailScenario
from riskmill.reporting import build_report, render_html
from tests.reporting.bank import FIRM, demo_result

WORST = TailScenario(
    label="2015-08-24", rank=1, pnl=-9e6, driver="EQ-INDEX-VOL", driver_pnl=-5e6,
    moves=(("EQ:SPX", -0.04),),
)  # fmt: skip
PERIOD = StressedPeriod(
    first="2015-07-01", last="2016-06-30", scenarios=250, measure="expected_shortfall",
    confidence="0.975", searched=1256, searched_first="2014-01-06", searched_last="2018-12-31",
    worst=WORST, worst_from="2015-08-21",
)  # fmt: skip


def stressed_result(period: StressedPeriod = PERIOD) -> RiskResult:
    plain = demo_result(scenarios=120)
    figures = tuple(
        replace(figure, measure=f"stressed_{figure.measure}", value=2.0 * figure.value)
        for figure in plain.figures
        if figure.measure in ("value_at_risk", "expected_shortfall")
    )
    record = replace(plain.record, scenario_facts=(("Seed", "42"),))
    return replace(plain, record=record, figures=(*plain.figures, *figures), stressed=period)


def test_stressed_figures_stand_beside_those_of_the_run():
    view = build_report(stressed_result()).stressed
    firm = view.rows[0]
    assert (firm.portfolio, firm.depth) == (FIRM, 0)
    assert firm.var_times.value == firm.es_times.value == 2.0
    assert "2015-07-01" in view.period
    assert "ES 97.5" in view.period
    assert "1,256" in view.reverse
    assert view.reverse.endswith("in the moves from 2015-08-21 to 2015-08-24.")
    assert view.worst[0].label == "2015-08-24"
    assert view.empty == ""


def test_a_period_that_was_given_says_so():
    given = replace(PERIOD, measure="", confidence="")
    assert build_report(stressed_result(given)).stressed.period.startswith("The period was given")


def test_the_page_has_the_section_only_where_it_was_asked_for():
    asked = render_html(build_report(stressed_result())).decode()
    assert asked.count('id="stressed"') == asked.count('href="#stressed"') == 1
    plain = build_report(demo_result(scenarios=120))
    assert "stressed" not in render_html(plain).decode()
    assert plain.stressed.rows == plain.stressed.worst == ()
    assert plain.stressed.empty


def test_the_audit_states_the_seed():
    facts = build_report(stressed_result()).audit.scenarios
    assert ("Seed", "42") in {(fact.label, fact.text) for fact in facts}


def test_a_missing_stressed_figure_is_not_the_sum_of_the_books():
    result = stressed_result()
    figures: tuple[Figure, ...] = tuple(
        f for f in result.figures
        if (f.portfolio, f.measure) != (FIRM, "stressed_value_at_risk")
    )  # fmt: skip
    row = build_report(replace(result, figures=figures)).stressed.rows[0]
    assert row.stressed_var.value is None


def test_drawn_scenarios_are_in_order_of_number():
    plain = demo_result(scenarios=120)
    record = replace(plain.record, first_scenario="draw 001", last_scenario="draw 120")
    names = tuple(f"draw {n:03d}" for n in range(1, 121))
    drawn = replace(plain, record=record, vectors=replace(plain.vectors, scenarios=names))
    report = build_report(drawn)
    assert "in order of number" in report.pnl.history
    assert "Scenario date" not in render_html(report).decode()
