"""Why VaR moved, and past days: what is told adds up, and a missing day is told in words."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from riskmill.domain import (
    Comparison,
    DayOnDay,
    PastDays,
    PnlExplained,
    PresentValueChange,
    VarChange,
)
from riskmill.reporting import build_report, render_html
from riskmill.reporting.render.charts.past_days import exceptions_so_far
from riskmill.reporting.render.pdf.document import document_of
from riskmill.reporting.views.backtests import BacktestTrack
from tests.reporting.bank import demo_result
from tests.reporting.page import parse

RESULT = demo_result()
FIRM = RESULT.hierarchy.firm
TODAY = RESULT.record.business_date
CHANGE = VarChange(
    before=100.0, time=-5.0, market=20.0, positions=0.0, unexplained=1.0, after=116.0
)
MOVED = DayOnDay(
    portfolio=FIRM,
    pnl=PnlExplained(
        total=10.0, delta=4.0, gamma=-1.0, vega=2.0, theta=3.0, rates=1.0, fx=0.5, unexplained=0.5
    ),
    by_class=(("EQ", 3.0), ("FX", 0.0)),
    present_value=PresentValueChange(
        before=1000.0, pnl=10.0, paid=-2.0, unvalued=-4.0, new=9.0, closed=-3.0,
        changed=1.0, after=1011.0,
        new_positions=2, closed_positions=1, changed_positions=4,
    ),
    value_at_risk=CHANGE,
    expected_shortfall=CHANGE,
)  # fmt: skip
COMPARISON = Comparison(
    run_id="2018-12-28-0123456789ab",
    business_date=date(2018, 12, 27),
    measured_sha256="0" * 64,
    missed=(date(2018, 12, 28),),
    other_code=True,
    other_risk=True,
    settled=3,
    settled_value=7.0,
    unvalued=1,
    unvalued_value=4.0,
    skipped=("delta <GONE>",),
    portfolios=(MOVED,),
)


def past(pnl, stated):
    count = len(pnl)
    columns = {
        name: np.array(values, dtype=float).reshape(count, 1)
        for name, values in {
            "value_at_risk": [100.0 + day for day in range(count)],
            "expected_shortfall": [120.0] * count,
            "stated": stated,
            "hypothetical": pnl,
            "actual": [np.nan] * count,
        }.items()
    }
    return PastDays(
        currency="USD",
        confidence="0.99",
        es_confidence="0.975",
        dates=tuple(TODAY - timedelta(count - 1 - day) for day in range(count)),
        spans=(0, *[1] * (count - 1)),
        portfolios=(FIRM,),
        delivered=np.zeros((count, 1), dtype=bool),
        **columns,
    )


def page_of(result):
    page = render_html(build_report(result))
    parse(page)
    return page.decode()


def test_every_part_of_a_waterfall_is_a_step_and_leads_to_the_next_level():
    view = build_report(replace(RESULT, comparison=COMPARISON)).day_on_day
    values = [step.amount.value for step in view.value_at_risk.steps]
    assert values == [100.0, -5.0, 20.0, 0.0, 1.0, 116.0]
    assert view.answer.startswith("VaR 99\N{NO-BREAK SPACE}% of the firm rose by USD 16")
    assert "new market and scenarios +20" in view.answer


def test_what_is_odd_about_a_comparison_is_told_in_words():
    remarks = " ".join(build_report(replace(RESULT, comparison=COMPARISON)).day_on_day.remarks)
    for said in ("no run of 2018-12-28", "other code", "other scenarios", "ended since", "<GONE>"):
        assert said in remarks
    assert "&lt;GONE&gt;" in page_of(replace(RESULT, comparison=COMPARISON))


def test_no_run_before_is_told_in_words():
    page = page_of(replace(RESULT, no_comparison="Nothing was there <before>."))
    assert "Nothing was there &lt;before&gt;." in page


def test_exceptions_are_losses_beyond_the_var_of_the_close_before():
    history = build_report(
        replace(RESULT, past=past([np.nan, -50.0, -150.0], [np.nan, 100.0, 101.0]))
    ).history
    assert history.exceptions == (2,)
    assert history.pnl == (None, -50.0, -150.0)
    assert "2\N{NO-BREAK SPACE}days exceeded it 1\N{NO-BREAK SPACE}time" in history.description


def test_one_day_alone_draws_nothing_and_says_so():
    view = build_report(replace(RESULT, past=past([np.nan], [np.nan]))).history
    assert view.empty.startswith("This is the first day")


@pytest.mark.parametrize("count", [2, 250])
def test_charts_have_a_title_and_a_description_and_the_page_stays_small(count):
    days = past([np.nan, *[-1.0] * (count - 1)], [np.nan, *[100.0] * (count - 1)])
    page = page_of(replace(RESULT, comparison=COMPARISON, past=days))
    assert len(page) < 300_000
    for name in ("fall-0-700", "past-wide"):
        assert f'id="{name}-title"' in page
        assert f'id="{name}-desc"' in page


def test_exceptions_are_counted_over_zones_with_words_for_the_blind():
    track = BacktestTrack(
        title="Hypothetical <P&L>",
        first="2018-01-02",
        last="2018-12-31",
        exceptions=("2018-02-05", "2018-10-10"),
        description="2 exceptions in 250 days.",
    )
    drawn = str(exceptions_so_far(track, width=500.0, name="track-0"))
    assert drawn.count("<circle") == 2
    assert all(f"{zone} zone" in drawn for zone in ("green", "yellow", "red"))
    assert "Exceptions so far: Hypothetical &lt;P&amp;L&gt;" in drawn
    assert "2 exceptions in 250 days." in drawn


def test_print_shows_changes_side_by_side_and_says_each_caption_once():
    report = build_report(replace(RESULT, comparison=COMPARISON))
    (section,) = (
        one
        for one in document_of(report, ("day_on_day",), {}, None).sections
        if one.name == "day_on_day"
    )
    view = report.day_on_day
    assert [table.caption for table in section.tables] == [one.caption for one in view.tables]
    for table, change in zip(section.tables, view.tables, strict=True):
        assert [column.title for column in table.columns] == ["Portfolio", *change.headings]
        assert len(table.rows) == len(change.rows)
