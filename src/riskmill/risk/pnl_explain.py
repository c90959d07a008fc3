"""A day's P&L told by the sensitivities of its start (docs/methodology/pnl_explain.md)."""

from collections.abc import Sequence
from math import fsum

import numpy as np

from riskmill.domain import Figure, MarketSnapshot, PnlExplained
from riskmill.risk.factor_moves import FIRST_ORDER, ONE_SIDED, SECOND_ORDER, moves_of


def pnl_explain(
    figures: Sequence[Figure],
    before: MarketSnapshot,
    after: MarketSnapshot,
    total: float,
    *,
    portfolio: str,
    carry: float | None = None,
) -> PnlExplained:
    """
    Explain *total*, the P&L from *before* to *after*, by *portfolio*'s figures at *before*.

    *figures* are those of the run at *before*; sensitivities that are not listed are zero.
    Theta counts the calendar days between both valuation dates; *carry*, where it is given, is
    what their passing was worth by revaluation and takes its place. Raises `UsageError` (E474)
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
        bend = values.get((second, key), 0.0)
        slope = values[measure, key] - (0.5 * bend if measure in ONE_SIDED else 0.0)
        parts.setdefault(measure, []).append(slope * size)
        parts.setdefault(second, []).append(0.5 * bend * size**2)
    days = (after.valuation_date - before.valuation_date).days
    theta = values.get(("theta", ""), 0.0) * days if carry is None else carry
    return _explained(total, parts, theta)


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
