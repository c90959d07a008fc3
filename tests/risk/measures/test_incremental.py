import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.domain import UsageError
from riskmill.risk.measures import (
    component_es,
    component_var,
    expected_shortfall,
    incremental_es,
    incremental_var,
    marginal_es,
    marginal_var,
    value_at_risk,
    without_es,
    without_var,
)

amounts = st.integers(-(10**6), 10**6).map(float)
confidences = st.decimals("0.01", "0.99", places=2)
tables = st.integers(1, 40).flatmap(
    lambda n: st.lists(st.lists(amounts, min_size=n, max_size=n), min_size=1, max_size=5)
)
KINDS = [
    (incremental_var, without_var, value_at_risk),
    (incremental_es, without_es, expected_shortfall),
]


@pytest.mark.parametrize(("incremental", "without", "measure"), KINDS)
@given(table=tables, confidence=confidences)
def test_a_part_adds_what_is_missing_without_it(incremental, without, measure, table, confidence):
    parts = np.array(table)
    found = without(parts, confidence)
    for row in range(len(parts)):
        others = np.delete(parts, row, axis=0).sum(axis=0)
        assert found[row] == incremental(others, parts[row], confidence)
        assert incremental(others, parts[row], confidence) == (
            measure(parts.sum(axis=0), confidence) - measure(others, confidence)
        )


@given(tables, confidences)
def test_leaving_a_part_out_takes_no_more_es_than_its_component_or_its_own(table, confidence):
    """ES is subadditive and convex: VaR keeps neither promise."""
    parts = np.array(table)
    slack = 1e-9 * (1.0 + np.abs(parts).sum(axis=0).max())
    found = without_es(parts, confidence)
    assert (found <= component_es(parts, confidence) + slack).all()
    assert (found <= np.array([expected_shortfall(row, confidence) for row in parts]) + slack).all()


def test_nothing_added_changes_nothing():
    assert incremental_var([-1.0, 2.0], [0.0, 0.0], "0.5") == 0.0


def test_marginals_times_amounts_are_the_components():
    table = np.random.default_rng(1).normal(size=(3, 200))
    units = [10.0, -4.0, 0.5]
    for marginal, component in ((marginal_var, component_var), (marginal_es, component_es)):
        found = marginal(table, units, "0.95") * units
        assert found == pytest.approx(component(table, "0.95"), rel=1e-12)


def test_marginal_es_is_the_slope_of_es_in_the_size():
    table = np.random.default_rng(2).normal(size=(2, 300))
    units, step = np.array([100.0, 50.0]), 1e-4
    bumped = table[0] * (1.0 + step / units[0]) + table[1]
    slope = (
        expected_shortfall(bumped, "0.9") - expected_shortfall(table.sum(axis=0), "0.9")
    ) / step
    assert marginal_es(table, units, "0.9")[0] == pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize("units", [[1.0], [1.0, 0.0]])
def test_amounts_that_do_not_fit_are_refused(units):
    with pytest.raises(UsageError) as caught:
        marginal_var([[1.0, 2.0], [3.0, 4.0]], units, "0.5")
    assert caught.value.code == "E453"


def test_vectors_of_different_length_are_refused():
    with pytest.raises(UsageError, match="cannot be added up") as caught:
        incremental_es([1.0], [1.0, 2.0], "0.5")
    assert caught.value.code == "E453"
