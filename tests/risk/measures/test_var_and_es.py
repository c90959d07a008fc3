import json
from decimal import Decimal
from fractions import Fraction
from math import ceil
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.domain import UsageError
from riskmill.risk.measures import (
    MEASURES,
    expected_shortfall,
    rolling_var,
    tail_weights,
    value_at_risk,
)

TRUTH = Path(__file__).parents[2] / "truth"
R_SERIES = json.loads((TRUTH / "var_es_r_performanceanalytics.json").read_text())["series"]
CASES = {case["case_id"]: case for case in json.loads((TRUTH / "stats_reg_rates.json").read_text())}

amounts = st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: round(x, 4))
vectors = st.lists(amounts, min_size=1, max_size=60)
confidences = st.decimals("0.001", "0.999", places=3)


def exact_var(pnl: list[float], confidence: Decimal) -> Fraction:
    rank = ceil(len(pnl) * (1 - Fraction(confidence)))
    return -sorted(map(Fraction, pnl))[rank - 1]


def exact_es(pnl: list[float], confidence: Decimal) -> Fraction:
    left = tail = len(pnl) * (1 - Fraction(confidence))
    total = Fraction(0)
    for value in sorted(map(Fraction, pnl)):
        weight = min(left, Fraction(1))
        total += weight * value
        left -= weight
    return -total / tail


def even_normal_sample(deviation: float) -> list[float]:
    scenarios = 100_000
    normal = NormalDist(0.0, deviation)
    return [normal.inv_cdf((number + 0.5) / scenarios) for number in range(scenarios)]


def scale_of(*pnls: list[float]) -> float:
    return 1.0 + max(abs(value) for pnl in pnls for value in pnl)


@given(vectors, confidences)
def test_var_is_the_exact_order_statistic(pnl, confidence):
    assert Fraction(value_at_risk(pnl, confidence)) == exact_var(pnl, confidence)


@given(vectors, confidences)
def test_es_equals_the_exact_weighted_average(pnl, confidence):
    exact = float(exact_es(pnl, confidence))
    assert expected_shortfall(pnl, confidence) == pytest.approx(exact, abs=1e-12 * scale_of(pnl))


@given(vectors, confidences)
def test_es_is_never_below_var(pnl, confidence):
    assert expected_shortfall(pnl, confidence) >= value_at_risk(pnl, confidence)


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
@given(pnl=vectors, confidence=confidences, shift=amounts)
def test_a_sure_gain_lowers_the_measure_by_itself(measure, pnl, confidence, shift):
    moved = measure(np.array(pnl) + shift, confidence)
    tolerance = 1e-12 * (scale_of(pnl) + abs(shift))
    assert moved == pytest.approx(measure(pnl, confidence) - shift, abs=tolerance)


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
@given(pnl=vectors, confidence=confidences, scale=st.floats(0.001, 1000.0))
def test_the_measure_scales_with_the_position(measure, pnl, confidence, scale):
    scaled = measure(np.array(pnl) * scale, confidence)
    tolerance = 1e-12 * scale * scale_of(pnl)
    assert scaled == pytest.approx(scale * measure(pnl, confidence), abs=tolerance)


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
@given(pnl=vectors, one=confidences, other=confidences)
def test_the_measure_rises_with_confidence(measure, pnl, one, other):
    low, high = sorted((one, other))
    assert measure(pnl, low) <= measure(pnl, high) + 1e-12 * scale_of(pnl)


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
@given(pnl=vectors, confidence=confidences, seed=st.randoms(use_true_random=False))
def test_the_order_of_scenarios_does_not_matter(measure, pnl, confidence, seed):
    shuffled = list(pnl)
    seed.shuffle(shuffled)
    assert measure(shuffled, confidence) == measure(pnl, confidence)


@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=60), confidences)
def test_es_of_a_sum_is_at_most_the_sum_of_es(pairs, confidence):
    first, second = ([pair[side] for pair in pairs] for side in (0, 1))
    together = expected_shortfall(np.array(first) + np.array(second), confidence)
    apart = expected_shortfall(first, confidence) + expected_shortfall(second, confidence)
    assert together <= apart + 1e-12 * scale_of(first, second)


@given(vectors, confidences)
def test_tail_weights_add_up_to_one_and_give_es(pnl, confidence):
    weights = tail_weights(pnl, confidence)
    assert (weights >= 0.0).all()
    assert weights.sum() == pytest.approx(1.0, abs=1e-12)
    es = expected_shortfall(pnl, confidence)
    assert -float(weights @ np.array(pnl)) == pytest.approx(es, abs=1e-10 * scale_of(pnl))


def test_of_equal_scenarios_the_earlier_is_the_worse():
    assert tail_weights([0.0, -1.0, -1.0, -1.0], "0.5").tolist() == [0.0, 0.5, 0.5, 0.0]


def test_confidence_is_exact_where_floats_are_not():
    losses = [-float(loss) for loss in range(1, 101)]
    assert value_at_risk(losses, "0.99") == 100.0
    assert expected_shortfall(losses, Decimal("0.99")) == 100.0
    assert value_at_risk(losses, "0.95") == 96.0


