"""Limits: what a portfolio may lose or hold, and how much of it is used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from riskmill.domain import Figure, FloatArray, InputRejected, Limit, LimitState, PnlVectors
from riskmill.risk.measures import MEASURES

NET_SENSITIVITIES = ("delta", "vega", "dv01")
"""Limited by the size of their sum over all keys, long and short netted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Exposures:
    pnl: Mapping[str, FloatArray]
    """Portfolio to its historical P&L vector."""
    values: Mapping[tuple[str, str], list[float]]
    """Portfolio and measure to the values of every key."""


def measure_limits(
    limits: Sequence[Limit], vectors: PnlVectors, figures: Sequence[Figure], *, currency: str
) -> tuple[LimitState, ...]:
    """
    Measure each limit, in delivered order (docs/methodology/limits.md).

    VaR and ES come from *vectors* at the limit's own confidence; sensitivities and stress from
    *figures*. Magnitudes are never negative, in *currency*, the reporting currency.
    Raises `InputRejected` (E458) for a limit on an unknown portfolio or measure, in another
    currency, or on VaR or ES without a confidence.
    """
    exposures = _exposures(vectors, figures)
    return tuple(_state(limit, exposures, currency) for limit in limits)


def _exposures(vectors: PnlVectors, figures: Sequence[Figure]) -> _Exposures:
    values: dict[tuple[str, str], list[float]] = {}
    for figure in figures:
        values.setdefault((figure.portfolio, figure.measure), []).append(figure.value)
    pnl = dict(zip(vectors.portfolios, vectors.values, strict=True))
    return _Exposures(pnl=pnl, values=values)


def _state(limit: Limit, exposures: _Exposures, currency: str) -> LimitState:
    if limit.currency != currency:
        raise _refused(limit, f"is in {limit.currency}, the report is in {currency}")
    if limit.portfolio not in exposures.pnl:
        raise _refused(limit, f"names the unknown portfolio '{limit.portfolio}'")
    value = max(0.0, _magnitude(limit, exposures))
    utilisation = value / limit.amount
    return LimitState(
        limit_id=limit.limit_id,
        portfolio=limit.portfolio,
        measure=limit.measure,
        confidence="" if limit.confidence is None else f"{limit.confidence:f}",
        amount=limit.amount,
        value=value,
        utilisation=utilisation,
        warning=limit.warning,
        currency=limit.currency,
        status=limit_status(utilisation, limit.warning),
    )


def limit_status(utilisation: float, warning: float) -> str:
    """`breach` above 1, else `warning` above the limit's own threshold, else `ok`."""
    if utilisation > 1.0:
        return "breach"
    return "warning" if utilisation > warning else "ok"


def _magnitude(limit: Limit, exposures: _Exposures) -> float:
    """What counts against the limit; negative where a loss measure shows a gain."""
    if limit.measure in MEASURES:
        pnl = exposures.pnl[limit.portfolio]
        return MEASURES[limit.measure](pnl, _confidence(limit))
    if limit.measure in NET_SENSITIVITIES:
        return abs(sum(exposures.values.get((limit.portfolio, limit.measure), [])))
    if limit.measure == "stress_loss":
        return -min(exposures.values.get((limit.portfolio, "stress"), [0.0]))
    raise _refused(limit, f"is on '{limit.measure}', which cannot be limited")


def _confidence(limit: Limit) -> Decimal:
    if limit.confidence is None:
        raise _refused(limit, f"is on {limit.measure} and states no confidence")
    return limit.confidence


def _refused(limit: Limit, problem: str) -> InputRejected:
    return InputRejected(
        "E458",
        f"limit {limit.limit_id} {problem}",
        place=f"limits, {limit.limit_id}",
        remedy="Correct the limit and deliver the batch again.",
    )
