"""
The two shapes of pricer, and what each declares about its instrument.

A pricer says what it reads from the market and which terms it needs; it never
calculates over scenarios itself. `valuation` does that, the same way for all.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from riskmill.domain import FloatArray, PositionTable
from riskmill.risk.pricing.dual import Real
from riskmill.risk.pricing.inputs import Input
from riskmill.risk.pricing.quotes import Quotes

Contract: TypeAlias = Any
"""An instrument of the class that the pricer is for; `PRICERS` pairs the two."""


class Exposure(NamedTuple):
    """An amount of one input: the value is the amount times the input."""

    input: Input
    amount: float


class Inputs:
    """Several inputs that many positions read together; each is equal to itself alone."""

    __slots__ = ("every",)

    def __init__(self, every: tuple[Input, ...]) -> None:
        """Hold *every* one, in order."""
        self.every = every


class Strip(NamedTuple):
    """Amounts of inputs, one each, in order; worth what as many exposures are."""

    inputs: Inputs
    amounts: FloatArray


def singly(pieces: Iterable[Exposure | Strip]) -> list[Exposure]:
    """Exposures with strips taken apart, in order."""
    return [
        one
        for piece in pieces
        for one in (
            map(Exposure, piece.inputs.every, piece.amounts.tolist())
            if isinstance(piece, Strip)
            else (piece,)
        )
    ]


class OptionColumns(NamedTuple):
    """Options of some rows of a table; entries are in the order of the rows."""

    terms: FloatArray
    """Shape (rows, terms)."""
    units: FloatArray
    """Underlying units per unit of quantity, shape (rows,)."""
    underlyings: list[str | None]
    surfaces: list[str | None]
    keys: list[tuple[Hashable, ...]]
    """Options with equal keys read the same from the market."""


class OptionTerms(NamedTuple):
    """
    What an option formula needs beside the market, in the order of its arguments.

    Formulas that need more have terms of their own; the second is always the time to expiry.
    """

    strike: float
    years: float
    """Time to expiry, act/365."""
    sign: float
    """+1 for a call, -1 for a put."""


class OptionInputs(NamedTuple):
    """What an option formula reads from the market, in the order of its arguments."""

    spot: Input
    volatility: Input
    rate: Input
    yield_: Input
    """Dividend yield, or the foreign rate of a currency pair."""


YEARS = OptionTerms._fields.index("years")
"""Place of the time to expiry among the terms of every option."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LinearPricer:
    """Value of one unit: a sum of amounts times inputs, in the order given."""

    exposures: Callable[[Contract, Quotes], tuple[Exposure | Strip, ...]]
    """Contract and what is quoted to amounts, in the contract's currency."""
    ends: Callable[[Contract], date | None]
    """Last date on which the contract is alive; none where it has no end."""
    underlying: Callable[[Contract], str | None]
    """Key of the delta; none where no delta is reported."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionPricer:
    """Value of one unit: units times a formula of four inputs and any terms."""

    formula: Callable[..., Real]
    """Spot, volatility, rate, yield and the terms to a price per underlying unit."""
    scenario_kernel: Callable[[Callable[..., Real]], Callable[..., None]]
    """How the formula is run over scenarios: one of `kernels`."""
    precise_kernel: Callable[[Callable[..., Real]], Callable[..., None]] | None = None
    """How it is run over bumps and the next day, where that differs."""
    greeks: Callable[..., Real]
    """How delta, gamma and vega are found: one of `greeks`."""
    inputs: Callable[[Contract, Quotes], OptionInputs]
    """Contract and what is quoted to what it reads."""
    terms: Callable[[Contract, date], tuple[float, ...]]
    """Contract and valuation date to terms, the time to expiry second."""
    units: Callable[[Contract], float]
    """Underlying units per unit of quantity."""
    ends: Callable[[Contract], date | None]
    underlying: Callable[[Contract], str | None]
    """Key of delta and gamma; none where they are not reported."""
    surface: Callable[[Contract], str]
    """Key of vega."""
    columns: Callable[[PositionTable, int, int, Quotes], OptionColumns | None] | None = None
    """
    Rows from one up to another to what `terms`, `units` and the keys are of each, or none where
    one of them is no contract or has ended: for instruments of which there are many.
    """
    dividends: Callable[[Contract, Quotes], tuple[tuple[float, float], ...]] | None = None
    """
    Years to each ex-date and its cash, of what may be exercised early: a lattice values it where
    there are any, or where the boundary has no equation (`early_exercise`).
    """
    times: tuple[int, ...] = (YEARS,)
    """Places of the terms that a day makes shorter; the time to expiry is never below the least."""
    least_years: float = 0.0
    """Least time to expiry; above zero where an input divides by it."""


Pricer: TypeAlias = LinearPricer | OptionPricer
