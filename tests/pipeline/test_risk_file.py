from datetime import date

import pytest

from riskmill.domain import MonteCarloSpec, RiskSpec, StressedSpec, UsageError
from riskmill.pipeline import read_risk_file

WHOLE = b"""
scenario_set = "monte_carlo"
scenarios = 750
holding_days = 10
overlapping = false
first_day = 2015-01-01
confidences = ["0.9", "0.99"]
decay = 0.97

[shocks]
VOL = "log"

[monte_carlo]
distribution = "student_t"
degrees_of_freedom = 4.5
seed = 7

[stressed]
first_day = 2015-08-01
last_day = 2016-02-29
"""


def test_a_risk_file_sets_what_it_names():
    found = read_risk_file(WHOLE)
    assert (found.scenario_set, found.scenarios, found.holding_days) == ("monte_carlo", 750, 10)
    assert (found.overlapping, found.first_day, found.decay) == (False, date(2015, 1, 1), 0.97)
    assert found.confidences == ("0.9", "0.99")
    assert found.monte_carlo == MonteCarloSpec(
        distribution="student_t", degrees_of_freedom=4.5, seed=7
    )
    assert found.stressed == StressedSpec(first_day=date(2015, 8, 1), last_day=date(2016, 2, 29))
    kinds = dict(found.shocks)
    assert (kinds["VOL"], kinds["EQ"], kinds["IR"]) == ("log", "log", "absolute")


def test_an_empty_file_changes_nothing():
    assert read_risk_file(b"") == RiskSpec()
    assert read_risk_file(b"[stressed]\n") == RiskSpec(stressed=StressedSpec())


@pytest.mark.parametrize(("raw", "problem"), [
    (b"scenarios = ", "not TOML"),
    (b"\xff", "not TOML"),
    (b"scenario = 5", "no option 'scenario'"),
    (b"[monte_carlo]\nfolds = 3", "no option 'monte_carlo.folds'"),
    (b"[stressed]\nday = 2018-01-01", "no option 'stressed.day'"),
    (b"scenarios = '500'", "scenarios"),
    (b"scenarios = 1.5", "scenarios"),
    (b"confidences = [0.99]", "confidences"),
    (b"first_day = 'soon'", "first_day"),
    (b"shocks = 3", "shocks"),
    (b"monte_carlo = 3", "monte_carlo"),
])  # fmt: skip
def test_a_file_that_cannot_be_used_says_why(raw, problem):
    with pytest.raises(UsageError, match=problem) as caught:
        read_risk_file(raw)
    assert caught.value.code == "E489"
