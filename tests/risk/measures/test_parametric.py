import csv
import json
from collections.abc import Callable
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student

from riskmill.domain import UsageError
from riskmill.risk.measures import (
    delta_gamma_moments,
    delta_gamma_var,
    expected_shortfall,
    gaussian_es,
    gaussian_var,
    parametric_component_var,
    parametric_es,
    parametric_marginal_var,
    parametric_var,
    pnl_moments,
    student_t_es,
    student_t_var,
    value_at_risk,
)

TRUTH = Path(__file__).parents[2] / "truth"
CASES = {case["case_id"]: case for case in json.loads((TRUTH / "stats_reg_rates.json").read_text())}
R_SERIES = json.loads((TRUTH / "var_es_r_performanceanalytics.json").read_text())["series"]
SENSITIVITIES = tuple(csv.DictReader((TRUTH / "ore_var/sensitivity.csv").read_text().splitlines()))
COVARIANCE = tuple(
    csv.reader((TRUTH / "ore_var/covariance.csv").read_text().splitlines(), delimiter="\t")
)
QUANTILES = tuple(csv.DictReader((TRUTH / "ore_var/parametric_var.csv").read_text().splitlines()))


def at_z(z):
    return str(NormalDist().cdf(z))


def covariance_of(inputs):
    vols, rho = np.array(inputs["vols"]), inputs.get("rho", 0)
    correlation = np.full((len(vols), len(vols)), float(rho))
    np.fill_diagonal(correlation, 1.0)
    return correlation * np.outer(vols, vols)


def test_two_currencies_have_jorions_var_and_marginals():
    inputs = CASES["jorion_2ccy_total"]["inputs"]
    confidence, covariance = at_z(inputs["z"]), covariance_of(inputs)
    assert parametric_var(inputs["x"], covariance, confidence) == pytest.approx(257738, abs=1)
    marginal = parametric_marginal_var(inputs["x"], covariance, confidence)
    case = CASES["jorion_2ccy_marginal"]
    assert marginal == pytest.approx(case["expected"], abs=case["tol"])
    case = CASES["jorion_2ccy_individual"]
    alone = [
        parametric_var([x], [[vol**2]], confidence)
        for x, vol in zip(inputs["x"], inputs["vols"], strict=True)
    ]
    assert alone == pytest.approx(case["expected"], abs=case["tol"])


@pytest.mark.parametrize("name", ["hull_msft", "hull_att"])
def test_a_single_stock_has_hulls_var_over_ten_days(name):
    inputs = CASES[name]["inputs"]
    variance = inputs["daily_vol"] ** 2 * inputs["horizon"]
    found = parametric_var([inputs["value"]], [[variance]], str(inputs["confidence"]))
    assert found == pytest.approx(CASES[name]["expected"], abs=CASES[name]["tol"])


@pytest.mark.parametrize(
    ("measure", "name"), [(parametric_var, "mfe_VaR_normal"), (parametric_es, "mfe_ES_normal")]
)
def test_a_normal_loss_has_the_textbook_var_and_es(measure, name):
    inputs, expected = CASES[name]["inputs"], CASES[name]["expected"]
    variance = inputs["annual_vol"] ** 2 / inputs["days"]
    found = [measure([inputs["value"]], [[variance]], str(alpha)) for alpha in inputs["alpha"]]
    assert found == pytest.approx(expected, abs=CASES[name]["tol"])


def test_es_of_a_standard_normal_is_the_figure_of_the_regulator():
    case = CASES["basel_975es_normal"]
    assert parametric_es([1.0], [[1.0]], "0.975") == pytest.approx(case["expected"], abs=5e-5)


def ore_inputs(trades, classes):
    """Sum the sensitivities of *trades* to factors of *classes*, and cut their covariance."""
    variances = {first: float(value) for first, second, value in COVARIANCE if first == second}
    factors = sorted(name for name in variances if name.split("/")[0] in classes)
    place = {name: number for number, name in enumerate(factors)}
    deltas, gammas = np.zeros(len(factors)), np.zeros((len(factors), len(factors)))
    for row in SENSITIVITIES:
        first, second = row["Factor_1"], row["Factor_2"] or row["Factor_1"]
        if row["#TradeId"] not in trades or first not in place or second not in place:
            continue
        deltas[place[first]] += float(row["Delta"])
        gammas[place[first], place[second]] += float(row["Gamma"])
        if first != second:
            deltas[place[first]] -= float(row["Delta"])
            gammas[place[second], place[first]] += float(row["Gamma"])
    return deltas, gammas, np.diag([variances[name] for name in factors])


def ore_quantiles(portfolio, risk_class, risk_type):
    (row,) = (
        row
        for row in QUANTILES
        if (row["#Portfolio"], row["RiskClass"], row["RiskType"])
        == (portfolio, risk_class, risk_type)
    )
    return {float(key[9:]): float(row[key]) for key in row if key.startswith("Quantile")}


OPTIONS = ("CAP_EUR", "CAP_USD", "FLOOR_EUR", "FLOOR_USD", "FX_CALL_OPTION", "FX_PUT_OPTION")
"""Trades of ORE's portfolio PF2."""


