"""Fixed-for-floating swaps, on one curve or with a forward curve of their index."""

from riskmill.domain import InterestRateSwap
from riskmill.risk.pricing.instruments.coupons import (
    fixed_coupons,
    floating_exposures,
    last_payment,
)
from riskmill.risk.pricing.pricers import Exposure, LinearPricer, Strip
from riskmill.risk.pricing.quotes import Quotes
from riskmill.risk.pricing.terms import coupon_schedule


def exposures(swap: InterestRateSwap, quotes: Quotes) -> tuple[Exposure | Strip, ...]:
    """
    Fixed coupons received less floating coupons paid, for one unit of notional.

    With one curve for forwards and discounting, a floating coupon that is not set is worth
    DF(start) - DF(end), so that of a whole leg only its first and last dates are left.
    """
    fixed = coupon_schedule(
        swap, swap.fixed_frequency_months, swap.fixed_day_count, swap.fixed_adjustment
    )
    received = fixed_coupons(swap.currency, swap.rate, fixed, quotes.valuation_date)
    paid = (Exposure(one.input, -one.amount) for one in floating_exposures(swap, quotes))
    return (received, *paid)


PRICER = LinearPricer(
    exposures=exposures,
    ends=lambda swap: max(
        last_payment(
            swap, swap.fixed_frequency_months, swap.fixed_day_count, swap.fixed_adjustment
        ),
        last_payment(
            swap, swap.float_frequency_months, swap.float_day_count, swap.float_adjustment
        ),
    ),
    underlying=lambda swap: None,
)
