"""Whatever is given to a public function: an answer, or a refusal with a code that names it."""

import math
import pickle
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest

import riskmill
from riskmill.domain import RiskmillError, UsageError
from tests.risk.pricing.samples import CONTRACTS, MARKET, TODAY, positions, scenarios

SHOCKS = scenarios({"EQ:SPX": [2400.0, 2600.0]})
HELD = positions([CONTRACTS["european_option"]])
BOND: Any = CONTRACTS["fixed_rate_bond"]
PNL = [-3.0, 1.0, -9.0, 2.0]
CALLS: dict[str, dict[str, Any]] = {
    "european_option": {
        "spot": 100.0,
        "volatility": 0.2,
        "rate": 0.03,
        "dividend_yield": 0.01,
        "strike": 105.0,
        "years": 1.0,
        "sign": 1,
    },
    "arithmetic_asian_option": {
        "spot": 100.0,
        "volatility": 0.2,
        "rate": 0.03,
        "dividend_yield": 0.01,
        "strike": 105.0,
        "years": 1.0,
        "sign": 1,
        "fixings": 4,
        "first": 0.25,
    },
    "forward_price": {"spot": 100.0, "rate": 0.03, "dividend_yield": 0.01, "years": 1.0},
    "present_value": {"amounts": [1.0], "discount_factors": [0.9]},
    "price": {"instrument": CONTRACTS["equity"], "market": MARKET},
    "required_factors": {"instrument": CONTRACTS["equity"], "market": MARKET},
    "revalue": {
        "positions": HELD,
        "market": MARKET,
        "scenarios": SHOCKS,
        "currency": "USD",
        "path": "numpy",
    },
    "position_greeks": {"positions": HELD, "market": MARKET, "currency": "USD", "path": "numpy"},
    "clean_price": {"bond": BOND, "market": MARKET, "settlement": TODAY},
    "clean_price_at_yield": {"bond": BOND, "yield_to_maturity": 0.03, "settlement": TODAY},
    "value_at_risk": {"pnl": PNL, "confidence": "0.75"},
    "backtest": {"pnl": PNL, "value_at_risk": PNL, "confidence": "0.99", "dates": ()},
    "given_scenarios": {"market": MARKET, "shifts": {"EQ:SPX": [0.1]}, "kinds": None},
}
BAD: list[Any] = [
    None, True, "x", b"x", "2019-01-01", math.nan, math.inf, -1, 1e308, 1e-320, 10**400, [], {}, (),
    [None], [[1, 2], [3]], np.array([]), np.ones((2, 2)), 1j, object(), date(2019, 1, 1),
    datetime(2019, 1, 1, tzinfo=UTC), iter([1.0]), np.bool_(1),
]  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_no_argument_breaks_a_public_function_from_inside(name: str) -> None:
    function: Callable[..., Any] = getattr(riskmill, name)
    for argument in CALLS[name]:
        for bad in BAD:
            with suppress(RiskmillError):
                function(**CALLS[name] | {argument: bad})


@pytest.mark.parametrize("kind", CONTRACTS)
def test_no_term_breaks_a_price_from_inside(kind: str) -> None:
    contract: Any = CONTRACTS[kind]
    for term in fields(contract):
        for bad in BAD:
            changed = replace(contract, **{term.name: bad})
            with suppress(RiskmillError):
                riskmill.price(changed, MARKET)


@pytest.mark.parametrize(
    ("name", "argument", "bad", "code", "says"),
    [
        ("price", "market", None, "E432", "market is of type NoneType, but must be MarketSnapshot"),
        ("revalue", "positions", None, "E432", "positions is of type NoneType"),
        ("revalue", "currency", None, "E432", "currency is of type NoneType, but must be str"),
        ("clean_price", "settlement", "2019-01-04", "E432", "settlement is of type str, .* date"),
        ("backtest", "dates", None, "E432", "dates is of type NoneType"),
        ("arithmetic_asian_option", "fixings", 1e308, "E412", "whole number from 1 to 20,000"),
        ("european_option", "spot", True, "E412", "spot is True, but must be a number"),
        ("european_option", "spot", "100", "E412", "spot is 100, but must be a number"),
        ("forward_price", "rate", 1e5, "E433", "rate is the largest"),
        ("present_value", "amounts", b"x", "E412", "a list of numbers"),
    ],
)
def test_it_is_said_which_argument_is_wrong(
    name: str, argument: str, bad: Any, code: str, says: str
) -> None:
    with pytest.raises(UsageError, match=says) as refused:
        getattr(riskmill, name)(**CALLS[name] | {argument: bad})
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"valuation_date": "2018-12-31"}, "valuation_date"),
        ({"valuation_date": datetime(2018, 12, 31, tzinfo=UTC)}, "valuation_date"),
        ({"quotes": {"EQ:SPX": "2506"}}, "EQ:SPX"),
        ({"quotes": {"EQ:SPX": None}}, "EQ:SPX"),
    ],
)
def test_a_snapshot_of_the_wrong_type_is_told_as_such(change: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says) as refused:
        riskmill.revalue(HELD, replace(MARKET, **change), SHOCKS, currency="USD", path="numpy")
    assert refused.value.code == "E434"


def test_no_fixings_at_all_give_no_prices() -> None:
    found = riskmill.arithmetic_asian_option(**CALLS["arithmetic_asian_option"] | {"fixings": []})
    assert found.shape == (0,)


def test_a_missing_argument_is_pythons_own_complaint() -> None:
    with pytest.raises(TypeError, match="missing"):
        riskmill.european_option(spot=100.0)


def test_public_functions_are_themselves_and_can_be_sent_to_other_processes() -> None:
    assert riskmill.revalue is riskmill.revalue
    assert pickle.loads(pickle.dumps(riskmill.revalue)) is riskmill.revalue
