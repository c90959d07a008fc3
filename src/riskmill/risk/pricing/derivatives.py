"""
Derivatives of prices by any of their arguments: the pricing functions, fed dual numbers.

The public functions accept a `Dual` in place of a number. What is asked here is answered by
calling them that way; mixed second derivatives follow from the curvatures along two arguments
and along their sum.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature, unwrap
from typing import Any, TypeAlias

import numpy as np

from riskmill.domain import UsageError
from riskmill.risk.pricing.dual import Dual, Real, lifted
from riskmill.risk.pricing.exotics import geometric_asian_option
from riskmill.risk.pricing.scalar import Price

Pricer: TypeAlias = Callable[..., Any]
_Place: TypeAlias = tuple[str, int | None]
"""An argument, and which entry of it where it is a list."""
_Way: TypeAlias = Mapping[Any, Any]
"""How fast places move together."""

CHOICES = frozenset({"sign", "direction", "knock", "knocked", "fixings", "past"})
"""Arguments that are choices or counts, between which nothing is smooth."""
LISTS = frozenset(
    {"amounts", "discount_factors", "forwards", "variances", "dividend_times", "dividend_amounts"}
)
"""Arguments that are lists of numbers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Greeks:
    """
    A price and its derivatives, each per whole unit of what it is a derivative by.

    Floats, or arrays where an argument was one. What a price does not depend on gives zero.
    """

    price: Price
    delta: Price
    """By the spot."""
    gamma: Price
    """By the spot, twice."""
    vega: Price
    """By the volatility: for one point, take a hundredth."""
    theta: Price
    """By the passing of a year with the market unchanged: for one day, take 1 / 365."""
    rho: Price
    """By the rate, that of a pair's second currency: for a basis point, take 1 / 10,000."""
    dividend_rho: Price
    """By the dividend yield, or the rate of a pair's first currency."""
    vanna: Price
    """By the spot and the volatility."""
    volga: Price
    """By the volatility, twice."""
    charm: Price
    """Of delta by the passing of a year."""


def greeks(pricer: Pricer, /, **arguments: Any) -> Greeks:
    """
    Price and Greeks of one of the pricing functions, at its own *arguments*.

    Exact, except those of `american_option`: differences, right to some 1e-6. As time passes,
    all dates come nearer; a running average takes in the spot. Raises `UsageError`: E412 as
    the pricer does, E430 for a function without a spot, E431 where there is no derivative.
    """
    given = _bound(pricer, arguments)
    if "spot" not in given or "years" not in given:
        raise UsageError(
            "E430",
            f"{_name(pricer)} has no spot or no time to expiry, so it has no Greeks",
            place="pricer",
            remedy="Use derivative(pricer, argument, ...) for what it depends on.",
        )
    rate = "domestic_rate" if "domestic_rate" in given else "rate"
    other = "foreign_rate" if "foreign_rate" in given else "dividend_yield"
    later, passing = _passing(pricer, given)
    by_volatility: _Way = {"volatility": 1.0} if "volatility" in given else {}
    by_spot: _Way = {"spot": 1.0}
    now = _fan(
        pricer,
        given,
        [by_spot, by_volatility, {rate: 1.0}, {other: 1.0}, _sum(given, by_spot, by_volatility)],
    )
    then = _fan(pricer, later, [by_spot, passing, _sum(later, by_spot, passing)])
    return Greeks(
        price=_checked(now.value, "the price"),
        delta=_checked(now.first[0], "delta"),
        gamma=_checked(now.second[0], "gamma"),
        vega=_checked(now.first[1], "vega"),
        theta=_checked(then.first[1], "theta"),
        rho=_checked(now.first[2], "rho"),
        dividend_rho=_checked(now.first[3], "dividend rho"),
        vanna=_checked(_mixed(given, now, (0, 1, 4), by_spot, by_volatility), "vanna"),
        volga=_checked(now.second[1], "volga"),
        charm=_checked(_mixed(later, then, (0, 1, 2), by_spot, passing), "charm"),
    )


