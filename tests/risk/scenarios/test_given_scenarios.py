import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import riskmill
from riskmill.domain import InputRejected, MarketData
from tests.risk.scenarios.markets import wandering

MARKET = wandering()
SNAPSHOT = MARKET.snapshot
TEXT = "scenario,EQ:A,IR:USD:1Y\ncrash,-0.2,-0.01\nboom,0.1,0.005\n"


@given(st.lists(st.floats(-0.5, 0.5), min_size=1, max_size=8))
def test_shifts_take_the_kind_of_their_class_unless_told(shifts):
    found = riskmill.given_scenarios(SNAPSHOT, {"IR:USD:1Y": shifts, "EQ:A": shifts})
    assert found.factors == ("EQ:A", "IR:USD:1Y")
    assert found.levels[0] == pytest.approx([50.0 * math.exp(x) for x in shifts], rel=1e-14)
    assert found.levels[1] == pytest.approx([0.02 + x for x in shifts])
    assert found.labels == tuple(str(n + 1) for n in range(len(shifts)))


def test_a_kind_of_a_factor_counts_before_that_of_its_class():
    kinds = {"EQ": "relative", "EQ:B": "absolute", "IR": "log"}
    shifts = {"EQ:A": [0.1], "EQ:B": [0.1], "IR:USD:1Y": [0.1]}
    found = riskmill.given_scenarios(MARKET, shifts, kinds=kinds)
    assert found.levels[:, 0] == pytest.approx([55.0, 20.1, 0.02 * math.exp(0.1)])


@pytest.mark.parametrize("text", [TEXT, TEXT.encode(), b"\xef\xbb\xbf" + TEXT.encode()])
def test_shifts_are_read_from_a_table(text):
    found = riskmill.given_scenarios(SNAPSHOT, text, name="ore")
    assert (found.name, found.labels) == ("ore", ("crash", "boom"))
    assert found.levels[1] == pytest.approx([0.01, 0.025])


def test_shifts_seen_in_a_history_make_its_historical_set_again():
    history = riskmill.historical_scenarios(MARKET)
    values = MARKET.history.values
    shifts = {
        factor: np.diff(np.log(values[:, n])) if n < 2 else np.diff(values[:, n])
        for n, factor in enumerate(MARKET.history.factors)
    }
    found = riskmill.given_scenarios(SNAPSHOT, shifts, labels=history.labels)
    assert found.factors == history.factors
    np.testing.assert_allclose(found.levels, history.levels, rtol=1e-13)


@pytest.mark.parametrize(("shifts", "options", "reason"), [
    ({}, {}, "there are none"),
    ({"EQ:A": [0.1], "EQ:B": [0.1, 0.2]}, {}, "same number"),
    ({"EQ:Z": [0.1]}, {}, "no EQ:Z"),
    ({"EQ:A": [math.nan]}, {}, "finite"),
    ({"EQ:A": [[0.1]]}, {}, "finite"),
    ({"EQ:A": ["x"]}, {}, "no number"),
    ({"EQ:A": [-1.2]}, {"kinds": {"EQ": "relative"}}, "cannot be"),
    ({"EQ:A": [800.0]}, {}, "cannot be"),
    ({"EQ:A": [0.1]}, {"kinds": {"EQ:A": "cubic"}}, "no kind of shock"),
    ({"EQ:A": [0.1]}, {"labels": ["a", "b"]}, "as many labels"),
    ({"EQ:A": [0.1, 0.2]}, {"labels": ["a", "a"]}, "each once"),
    ("", {}, "header"),
    ("date,EQ:A\n", {}, "header"),
    ("scenario,EQ:A,EQ:A\n", {}, "each once"),
    ("scenario,EQ:A\na\n", {}, "line 2"),
    (b"\xff\xfe", {}, "UTF-8"),
])  # fmt: skip
def test_shifts_that_cannot_be_applied_are_refused(shifts, options, reason):
    with pytest.raises(InputRejected, match=reason) as caught:
        riskmill.given_scenarios(SNAPSHOT, shifts, **options)
    assert caught.value.code == "E484"


def test_a_factor_id_that_is_none_is_refused():
    with pytest.raises(InputRejected, match="E150"):
        riskmill.given_scenarios(MarketData(snapshot=SNAPSHOT, history=MARKET.history), {"A": [1]})
