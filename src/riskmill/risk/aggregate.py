"""
From valued blocks to everything that is said about every portfolio.

Vectors are added up first and measured afterwards: VaR and ES of a portfolio are never sums
of its parts' (docs/methodology/aggregation.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from riskmill.domain import (
    BacktestResult,
    Comparison,
    Failure,
    Figure,
    FloatArray,
    Hierarchy,
    Limit,
    LimitState,
    MarketData,
    PastDays,
    PastPnl,
    PnlVectors,
    RiskSpec,
    StressedPeriod,
    TailScenario,
)
from riskmill.risk.assurance import too_few_scenarios
from riskmill.risk.backtesting import backtests_of
from riskmill.risk.day_on_day import Earlier, compare_days, headline_of
from riskmill.risk.figures import measured_confidences, portfolio_figures
from riskmill.risk.limits import measure_limits
from riskmill.risk.measures import tail_weights
from riskmill.risk.past_days import Today, with_today
from riskmill.risk.scenarios import Scenarios, kinds_of
from riskmill.risk.stressed import stressed_measures
from riskmill.risk.tail import FactorMoves, sensitivities_of, tail_scenarios, worst_scenarios
from riskmill.risk.totals import Totals, book_totals, portfolio_totals
from riskmill.risk.valued import ValuedBlocks


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """What the measure wave finds; amounts in the reporting currency."""

    figures: tuple[Figure, ...]
    """By portfolio in delivered order, the stressed ones behind the others; a sensitivity that
    is not listed is zero."""
    limits: tuple[LimitState, ...]
    """In delivered order."""
    vectors: PnlVectors
    """Historical P&L of every portfolio."""
    tail: tuple[TailScenario, ...]
    """The firm's ten worst historical scenarios, worst first, and the one that is VaR."""
    tail_scenarios: tuple[int, ...]
    """Number of each of them among the historical scenarios."""
    es_weights: FloatArray
    """Shape (historical scenarios,): each one's weight in the firm's headline ES."""
    backtests: tuple[BacktestResult, ...] = ()
    """By portfolio in delivered order."""
    failures: tuple[Failure, ...] = ()
    """Warnings about what could be measured badly or not at all."""
    stressed: StressedPeriod | None = None
    """The period behind the stressed figures; none where none were asked for."""
    comparison: Comparison | None = None
    """With the run before; none where there is none."""
    past: PastDays | None = None
    """Past days, this one among them."""


def measure(
    blocks: Sequence[ValuedBlocks],
    scenarios: Scenarios,
    market: MarketData,
    hierarchy: Hierarchy,
    limits: Sequence[Limit],
    spec: RiskSpec,
    *,
    currency: str,
    past_pnl: Sequence[PastPnl] = (),
    earlier: Earlier | None = None,
) -> Measured:
    """
    Add up *blocks*, given in partition order, and measure every portfolio of *hierarchy*.

    *blocks* were valued under `combined(scenarios)` in *currency*, the reporting currency.
    *past_pnl* is what was delivered for backtests, *earlier* the run before.
    The result does not depend, to the last digit, on how many partitions there were.
    Raises `UsageError`: E452 for a confidence of *spec* that is none, E457 for blocks that do
    not fit *scenarios* or *hierarchy*; `InputRejected` (E458) for a limit that cannot be
    measured.
    """
    books = book_totals(blocks, hierarchy, scenarios=_width(scenarios))
    portfolios = portfolio_totals(books, hierarchy)
    vectors = _historical(portfolios, scenarios)
    firm = vectors.values[portfolios.names.index(hierarchy.firm)]
    figures = portfolio_figures(
        books, portfolios, hierarchy, scenarios, market.snapshot, spec, currency=currency
    )
    comparison, past = _days(
        earlier, past_pnl, blocks, portfolios, vectors, hierarchy, market, figures, spec, currency
    )
    backtests, untested = backtests_of(vectors, scenarios.historical.name, past, past_pnl, spec)
    moves = FactorMoves(
        scenarios=scenarios.historical,
        quotes=market.snapshot.quotes,
        kinds=kinds_of(spec),
        sensitivities=sensitivities_of(hierarchy.firm, figures),
    )
    chosen = tail_scenarios(firm, spec.headline_var)
    dates = market.history.dates
    stressed = stressed_measures(
        portfolios, scenarios, hierarchy, moves, dates, spec, currency=currency
    )
    return Measured(
        figures=(*figures, *stressed.figures) if stressed else figures,
        limits=measure_limits(limits, vectors, figures, currency=currency),
        vectors=vectors,
        tail=worst_scenarios(vectors, hierarchy, moves, chosen=chosen),
        tail_scenarios=chosen,
        es_weights=tail_weights(firm, spec.headline_es),
        backtests=backtests,
        failures=(
            *too_few_scenarios(len(scenarios.historical), measured_confidences(spec)),
            *untested,
        ),
        stressed=stressed.period if stressed else None,
        comparison=comparison,
        past=past,
    )


def _days(
    earlier: Earlier | None,
    past_pnl: Sequence[PastPnl],
    blocks: Sequence[ValuedBlocks],
    portfolios: Totals,
    vectors: PnlVectors,
    hierarchy: Hierarchy,
    market: MarketData,
    figures: Sequence[Figure],
    spec: RiskSpec,
    currency: str,
) -> tuple[Comparison | None, PastDays]:
    """The comparison with the run before, if there is one, and the days up to this one."""
    comparison = (
        compare_days(
            earlier,
            blocks=blocks,
            totals=portfolios,
            vectors=vectors,
            hierarchy=hierarchy,
            snapshot=market.snapshot,
            figures=figures,
            history=market.history.dates,
            spec=spec,
        )
        if earlier
        else None
    )
    today = _today(market.snapshot.valuation_date, vectors, figures, comparison, spec)
    before = earlier.past if earlier else None
    return comparison, with_today(before, today, past_pnl, spec, currency=currency)


def _today(
    day: date,
    vectors: PnlVectors,
    figures: Sequence[Figure],
    comparison: Comparison | None,
    spec: RiskSpec,
) -> Today:
    values = {(f.portfolio, f.measure, f.key): f.value for f in figures}
    var, es = (
        np.array(
            [
                values.get((name, measure, headline_of(spec, measure)), np.nan)
                for name in vectors.portfolios
            ]
        )
        for measure in ("value_at_risk", "expected_shortfall")
    )
    told = comparison.portfolios if comparison else ()
    return Today(
        date=day,
        portfolios=vectors.portfolios,
        value_at_risk=var,
        expected_shortfall=es,
        hypothetical={one.portfolio: one.pnl.total for one in told},
        span=len(comparison.missed) + 1 if comparison else 0,
    )


def _width(scenarios: Scenarios) -> int:
    return sum(len(one) for one in scenarios.sets)


def _historical(portfolios: Totals, scenarios: Scenarios) -> PnlVectors:
    return PnlVectors(
        portfolios=portfolios.names,
        scenarios=scenarios.historical.labels,
        values=portfolios.pnl[:, : len(scenarios.historical)].copy(),
    )