def derivative(pricer: Pricer, /, *by: str, **arguments: Any) -> Price:
    """
    Derivative of one of the pricing functions *by* one argument, or by two of them.

    One name gives the first derivative, two the second one, mixed where they differ. By a list
    of numbers it is an array with an entry for each. Exact, except for `american_option`
    (as in `greeks`). Raises `UsageError`: E412 as the pricer does, E430 for a name that there
    is no derivative by, E431 where there is none at these arguments.
    """
    given = _bound(pricer, arguments)
    if len(by) not in (1, 2):
        raise _unknown(f"{len(by)} names", "by", "Name one or two arguments.")
    places = [_places(pricer, given, name) for name in by]
    what = f"the derivative by {' and '.join(by)}"
    if len(by) == 1:
        firsts = _fan(pricer, given, [{place: 1.0} for place in places[0]]).first
        return _shaped([_checked(one, what) for one in firsts], places[0])
    rows = [
        _shaped([_checked(_second(pricer, given, one, two), what) for two in places[1]], places[1])
        for one in places[0]
    ]
    return _shaped(rows, places[0])


def _second(pricer: Pricer, given: Mapping[str, Any], one: _Place, two: _Place) -> Real:
    first, second = {one: 1.0}, {two: 1.0}
    if one == two:
        return _fan(pricer, given, [first]).second[0]
    fan = _fan(pricer, given, [first, second, _sum(given, first, second)])
    return _mixed(given, fan, (0, 1, 2), first, second)


def _sum(given: Mapping[str, Any], one: _Way, two: _Way) -> _Way:
    """Both ways at once, each at its own scale: their curvatures are then of one size."""
    return {
        place: scale * step
        for way in (one, two)
        for scale in [_scale(given, way)]
        for place, step in way.items()
    }


def _mixed(
    given: Mapping[str, Any], fan: Dual, at: tuple[int, int, int], one: _Way, two: _Way
) -> Real:
    """
    Mixed second derivative: half of what the curvature along both has beyond each one's.

    *at* says where the ways and their sum stand in the fan.
    """
    first, second = _scale(given, one), _scale(given, two)
    alone = first**2 * fan.second[at[0]] + second**2 * fan.second[at[1]]
    return 0.5 * (fan.second[at[2]] - alone) / (first * second)


def _scale(given: Mapping[str, Any], way: _Way) -> Real:
    """A size that is natural for a way: that of its first argument."""
    place = next(iter(way), None)
    level = np.abs(_level(given, _as_place(place))) if place else 1.0
    return np.where(level > 0.0, level, 1.0)


def _fan(pricer: Pricer, given: Mapping[str, Any], ways: Sequence[_Way]) -> Dual:
    """Price, and slope and curvature along several ways, which are the first axis."""
    moved = dict(given)
    single = [name for name in given if name not in LISTS]
    depth = max([np.ndim(_level(given, (name, None))) for name in single], default=0)
    for place in dict.fromkeys(place for way in ways for place in way):
        name, entry = _as_place(place)
        seeds = np.array(
            np.broadcast_arrays(
                *(np.asarray(way.get(place, 0.0), dtype=np.float64) for way in ways)
            )
        )
        shape = (len(ways), *(1 for _ in range(depth + 1 - seeds.ndim)), *seeds.shape[1:])
        seeded = Dual(_level(given, (name, entry)), seeds.reshape(shape))
        if entry is None:
            moved[name] = seeded
        else:
            moved[name] = [*moved[name][:entry], seeded, *moved[name][entry + 1 :]]
    try:
        with np.errstate(all="ignore"):
            found = lifted(pricer(**moved))
    except ZeroDivisionError as cause:
        raise _nowhere("a derivative") from cause
    shape = (len(ways), *np.shape(found.value))
    return Dual(
        found.value, np.broadcast_to(found.first, shape), np.broadcast_to(found.second, shape)
    )


def _as_place(place: Any) -> _Place:
    return (place, None) if isinstance(place, str) else place


def _level(given: Mapping[str, Any], place: _Place) -> Real:
    """Level of a place."""
    name, entry = place
    array = np.asarray(given[name] if entry is None else given[name][entry], dtype=np.float64)
    return array if array.ndim else np.float64(array)


