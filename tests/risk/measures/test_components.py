import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.domain import UsageError
from riskmill.risk.measures import (
    component_es,
    component_var,
    expected_shortfall,
    standalone_es,
    standalone_var,
    value_at_risk,
    var_scenario,
    weighted_loss,
)

amounts = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))
confidences = st.decimals("0.01", "0.99", places=2)
tables = st.integers(1, 40).flatmap(
    lambda n: st.lists(st.lists(amounts, min_size=n, max_size=n), min_size=1, max_size=6)
)
TOTALS = [(component_var, value_at_risk), (component_es, expected_shortfall)]


@pytest.mark.parametrize(("component", "measure"), TOTALS)
@given(table=tables, confidence=confidences)
def test_components_add_up_to_the_measure_of_the_sum(component, measure, table, confidence):
    whole = measure(np.array(table).sum(axis=0), confidence)
    tolerance = 1e-11 * (1.0 + np.abs(table).sum(axis=0).max())
    assert component(table, confidence).sum() == pytest.approx(whole, abs=tolerance)


@given(table=tables, confidence=confidences)
def test_component_es_is_at_most_standalone_es(table, confidence):
    tolerance = 1e-9 * (1.0 + np.abs(table).max())
    assert (component_es(table, confidence) <= standalone_es(table, confidence) + tolerance).all()


@pytest.mark.parametrize(("component", "measure"), TOTALS)
@given(table=tables, confidence=confidences)
def test_the_component_of_an_only_part_is_the_measure(component, measure, table, confidence):
    only = component(table[:1], confidence)[0]
    tolerance = 1e-12 * (1.0 + np.abs(table[0]).max())
    assert only == pytest.approx(measure(table[0], confidence), abs=tolerance)


def test_component_var_is_the_loss_in_the_var_scenario():
    table = [[-5.0, 1.0, 0.0, 0.0], [1.0, -3.0, 0.0, -9.0]]
    assert var_scenario(np.array(table).sum(axis=0), "0.5") == 0
    assert component_var(table, "0.5").tolist() == [5.0, -1.0]


def test_ties_of_the_var_scenario_are_broken_by_scenario_order():
    table = [[-1.0, -2.0, -3.0], [-2.0, -1.0, 0.0]]
    assert component_var(table, "0.5").tolist() == [2.0, 1.0]


def test_component_es_is_the_derivative_of_es():
    rng = np.random.default_rng(7)
    table = rng.normal(size=(3, 200))
    step = 1e-7
    base = expected_shortfall(table.sum(axis=0), "0.975")
    for part, component in enumerate(component_es(table, "0.975")):
        bumped = expected_shortfall(table.sum(axis=0) + step * table[part], "0.975")
        assert (bumped - base) / step == pytest.approx(component, abs=1e-6)


def test_standalone_measures_are_those_of_each_row():
    table = [[-5.0, 1.0, 0.0], [1.0, -3.0, 0.0]]
    assert standalone_var(table, "0.9").tolist() == [5.0, 3.0]
    assert standalone_es(table, "0.9").tolist() == [5.0, 3.0]


def test_weighted_loss_of_a_row_does_not_depend_on_its_neighbours():
    rng = np.random.default_rng(3)
    table, weights = rng.normal(size=(257, 40)), rng.random(40)
    together = weighted_loss(table, weights)
    alone = [weighted_loss(table[row : row + 1], weights)[0] for row in range(len(table))]
    assert together.tolist() == alone


@pytest.mark.parametrize("table", [[], [[]], [1.0, 2.0], [[1.0], [float("nan")]], [[1.0], [1, 2]]])
@pytest.mark.parametrize("component", [component_var, component_es, standalone_var, standalone_es])
def test_a_table_that_cannot_be_measured_is_refused(component, table):
    with pytest.raises(UsageError) as caught:
        component(table, "0.99")
    assert caught.value.code == "E453"
