from datetime import date, timedelta

import numpy as np
import pytest

from riskmill.domain import PastPnl, PnlVectors, RiskSpec
from riskmill.risk.backtesting import backtests_of
from riskmill.risk.measures import kupiec_test, value_at_risk
from riskmill.risk.past_days import Today, with_today

END = date(2018, 12, 31)
SPEC = RiskSpec()


def days(count):
    return tuple((END - timedelta(count - 1 - day)).isoformat() for day in range(count))


def vectors(pnl, labels=()):
    return PnlVectors(
        portfolios=("bank",),
        scenarios=tuple(labels) or days(len(pnl)),
        values=np.array([pnl]),
    )


def past(kind, values, portfolio="bank", start=END):
    return [
        PastPnl(date=start - timedelta(n), portfolio=portfolio, kind=kind, value=value,
                currency="USD")
        for n, value in enumerate(values)
    ]  # fmt: skip


def held(found, kind, delivered, spec):
    today = Today(
        date=END,
        portfolios=("bank",),
        value_at_risk=np.array([10.0]),
        expected_shortfall=np.array([12.0]),
        hypothetical={},
        span=0,
    )
    days_so_far = with_today(None, today, delivered, spec, currency="USD")
    return backtests_of(found, kind, days_so_far, delivered, spec)


SAMPLE = np.random.default_rng(9).normal(size=500)


def test_a_static_backtest_holds_each_day_against_the_moves_before_it():
    (found,), warnings = held(vectors(SAMPLE), "historical", (), SPEC)
    hits = [
        day
        for day in range(250, 500)
        if SAMPLE[day] < -value_at_risk(SAMPLE[day - 250 : day], 0.99)
    ]
    assert warnings == ()
    assert (found.kind, found.portfolio, found.observations) == ("static", "bank", 250)
    assert (found.first, found.last) == (days(500)[250], "2018-12-31")
    assert [exception.date for exception in found.exceptions] == [days(500)[day] for day in hits]
    assert found.kupiec == kupiec_test(len(hits), 250, "0.99").statistic
    assert found.expected == 2.5


def test_a_short_history_is_backtested_on_the_days_that_leave_a_tail():
    (found,), _ = held(vectors(SAMPLE[:130]), "historical", (), SPEC)
    assert (found.observations, found.multiplier) == (30, None)


@pytest.mark.parametrize(
    ("sample", "kind", "spec"),
    [
        (vectors(SAMPLE[:101]), "historical", SPEC),
        (vectors(SAMPLE), "monte carlo", SPEC),
        (vectors(SAMPLE), "historical", RiskSpec(holding_days=10)),
        (vectors(SAMPLE, [f"path {n}" for n in range(500)]), "historical", SPEC),
        (vectors(SAMPLE, days(500)[::-1]), "historical", SPEC),
    ],
)
def test_scenarios_that_are_no_days_in_order_have_no_static_backtest(sample, kind, spec):
    assert held(sample, kind, (), spec) == ((), ())


def test_delivered_pnl_is_held_against_the_var_of_its_day():
    delivered = [
        *past("actual", [-1.0, -30.0, 5.0, -8.0]),
        *past("hypothetical", [-11.0, -2.0]),
        *past("value_at_risk", [10.0, 20.0, 10.0]),
    ]
    found, warnings = held(vectors(SAMPLE[:10]), "historical", delivered, SPEC)
    assert warnings == ()
    hypothetical, actual = found
    assert (hypothetical.kind, actual.kind) == ("hypothetical", "actual")
    assert (hypothetical.observations, actual.observations) == (2, 3)
    assert [(e.date, e.pnl, e.value_at_risk) for e in actual.exceptions] == [
        ("2018-12-30", -30.0, 20.0)
    ]
    assert [e.date for e in hypothetical.exceptions] == ["2018-12-31"]


def test_no_more_than_the_last_250_days_are_looked_at():
    delivered = past("actual", [1.0] * 300) + past("value_at_risk", [2.0] * 300)
    (found,), _ = held(vectors(SAMPLE[:10]), "historical", delivered, SPEC)
    assert (found.observations, found.last, found.zone) == (250, "2018-12-31", "green")
    assert found.multiplier == 1.5


def test_delivered_pnl_without_var_is_warned_about():
    delivered = past("actual", [1.0, 2.0, 3.0]) + past("value_at_risk", [2.0])
    found, (warning,) = held(vectors(SAMPLE[:10]), "historical", delivered, SPEC)
    assert found == ()
    assert (warning.code, warning.severity, warning.subject) == ("W371", "warning", "bank")
    assert "Actual P&L of 3 day(s) was delivered, and VaR for 1 of them" in warning.message
