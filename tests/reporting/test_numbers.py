import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.reporting.views.numbers import (
    compact,
    confidence,
    count,
    exposure,
    fixed,
    money,
    multiple,
    percent,
    ratio,
    signed,
)

amounts = st.floats(min_value=-1e13, max_value=1e13)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234567.4, 0, "1,234,567"),
        (-1234567.5, 0, "\u22121,234,568"),
        (-0.004, 2, "0.00"),
        (0.0, 0, "0"),
        (-0.0, 0, "0"),
        (-999.994, 2, "\u2212999.99"),
    ],
)
def test_amounts_are_set_with_thousands_and_a_real_minus(value, decimals, text):
    assert fixed(value, decimals) == text


def test_signed_numbers_show_plus_but_nought_has_no_sign():
    assert [signed(x, 1) for x in (3.14, -3.14, 0.01, -0.01)] == ["+3.1", "\u22123.1", "0.0", "0.0"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.00"),
        (12.346, "12.35"),
        (1_234.5, "1,234"),
        (45_678.0, "45.7\u00a0k"),
        (345_678.0, "346\u00a0k"),
        (999_600.0, "1.00\u00a0m"),
        (4_123_456.0, "4.12\u00a0m"),
        (-12_034_567.0, "\u221212.03\u00a0m"),
        (123_456_789.0, "123.5\u00a0m"),
        (5_432_100_000.0, "5.43\u00a0bn"),
    ],
)
def test_compact_amounts_have_about_three_digits(value, text):
    assert compact(value, "USD").text == text


@given(amounts)
def test_printed_amounts_read_back_within_half_a_unit(value):
    text = money(value, "USD").text
    read = float(text.replace(",", "").replace("\u2212", "-"))
    assert abs(read - value) <= 0.5 + 1e-9 * abs(value)
    assert money(value, "USD").value == value


@given(amounts)
def test_compact_amounts_are_within_a_half_percent(value):
    number, _, unit = compact(value, "USD").text.partition("\u00a0")
    size = {"": 1.0, "k": 1e3, "m": 1e6, "bn": 1e9}[unit]
    read = float(number.replace(",", "").replace("\u2212", "-")) * size
    assert abs(read - value) <= 0.005 * abs(value) + 0.005


@pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf])
def test_what_is_missing_says_so_and_has_no_value(value):
    for number in (money(value, "USD"), compact(value, "USD"), count(value), percent(value)):
        assert (number.value, number.text) == (None, "n/a")
    assert exposure(value, "USD").text == "\u2013"
    assert multiple(value).value is None


def test_a_ratio_to_nothing_is_missing():
    assert ratio(1.0, 0.0) is None
    assert ratio(None, 2.0) is None
    assert ratio(1.0, 2.0) == 0.5


@pytest.mark.parametrize(
    ("text", "shown"), [("0.99", "99"), ("0.975", "97.5"), ("0.95", "95"), ("0.9990", "99.9")]
)
def test_confidences_are_shown_in_percent_as_stated(text, shown):
    assert confidence(text) == f"{shown}\u00a0%"
