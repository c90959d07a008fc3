"""How the factors of a market moved from one snapshot to another."""

import numpy as np

from riskmill.domain import (
    FactorHistory,
    FactorMove,
    FactorMoves,
    FloatArray,
    InputRejected,
    MarketSnapshot,
    RiskClass,
    parse_factor,
)

LEAST_MOVES = 20
"""Moves of the history without which there is no typical one."""


def market_changes(
    before: MarketSnapshot, after: MarketSnapshot, history: FactorHistory, *, most: int = 15
) -> FactorMoves:
    """
    Measure the move of every factor that both snapshots quote, in the unit of its class.

    Levels of equities, commodities and currencies move in per cent, rates and yields in basis
    points, volatilities in points. What is large is judged by the standard deviation of the
    factor's moves from one date of *history* to the next.
    """
    common = sorted(before.quotes.keys() & after.quotes.keys())
    columns = {factor: column for column, factor in enumerate(history.factors)}
    moves = [
        _move(factor, before.quotes[factor], after.quotes[factor])
        for factor in common
        if before.quotes[factor] != after.quotes[factor]
    ]
    told = [
        FactorMove(
            factor=factor,
            before=old,
            after=new,
            move=move,
            unit=unit,
            typical=_typical(factor, history, columns),
        )
        for factor, old, new, move, unit in moves
    ]
    largest = sorted(told, key=_rank)[:most]
    return FactorMoves(
        moved=len(moves),
        still=len(common) - len(moves),
        added=tuple(sorted(after.quotes.keys() - before.quotes.keys())),
        removed=tuple(sorted(before.quotes.keys() - after.quotes.keys())),
        largest=tuple(largest),
    )


def _rank(move: FactorMove) -> tuple[bool, float, str]:
    multiple = move.multiple
    return multiple is None, -(abs(move.move) if multiple is None else multiple), move.factor


def _move(factor: str, old: float, new: float) -> tuple[str, float, float, float, str]:
    change = _changes(factor, np.array([old, new]))
    return factor, old, new, float(change[0]), _unit(factor)


def _unit(factor: str) -> str:
    match _class(factor):
        case RiskClass.RATES | RiskClass.YIELD:
            return "bp"
        case RiskClass.VOLATILITY:
            return "vol pt"
        case _:
            return "%"


def _changes(factor: str, levels: FloatArray) -> FloatArray:
    """Moves from each level to the next, in the unit of the factor's class."""
    unit = _unit(factor)
    steps: FloatArray = np.diff(levels)
    if unit == "bp":
        return steps * 1e4
    if unit == "vol pt":
        return steps * 100.0
    with np.errstate(divide="ignore", invalid="ignore"):
        relative: FloatArray = steps / levels[:-1] * 100.0
    return relative


def _class(factor: str) -> RiskClass:
    try:
        return parse_factor(factor).risk_class
    except InputRejected:
        return RiskClass.EQUITY


def _typical(factor: str, history: FactorHistory, columns: dict[str, int]) -> float | None:
    if factor not in columns:
        return None
    moves = _changes(factor, history.values[:, columns[factor]])
    moves = moves[np.isfinite(moves)]
    if len(moves) < LEAST_MOVES:
        return None
    deviation = float(np.std(moves, ddof=1))
    return deviation if deviation > 0.0 else None