def _passing(pricer: Pricer, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[Any, Any]]:
    """
    Arguments, and how they move as time passes.

    A fixing on the valuation date becomes a past one at the spot; an average over a span of
    time goes on at the spot.
    """
    later: dict[str, Any] = dict(given)
    moves: dict[Any, Any] = {"years": -1.0}
    spot = _level(given, ("spot", None))
    if "first" in given:
        later |= _fixed_today(given, geometric=unwrap(pricer) is geometric_asian_option)
        moves["first"] = -1.0 * (np.asarray(later["first"]) > 0.0)
    if "elapsed" in given:
        elapsed = np.asarray(_level(given, ("elapsed", None)))
        begun = elapsed > 0.0
        mean = np.where(begun, _level(given, ("past_average", None)), spot)
        later["past_average"] = mean
        moves |= {
            "elapsed": 1.0,
            "past_average": np.where(begun, (spot - mean) / np.where(begun, elapsed, 1.0), 0.0),
        }
    cash = range(len(given.get("dividend_times", ())))
    moves |= {("dividend_times", entry): -1.0 for entry in cash}
    plain = all(np.ndim(_level(given, (name, None))) == 0 for name in given if name not in LISTS)
    if plain:
        later = {name: _float(value) for name, value in later.items()}
        moves = {name: _float(value) for name, value in moves.items()}
    return later, moves


def _fixed_today(given: Mapping[str, Any], *, geometric: bool) -> dict[str, Any]:
    """Terms of an average once a fixing on the valuation date, if there is one, has gone by."""
    names = ("spot", "years", "fixings", "first", "past", "past_average")
    spot, years, fixings, first, past, mean = (
        np.asarray(_level(given, (name, None)), dtype=np.float64) for name in names
    )
    left = fixings - past
    today = (first <= 0.0) & (left > 1.0)
    gap = years / np.where(today, left - 1.0, 1.0)
    logs = np.log(np.where(mean > 0.0, mean, 1.0)) * past + np.log(np.maximum(spot, 1e-300))
    total = np.exp(logs / (past + 1.0)) if geometric else (mean * past + spot) / (past + 1.0)
    return {
        "first": np.where(today, gap, first),
        "past": np.where(today, past + 1.0, past),
        "past_average": np.where(today, total, mean),
    }


def _float(value: Any) -> Any:
    return float(value) if isinstance(value, np.ndarray) else value


def _bound(pricer: Pricer, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments that the pricer takes, defaults included; raises `UsageError` (E412, E430)."""
    try:
        bound = signature(pricer).bind(**arguments)
    except (TypeError, ValueError) as cause:
        remedy = "Give one of the pricing functions of docs/api.md, and its arguments by name."
        raise _unknown(f"{_name(pricer)}: {cause}", "pricer", remedy) from cause
    bound.apply_defaults()
    given = dict(bound.arguments)
    pricer(**given)
    return given


def _places(pricer: Pricer, given: Mapping[str, Any], name: str) -> list[_Place]:
    """Where an argument is moved: as a whole, or entry by entry of a list."""
    if name not in given or name in CHOICES:
        smooth = ", ".join(one for one in given if one not in CHOICES)
        raise _unknown(f"'{name}'", "by", f"{_name(pricer)} has derivatives by {smooth}.")
    entries = given[name]
    if name in LISTS and isinstance(entries, Sequence | np.ndarray) and np.ndim(entries):
        return [(name, entry) for entry in range(len(entries))]
    return [(name, None)]


def _shaped(found: Sequence[Price], places: Sequence[_Place]) -> Price:
    return found[0] if places and places[0][1] is None else np.array(found)


def _checked(found: Real, what: str) -> Price:
    """The number itself; raises `UsageError` (E431) where there is none."""
    if not np.isfinite(found).all():
        raise _nowhere(what)
    number: Price = found if np.ndim(found) else float(found)
    return number


def _nowhere(what: str) -> UsageError:
    return UsageError(
        "E431",
        f"{what} does not exist at these arguments",
        place=what,
        remedy="Move the arguments off the kink, such as a spot or volatility of zero.",
    )


def _name(pricer: object) -> str:
    return str(getattr(pricer, "__name__", pricer))[:80]


def _unknown(what: str, place: str, remedy: str) -> UsageError:
    return UsageError("E430", f"no derivative: {what}", place=place, remedy=remedy)
