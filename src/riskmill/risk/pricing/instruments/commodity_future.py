"""Futures on commodities."""

from datetime import date

from riskmill.domain import CommodityFuture
from riskmill.risk.pricing.inputs import ForwardPrice, One
from riskmill.risk.pricing.pricers import Exposure, LinearPricer


def exposures(contract: CommodityFuture, valuation_date: date) -> tuple[Exposure, ...]:
    """Forward price less the price dealt, per contract (`formulas.forwards.future`)."""
    forward = ForwardPrice("CO", contract.underlying, contract.currency, contract.expiry)
    return (
        Exposure(forward, contract.multiplier),
        Exposure(One(), -contract.multiplier * contract.price),
    )


PRICER = LinearPricer(
    exposures=exposures,
    ends=lambda contract: contract.expiry,
    underlying=lambda contract: str(contract.underlying),
)
