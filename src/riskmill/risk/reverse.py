"""
Reverse stress: the past move that would hurt these positions most.

And how much more of it would cost a given amount (docs/methodology/reverse_stress.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np

from riskmill.domain import (
    FloatArray,
    InputRejected,
    MarketData,
    MarketSnapshot,
    Position,
    PositionTable,
    RiskClass,
    RiskSpec,
    ScenarioSet,
    ShockKind,
    UsageError,
    parse_factor,
    snapshot_of,
)
from riskmill.risk.measures import worst_first
from riskmill.risk.pricing import revalue
from riskmill.risk.scenarios import apply_shock, kinds_of, shock_between, usable

MULTIPLES = 64
"""Steps in which the multiple that loses the target is bracketed."""
MOST = 16.0
"""Largest multiple looked at."""
PRECISION = 1e-10
"""Width, as a share, of the bracket that the multiple is given to."""
MOVES = 5
"""Factors named."""
DEFAULT_SPEC = RiskSpec()


@dataclass(frozen=True, kw_only=True, slots=True)
class FactorLoss:
    """What a single factor's move does by itself, revalued in full."""

    factor: str
    shock: float
    """In the kind of the factor's class."""
    pnl: float
    """Gains positive; other factors unmoved, so these do not add up to the scenario's P&L."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReverseStress:
    """The scenario that loses most, and what it is made of."""

    label: str
    """Label of the scenario, such as the date on which its window ends."""
    scenario: int
    """Its number in the set, from 0."""
    pnl: float
    """Of all positions, gains positive."""
    moves: tuple[FactorLoss, ...]
    """The factors that lose most by themselves, at most five."""
    multiple: float | None
    """Smallest multiple of all its shocks that loses the target; none without a target."""
    failures: int
    """Positions that could not be valued and are in no figure here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Book:
    positions: PositionTable | Sequence[Position]
    market: MarketSnapshot | MarketData
    kinds: Mapping[RiskClass, ShockKind]
    currency: str
    spec: RiskSpec

    @property
    def quotes(self) -> Mapping[str, float]:
        """Levels of the snapshot."""
        return snapshot_of(self.market).quotes

    def pnl(
        self, labels: tuple[str, ...], factors: tuple[str, ...], levels: FloatArray
    ) -> FloatArray:
        """P&L of all positions together, shape (scenarios,)."""
        scenarios = ScenarioSet(name="reverse", labels=labels, factors=factors, levels=levels)
        found = revalue(
            self.positions, self.market, scenarios, currency=self.currency, spec=self.spec
        )
        total = np.zeros(len(labels))
        for row in found.pnl:
            total += row
        return total

    def shock(self, factor: str, level: float) -> float:
        """The move to *level*, in the kind of the factor's class."""
        kind = self.kinds[parse_factor(factor).risk_class]
        return float(shock_between(np.array([self.quotes[factor]]), np.array([level]), kind)[0])


def reverse_stress(
    positions: PositionTable | Sequence[Position],
    market: MarketSnapshot | MarketData,
    scenarios: ScenarioSet,
    *,
    currency: str,
    target_loss: float | None = None,
    spec: RiskSpec = DEFAULT_SPEC,
) -> ReverseStress:
    """
    The scenario of *scenarios* in which *positions* lose most, by full revaluation.

    Of equal ones the earlier counts. With *target_loss*, a positive amount in *currency*, all
    its shocks, in the kinds of *spec*, are multiplied until the loss is reached: up to sixteen
    times, and no further than prices and volatilities stay above zero.
    Raises `UsageError` (E485) for an empty set or a target that is none; `InputRejected`
    (E485) where no multiple reaches it, with the greatest loss that was found.
    """
    _check(scenarios, target_loss)
    book = _Book(
        positions=positions, market=market, kinds=kinds_of(spec), currency=currency, spec=spec
    )
    found = revalue(positions, market, scenarios, currency=currency, spec=spec)
    total = np.zeros(len(scenarios))
    for row in found.pnl:
        total += row
    worst = int(worst_first(total)[0])
    levels = dict(zip(scenarios.factors, scenarios.levels[:, worst].tolist(), strict=True))
    moved = {f: level for f, level in levels.items() if level != book.quotes[f]}
    return ReverseStress(
        label=scenarios.labels[worst],
        scenario=worst,
        pnl=float(total[worst]),
        moves=_costliest(book, moved),
        multiple=None if target_loss is None else _multiple(book, moved, target_loss),
        failures=len(found.failures),
    )


def _costliest(book: _Book, moved: Mapping[str, float]) -> tuple[FactorLoss, ...]:
    """Each factor moved by itself, in one revaluation."""
    if not moved:
        return ()
    factors = tuple(moved)
    base = np.array([book.quotes[factor] for factor in factors])
    levels = np.repeat(base[:, np.newaxis], len(factors), axis=1)
    np.fill_diagonal(levels, list(moved.values()))
    alone = book.pnl(factors, factors, levels)
    ranked = [number for number in worst_first(alone).tolist() if alone[number] < 0.0]
    return tuple(
        FactorLoss(
            factor=factors[number],
            shock=book.shock(factors[number], moved[factors[number]]),
            pnl=float(alone[number]),
        )
        for number in ranked[:MOVES]
    )


def _multiple(book: _Book, moved: Mapping[str, float], target: float) -> float:
    """The first multiple, from nothing upwards, whose loss is *target*."""
    low, high = 0.0, MOST
    while True:
        grid = np.linspace(low, high, MULTIPLES + 1)[1:]
        losses = _losses(book, moved, grid)
        reached = np.flatnonzero(losses >= target)
        if not len(reached):
            raise _unreached(target, float(losses.max(initial=0.0)))
        hit = int(reached[0])
        low, high = (float(grid[hit - 1]) if hit else low), float(grid[hit])
        if high - low <= PRECISION * high:
            return high


def _unreached(target: float, greatest: float) -> InputRejected:
    return InputRejected(
        "E485",
        f"no multiple of the worst scenario up to {MOST:g} loses {target:,.0f}; the greatest "
        f"loss is {greatest:,.0f}",
        place="target_loss",
        remedy="Ask for a smaller loss: these positions do not lose more this way.",
    )


def _losses(book: _Book, moved: Mapping[str, float], multiples: FloatArray) -> FloatArray:
    """Loss under each multiple of the moves; only those up to the first impossible level."""
    rows, possible = [], len(multiples)
    for factor, level in moved.items():
        risk_class = parse_factor(factor).risk_class
        base = book.quotes[factor]
        row = apply_shock(base, multiples * book.shock(factor, level), book.kinds[risk_class])
        while possible and not usable(row[:possible], risk_class):
            possible -= 1
        rows.append(row)
    labels = tuple(f"{multiple!r}" for multiple in multiples[:possible].tolist())
    levels = np.array(rows).reshape(len(rows), len(multiples))[:, :possible]
    return 0.0 - book.pnl(labels, tuple(moved), levels)


def _check(scenarios: ScenarioSet, target_loss: float | None) -> None:
    if not len(scenarios):
        raise _wrong("the set has no scenario")
    number = isinstance(target_loss, Real)
    if target_loss is not None and not (number and 0.0 < target_loss < float("inf")):
        raise _wrong(f"{target_loss!r} is no loss to aim at")


def _wrong(message: str) -> UsageError:
    return UsageError(
        "E485",
        message,
        place="scenarios, target_loss",
        remedy="Give at least one scenario, and a target above zero or none.",
    )
