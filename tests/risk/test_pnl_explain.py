from dataclasses import fields
from datetime import date
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.domain import Figure, MarketSnapshot, UsageError
from riskmill.risk import PnlExplained, pnl_explain

BEFORE = MarketSnapshot(
    valuation_date=date(2018, 12, 28),
    quotes={
        "EQ:SPX": 2500.0,
        "CO:WTI": 45.0,
        "FX:EURUSD": 1.14,
        "IR:USD:10Y": 0.027,
        "VOL:SPX:2019-03-15:2500": 0.20,
        "VOL:SPX:2019-03-15:2600": 0.18,
    },
)
SENSITIVITIES = {
    ("delta", "SPX"): 1000.0,
    ("gamma", "SPX"): -40.0,
    ("delta", "WTI"): 200.0,
    ("vega", "SPX"): 300.0,
    ("theta", ""): -70.0,
    ("dv01", "USD:10Y"): -50.0,
    ("fx_delta", "EURUSD"): 400.0,
    ("fx_gamma", "EURUSD"): 6.0,
    ("value_at_risk", "0.99"): 9999.0,
}
moves = st.floats(-0.1, 0.1)


def figures(portfolio="bank"):
    return [
        Figure(portfolio=portfolio, measure=measure, key=key, value=value, unit="USD")
        for (measure, key), value in SENSITIVITIES.items()
    ]


def moved(equity=0.0, oil=0.0, fx=0.0, rate=0.0, vols=(0.0, 0.0), day=date(2018, 12, 31)):
    quotes = BEFORE.quotes
    return MarketSnapshot(
        valuation_date=day,
        quotes={
            "EQ:SPX": quotes["EQ:SPX"] * (1 + equity),
            "CO:WTI": quotes["CO:WTI"] * (1 + oil),
            "FX:EURUSD": quotes["FX:EURUSD"] * (1 + fx),
            "IR:USD:10Y": quotes["IR:USD:10Y"] + rate,
            "VOL:SPX:2019-03-15:2500": 0.20 + vols[0],
            "VOL:SPX:2019-03-15:2600": 0.18 + vols[1],
        },
    )


def test_each_part_is_its_sensitivity_times_its_move():
    after = moved(equity=0.02, oil=-0.01, fx=0.03, rate=2e-4, vols=(0.01, 0.03))
    found = pnl_explain(figures(), BEFORE, after, 5000.0, portfolio="bank")
    assert found.delta == pytest.approx(1000.0 * 2 - 200.0)
    assert found.gamma == pytest.approx(-40.0 * 2**2 / 2)
    assert found.vega == pytest.approx(300.0 * 2)
    assert found.theta == -210.0
    assert found.rates == pytest.approx(-100.0)
    assert found.fx == pytest.approx((400.0 - 6.0 / 2) * 3 + 6.0 * 3**2 / 2)
    assert found.unexplained == pytest.approx(5000.0 - found.explained)


@given(st.floats(-1e9, 1e9), moves, moves, moves, st.floats(-0.02, 0.02), st.tuples(moves, moves))
def test_the_parts_add_up_to_the_total(total, equity, oil, fx, rate, vols):
    after = moved(equity, oil, fx, rate, vols)
    found = pnl_explain(figures(), BEFORE, after, total, portfolio="bank")
    parts = [getattr(found, f.name) for f in fields(PnlExplained) if f.name != "total"]
    assert fsum(parts) == pytest.approx(total, rel=1e-15, abs=1e-10)


def test_an_unmoved_market_of_the_same_day_explains_nothing():
    found = pnl_explain(figures(), BEFORE, BEFORE, 7.0, portfolio="bank")
    assert (found.explained, found.unexplained) == (0.0, 7.0)


def test_other_portfolios_figures_are_not_looked_at():
    found = pnl_explain(figures("desk"), BEFORE, moved(0.5), 7.0, portfolio="bank")
    assert found.unexplained == 7.0


def test_a_sensitivity_to_what_is_no_longer_quoted_is_refused():
    after = MarketSnapshot(valuation_date=date(2018, 12, 31), quotes={"EQ:SPX": 2500.0})
    with pytest.raises(UsageError) as caught:
        pnl_explain(figures(), BEFORE, after, 1.0, portfolio="bank")
    assert caught.value.code == "E474"


def test_an_expired_node_leaves_the_rest_of_its_surface():
    after = moved(vols=(0.02, 0.5))
    quotes = {name: quote for name, quote in after.quotes.items() if not name.endswith("2600")}
    after = MarketSnapshot(valuation_date=after.valuation_date, quotes=quotes)
    found = pnl_explain(figures(), BEFORE, after, 1.0, portfolio="bank")
    assert found.vega == pytest.approx(600.0)


@given(st.floats(-1e5, 1e5), st.floats(-1e4, 1e4), st.floats(-0.05, 0.05))
def test_a_quadratic_currency_position_is_explained_to_the_end(slope, bend, move):
    def earned(percent: float) -> float:
        return slope * percent + bend * percent**2

    held = [
        Figure(portfolio="book", measure=measure, key="EURUSD", value=value, unit="USD")
        for measure, value in (("fx_delta", earned(1.0)), ("fx_gamma", earned(1.0) + earned(-1.0)))
    ]
    total = earned(100.0 * move)
    found = pnl_explain(held, BEFORE, moved(fx=move), total, portfolio="book")
    assert found.unexplained == pytest.approx(0.0, abs=1e-6 * (abs(slope) + abs(bend) + 1.0))


def test_carry_takes_the_place_of_theta():
    found = pnl_explain(figures(), BEFORE, moved(), 50.0, portfolio="bank", carry=48.0)
    assert (found.theta, found.unexplained) == (48.0, pytest.approx(2.0))
