from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from riskmill.domain import (
    Equity,
    FactorHistory,
    FixedRateBond,
    FxForward,
    Hierarchy,
    MarketData,
    MarketSnapshot,
    Portfolio,
    Position,
    RiskSpec,
)
from riskmill.risk import build_scenarios, combined, revalue, value
from riskmill.risk.aggregate import measure
from riskmill.risk.measures import (
    expected_shortfall,
    expected_shortfall_error,
    gaussian_var,
    value_at_risk,
    value_at_risk_interval,
)
from tests.risk.pricing.samples import table

DAY = date(2018, 12, 31)
BOOKS = ("stocks", "bonds")
HIERARCHY = Hierarchy(
    (
        Portfolio(name="bank", level="firm", parent=""),
        *(Portfolio(name=book, level="book", parent="bank") for book in BOOKS),
    )
)
SPEC = RiskSpec(scenarios=200, by_risk_class=True)
QUOTES = {"EQ:A": 100.0, "FX:EURUSD": 1.145, "IR:USD:1Y": 0.026, "IR:EUR:1Y": -0.004}


def market() -> MarketData:
    chance = np.random.default_rng(8)
    moves = chance.normal(0.0, [0.01, 0.005, 4e-4, 3e-4], (201, 4)).cumsum(axis=0)
    moves -= moves[-1]
    levels = np.array(list(QUOTES.values()))
    values = np.where([True, True, False, False], levels * np.exp(moves), levels + moves)
    return MarketData(
        snapshot=MarketSnapshot(valuation_date=DAY, quotes=QUOTES),
        history=FactorHistory(
            dates=tuple(DAY - timedelta(200 - day) for day in range(201)),
            factors=tuple(QUOTES),
            values=values,
        ),
    )


POSITIONS = (
    Position(
        position_id="share",
        book="stocks",
        quantity=1_000.0,
        instrument=Equity(currency="EUR", underlying="A"),
    ),
    Position(
        position_id="bond",
        book="bonds",
        quantity=200_000.0,
        instrument=FixedRateBond(
            currency="USD",
            rate=0.03,
            start=date(2018, 6, 30),
            maturity=date(2019, 12, 31),
            fixed_frequency_months=12,
            fixed_day_count="act/365",
        ),
    ),
    Position(
        position_id="forward",
        book="bonds",
        quantity=50_000.0,
        instrument=FxForward(
            currency="USD", underlying="EURUSD", strike=1.16, expiry=date(2019, 6, 28)
        ),
    ),
)
MARKET = market()
SCENARIOS = build_scenarios(MARKET, SPEC)


def measured(spec=SPEC, scenarios=SCENARIOS, past_pnl=()):
    valued = value(table(POSITIONS), MARKET.snapshot, combined(scenarios), currency="USD")
    return measure([valued], scenarios, MARKET, HIERARCHY, (), spec, currency="USD",
                   past_pnl=past_pnl)  # fmt: skip


WHOLE = measured()


def figure(found, portfolio, name, key):
    (value_,) = (
        f.value for f in found.figures if (f.portfolio, f.measure, f.key) == (portfolio, name, key)
    )
    return value_


def vector(portfolio):
    return WHOLE.vectors.values[WHOLE.vectors.portfolios.index(portfolio)]


def test_a_class_set_moves_only_the_factors_of_its_class():
    assert [one.name for one in SCENARIOS.by_class] == ["EQ", "FX", "IR"]
    for one in SCENARIOS.by_class:
        assert one.labels == SCENARIOS.historical.labels
        for row, factor in enumerate(one.factors):
            expected = (
                SCENARIOS.historical.levels[row]
                if factor.startswith(one.name)
                else np.full(len(one), QUOTES[factor])
            )
            assert np.array_equal(one.levels[row], expected)


def test_class_figures_are_those_of_a_set_in_which_only_that_class_moves():
    for one in SCENARIOS.by_class:
        pnl = revalue(POSITIONS, MARKET.snapshot, one, currency="USD").pnl
        for portfolio, rows in (("bank", (0, 1, 2)), ("stocks", (0,)), ("bonds", (1, 2))):
            alone = pnl[list(rows)].sum(axis=0)
            assert figure(WHOLE, portfolio, "class_var", one.name) == pytest.approx(
                value_at_risk(alone, "0.99"), abs=1e-8
            )
            assert figure(WHOLE, portfolio, "class_es", one.name) == pytest.approx(
                expected_shortfall(alone, "0.975"), abs=1e-8
            )


def test_asking_for_classes_changes_no_other_figure():
    plain = replace(SPEC, by_risk_class=False)
    scenarios = build_scenarios(MARKET, plain)
    assert scenarios.by_class == ()
    assert measured(plain, scenarios).figures == tuple(
        f for f in WHOLE.figures if not f.measure.startswith("class_")
    )


@pytest.mark.parametrize("portfolio", ["bank", *BOOKS])
def test_intervals_and_errors_are_those_of_the_vector(portfolio):
    interval = value_at_risk_interval(vector(portfolio), "0.975")
    assert figure(WHOLE, portfolio, "value_at_risk_lower", "0.975") == interval.lower
    assert figure(WHOLE, portfolio, "value_at_risk_upper", "0.975") == interval.upper
    error = expected_shortfall_error(vector(portfolio), "0.975")
    assert figure(WHOLE, portfolio, "expected_shortfall_error", "0.975") == error


def test_an_interval_that_the_scenarios_do_not_give_is_left_out():
    told = {f.key for f in WHOLE.figures if f.measure == "value_at_risk_lower"}
    assert told == {"0.95", "0.975"}


def test_incremental_figures_are_the_firms_less_those_without():
    for book, other in (("stocks", "bonds"), ("bonds", "stocks")):
        for name, measure_, key in (
            ("incremental_var", value_at_risk, "0.99"),
            ("incremental_es", expected_shortfall, "0.975"),
        ):
            expected = measure_(vector("bank"), key) - measure_(vector(other), key)
            assert figure(WHOLE, book, name, key) == pytest.approx(expected, abs=1e-8)
    assert figure(WHOLE, "bank", "incremental_var", "0.99") == value_at_risk(vector("bank"), "0.99")


def test_parametric_var_of_a_nearly_linear_book_is_its_gaussian_var():
    for portfolio in ("bank", *BOOKS):
        centred = vector(portfolio) - vector(portfolio).mean()
        for name in ("parametric_var", "delta_gamma_var"):
            found = figure(WHOLE, portfolio, name, "0.99")
            assert found == pytest.approx(gaussian_var(centred, "0.99"), rel=0.02)


def test_too_few_scenarios_for_a_confidence_are_warned_about():
    spec = replace(SPEC, confidences=("0.95", "0.999"))
    (warning,) = measured(spec).failures
    assert (warning.code, warning.severity, warning.value) == ("W370", "warning", "0.999")
    assert "at least 1,000 are needed" in warning.message
    assert WHOLE.failures == ()
