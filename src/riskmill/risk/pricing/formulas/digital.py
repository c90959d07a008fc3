"""
Digital options on a lognormal spot: paid at expiry by side, or when a level is touched.

Cash-or-nothing and asset-or-nothing options are the two halves of a European one; touch
options are paid when the spot first reaches a level, or never does (first passage of a
Brownian motion with drift: docs/methodology/exotic_options.md).
"""

from riskmill.risk.pricing.dual import Real
from riskmill.risk.pricing.formulas.black_scholes import CERTAIN
from riskmill.risk.pricing.maths import exp, log, maximum, normal_cdf, scaled_cdf, sqrt, where

DOWN = 1.0
UP = -1.0
DIRECTION = {"down": DOWN, "up": UP}
"""Side of a level from which the spot comes: above it (`DOWN`) or below it (`UP`)."""
NO_LUCK = 1e-6
"""Total deviation below which the spot is taken to follow its forward to a level."""
TINY = 1e-100
"""Spot that stands for one of zero or less."""
NEVER = 1e9
"""Years after which a level that is not on the way is reached."""

SLOW_NODES = (
    (0.005784813099631881, 0.03376524289842403),
    (0.06111131733618723, 0.16939530676686776),
    (0.17813034617398463, 0.38069040695840156),
    (0.28978358839870644, 0.6193095930415985),
    (0.2996502557119515, 0.8306046932331322),
    (0.1655396792795384, 0.9662347571015759),
)
"""Weights and roots of times, in parts of the life, at which a slow hit is looked at."""


def digital_option(
    spot: Real,
    volatility: Real,
    rate: Real,
    dividend_yield: Real,
    strike: Real,
    years: Real,
    sign: Real,
    cash: Real,
    units: Real,
) -> Real:
    """
    Price of *cash* and *units* of the underlying, paid at expiry if it ends in the money.

    In the money is above the strike for a call (*sign* +1), below it for a put (-1), and
    nothing is paid at the strike itself. Other arguments as in `european_option`.
    Reiner-Rubinstein (1991), Haug (1998) p. 88-90.
    """
    forward = spot * exp((rate - dividend_yield) * years)
    deviation = volatility * sqrt(years)
    certain = (deviation < CERTAIN) | (forward <= 0.0)
    spread = where(certain, 1.0, deviation)
    d1 = log(where(certain, 1.0, forward / strike)) / spread + 0.5 * spread
    inside = where(sign * (forward - strike) > 0.0, 1.0, 0.0)
    by_cash = where(certain, inside, normal_cdf(sign * (d1 - spread)))
    by_asset = where(certain, inside, normal_cdf(sign * d1))
    return exp(-rate * years) * (cash * by_cash + units * forward * by_asset)


def touch_option(
    spot: Real,
    volatility: Real,
    rate: Real,
    dividend_yield: Real,
    barrier: Real,
    years: Real,
    direction: Real,
    at_hit: Real,
    at_expiry: Real,
    untouched: Real,
) -> Real:
    """
    Price of amounts paid when the spot reaches *barrier* within *years*, or does not.

    *at_hit* is paid when it does, *at_expiry* at the end if it did, *untouched* at the end
    if it never did. *direction* is +1 (`DOWN`: the spot comes from above) or -1 (`UP`). A
    spot at or beyond the barrier has reached it now.
    Reiner-Rubinstein (1991), Haug (1998) p. 92-95.
    """
    reached = direction * (spot - barrier) <= 0.0
    alive = where(reached, barrier * (1.0 + 0.1 * direction), maximum(spot, TINY))
    hit = paid_at_hit(alive, volatility, rate, dividend_yield, barrier, years, direction)
    missed = chance_untouched(alive, volatility, rate, dividend_yield, barrier, years, direction)
    discount = exp(-rate * years)
    now = at_hit * where(reached, 1.0, hit)
    missed = where(reached, 0.0, missed)
    return now + discount * (at_expiry * (1.0 - missed) + untouched * missed)


def paid_at_hit(
    spot: Real,
    volatility: Real,
    rate: Real,
    dividend_yield: Real,
    barrier: Real,
    years: Real,
    direction: Real,
) -> Real:
    """
    Value of one unit paid when a spot on its right side of *barrier* reaches it.

    The closed form ends at a rate of -(b / v - v / 2)**2 / 2, b being the cost of carry and
    v the volatility; below it `slow_hit` takes its place.
    """
    deviation = volatility * sqrt(years)
    certain = deviation < NO_LUCK
    spread = where(certain, 1.0, deviation)
    variance = where(certain, 1.0, volatility * volatility)
    carry = rate - dividend_yield
    distance = log(barrier / spot)
    drift = carry / variance - 0.5
    square = drift * drift + 2.0 * rate / variance
    solved = certain | (square >= 0.0)
    root = sqrt(where(solved, maximum(square, 1e-30), 1.0))
    z = distance / spread + root * spread
    hit = scaled_cdf((drift + root) * distance, direction * z) + scaled_cdf(
        (drift - root) * distance, direction * (z - 2.0 * root * spread)
    )
    late = where(solved, 0.0, -0.5 * square * variance * years)
    hit = where(solved, hit, slow_hit(distance, spread, drift, late))
    reaches = distance * carry > 0.0
    wait = where(reaches, distance / where(reaches, carry, 1.0), NEVER)
    surely = where(wait <= years, exp(-rate * where(wait <= years, wait, 0.0)), 0.0)
    return where(certain, surely, hit)


def slow_hit(distance: Real, spread: Real, drift: Real, growth: Real) -> Real:
    """
    Value of one unit paid at a hit that gains by waiting: *growth* over the whole life.

    The closed form at the lowest rate that it knows, and what the rest of the rate adds,
    integrated by parts over six times; 3e-5 of the value for a growth of 10 %.
    """
    away = -maximum(distance, -distance) / spread
    chance = exp(growth) * scaled_cdf(drift * distance, away)
    for weight, root in SLOW_NODES:
        earlier = exp(growth * root * root) * scaled_cdf(drift * distance, away / root)
        chance = chance - growth * weight * earlier
    return 2.0 * chance


def chance_untouched(
    spot: Real,
    volatility: Real,
    rate: Real,
    dividend_yield: Real,
    barrier: Real,
    years: Real,
    direction: Real,
) -> Real:
    """Risk-neutral chance that a spot on its right side of *barrier* stays there."""
    deviation = volatility * sqrt(years)
    certain = deviation < NO_LUCK
    spread = where(certain, 1.0, deviation)
    variance = where(certain, 1.0, volatility * volatility)
    carry = rate - dividend_yield
    distance = log(barrier / spot)
    drift = carry / variance - 0.5
    move = drift * spread
    stays = normal_cdf(direction * (move - distance / spread)) - scaled_cdf(
        2.0 * drift * distance, direction * (distance / spread + move)
    )
    surely = where(direction * (carry * years - distance) > 0.0, 1.0, 0.0)
    return where(certain, surely, maximum(stays, 0.0))