@pytest.mark.parametrize(
    ("risk_class", "risk_type", "classes", "tolerance"),
    [
        ("FX", "All", ("FXSpot", "FXVolatility"), 6e-4),
        ("FX", "DeltaGamma", ("FXSpot",), 6e-4),
        ("FX", "Vega", ("FXVolatility",), 2e-5),
        ("InterestRate", "Vega", ("OptionletVolatility", "SwaptionVolatility"), 6e-4),
    ],
)
def test_delta_gamma_normal_var_of_ore_is_reproduced(risk_class, risk_type, classes, tolerance):
    """ORE takes two moments; its inputs and outputs drift apart between releases."""
    deltas, gammas, covariance = ore_inputs(OPTIONS, classes)
    for probability, quantile in ore_quantiles("PF2", risk_class, risk_type).items():
        found = delta_gamma_var(
            deltas, gammas, covariance, str(1.0 - probability)[:4], convention="normal"
        )
        assert -found == pytest.approx(quantile, rel=tolerance)


def test_without_gamma_delta_gamma_var_is_parametric_var():
    deltas, covariance = [3.0, -2.0], [[0.04, 0.01], [0.01, 0.09]]
    for convention in ("normal", "cornish_fisher"):
        found = delta_gamma_var(deltas, [0.0, 0.0], covariance, "0.99", convention=convention)
        assert found == pytest.approx(parametric_var(deltas, covariance, "0.99"), rel=1e-12)


def test_moments_of_delta_gamma_are_those_of_a_large_sample():
    chance = np.random.default_rng(3)
    factor = chance.normal(size=(3, 3))
    covariance = factor @ factor.T
    deltas, gamma = chance.normal(size=3), chance.normal(size=(3, 3))
    gamma = 0.3 * (gamma + gamma.T)
    moves = chance.normal(size=(400_000, 3)) @ factor.T
    pnl = moves @ deltas + 0.5 * np.einsum("ij,jk,ik->i", moves, gamma, moves)
    found = delta_gamma_moments(deltas, gamma, covariance)
    z = (pnl - pnl.mean()) / pnl.std()
    assert found.mean == pytest.approx(pnl.mean(), abs=0.01 * found.deviation)
    assert found.deviation == pytest.approx(pnl.std(), rel=0.01)
    assert found.skewness == pytest.approx((z**3).mean(), rel=0.03)
    assert found.excess_kurtosis == pytest.approx((z**4).mean() - 3.0, rel=0.1)


def test_delta_gamma_var_is_near_the_simulated_quantile():
    chance = np.random.default_rng(5)
    moves = chance.normal(size=(400_000, 2))
    pnl = moves @ [3.0, -1.0] + 0.5 * (moves**2 @ [0.4, -0.3])
    found = delta_gamma_var([3.0, -1.0], [0.4, -0.3], np.eye(2), "0.99")
    assert found == pytest.approx(value_at_risk(pnl, "0.99"), rel=0.015)


@given(st.integers(1, 5), st.integers(0, 1000))
def test_parametric_var_is_the_gaussian_var_of_a_sample_with_that_covariance(factors, seed):
    moves = np.random.default_rng(seed).normal(size=(40, factors))
    moves -= moves.mean(axis=0)
    deltas = np.arange(1.0, factors + 1.0)
    covariance = moves.T @ moves / len(moves)
    for measure, oracle in ((parametric_var, gaussian_var), (parametric_es, gaussian_es)):
        expected = oracle(moves @ deltas, "0.99")
        assert measure(deltas, covariance, "0.99") == pytest.approx(expected, rel=1e-9)
    marginal = parametric_marginal_var(deltas, covariance, "0.99")
    whole = parametric_var(deltas, covariance, "0.99")
    assert float(marginal @ deltas) == pytest.approx(whole, rel=1e-12)


def test_a_singular_covariance_is_measured():
    ones = np.ones((3, 3))
    assert parametric_var([1.0, -1.0, 0.0], ones, "0.99") == pytest.approx(0.0, abs=1e-7)
    assert parametric_marginal_var([0.0, 0.0, 0.0], ones, "0.99").tolist() == [0.0, 0.0, 0.0]
    assert parametric_var([1.0, 1.0, 1.0], ones, "0.99") == pytest.approx(3 * 2.3263478740408408)
    assert delta_gamma_var([0.0], [0.0], [[1.0]], "0.99") == 0.0


@pytest.mark.parametrize(
    ("deltas", "covariance", "words"),
    [
        ([1.0, 1.0], [[1.0, 2.0], [2.0, 1.0]], "negative variance -1"),
        ([1.0, 1.0], [[1.0, 0.5], [0.4, 1.0]], "not symmetric"),
        ([1.0], [[1.0, 0.0], [0.0, 1.0]], "has shape"),
        ([1.0], [[float("nan")]], "must be finite"),
        ([1.0, float("inf")], np.eye(2), "must be finite"),
        ([[1.0]], [[1.0]], "list of numbers"),
        ([], np.eye(0), "list of numbers"),
        (["a"], [[1.0]], "numbers only"),
    ],
)
def test_a_covariance_that_is_none_is_refused(deltas, covariance, words):
    for measure in (parametric_var, parametric_es, parametric_marginal_var):
        with pytest.raises(UsageError, match=words) as caught:
            measure(deltas, covariance, "0.99")
        assert caught.value.code == "E472"


