import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from riskmill.domain import UsageError
from riskmill.risk.measures import (
    backtest,
    christoffersen_test,
    independence_test,
    kupiec_test,
    traffic_light,
)

TRUTH = Path(__file__).parents[2] / "truth"
CASES = json.loads((TRUTH / "stats_reg_rates.json").read_text())
REGIONS = [case for case in CASES if case["measure"] == "kupiec_pof_nonrejection_region"]
ZONES = [case for case in CASES if case["measure"] == "basel_traffic_light"]
BY_ID = {case["case_id"]: case for case in CASES}


@pytest.mark.parametrize("case", REGIONS, ids=lambda case: case["case_id"])
def test_kupiecs_regions_are_as_published(case):
    inputs, (low, high) = case["inputs"], case["expected"]
    accepted = [
        count
        for count in range(inputs["T"] // 4)
        if kupiec_test(count, inputs["T"], str(1 - inputs["p"])[:5]).decision == "not rejected"
    ]
    assert abs(accepted[0] - 1 - low) <= case["tol"]
    assert abs(accepted[-1] + 1 - high) <= case["tol"]


def test_the_bank_of_1998_is_rejected_as_in_the_textbook():
    case = BY_ID["jorion_jpm_uc"]
    found = kupiec_test(20, 252, "0.95")
    assert found.statistic == pytest.approx(case["expected"], abs=case["tol"])
    assert found.p_value == pytest.approx(chi2.sf(found.statistic, 1), rel=1e-12)
    assert found.decision == "rejected"
    case = BY_ID["jorion_jpm_ind"]
    counts = (case["inputs"][key] for key in ("t00", "t01", "t10", "t11"))
    assert independence_test(*counts).statistic == pytest.approx(case["expected"], abs=case["tol"])


@pytest.mark.parametrize("case", ZONES, ids=lambda case: case["case_id"])
def test_the_traffic_light_is_as_published(case):
    inputs = case["inputs"]
    found = traffic_light(inputs["exceptions"], inputs["T"], str(inputs["confidence"]))
    assert found.zone == inputs["zone"]
    assert 100 * found.cumulative_probability == pytest.approx(case["expected"], abs=case["tol"])
    assert found.multiplier_1996 == pytest.approx(inputs["multiplier_1996"])
    assert found.multiplier_2019 == pytest.approx(inputs["multiplier_frtb_mar99"])


def test_more_than_ten_exceptions_stay_red_and_at_the_highest_multiplier():
    found = traffic_light(40)
    assert (found.zone, found.multiplier_1996, found.multiplier_2019) == ("red", 4.0, 2.0)


def test_other_lengths_have_a_zone_and_no_multiplier():
    assert traffic_light(0, 120).zone == "green"
    assert traffic_light(0, 120).multiplier_2019 is None


def test_an_even_series_passes_and_a_cluster_does_not():
    spread = np.zeros(500, dtype=bool)
    spread[50::100] = True
    cluster = np.zeros(500, dtype=bool)
    cluster[200:205] = True
    passed, failed = (christoffersen_test(hits, "0.99") for hits in (spread, cluster))
    assert passed.transitions == (489, 5, 5, 0)
    assert passed.independence.decision == passed.conditional_coverage.decision == "not rejected"
    assert failed.transitions == (493, 1, 1, 4)
    assert failed.independence.decision == failed.conditional_coverage.decision == "rejected"
    assert failed.conditional_coverage.p_value == pytest.approx(
        chi2.sf(failed.conditional_coverage.statistic, 2), rel=1e-12
    )


@given(st.lists(st.booleans(), min_size=2, max_size=80), st.sampled_from(["0.9", "0.99"]))
def test_coverage_is_the_sum_of_both_tests_and_none_is_negative(hits, confidence):
    found = christoffersen_test(hits, confidence)
    kupiec = kupiec_test(sum(hits), len(hits), confidence)
    assert sum(found.transitions) == len(hits) - 1
    assert found.independence.statistic >= 0.0
    assert found.conditional_coverage.statistic == pytest.approx(
        kupiec.statistic + found.independence.statistic
    )


def test_a_backtest_names_its_exceptions():
    days = [date(2018, 12, 3) + timedelta(number) for number in range(4)]
    found = backtest([-5.0, 3.0, -10.0, -12.0], [10.0, 10.0, 10.0, 11.0], "0.99", dates=days)
    (exception,) = found.exceptions
    assert (exception.date, exception.pnl, exception.value_at_risk) == ("2018-12-06", -12.0, 11.0)
    assert (found.observations, found.expected) == (4, 0.04)
    assert found.kupiec == kupiec_test(1, 4, "0.99")
    assert found.traffic_light == traffic_light(1, 4)
    numbered = backtest([-5.0, -20.0], [10.0, 10.0], "0.99")
    assert [exception.date for exception in numbered.exceptions] == ["1"]


@pytest.mark.parametrize(
    "refused",
    [
        lambda: backtest([1.0, 2.0], [1.0], "0.99"),
        lambda: backtest([1.0, 2.0], [1.0, 1.0], "0.99", dates=["2018-12-31"]),
        lambda: backtest([1.0], [1.0], "0.99"),
        lambda: kupiec_test(5, 3, "0.99"),
        lambda: kupiec_test(0, 0, "0.99"),
        lambda: independence_test(0, 0, 0, 0),
        lambda: independence_test(3, -1, 0, 0),
        lambda: traffic_light(-1),
    ],
)
def test_a_backtest_that_cannot_be_is_refused(refused):
    with pytest.raises(UsageError) as caught:
        refused()
    assert caught.value.code == "E473"


@pytest.mark.parametrize("count", [None, "1", float("nan"), float("inf"), 1.5, -1])
def test_counts_that_are_no_counts_are_refused(count: object) -> None:
    calls: list[tuple[Callable[..., object], tuple[object, ...]]] = [
        (kupiec_test, (count, 10, "0.99")),
        (kupiec_test, (1, count, "0.99")),
        (traffic_light, (count,)),
        (independence_test, (count, 1, 1, 1)),
    ]
    for call, arguments in calls:
        with pytest.raises(UsageError) as refused:
            call(*arguments)
        assert refused.value.code == "E473"


@pytest.mark.parametrize("hits", [None, 5, "abc", [None, True], [float("nan"), 1.0], [2, 3]])
def test_days_that_are_neither_hit_nor_none_are_refused(hits: object) -> None:
    call: Callable[..., object] = christoffersen_test
    with pytest.raises(UsageError) as refused:
        call(hits, "0.99")
    assert refused.value.code == "E473"


def test_whole_numbers_of_any_type_are_counts() -> None:
    calls: tuple[Callable[..., object], ...] = (kupiec_test, traffic_light)
    for call in calls:
        assert call(np.int64(5), 250.0, "0.99") == call(5, 250, "0.99")
