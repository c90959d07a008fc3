"""
Barrier, digital, touch and Asian options as the public interface offers them.

As in `scalar`: arguments are checked, numbers or arrays that broadcast against one another,
and what cannot be a price's input is refused by name (`UsageError` E412).
"""

from collections.abc import Sequence
from contextlib import suppress

import numpy as np

from riskmill.risk.pricing import formulas
from riskmill.risk.pricing.scalar import (
    CHECKS,
    Check,
    Numbers,
    Price,
    checked_price,
    listed,
    refused,
)

MOST_FIXINGS = 20_000
"""Dates of the longest average: one a day for half a century."""
_NOT_NEGATIVE: Check = (lambda x: x >= 0.0, "zero or more")
_ABOVE_ZERO: Check = (lambda x: x > 0.0, "above zero")
_DIRECTION: Check = (lambda x: np.abs(x) == 1.0, "+1 (DOWN) or -1 (UP)")
_KNOCK: Check = (lambda x: np.abs(x) == 1.0, "+1 (IN) or -1 (OUT)")
_YES_OR_NO: Check = (lambda x: (x == 0.0) | (x == 1.0), "0 or 1")
_WHOLE: Check = (lambda x: (x >= 0.0) & (x == np.rint(x)), "a whole number, zero or more")
_EXOTIC = CHECKS | {
    "spot": _NOT_NEGATIVE,
    "barrier": _ABOVE_ZERO,
    "rebate": _NOT_NEGATIVE,
    "direction": _DIRECTION,
    "knock": _KNOCK,
    "knocked": _YES_OR_NO,
    "fixings": (
        lambda x: (x >= 1.0) & (x <= MOST_FIXINGS) & (x == np.rint(x)),
        f"a whole number from 1 to {MOST_FIXINGS:,}",
    ),
    "past": _WHOLE,
    "first": _NOT_NEGATIVE,
    "elapsed": _NOT_NEGATIVE,
    "past_average": _NOT_NEGATIVE,
}


def _check_first(given: dict[str, Numbers]) -> None:
    """Refuse a first date of an average after the expiry; what is no number is refused later."""
    first, years = (getattr(given[name], "value", given[name]) for name in ("first", "years"))
    with suppress(TypeError, ValueError):
        if (np.asarray(first, dtype=np.float64) > np.asarray(years, dtype=np.float64)).any():
            raise refused("first", first, "no later than the expiry")


def barrier_option(
    spot: Numbers,
    volatility: Numbers,
    rate: Numbers,
    dividend_yield: Numbers,
    strike: Numbers,
    years: Numbers,
    sign: Numbers,
    barrier: Numbers,
    rebate: Numbers,
    direction: Numbers,
    knock: Numbers,
    knocked: Numbers = 0.0,
) -> Price:
    """
    Price of a European option that a level of the spot knocks in or out, per unit.

    *direction* is +1 (`DOWN`: the barrier lies below the spot) or -1 (`UP`), *knock* +1
    (`IN`) or -1 (`OUT`); the barrier is watched without a break. The *rebate* of an `OUT`
    is paid when it is hit, that of an `IN` at expiry if it never was. *knocked* is 1 for a
    barrier that was hit before. Others as in `european_option`. Reiner-Rubinstein:
    docs/methodology/exotic_options.md. Raises `UsageError` (E412).
    """
    given = {
        "spot": spot, "volatility": volatility, "rate": rate, "dividend_yield": dividend_yield,
        "strike": strike, "years": years, "sign": sign, "barrier": barrier, "rebate": rebate,
        "direction": direction, "knock": knock, "knocked": knocked,
    }  # fmt: skip
    return checked_price(formulas.barrier_option, given, _EXOTIC)


def digital_option(
    spot: Numbers,
    volatility: Numbers,
    rate: Numbers,
    dividend_yield: Numbers,
    strike: Numbers,
    years: Numbers,
    sign: Numbers,
    cash: Numbers = 1.0,
    units: Numbers = 0.0,
) -> Price:
    """
    Price of *cash* and *units* of the underlying, paid at expiry in the money only.

    Cash-or-nothing with *units* 0, asset-or-nothing with *cash* 0. Others as in
    `european_option`. Raises `UsageError` (E412).
    """
    given = {
        "spot": spot, "volatility": volatility, "rate": rate, "dividend_yield": dividend_yield,
        "strike": strike, "years": years, "sign": sign, "cash": cash, "units": units,
    }  # fmt: skip
    return checked_price(
        formulas.digital_option, given, _EXOTIC | {"cash": _NOT_NEGATIVE, "units": _NOT_NEGATIVE}
    )


def touch_option(
    spot: Numbers,
    volatility: Numbers,
    rate: Numbers,
    dividend_yield: Numbers,
    barrier: Numbers,
    years: Numbers,
    direction: Numbers,
    at_hit: Numbers = 1.0,
    at_expiry: Numbers = 0.0,
    untouched: Numbers = 0.0,
) -> Price:
    """
    Price of amounts paid when the spot reaches *barrier* within *years*, or does not.

    *at_hit* is paid when it does, *at_expiry* at the end if it did, *untouched* at the end
    if it never did. *direction* is +1 (`DOWN`) or -1 (`UP`). Raises `UsageError` (E412).
    """
    given = {
        "spot": spot, "volatility": volatility, "rate": rate, "dividend_yield": dividend_yield,
        "barrier": barrier, "years": years, "direction": direction, "at_hit": at_hit,
        "at_expiry": at_expiry, "untouched": untouched,
    }  # fmt: skip
    amounts = dict.fromkeys(("at_hit", "at_expiry", "untouched"), _NOT_NEGATIVE)
    return checked_price(formulas.touch_option, given, _EXOTIC | amounts)


