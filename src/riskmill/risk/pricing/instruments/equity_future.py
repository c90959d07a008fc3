"""Futures on equities and equity indices."""

from datetime import date

from riskmill.domain import EquityFuture
from riskmill.risk.pricing.inputs import ForwardPrice, One
from riskmill.risk.pricing.pricers import Exposure, LinearPricer


def exposures(contract: EquityFuture, valuation_date: date) -> tuple[Exposure, ...]:
    """Forward price less the price dealt, per contract (`formulas.forwards.future`)."""
    forward = ForwardPrice("EQ", contract.underlying, contract.currency, contract.expiry)
    return (
        Exposure(forward, contract.multiplier),
        Exposure(One(), -contract.multiplier * contract.price),
    )


PRICER = LinearPricer(
    exposures=exposures,
    ends=lambda contract: contract.expiry,
    underlying=lambda contract: str(contract.underlying),
)
