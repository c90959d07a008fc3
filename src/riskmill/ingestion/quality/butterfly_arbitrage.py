"""A smile under which some butterfly of calls would cost less than nothing (W314)."""

import math
from collections.abc import Iterator
from itertools import pairwise

from riskmill.domain import Failure, FailureReason, RiskClass
from riskmill.ingestion.quality.check import warning
from riskmill.ingestion.quality.examined import Examined
from riskmill.ingestion.quality.smiles import Smile, surfaces

_SPOTS = (RiskClass.EQUITY, RiskClass.FX, RiskClass.COMMODITY)


def butterfly_arbitrages(market: Examined, share: float) -> Iterator[Failure]:
    """
    Smiles with a call price that is no convex, falling function of strike.

    Calls are priced by Black's formula without discount, the spot standing for the
    forward; a butterfly may cost as little as *share* of the spot below nothing, which
    leaves room for rounded volatilities. Surfaces whose underlying is not quoted are
    passed over.
    """
    for smiles in surfaces(market):
        spot = _spot(market, smiles[0].surface)
        for smile in smiles:
            if spot and len(smile.strikes) > 1:
                worst, factor = max(_arbitrages(smile, spot))
                if worst > share * spot:
                    yield _arbitrage(market, smile, factor, worst)


def _spot(market: Examined, surface: str) -> float | None:
    quotes = market.snapshot.quotes
    ids = (f"{risk_class}:{surface}" for risk_class in _SPOTS)
    return next((quotes[factor] for factor in ids if factor in quotes), None)


def _arbitrages(smile: Smile, spot: float) -> Iterator[tuple[float, str]]:
    """What each spread and butterfly of neighbouring strikes would earn at once."""
    nodes = [
        (strike, _call(spot, strike, variance), factor)
        for strike, variance, factor in zip(
            smile.strikes, smile.variances, smile.factors, strict=True
        )
    ]
    for (low, dear, _), (high, cheap, factor) in pairwise(nodes):
        yield max(cheap - dear, dear - cheap - (high - low)), factor
    for left, middle, right in zip(nodes, nodes[1:], nodes[2:], strict=False):
        weight = (right[0] - middle[0]) / (right[0] - left[0])
        yield middle[1] - (weight * left[1] + (1.0 - weight) * right[1]), middle[2]


def _call(forward: float, strike: float, variance: float) -> float:
    """Black's call without discount."""
    root = math.sqrt(variance)
    if strike <= 0.0 or root <= 0.0:
        return max(forward - strike, 0.0)
    middle = math.log(forward / strike) / root
    return forward * _normal(middle + root / 2.0) - strike * _normal(middle - root / 2.0)


def _normal(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def _arbitrage(market: Examined, smile: Smile, factor: str, worst: float) -> Failure:
    file, record, line = market.where(factor)
    return warning(
        "W314",
        FailureReason.MISMATCH,
        f"Calls on '{smile.surface}' at expiry {smile.expiry} are no convex, falling function of "
        f"strike: near '{factor}', a spread or butterfly would earn {worst:.4g} at once.",
        file=file,
        record=record,
        line=line,
        subject=factor,
        column="value",
        value=repr(market.snapshot.quotes[factor]),
    )