def test_gammas_that_are_none_are_refused():
    with pytest.raises(UsageError, match="gamma is not symmetric") as caught:
        delta_gamma_var([1.0, 1.0], [[0.0, 1.0], [0.0, 0.0]], np.eye(2), "0.99")
    assert caught.value.code == "E472"
    with pytest.raises(UsageError, match="'exact' is no convention"):
        delta_gamma_var([1.0], [0.0], [[1.0]], "0.99", convention="exact")


def test_subadditivity_holds_for_parametric_var():
    covariance = [[0.04, 0.01], [0.01, 0.09]]
    parts = parametric_var([2.0, 0.0], covariance, "0.99") + parametric_var(
        [0.0, 3.0], covariance, "0.99"
    )
    assert parametric_var([2.0, 3.0], covariance, "0.99") <= parts
    assert expected_shortfall([-1.0, 1.0], "0.5") == 1.0


@given(st.floats(2.1, 60.0), st.decimals("0.01", "0.999", places=3))
def test_student_var_and_es_are_those_of_scipys_distribution(degrees, confidence):
    scale = ((degrees - 2.0) / degrees) ** 0.5
    law = student(degrees, scale=3.0 * scale)
    found = student_t_var([3.0], [[1.0]], confidence, degrees=degrees)
    assert found == pytest.approx(law.ppf(float(confidence)), rel=1e-9, abs=1e-11)
    tail = 1.0 - float(confidence)
    point = student.ppf(float(confidence), degrees)
    mean = student.pdf(point, degrees) * (degrees + point**2) / (degrees - 1.0) / tail
    beyond = student_t_es([3.0], [[1.0]], confidence, degrees=degrees)
    assert beyond == pytest.approx(3.0 * scale * mean, rel=1e-9)
    assert beyond >= found


def test_student_es_is_the_mean_of_var_beyond():
    levels = (np.arange(20_000) + 0.5) / 20_000 * 0.05
    scale = 0.5**0.5
    mean = np.mean(student.isf(levels, 4.0)) * scale
    assert student_t_es([1.0], [[1.0]], "0.95", degrees=4.0) == pytest.approx(mean, rel=1e-3)


def test_student_with_many_degrees_is_normal():
    normal = parametric_var([2.0], [[1.0]], "0.99")
    assert student_t_var([2.0], [[1.0]], "0.99", degrees=1e6) == pytest.approx(normal, rel=1e-5)


@pytest.mark.parametrize("degrees", [2.0, 1.0, float("nan"), float("inf")])
def test_degrees_without_a_covariance_are_refused(degrees):
    for measure in (student_t_var, student_t_es):
        with pytest.raises(UsageError, match="degrees of freedom") as caught:
            measure([1.0], [[1.0]], "0.99", degrees=degrees)
        assert caught.value.code == "E472"


def test_component_var_by_covariance_adds_up():
    deltas, covariance = [3.0, -2.0], [[0.04, 0.01], [0.01, 0.09]]
    parts = parametric_component_var(deltas, covariance, "0.99")
    assert parts.sum() == pytest.approx(parametric_var(deltas, covariance, "0.99"), rel=1e-14)


@pytest.mark.parametrize("name", R_SERIES)
def test_moments_are_those_of_r(name):
    expected = R_SERIES[name]["expected"]
    found = pnl_moments(R_SERIES[name]["returns"])
    assert found.mean == pytest.approx(expected["mean"], rel=1e-10)
    assert found.skewness == pytest.approx(expected["skewness(R, method='moment')"], rel=1e-10)
    assert found.excess_kurtosis == pytest.approx(
        expected["kurtosis(R, method='excess')"], rel=1e-10
    )
    count = len(R_SERIES[name]["returns"])
    sample = found.deviation * (count / (count - 1)) ** 0.5
    assert sample == pytest.approx(expected["StdDev(R)"], rel=1e-10)


@pytest.mark.parametrize("gammas", ["a", ["a", "b"], [[1.0, 2.0], [3.0]], None])
def test_gammas_that_are_no_numbers_are_refused(gammas: object) -> None:
    call: Callable[..., object] = delta_gamma_var
    with pytest.raises(UsageError) as refused:
        call([1.0, 1.0], gammas, np.eye(2), "0.99")
    assert refused.value.code == "E472"


@pytest.mark.parametrize("degrees", [None, "4", [4.0], 2.0, float("nan")])
def test_degrees_that_are_no_number_are_refused(degrees: object) -> None:
    call: Callable[..., object] = student_t_var
    with pytest.raises(UsageError) as refused:
        call([1.0], [[1.0]], "0.99", degrees=degrees)
    assert refused.value.code == "E472"
