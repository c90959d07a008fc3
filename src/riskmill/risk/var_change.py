"""Why VaR moved from one day to the next (docs/methodology/var_change.md)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import fsum

from riskmill.domain import MarketSnapshot, Position, PositionTable, ScenarioSet, VarChange
from riskmill.risk.measures import Confidence, PnlInput, value_at_risk

Positions = PositionTable | Sequence[Position]
Revalue = Callable[[Positions, MarketSnapshot, ScenarioSet], PnlInput]
"""P&L of all positions together under each scenario, gains positive."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RiskDay:
    """What a day's VaR was made from."""

    positions: Positions
    market: MarketSnapshot
    scenarios: ScenarioSet
    """Levels around the quotes of `market`."""
    reported: float | None = None
    """VaR as it was reported; none for the one that is recomputed here."""


def explain_var_change(
    before: RiskDay,
    after: RiskDay,
    revalue: Revalue,
    confidence: Confidence,
    *,
    measure: Callable[[PnlInput, Confidence], float] = value_at_risk,
) -> VarChange:
    """
    Explain the change from *before* to *after* by four revaluations, one thing moved in each.

    The order is time, market, positions; *measure* may be `expected_shortfall`. *revalue*
    leaves out what it cannot value. Raises what *revalue* raises, and `UsageError`: E452 for a
    bad confidence, E453 for P&L that cannot be measured.
    """
    aged = replace(before.market, valuation_date=after.market.valuation_date)
    vectors = (
        revalue(before.positions, before.market, before.scenarios),
        revalue(before.positions, aged, before.scenarios),
        revalue(before.positions, after.market, after.scenarios),
        revalue(after.positions, after.market, after.scenarios),
    )
    return var_change_of(
        vectors, confidence, before=before.reported, after=after.reported, measure=measure
    )


def var_change_of(
    vectors: Sequence[PnlInput],
    confidence: Confidence,
    *,
    before: float | None = None,
    after: float | None = None,
    measure: Callable[[PnlInput, Confidence], float] = value_at_risk,
) -> VarChange:
    """
    Explain a change by the four P&L vectors of its steps, as `explain_var_change` makes them.

    *before* and *after* are the figures as they were reported; none for the recomputed ones.
    Raises `UsageError` as the measure does.
    """
    steps = tuple(measure(vector, confidence) for vector in vectors)
    start = steps[0] if before is None else before
    end = steps[3] if after is None else after
    time, market, positions = (later - earlier for earlier, later in pairwise(steps))
    return VarChange(
        before=start,
        time=time,
        market=market,
        positions=positions,
        unexplained=fsum((end, -start, -time, -market, -positions)),
        after=end,
    )
