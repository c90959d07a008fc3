"""Equities and index units, at their spot."""

from datetime import date

from riskmill.domain import Equity
from riskmill.risk.pricing.inputs import Level
from riskmill.risk.pricing.pricers import Exposure, LinearPricer


def exposures(share: Equity, valuation_date: date) -> tuple[Exposure, ...]:
    """One unit of the spot."""
    return (Exposure(Level(f"EQ:{share.underlying}"), 1.0),)


PRICER = LinearPricer(
    exposures=exposures,
    ends=lambda share: None,
    underlying=lambda share: str(share.underlying),
)
