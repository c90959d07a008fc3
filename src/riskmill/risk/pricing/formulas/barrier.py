"""Barrier options on a lognormal spot: knocked in or out when the spot reaches a level."""

from riskmill.risk.pricing.dual import Real
from riskmill.risk.pricing.formulas.black_scholes import european_option
from riskmill.risk.pricing.formulas.digital import NO_LUCK, TINY, touch_option
from riskmill.risk.pricing.maths import exp, log, maximum, scaled_cdf, sqrt, where

IN = 1.0
OUT = -1.0
KNOCK = {"in": IN, "out": OUT}


def barrier_option(
    spot: Real,
    volatility: Real,
    rate: Real,
    dividend_yield: Real,
    strike: Real,
    years: Real,
    sign: Real,
    barrier: Real,
    rebate: Real,
    direction: Real,
    knock: Real,
    knocked: Real,
) -> Real:
    """
    Price of a European option that a level of the spot knocks in or out, per unit.

    *direction* is +1 (`DOWN`: the barrier is below the spot) or -1 (`UP`); *knock* is +1
    (`IN`) or -1 (`OUT`). The barrier is watched without a break. The *rebate* of an `OUT`
    is paid when it is hit, that of an `IN` at expiry if it never was. *knocked* is 1 for a
    barrier that was hit on an earlier day (an `OUT` is then worth nothing, its rebate
    paid), else 0; a spot at or beyond the barrier hits it now. Other arguments as in
    `european_option`.
    Reiner-Rubinstein (1991), Haug (1998) p. 69-72.
    """
    plain = european_option(spot, volatility, rate, dividend_yield, strike, years, sign)
    reached = (knocked > 0.0) | (direction * (spot - barrier) <= 0.0)
    alive = where(reached, barrier * (1.0 + 0.1 * direction), maximum(spot, TINY))
    inside = knocked_in(
        alive, volatility, rate, dividend_yield, strike, years, sign, barrier, direction
    )
    inside = where(reached, plain, inside)
    optional = where(knock > 0.0, inside, where(reached, 0.0, maximum(plain - inside, 0.0)))
    start = where(knocked > 0.0, alive, spot)
    rebated = touch_option(
        start,
        volatility,
        rate,
        dividend_yield,
        barrier,
        years,
        direction,
        where(knock > 0.0, 0.0, rebate),
        0.0,
        where(knock > 0.0, rebate, 0.0),
    )
    return optional + where(knocked > 0.0, 0.0, rebated)


def knocked_in(
    spot: Real,
    volatility: Real,
    rate: Real,
    dividend_yield: Real,
    strike: Real,
    years: Real,
    sign: Real,
    barrier: Real,
    direction: Real,
) -> Real:
    """
    Price of the option that a barrier knocks in, without rebate, before it is hit.

    With the option's payoff beyond the barrier only, it is the option itself; otherwise
    the parts of the payoff on either side of the barrier are reflected at it.
    """
    deviation = volatility * sqrt(years)
    certain = deviation < NO_LUCK
    spread = where(certain, 1.0, deviation)
    variance = where(certain, 1.0, volatility * volatility)
    drift = (rate - dividend_yield) / variance + 0.5
    h = log(barrier / spot)
    k = log(strike / spot)
    shift = drift * spread
    asset = spot * exp(-dividend_yield * years)
    cash = strike * exp(-rate * years)
    at_strike = half(asset, cash, 0.0, 0.0, shift - k / spread, spread, sign, sign)
    at_barrier = half(asset, cash, 0.0, 0.0, shift - h / spread, spread, sign, sign)
    power = 2.0 * drift * h
    less = power - 2.0 * h
    mirrored = half(
        asset, cash, power, less, shift + (2.0 * h - k) / spread, spread, direction, sign
    )
    edge = half(asset, cash, power, less, shift + h / spread, spread, direction, sign)
    beyond = direction * (strike - barrier) > 0.0
    same = where(beyond, mirrored, at_strike - at_barrier + edge)
    other = where(beyond, at_barrier - mirrored + edge, at_strike)
    inside = maximum(where(sign * direction > 0.0, same, other), 0.0)
    forward = spot * exp((rate - dividend_yield) * years)
    hits = direction * (forward - barrier) <= 0.0
    surely = where(hits, exp(-rate * years) * maximum(sign * (forward - strike), 0.0), 0.0)
    return where(certain, surely, inside)


def half(
    asset: Real,
    cash: Real,
    asset_power: Real,
    cash_power: Real,
    at: Real,
    spread: Real,
    side: Real,
    sign: Real,
) -> Real:
    """Expected asset less cash on one side of a level, each with its power of reflection."""
    return sign * (
        asset * scaled_cdf(asset_power, side * at)
        - cash * scaled_cdf(cash_power, side * (at - spread))
    )
