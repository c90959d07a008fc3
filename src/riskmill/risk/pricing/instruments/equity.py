"""Equities and index units, at their spot."""

from riskmill.domain import Equity
from riskmill.risk.pricing.inputs import Level
from riskmill.risk.pricing.pricers import Exposure, LinearPricer
from riskmill.risk.pricing.quotes import Quotes


def exposures(share: Equity, quotes: Quotes) -> tuple[Exposure, ...]:
    """One unit of the spot."""
    return (Exposure(Level(f"EQ:{share.underlying}"), 1.0),)


PRICER = LinearPricer(
    exposures=exposures,
    ends=lambda share: None,
    underlying=lambda share: str(share.underlying),
)
