"""A day's P&L told by the sensitivities of its start (docs/methodology/pnl_explain.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np

from riskmill.domain import Figure, MarketSnapshot
from riskmill.risk.factor_moves import FIRST_ORDER, SECOND_ORDER, moves_of


@dataclass(frozen=True, kw_only=True, slots=True)
class PnlExplained:
    """Parts of a P&L, gains positive, that add up to it; the currency is that of the figures."""

    total: float
    """The P&L that is explained, actual or hypothetical."""
    delta: float
    """Equities and commodities, first order."""
    gamma: float
    """Equities and commodities, second order."""
    vega: float
    """Implied volatilities, each surface by the average of its nodes."""
    theta: float
    """Passing of calendar days."""
    rates: float
    """Zero rates, node by node, first order."""
    fx: float
    """Exchange rates, both orders."""
    unexplained: float
    """What is left: cross effects, higher orders, new trades, fees, errors."""

    @property
    def explained(self) -> float:
        """Sum of the parts without the unexplained rest."""
        return fsum((self.delta, self.gamma, self.vega, self.theta, self.rates, self.fx))


def pnl_explain(
    figures: Sequence[Figure],
    before: MarketSnapshot,
    after: MarketSnapshot,
    total: float,
    *,
    portfolio: str,
) -> PnlExplained:
    """
    Explain *total*, the P&L from *before* to *after*, by *portfolio*'s figures at *before*.

    *figures* are those of the run at *before*; sensitivities that are not listed are zero.
    Theta counts the calendar days between both valuation dates. Raises `UsageError` (E474)
    where something that a sensitivity is to is not quoted on both days.
    """
    values = {(f.measure, f.key): f.value for f in figures if f.portfolio == portfolio}
    both = {name: quote for name, quote in before.quotes.items() if name in after.quotes}
    keys = [place for place in values if place[0] in FIRST_ORDER]
    levels = {name: np.array([after.quotes[name]]) for name in both}
    parts: dict[str, list[float]] = {}
    for (measure, key), move in zip(keys, moves_of(keys, both, levels), strict=True):
        second = SECOND_ORDER.get(measure, "")
        size = float(move[0])
        parts.setdefault(measure, []).append(values[measure, key] * size)
        parts.setdefault(second, []).append(0.5 * values.get((second, key), 0.0) * size**2)
    days = (after.valuation_date - before.valuation_date).days
    return _explained(total, parts, values.get(("theta", ""), 0.0) * days)


def _explained(total: float, parts: dict[str, list[float]], theta: float) -> PnlExplained:
    delta, gamma, vega, rates = (
        fsum(parts.get(measure, ())) for measure in ("delta", "gamma", "vega", "dv01")
    )
    fx = fsum((*parts.get("fx_delta", ()), *parts.get("fx_gamma", ())))
    return PnlExplained(
        total=total,
        delta=delta,
        gamma=gamma,
        vega=vega,
        theta=theta,
        rates=rates,
        fx=fx,
        unexplained=total - fsum((delta, gamma, vega, theta, rates, fx)),
    )
