"""
The formulas as the public interface offers them: arguments checked, numbers or arrays.

Arguments are numbers or arrays that broadcast against one another; plain numbers give a
float, anything else an array of float64. A dual number in place of one gives a dual number:
the price and its derivatives (`derivatives`). What cannot be a price's input is refused by
name (`UsageError` E412) and never answered with a number.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from riskmill.domain import FloatArray, UsageError
from riskmill.risk.pricing import formulas
from riskmill.risk.pricing.differences import american_price
from riskmill.risk.pricing.dual import Dual, Real
from riskmill.risk.pricing.formulas import CALL, PUT
from riskmill.risk.pricing.formulas.american_lattice import escrowed_spot
from riskmill.risk.pricing.maths import maximum, where

Numbers: TypeAlias = npt.ArrayLike
Price: TypeAlias = float | FloatArray


def european_option(
    spot: Numbers,
    volatility: Numbers,
    rate: Numbers,
    dividend_yield: Numbers,
    strike: Numbers,
    years: Numbers,
    sign: Numbers,
    dividend_times: Sequence[Numbers] = (),
    dividend_amounts: Sequence[Numbers] = (),
) -> Price:
    """
    Price of an option exercised at expiry only, per underlying unit.

    *sign* is +1 (`CALL`) or -1 (`PUT`); *spot*, *volatility* and *years* are zero or more,
    *strike* is above zero; rates, yields and volatility are decimals a year, continuous,
    act/365. *dividend_amounts* of cash are paid by the underlying in *dividend_times* years, those
    after expiry to no effect; the rest of the spot is lognormal (the escrowed model).
    Black-Scholes-Merton: docs/methodology/options.md. Raises `UsageError` (E412).
    """
    return _option(
        _european,
        {"spot": spot, "volatility": volatility, "rate": rate, "dividend_yield": dividend_yield},
        {"strike": strike, "years": years, "sign": sign}
        | _dividends(dividend_times, dividend_amounts),
    )


def american_option(
    spot: Numbers,
    volatility: Numbers,
    rate: Numbers,
    dividend_yield: Numbers,
    strike: Numbers,
    years: Numbers,
    sign: Numbers,
    dividend_times: Sequence[Numbers] = (),
    dividend_amounts: Sequence[Numbers] = (),
) -> Price:
    """
    Price of an option that may be exercised at any time, per underlying unit.

    Arguments are those of `european_option`. How near the price comes to the exact one
    stands in docs/methodology/options.md. Raises `UsageError` (E412).
    """
    return _option(
        american_price,
        {"spot": spot, "volatility": volatility, "rate": rate, "dividend_yield": dividend_yield},
        {"strike": strike, "years": years, "sign": sign}
        | _dividends(dividend_times, dividend_amounts),
    )


def fx_option(
    spot: Numbers,
    volatility: Numbers,
    domestic_rate: Numbers,
    foreign_rate: Numbers,
    strike: Numbers,
    years: Numbers,
    sign: Numbers,
) -> Price:
    """
    Price of a European option on one unit of foreign currency, in domestic currency.

    Domestic is the pair's second currency, foreign its first; otherwise as
    `european_option`. Garman-Kohlhagen. Raises `UsageError` (E412).
    """
    return _option(
        formulas.fx_option,
        {
            "spot": spot,
            "volatility": volatility,
            "domestic_rate": domestic_rate,
            "foreign_rate": foreign_rate,
        },
        {"strike": strike, "years": years, "sign": sign},
    )


def forward_price(spot: Numbers, rate: Numbers, dividend_yield: Numbers, years: Numbers) -> Price:
    """
    Price fair today for delivery in *years*: S exp((r - q) T).

    Rate and dividend (or convenience) yield are continuous and act/365. Raises
    `UsageError` (E412).
    """
    given = {"spot": spot, "rate": rate, "dividend_yield": dividend_yield, "years": years}
    return _plain_price(formulas.forward_price, given)


def future(
    spot: Numbers, rate: Numbers, dividend_yield: Numbers, price: Numbers, years: Numbers
) -> Price:
    """
    Value of a future dealt, or last settled, at *price*: forward price less that price.

    Per underlying unit and not discounted, since the difference is paid daily. Raises
    `UsageError` (E412).
    """
    given = {
        "spot": spot,
        "rate": rate,
        "dividend_yield": dividend_yield,
        "price": price,
        "years": years,
    }
    return _plain_price(formulas.future, given)


def fx_forward(
    spot: Numbers, domestic_rate: Numbers, foreign_rate: Numbers, strike: Numbers, years: Numbers
) -> Price:
    """
    Value of buying one unit of foreign currency for *strike* of domestic in *years*.

    In domestic currency (the pair's second): S exp(-rf T) - K exp(-rd T). Raises
    `UsageError` (E412).
    """
    given = {
        "spot": spot,
        "domestic_rate": domestic_rate,
        "foreign_rate": foreign_rate,
        "strike": strike,
        "years": years,
    }
    return _plain_price(formulas.fx_forward, given)


def present_value(amounts: Sequence[Numbers], discount_factors: Sequence[Numbers]) -> Price:
    """
    Sum of *amounts* times the *discount_factors* of their dates, in the order given.

    An entry may be an array, one number a scenario. Raises `UsageError` (E412), also where the
    two do not have the same length.
    """
    paid, factors = listed("amount", amounts), listed("discount factor", discount_factors)
    if len(paid) != len(factors):
        raise refused("discount_factors", len(factors), f"as many as the {len(paid)} amounts")
    given = paid | factors

    def total(*arrays: Real) -> Real:
        return formulas.present_value(arrays[: len(paid)], arrays[len(paid) :])

    return _plain_price(total, given)


MOST = 1e300
"""Amount that no price reaches."""
LEAST = 1e-290
"""Size below which an argument is zero."""
NO_NUMBERS = "bSUMm"
"""Kinds of arrays that could be turned into numbers but are none: words, truth values, times."""
YES_OR_NO = frozenset({"knocked"})
"""Arguments that may be truth values."""
Check: TypeAlias = tuple[Callable[[FloatArray], npt.NDArray[np.bool_]], str]
NOT_NEGATIVE: Check = (lambda x: x >= 0.0, "zero or more")
CHECKS: dict[str, Check] = {
    "volatility": (lambda x: x >= 0.0, "zero or more"),
    "years": (lambda x: x >= 0.0, "zero or more"),
    "strike": (lambda x: x > 0.0, "above zero"),
    "sign": (lambda x: (x == CALL) | (x == PUT), "+1 for a call or -1 for a put"),
}
"""What an argument must be besides finite, and how to say it."""


def _option(
    formula: Callable[..., FloatArray], market: dict[str, Numbers], terms: dict[str, Numbers]
) -> Price:
    given = market | terms
    paid = [name for name in given if name.startswith("dividend ")]
    never = dict.fromkeys(["spot", *paid], NOT_NEGATIVE)
    return checked_price(formula, given, CHECKS | never)


def _dividends(times: Sequence[Numbers], amounts: Sequence[Numbers]) -> dict[str, Numbers]:
    """Times and then amounts, each under a name of its own."""
    if not (len(times) or len(amounts)):
        return {}
    whens, paid = listed("dividend time", times), listed("dividend amount", amounts)
    if len(whens) != len(paid):
        raise refused("dividend_amounts", len(paid), f"as many as the {len(whens)} times")
    return whens | paid


def _european(
    spot: Real,
    volatility: Real,
    rate: Real,
    dividend_yield: Real,
    strike: Real,
    years: Real,
    sign: Real,
    *dividends: Real,
) -> Real:
    times, amounts = dividends[: len(dividends) // 2], dividends[len(dividends) // 2 :]
    paid = [
        (when, where((when > 0.0) & (when <= years), amount, 0.0))
        for when, amount in zip(times, amounts, strict=True)
    ]
    bare = maximum(escrowed_spot(spot, rate, dividend_yield, paid), 0.0)
    return formulas.european_option(bare, volatility, rate, dividend_yield, strike, years, sign)


def _plain_price(formula: Callable[..., Real], given: dict[str, Numbers]) -> Price:
    """Price by *formula*, of either sign."""
    arrays = _checked(given)
    with np.errstate(all="ignore"):
        return _as_given(_in_range(formula(*arrays), given), given)


def checked_price(
    formula: Callable[..., Price], given: dict[str, Numbers], checks: dict[str, Check]
) -> Price:
    """
    Price by *formula* of what is *given*, in the order given; never below zero.

    Raises `UsageError` (E412) for an argument that breaks its check.
    """
    arrays = _checked(given, checks)
    # Terms beyond the range of floats are met by chance in the far tails, and drop out.
    try:
        with np.errstate(all="ignore"):
            price = formula(*arrays)
    except ArithmeticError as cause:
        raise _no_price(given) from cause
    with np.errstate(all="ignore"):
        floored = maximum(price, 0.0) if isinstance(price, Dual) else np.maximum(price, 0.0)
    return _as_given(_in_range(floored, given), given)


def _in_range(price: Real, given: dict[str, Numbers]) -> Real:
    """The price itself; raises `UsageError` (E433) for one that is beyond the range of numbers."""
    if not (np.abs(_level(price)) < MOST).all():
        raise _no_price(given)
    return price


def _no_price(given: dict[str, Numbers]) -> UsageError:
    name = max(given, key=lambda name: np.max(np.abs(_level(given[name])), initial=0.0))
    return UsageError(
        "E433",
        f"no finite price follows from these arguments, of which {name} is the largest",
        place=name,
        remedy="Look for an extreme argument: a rate or time out of all proportion.",
    )


def _checked(given: dict[str, Numbers], checks: dict[str, Check] = CHECKS) -> list[Real]:
    """Arguments as arrays of float64, or dual numbers, each finite and what its name asks for."""
    arrays = [_argument(name, value, checks.get(name)) for name, value in given.items()]
    try:
        np.broadcast_shapes(*(np.shape(_level(array)) for array in arrays))
    except ValueError as cause:
        shapes = ", ".join(
            f"{name} {np.shape(_level(array))}"
            for name, array in zip(given, arrays, strict=True)
            if np.ndim(_level(array))
        )
        raise refused("shapes", shapes, "such that they broadcast") from cause
    return arrays


def _argument(name: str, value: Real, check: Check | None) -> Real:
    if isinstance(value, Dual):
        return Dual(_argument(name, value.value, check), value.first, value.second)
    try:
        if (np.asarray(value).dtype.kind in NO_NUMBERS) and name not in YES_OR_NO:
            raise refused(name, value, "a number, or numbers")
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as cause:
        raise refused(name, value, "a number, or numbers") from cause
    if not np.isfinite(array).all():
        raise refused(name, value, "finite")
    array = np.where(np.abs(array) < LEAST, 0.0, array) if array.any() else array
    if check and not check[0](array).all():
        raise refused(name, value, check[1])
    return array


def listed(name: str, values: Sequence[Numbers]) -> dict[str, Numbers]:
    """Entries of a list of arguments, each under a name of its own."""
    alone = isinstance(values, str | bytes) or (isinstance(values, np.ndarray) and not values.ndim)
    if alone or not isinstance(values, Sequence | np.ndarray):
        raise refused(f"{name}s".replace(" ", "_"), values, "a list of numbers")
    return {f"{name} {number}": one for number, one in enumerate(values)}


def refused(name: str, value: object, expected: str) -> UsageError:
    """The refusal of an argument that is not what was expected."""
    return UsageError(
        "E412",
        f"{name} is {str(value)[:80]}, but must be {expected}",
        place=name,
        remedy="See the function's docstring for the meaning and unit of each argument.",
    )


def _level(argument: Real) -> Real:
    """The argument without its derivatives."""
    return argument.value if isinstance(argument, Dual) else argument


def _as_given(price: Real, given: dict[str, Numbers]) -> Price:
    """A float where every argument was a number by itself; of each part of a dual number."""
    if isinstance(price, Dual):
        parts = (price.value, price.first, price.second)
        dual: Real = Dual(*(np.asarray(part) if np.ndim(part) else float(part) for part in parts))
        found: Price = dual
        return found
    plain = all(np.ndim(_level(value)) == 0 for value in given.values())
    return float(price) if plain else np.asarray(price)
