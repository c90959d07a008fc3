from decimal import Decimal

import numpy as np
import pytest

from riskmill.domain import Figure, InputRejected, Limit, LimitState, PnlVectors
from riskmill.risk.limits import measure_limits

VECTORS = PnlVectors(
    portfolios=("firm", "desk"),
    scenarios=("a", "b", "c", "d"),
    values=np.array([[-40.0, -10.0, 0.0, 30.0], [5.0, 6.0, 7.0, 8.0]]),
)
FIGURES = [
    Figure(portfolio=portfolio, measure=measure, key=key, value=value, unit="USD")
    for portfolio, measure, key, value in [
        ("firm", "delta", "SPX", -30.0),
        ("firm", "delta", "AAPL", 10.0),
        ("firm", "vega", "SPX", 12.5),
        ("firm", "dv01", "USD:2Y", 4.0),
        ("firm", "dv01", "USD:10Y", -9.0),
        ("firm", "stress", "up", 50.0),
        ("firm", "stress", "down", -75.0),
        ("desk", "stress", "up", 1.0),
        ("desk", "stress", "down", 2.0),
    ]
]


def limit(measure: str, amount: float = 100.0, portfolio: str = "firm", **other: object) -> Limit:
    fields: dict[str, object] = {
        "limit_id": "L1",
        "portfolio": portfolio,
        "measure": measure,
        "confidence": Decimal("0.75") if measure.startswith(("value", "expected")) else None,
        "amount": amount,
        "currency": "USD",
        "warning": 0.9,
    }
    return Limit(**(fields | other))


def state(of: Limit) -> LimitState:
    (found,) = measure_limits([of], VECTORS, FIGURES, currency="USD")
    return found


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ("value_at_risk", 40.0),
        ("expected_shortfall", 40.0),
        ("delta", 20.0),
        ("vega", 12.5),
        ("dv01", 5.0),
        ("stress_loss", 75.0),
    ],
)
def test_each_measure_counts_by_its_magnitude(measure, value):
    found = state(limit(measure))
    assert found.value == value
    assert found.utilisation == value / 100.0


def test_a_limit_is_measured_at_its_own_confidence():
    found = state(limit("value_at_risk", confidence=Decimal("0.50")))
    assert (found.value, found.confidence) == (10.0, "0.50")


@pytest.mark.parametrize("measure", ["value_at_risk", "expected_shortfall", "stress_loss"])
def test_a_gain_uses_nothing_of_a_loss_limit(measure):
    assert state(limit(measure, portfolio="desk")).value == 0.0


@pytest.mark.parametrize("measure", ["delta", "vega", "dv01"])
def test_a_portfolio_without_a_sensitivity_uses_nothing(measure):
    assert state(limit(measure, portfolio="desk")).value == 0.0


def test_stress_loss_without_stress_scenarios_is_nothing():
    (found,) = measure_limits([limit("stress_loss")], VECTORS, [], currency="USD")
    assert str(found.value) == "0.0"


@pytest.mark.parametrize(
    ("amount", "status"),
    [
        (39.9, "breach"),
        (40.0, "warning"),
        (44.0, "warning"),
        (50.0, "ok"),
        (1000.0, "ok"),
    ],
)
def test_status_is_breach_above_the_amount_and_warning_above_the_threshold(amount, status):
    assert state(limit("value_at_risk", amount)).status == status


def test_exactly_at_the_threshold_is_no_warning():
    assert state(limit("value_at_risk", 80.0, warning=0.5)).status == "ok"


def test_states_keep_the_delivered_order():
    limits = [limit("vega", limit_id="B"), limit("delta", limit_id="A")]
    states = measure_limits(limits, VECTORS, FIGURES, currency="USD")
    assert [found.limit_id for found in states] == ["B", "A"]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (limit("delta", currency="EUR"), "is in EUR, the report is in USD"),
        (limit("delta", portfolio="nowhere"), "unknown portfolio 'nowhere'"),
        (limit("gamma"), "'gamma', which cannot be limited"),
        (limit("value_at_risk", confidence=None), "states no confidence"),
    ],
)
def test_a_limit_that_cannot_be_measured_is_refused(bad, words):
    with pytest.raises(InputRejected, match=words) as caught:
        state(bad)
    assert caught.value.code == "E458"
