"""Each run adds a day to those before it, and a day's P&L meets the VaR of the close before."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from riskmill.domain import PastPnl, RiskSpec
from riskmill.risk.past_days import MOST_DAYS, Today, held_against, with_today

START = date(2018, 1, 1)
SPEC = RiskSpec()


def a_day(number, *, var=10.0, pnl=None, span=1, portfolios=("bank",)):
    return Today(
        date=START + timedelta(number),
        portfolios=portfolios,
        value_at_risk=np.full(len(portfolios), var),
        expected_shortfall=np.full(len(portfolios), var + 2.0),
        hypothetical={} if pnl is None else dict.fromkeys(portfolios, pnl),
        span=0 if pnl is None else span,
    )


def through(days, spec=SPEC, delivered=()):
    past = None
    for today in days:
        past = with_today(past, today, delivered, spec, currency="USD")
    return past


def test_pnl_is_held_against_the_var_of_the_close_before():
    past = through([a_day(0, var=10.0), a_day(1, var=20.0, pnl=-15.0), a_day(2, pnl=-15.0)])
    days, (pnl, stated) = held_against(past, "bank", "hypothetical")
    assert days == ["2018-01-02", "2018-01-03"]
    assert (pnl.tolist(), stated.tolist()) == ([-15.0, -15.0], [10.0, 20.0])


def test_pnl_over_a_missing_day_is_kept_and_held_against_nothing():
    past = through([a_day(0), a_day(3, pnl=-50.0, span=2)])
    assert past.hypothetical[-1, 0] == -50.0
    assert held_against(past, "bank", "hypothetical")[0] == []


def test_delivered_figures_take_the_place_of_computed_ones_and_it_is_said():
    day = START + timedelta(1)
    delivered = [
        PastPnl(date=day, portfolio="bank", kind=kind, value=value, currency="USD")
        for kind, value in (("hypothetical", -7.0), ("value_at_risk", 5.0), ("actual", -6.0))
    ]
    past = with_today(through([a_day(0)]), a_day(1, pnl=-15.0), delivered, SPEC, currency="USD")
    assert held_against(past, "bank", "hypothetical")[1][0].tolist() == [-7.0]
    assert held_against(past, "bank", "actual")[1][1].tolist() == [5.0]
    assert [note.split(" of 1 day(s)")[0] for note in past.notes] == ["Hypothetical P&L", "VaR"]
    later = with_today(past, a_day(2, pnl=1.0), (), SPEC, currency="USD")
    assert later.actual[1, 0] == -6.0
    assert later.notes == ()


def test_only_the_last_days_are_handed_on():
    past = through([a_day(number, pnl=1.0) for number in range(MOST_DAYS + 5)])
    assert len(past.dates) == MOST_DAYS
    assert past.dates[0] == START + timedelta(5)


def test_a_new_portfolio_has_no_past_and_one_that_is_gone_leaves_none():
    past = through([a_day(0, portfolios=("bank", "old")), a_day(1, portfolios=("bank", "new"))])
    assert past.portfolios == ("bank", "new")
    assert np.isnan(past.value_at_risk[0, 1])
    assert past.value_at_risk[0, 0] == 10.0


@pytest.mark.parametrize("spec", [replace(SPEC, headline_var="0.95")])
def test_var_of_another_confidence_is_dropped_and_it_is_said(spec):
    past = with_today(through([a_day(0)]), a_day(1, pnl=-1.0), (), spec, currency="USD")
    assert np.isnan(past.value_at_risk[0, 0])
    assert held_against(past, "bank", "hypothetical")[0] == []
    assert "another confidence" in past.notes[0]


def test_var_over_ten_days_is_held_against_no_single_day():
    spec = replace(SPEC, holding_days=10)
    past = through([a_day(0), a_day(1, pnl=-100.0)], spec)
    assert held_against(past, "bank", "hypothetical")[0] == []
    assert "10 business days" in past.notes[0]
