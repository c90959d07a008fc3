"""Fixed-for-floating swaps on a single curve."""

from datetime import date, timedelta

from riskmill.domain import InterestRateSwap
from riskmill.risk.pricing.faults import ValuationError
from riskmill.risk.pricing.inputs import DiscountFactor
from riskmill.risk.pricing.pricers import Exposure, LinearPricer
from riskmill.risk.pricing.terms import coupon_periods


def exposures(swap: InterestRateSwap, valuation_date: date) -> tuple[Exposure, ...]:
    """
    Fixed coupons received less floating coupons paid, for one unit of notional.

    With one curve for forwards and discounting, floating coupons that are not set yet
    are worth DF(start) - DF(end) of what is left, whatever their number: each pays
    DF(a) / DF(b) - 1 on b. A coupon already set is paid at its fixing.
    """
    legs = (*fixed_leg(swap, valuation_date), *floating_leg(swap, valuation_date))
    return tuple(Exposure(DiscountFactor(swap.currency, day), amount) for day, amount in legs)


def fixed_leg(swap: InterestRateSwap, valuation_date: date) -> tuple[tuple[date, float], ...]:
    """Dates and amounts of the fixed coupons after *valuation_date*."""
    schedule = coupon_periods(
        swap.start, swap.maturity, swap.fixed_frequency_months, swap.fixed_day_count
    )
    return tuple((p.end, swap.rate * p.fraction) for p in schedule if p.end > valuation_date)


def floating_leg(swap: InterestRateSwap, valuation_date: date) -> tuple[tuple[date, float], ...]:
    """
    Dates and amounts that are worth minus the floating leg.

    A coupon that starts on the valuation date is paid at its fixing where that is given,
    else at its forward.
    Raises `ValuationError` (E404) for a running coupon without its fixing.
    """
    schedule = coupon_periods(
        swap.start, swap.maturity, swap.float_frequency_months, swap.float_day_count
    )
    left = [period for period in schedule if period.end > valuation_date]
    running = left[0]
    is_set = swap.current_fixing == swap.current_fixing
    if running.start > valuation_date or (running.start == valuation_date and not is_set):
        return ((running.start, -1.0), (swap.maturity, 1.0))
    if not is_set:
        raise ValuationError(
            "E404",
            f"the floating coupon that runs since {running.start} has no fixing",
            remedy="Fill current_fixing for swaps that started before the business date.",
        )
    paid = (running.end, -swap.current_fixing * running.fraction)
    return (paid, (running.end, -1.0), (swap.maturity, 1.0))


PRICER = LinearPricer(
    exposures=exposures,
    ends=lambda swap: swap.maturity - timedelta(days=1),
    underlying=lambda swap: None,
)
