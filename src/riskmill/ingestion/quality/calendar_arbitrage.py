"""A volatility surface whose total variance falls with time (W313)."""

from collections.abc import Iterator
from itertools import pairwise

from riskmill.domain import Failure, FailureReason
from riskmill.ingestion.quality.check import warning
from riskmill.ingestion.quality.examined import Examined
from riskmill.ingestion.quality.smiles import Smile, surfaces


def calendar_arbitrages(market: Examined, share: float) -> Iterator[Failure]:
    """
    Pairs of expiries whose total variance falls by more than a *share* at some strike.

    Total variance is volatility squared times time; where it falls, the later option is
    cheaper than the earlier one and the variance between the two negative. The same
    strike is compared, so carry is neglected; the usual limit leaves room for it.
    """
    for smiles in surfaces(market):
        for earlier, later in pairwise(smiles):
            strike = _worst(earlier, later)
            if strike is not None and _fall(earlier, later, strike) > share:
                yield _falling(market, earlier, later, strike)


def _worst(earlier: Smile, later: Smile) -> float | None:
    """Strike of either expiry at which total variance falls most; none where none is shared."""
    strikes = sorted({*earlier.strikes, *later.strikes}) or [0.0]
    shared = [
        strike
        for strike in strikes
        if earlier.variance(strike) is not None and later.variance(strike) is not None
    ]
    return max(shared, key=lambda strike: _fall(earlier, later, strike), default=None)


def _fall(earlier: Smile, later: Smile, strike: float) -> float:
    """Fall of total variance as a share of the earlier one."""
    before, after = earlier.variance(strike) or 0.0, later.variance(strike) or 0.0
    return (before - after) / before if before > 0.0 else 0.0


def _falling(market: Examined, earlier: Smile, later: Smile, strike: float) -> Failure:
    factor = later.nearest(strike)
    file, record, line = market.where(factor)
    at = f"at strike {strike:g}" if earlier.strikes or later.strikes else "at every strike"
    return warning(
        "W313",
        FailureReason.MISMATCH,
        f"Total variance of '{later.surface}' falls from {earlier.variance(strike):.6f} at expiry "
        f"{earlier.expiry} to {later.variance(strike):.6f} at {later.expiry}, {at}: the later "
        "option is the cheaper one.",
        file=file,
        record=record,
        line=line,
        subject=factor,
        column="value",
        value=repr(market.snapshot.quotes[factor]),
    )