def test_one_scenario_is_every_measure():
    assert value_at_risk([-3.0], "0.99") == expected_shortfall([-3.0], "0.975") == 3.0


def test_gains_only_give_a_negative_var():
    assert value_at_risk([2.0, 1.0, 3.0], "0.99") == -1.0


def test_zero_pnl_gives_a_zero_without_a_sign():
    assert str(value_at_risk([0.0, 0.0], "0.99")) == "0.0"
    assert str(expected_shortfall([0.0, 0.0], "0.99")) == "0.0"


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
@pytest.mark.parametrize(
    ("pnl", "words"),
    [
        ([], "empty"),
        ([1.0, float("nan")], r"entry \(1,\) is nan"),
        ([float("-inf")], "must be finite"),
        ([[1.0, 2.0]], r"1 dimension\(s\), this array has 2"),
        (3.0, "this array has 0"),
        (["a"], "numbers only"),
    ],
)
def test_a_vector_that_cannot_be_measured_is_refused(measure, pnl, words):
    with pytest.raises(UsageError, match=words) as caught:
        measure(pnl, "0.99")
    assert caught.value.code == "E453"


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
@pytest.mark.parametrize(
    "confidence", ["0", "1", "99", "-0.5", "high", "NaN", 0.1 + 0.2, 1.0, True, None]
)
def test_a_confidence_that_is_none_is_refused(measure, confidence):
    with pytest.raises(UsageError, match="is not a confidence") as caught:
        measure([1.0, 2.0], confidence)
    assert caught.value.code == "E452"


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
@pytest.mark.parametrize("text", ["0.95", "0.975", "0.99", "0.999", "0.1"])
def test_a_float_means_the_decimal_it_is_written_as(measure, text):
    pnl = [-float(loss) for loss in range(1, 101)]
    assert measure(pnl, float(text)) == measure(pnl, text) == measure(pnl, Decimal(text))


@pytest.mark.parametrize("name", R_SERIES)
def test_var_brackets_the_interpolated_quantile_of_r(name):
    """R's quantile of type 7 lies between two order statistics, which ours are."""
    returns, expected = R_SERIES[name]["returns"], R_SERIES[name]["expected"]
    place = (len(returns) - 1) * 0.05
    below = int(place)
    worse, better = (
        value_at_risk(returns, 1 - (Decimal(rank) - Decimal("0.5")) / len(returns))
        for rank in (below + 1, below + 2)
    )
    interpolated = worse + (place - below) * (better - worse)
    assert -interpolated == pytest.approx(
        expected["VaR(R, p=0.95, method='historical')"], rel=1e-12
    )


@pytest.mark.parametrize("name", R_SERIES)
def test_es_is_that_of_r_once_the_boundary_scenario_counts_whole(name):
    """R averages the k worst returns; we count the k-th with its fraction only."""
    returns, expected = R_SERIES[name]["returns"], R_SERIES[name]["expected"]
    tail = len(returns) * (1 - Fraction("0.95"))
    rank = ceil(tail)
    fraction_left = float(rank - tail) * value_at_risk(returns, "0.95")
    whole = (expected_shortfall(returns, "0.95") * float(tail) + fraction_left) / rank
    assert -whole == pytest.approx(expected["ES(R, p=0.95, method='historical')"], rel=1e-12)


def test_es_is_that_of_r_where_the_tail_is_one_scenario():
    tiny = R_SERIES["tiny_sample_n7"]
    es = expected_shortfall(tiny["returns"], "0.95")
    assert -es == tiny["expected"]["ES(R, p=0.95, method='historical')"]


@pytest.mark.parametrize(
    ("measure", "case"),
    [(value_at_risk, "mfe_VaR_normal"), (expected_shortfall, "mfe_ES_normal")],
)
def test_an_even_sample_of_a_normal_gives_the_textbook_figures(measure, case):
    inputs, expected = CASES[case]["inputs"], CASES[case]["expected"]
    sample = even_normal_sample(inputs["value"] * inputs["annual_vol"] / inputs["days"] ** 0.5)
    found = [measure(sample, str(alpha)) for alpha in inputs["alpha"]]
    assert found == pytest.approx(expected, abs=CASES[case]["tol"] + 0.05)


def test_es_of_a_standard_normal_is_the_figure_of_the_regulator():
    expected = CASES["basel_975es_normal"]["expected"]
    assert expected_shortfall(even_normal_sample(1.0), "0.975") == pytest.approx(
        expected, abs=1.5e-4
    )


@given(vectors, confidences, st.data())
def test_rolling_var_is_the_var_of_each_window(pnl, confidence, data):
    window = data.draw(st.integers(1, len(pnl)))
    expected = [
        value_at_risk(pnl[start : start + window], confidence)
        for start in range(len(pnl) - window + 1)
    ]
    assert rolling_var(pnl, window, confidence).tolist() == expected
