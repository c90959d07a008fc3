"""Futures on equities and equity indices."""

from riskmill.domain import EquityFuture
from riskmill.risk.pricing.inputs import ForwardPrice, One
from riskmill.risk.pricing.pricers import Exposure, LinearPricer
from riskmill.risk.pricing.quotes import Quotes
from riskmill.risk.pricing.terms import contract_size, level_above_zero


def exposures(contract: EquityFuture, quotes: Quotes) -> tuple[Exposure, ...]:
    """Forward price less the price dealt, per contract (`formulas.forwards.future`)."""
    forward = ForwardPrice("EQ", contract.underlying, contract.currency, contract.expiry)
    size = contract_size(contract)
    return (
        Exposure(forward, size),
        Exposure(One(), -size * level_above_zero("price", contract.price)),
    )


PRICER = LinearPricer(
    exposures=exposures,
    ends=lambda contract: contract.expiry,
    underlying=lambda contract: str(contract.underlying),
)
