"""Forwards and futures: spot grown at the rate less what holding it yields."""

from riskmill.risk.pricing.dual import Real
from riskmill.risk.pricing.maths import exp


def forward_price(spot: Real, rate: Real, dividend_yield: Real, years: Real) -> Real:
    """
    Price fair today for delivery in *years*: S exp((r - q) T).

    Rate and dividend (or convenience) yield are continuous and act/365.
    """
    return spot * exp((rate - dividend_yield) * years)


def future(spot: Real, rate: Real, dividend_yield: Real, price: Real, years: Real) -> Real:
    """
    Value of a future dealt, or last settled, at *price*: forward price less that price.

    Per underlying unit and not discounted, since the difference is paid daily.
    """
    return forward_price(spot, rate, dividend_yield, years) - price


def fx_forward(
    spot: Real, domestic_rate: Real, foreign_rate: Real, strike: Real, years: Real
) -> Real:
    """
    Value of buying one unit of foreign currency for *strike* of domestic in *years*.

    In domestic currency (the pair's second): S exp(-rf T) - K exp(-rd T).
    """
    return spot * exp(-foreign_rate * years) - strike * exp(-domestic_rate * years)
