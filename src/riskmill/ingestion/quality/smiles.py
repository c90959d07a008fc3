"""Volatility surfaces of a snapshot as total variances by expiry and strike."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from riskmill.domain import RiskClass
from riskmill.ingestion.quality.examined import Examined

_DAYS_A_YEAR = 365.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Smile:
    """Volatilities of one surface at one expiry, lowest strike first."""

    surface: str
    expiry: date
    strikes: tuple[float, ...]
    """Empty where one volatility holds for every strike."""
    variances: tuple[float, ...]
    """Total variance, volatility squared times years: one a strike, or the only one."""
    factors: tuple[str, ...]
    """Factor id of each variance."""

    def variance(self, strike: float) -> float | None:
        """Total variance at *strike*, linear between strikes; none outside of them."""
        if not self.strikes:
            return self.variances[0]
        if not self.strikes[0] <= strike <= self.strikes[-1]:
            return None
        return float(np.interp(strike, self.strikes, self.variances))

    def nearest(self, strike: float) -> str:
        """Factor id of the strike that lies nearest."""
        if not self.strikes:
            return self.factors[0]
        return self.factors[int(np.argmin(np.abs(np.array(self.strikes) - strike)))]


def surfaces(market: Examined) -> Iterator[list[Smile]]:
    """Surfaces by name, the smiles of each by expiry; expired ones are left out."""
    nodes: dict[tuple[str, date], dict[float | None, tuple[float, str]]] = {}
    today = market.snapshot.valuation_date
    for factor, volatility in market.quoted(RiskClass.VOLATILITY):
        if factor.expiry and factor.expiry > today and factor.delta is None:
            years = (factor.expiry - today).days / _DAYS_A_YEAR
            smile = nodes.setdefault((factor.name, factor.expiry), {})
            smile[factor.strike] = (volatility * volatility * years, factor.id)
    found: dict[str, list[Smile]] = {}
    for (name, expiry), smile in sorted(nodes.items(), key=lambda item: item[0]):
        found.setdefault(name, []).append(_smile(name, expiry, smile))
    yield from found.values()


def _smile(name: str, expiry: date, nodes: dict[float | None, tuple[float, str]]) -> Smile:
    """The strikes' own volatilities, where there are any; else the one for all strikes."""
    strikes = sorted(strike for strike in nodes if strike is not None)
    chosen = [nodes[strike] for strike in strikes] or [nodes[None]]
    return Smile(
        surface=name,
        expiry=expiry,
        strikes=tuple(strikes),
        variances=tuple(variance for variance, _ in chosen),
        factors=tuple(factor for _, factor in chosen),
    )
