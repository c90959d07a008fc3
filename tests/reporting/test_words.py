from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.reporting.views import words


def test_a_date_has_its_weekday_whatever_the_locale():
    assert words.long_date(date(2018, 12, 31)) == "Monday 31 December 2018"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2018-12-31T22:00:00Z", "2018-12-31 22:00 UTC"),
        ("2018-12-31T23:30:00+01:00", "2018-12-31 22:30 UTC"),
        ("2018-12-31T22:00:00", "2018-12-31T22:00:00"),
        ("yesterday", "yesterday"),
    ],
)
def test_instants_are_shown_in_utc_and_never_guessed(text, shown):
    assert words.instant(text) == shown


def test_lists_name_the_first_and_count_the_rest():
    assert words.listed([]) == ""
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.listed(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"


@given(st.text())
def test_a_quoted_name_is_short_isolated_and_free_of_direction_overrides(name):
    quoted = words.quoted(name)
    assert quoted[0] == "\u2068"
    assert quoted[-1] == "\u2069"
    inside = quoted[1:-1]
    assert len(inside) <= 40
    assert not set(inside) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00\n")


@pytest.mark.parametrize(
    ("factor", "name"),
    [
        ("EQ:SPX", "SPX"),
        ("IR:USD:10Y", "USD 10Y"),
        ("FX:EURUSD", "EURUSD"),
        ("VOL:VIX", "VIX vol"),
        ("VOL:SPX:2019-03-15:2500", "SPX vol 2019-03-15 2500"),
        ("YIELD:SPX", "SPX yield"),
        ("no factor", "no factor"),
    ],
)
def test_factors_are_named_as_a_desk_names_them(factor, name):
    assert words.factor_name(factor) == name


def test_measures_carry_their_confidence():
    assert words.measure("value_at_risk", "0.99") == "VaR 99\u00a0%"
    assert words.measure("stress_loss", "") == "Stress loss"
    assert words.measure("something_new", "") == "something new"
