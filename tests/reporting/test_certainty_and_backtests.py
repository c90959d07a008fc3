from dataclasses import replace

from riskmill.domain import BacktestException, BacktestResult, Figure
from riskmill.reporting import build_report, render_html
from riskmill.reporting.views.numbers import MINUS
from tests.reporting.bank import demo_result, empty_result

DEMO = demo_result()
FIRM = DEMO.hierarchy.firm
DESK = next(p.name for p in DEMO.hierarchy.portfolios if p.level == "desk")
BOOK = DEMO.hierarchy.books[0]


def backtest(portfolio, kind="static", exceptions=3, zone="green"):
    return BacktestResult(
        portfolio=portfolio,
        kind=kind,
        confidence="0.99",
        first="2018-01-03",
        last="2018-12-31",
        observations=250,
        expected=2.5,
        exceptions=tuple(
            BacktestException(date=f"2018-02-{day + 1:02}", pnl=-2e6, value_at_risk=1.5e6)
            for day in range(exceptions)
        ),
        kupiec=3.91,
        kupiec_p_value=0.048,
        independence=0.1,
        independence_p_value=0.75,
        conditional_coverage=4.01,
        conditional_coverage_p_value=0.13,
        zone=zone,
        multiplier=1.5,
    )


def with_figures(*figures):
    added = tuple(
        Figure(portfolio=portfolio, measure=measure, key=key, value=value, unit="USD")
        for portfolio, measure, key, value in figures
    )
    return replace(DEMO, figures=DEMO.figures + added)


def test_headline_figures_stand_beside_what_qualifies_them():
    result = with_figures(
        (FIRM, "value_at_risk_lower", "0.99", 1e6),
        (FIRM, "value_at_risk_upper", "0.99", 9e6),
        (FIRM, "expected_shortfall_error", "0.975", 2e5),
        (FIRM, "parametric_var", "0.99", 3e6),
        (FIRM, "delta_gamma_var", "0.99", 4e6),
        (FIRM, "incremental_var", "0.99", -5e5),
    )
    row = build_report(result).certainty.rows[0]
    assert row.portfolio == FIRM
    assert (row.lower.text, row.upper.text, row.error.text) == ("1,000,000", "9,000,000", "200,000")
    assert (row.parametric.value, row.delta_gamma.value) == (3e6, 4e6)
    assert row.incremental.text == f"{MINUS}500,000"


def test_figures_that_there_are_not_read_as_missing_and_are_never_added_up():
    view = build_report(with_figures((BOOK, "value_at_risk_lower", "0.99", 1e6))).certainty
    assert {row.lower.text for row in view.rows} == {"n/a"}
    assert (view.classes, view.class_rows) == ((), ())


def test_risk_classes_are_shown_where_the_run_was_asked_for_them():
    result = with_figures((FIRM, "class_var", "EQ", 2e6), (FIRM, "class_var", "IR", 1e6))
    report = build_report(result)
    assert report.certainty.classes == ("Equity", "Zero rates")
    assert [figure.value for figure in report.certainty.class_rows[0].value_at_risk] == [2e6, 1e6]
    assert b"By risk class" in render_html(report)


def test_backtests_of_the_firm_come_first_and_books_are_left_out():
    tests = (backtest(BOOK), backtest(DESK, zone="red"), backtest(FIRM, "actual"), backtest(FIRM))
    report = build_report(replace(DEMO, backtests=tests))
    found = [(row.portfolio, row.kind, row.tone) for row in report.backtests.rows]
    assert found == [
        (FIRM, "Static: today's positions", "ok"),
        (FIRM, "Actual P&L", "ok"),
        (DESK, "Static: today's positions", "breach"),
    ]
    assert report.backtests.rows[0].kupiec.text == "3.91 (p 0.048)"
    assert [row.date for row in report.backtests.exceptions][:2] == ["2018-02-03", "2018-02-02"]
    page = render_html(report).decode()
    assert "2018-02-03" in page
    assert "3.91 (p 0.048)" in page


def test_many_exceptions_are_cut_and_counted():
    view = build_report(replace(DEMO, backtests=(backtest(FIRM, exceptions=20),))).backtests
    assert len(view.exceptions) == 12
    assert view.more == "8 earlier ones are not shown."


def test_a_run_without_backtests_or_positions_says_so():
    report = build_report(empty_result())
    assert report.backtests.empty.startswith("No backtest")
    assert report.certainty.empty == "No position was valued in this run."
    assert b"No backtest" in render_html(report)