def arithmetic_asian_option(
    spot: Numbers,
    volatility: Numbers,
    rate: Numbers,
    dividend_yield: Numbers,
    strike: Numbers,
    years: Numbers,
    sign: Numbers,
    fixings: Numbers,
    first: Numbers,
    past: Numbers = 0.0,
    past_average: Numbers = 0.0,
) -> Price:
    """
    Price of an option on the arithmetic average of the spot on equally distant dates.

    *fixings* dates belong to the average; *past* of them have gone by with the mean
    *past_average*, and the others lie evenly from *first* (in years) to expiry. Others as
    in `european_option`. Turnbull-Wakeman, an approximation whose error stands in
    docs/methodology/exotic_options.md. Raises `UsageError` (E412).
    """
    given = {
        "spot": spot, "volatility": volatility, "rate": rate, "dividend_yield": dividend_yield,
        "strike": strike, "years": years, "sign": sign, "fixings": fixings, "first": first,
        "past": past, "past_average": past_average,
    }  # fmt: skip
    _check_first(given)
    return checked_price(formulas.arithmetic_asian_option, given, _EXOTIC)


def geometric_asian_option(
    spot: Numbers,
    volatility: Numbers,
    rate: Numbers,
    dividend_yield: Numbers,
    strike: Numbers,
    years: Numbers,
    sign: Numbers,
    fixings: Numbers,
    first: Numbers,
    past: Numbers = 0.0,
    past_average: Numbers = 1.0,
) -> Price:
    """
    Price of an option on the geometric average of the spot on equally distant dates.

    Arguments as in `arithmetic_asian_option`; exact. Raises `UsageError` (E412).
    """
    given = {
        "spot": spot, "volatility": volatility, "rate": rate, "dividend_yield": dividend_yield,
        "strike": strike, "years": years, "sign": sign, "fixings": fixings, "first": first,
        "past": past, "past_average": past_average,
    }  # fmt: skip
    _check_first(given)
    return checked_price(
        formulas.geometric_asian_option, given, _EXOTIC | {"past_average": _ABOVE_ZERO}
    )


def continuous_arithmetic_asian_option(
    spot: Numbers,
    volatility: Numbers,
    rate: Numbers,
    dividend_yield: Numbers,
    strike: Numbers,
    years: Numbers,
    sign: Numbers,
    elapsed: Numbers = 0.0,
    past_average: Numbers = 0.0,
) -> Price:
    """
    Price of an option on the arithmetic average of the spot over a span of time.

    Averaging began *elapsed* years ago, with the mean *past_average* since, and ends in
    *years*. Levy's approximation. Raises `UsageError` (E412).
    """
    given = {
        "spot": spot, "volatility": volatility, "rate": rate, "dividend_yield": dividend_yield,
        "strike": strike, "years": years, "sign": sign, "elapsed": elapsed,
        "past_average": past_average,
    }  # fmt: skip
    return checked_price(formulas.continuous_arithmetic_asian_option, given, _EXOTIC)


def continuous_geometric_asian_option(
    spot: Numbers,
    volatility: Numbers,
    rate: Numbers,
    dividend_yield: Numbers,
    strike: Numbers,
    years: Numbers,
    sign: Numbers,
) -> Price:
    """
    Price of an option on the geometric average of the spot from now to expiry.

    Arguments as in `european_option`; exact (Kemna-Vorst). Raises `UsageError` (E412).
    """
    given = {
        "spot": spot, "volatility": volatility, "rate": rate, "dividend_yield": dividend_yield,
        "strike": strike, "years": years, "sign": sign,
    }  # fmt: skip
    return checked_price(formulas.continuous_geometric_asian_option, given, _EXOTIC)


def average_option(
    forwards: Sequence[float],
    variances: Sequence[float],
    strike: Numbers,
    discount: Numbers,
    sign: Numbers,
) -> Price:
    """
    Price of an option on the mean of the spot on any dates, with a curve of volatility.

    *forwards* are the spot's forward prices on those dates, earliest first, and *variances*
    its total variances (volatility squared times years) to each. Turnbull-Wakeman. Raises
    `UsageError` (E412).
    """
    rows, widths = listed("forward", forwards), listed("variance", variances)
    if not rows or len(rows) != len(widths):
        raise refused("variances", len(widths), f"one for each of {len(rows)} forwards, at least 1")
    given = {"strike": strike, "discount": discount, "sign": sign, **rows, **widths}
    checks = _EXOTIC | dict.fromkeys(rows, _ABOVE_ZERO) | dict.fromkeys(widths, _NOT_NEGATIVE)

    def price(strike: Price, discount: Price, sign: Price, *dates: Price) -> Price:
        found: Price = formulas.average_option(
            dates[: len(rows)], dates[len(rows) :], strike, discount, sign
        )
        return found

    return checked_price(price, given, checks)
