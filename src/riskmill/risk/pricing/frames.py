"""
Axes along which positions are valued, and the rows of market inputs along them.

An axis is padded with base levels to a whole number of kernel lanes. The base itself is
a column like any other, so a scenario without a shock gives exactly the base's value.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from threading import RLock

import numpy as np
import numpy.typing as npt

from riskmill.domain import FloatArray, RiskClass, ScenarioSet, UsageError
from riskmill.risk.pricing.arrays import ARRAYS, COMPILED, maker_on
from riskmill.risk.pricing.faults import ValuationError
from riskmill.risk.pricing.inputs import Input
from riskmill.risk.pricing.kernels import LANES, exp_kernel
from riskmill.risk.pricing.pricers import Exposure, Inputs, Strip
from riskmill.risk.pricing.quotes import Quotes

SCENARIOS, BUMPS, TOMORROW = range(3)
"""Axes of a valuation: scenarios; base and bumps; base seen from the next day."""
BASE, SPOT_UP, SPOT_DOWN, VOLATILITY_UP = range(4)
"""Columns of the bump axis."""
SPOT_BUMP = 0.01
"""Relative bump of equity and commodity spots."""
VOLATILITY_BUMP = 0.01
"""Absolute bump of volatilities: one point."""
SPOTS = (f"{RiskClass.EQUITY}:", f"{RiskClass.COMMODITY}:")
VOLATILITIES = f"{RiskClass.VOLATILITY}:"
NEVER_NEGATIVE = (f"{RiskClass.EQUITY}:", f"{RiskClass.FX}:", VOLATILITIES)
"""Factors that have no level below zero; a commodity's price can."""
NEVER_ZERO = (f"{RiskClass.FX}:", VOLATILITIES)
"""Of these, the ones that are above zero; a share can be worth nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Axis:
    """Levels of every factor along one axis, seen from one date; a `Frame`."""

    as_of: date
    quotes: Quotes
    width: int
    """Entries; a multiple of `LANES` wherever a kernel runs along it."""
    moved: Mapping[str, FloatArray]
    """Levels, shape (width,), of the factors that differ from base somewhere."""
    path: str = ARRAYS
    """How functions are run along it: one of `arrays.PATHS`."""

    def level(self, factor: str) -> FloatArray:
        """Level of one quoted factor, shape (width,)."""
        moved = self.moved.get(factor)
        return np.full(self.width, self.quotes.levels[factor]) if moved is None else moved

    def exp(self, powers: FloatArray) -> FloatArray:
        """E to each of *powers*, shape (width,)."""
        out = np.empty(self.width)
        maker_on(self.path, exp_kernel)()(np.ascontiguousarray(powers), out)
        return out


def scenario_axis(quotes: Quotes, scenarios: ScenarioSet) -> Axis:
    """
    Every scenario in order, then base to the end: at least one entry.

    Raises `UsageError` (E415) for a set whose parts do not fit one another, or that moves
    a factor which the snapshot does not have.
    """
    _check_set(quotes, scenarios)
    count = len(scenarios)
    width = (count // LANES + 1) * LANES
    moved = {}
    for factor, levels in zip(scenarios.factors, scenarios.levels, strict=True):
        row = np.full(width, quotes.levels[factor])
        row[:count] = levels
        moved[factor] = row
    return Axis(as_of=quotes.valuation_date, quotes=quotes, width=width, moved=moved)


def _check_set(quotes: Quotes, scenarios: ScenarioSet) -> None:
    shape = (len(scenarios.factors), len(scenarios.labels))
    unknown = [factor for factor in scenarios.factors if factor not in quotes.levels]
    problem = ""
    if np.shape(scenarios.levels) != shape:
        problem = f"its levels have shape {np.shape(scenarios.levels)}, not {shape}"
    elif len(set(scenarios.factors)) != len(scenarios.factors):
        problem = "it lists a factor twice"
    elif unknown:
        problem = f"it moves {', '.join(unknown[:5])}, which the market snapshot does not have"
    if problem:
        raise UsageError(
            "E415",
            f"the scenario set '{scenarios.name}' cannot be used: {problem}",
            place="scenarios",
            remedy="Give one row of levels a factor of the snapshot, and one column a label.",
        )


def base_axis(quotes: Quotes) -> Axis:
    """Base alone."""
    return Axis(as_of=quotes.valuation_date, quotes=quotes, width=1, moved={})


def bump_axis(quotes: Quotes) -> Axis:
    """Base, every equity and commodity spot up, down, and every volatility up."""
    moved = {}
    for factor, level in quotes.levels.items():
        row = np.full(LANES, level)
        if factor.startswith(SPOTS):
            row[SPOT_UP], row[SPOT_DOWN] = level * (1 + SPOT_BUMP), level * (1 - SPOT_BUMP)
        elif factor.startswith(VOLATILITIES):
            row[VOLATILITY_UP] = level + VOLATILITY_BUMP
        moved[factor] = row
    return Axis(as_of=quotes.valuation_date, quotes=quotes, width=LANES, moved=moved)


def tomorrow_axis(quotes: Quotes) -> Axis:
    """Base levels, seen from the day after the valuation date."""
    return Axis(
        as_of=quotes.valuation_date + timedelta(days=1), quotes=quotes, width=LANES, moved={}
    )


def _is_bumped(factor: str) -> bool:
    """Whether a factor moves somewhere on the axis of bumps."""
    return factor.startswith((*SPOTS, VOLATILITIES))


def _floor(factor: str) -> float:
    """Least level that a factor can have: zero for shares, pairs and volatilities."""
    return 0.0 if factor.startswith(NEVER_NEGATIVE) else -np.inf


@dataclass(kw_only=True, slots=True)
class MarketRows:
    """
    Rows of the inputs met so far, on each of several axes.

    A row is made when its input is first asked for, and has the same number on every
    axis. Several threads may ask at once; a matrix holds the rows of every number that
    was given out before it was asked for.
    """

    quotes: Quotes
    axes: Sequence[Axis]
    without_history: frozenset[str]
    """Factors that scenarios cannot move; an input made of one is refused."""
    path: str = COMPILED
    """How formulas are run over scenarios: one of `arrays.PATHS`."""
    _numbers: dict[tuple[type, Input], int] = field(default_factory=dict)
    _together: dict[tuple[object, ...], tuple[int, ...]] = field(default_factory=dict)
    _strips: dict[Inputs, npt.NDArray[np.int64]] = field(default_factory=dict)
    _matrices: list[FloatArray] = field(default_factory=list)
    _usable: set[str] = field(default_factory=set)
    _making: RLock = field(default_factory=RLock)

    def __post_init__(self) -> None:
        """Run along each axis as formulas are run, where it is long enough for a kernel."""
        self.axes = [
            replace(axis, path=self.path) if axis.width >= LANES else axis for axis in self.axes
        ]

    def __len__(self) -> int:
        return len(self._numbers)

    def emptied(self) -> "MarketRows":
        """The same axes without any row."""
        return MarketRows(
            quotes=self.quotes,
            axes=self.axes,
            without_history=self.without_history,
            path=self.path,
        )

    def number(self, wanted: Input) -> int:
        """
        Row of an input.

        Raises `ValuationError`: E401 for a factor that is not quoted, E402 for one without
        history, E403 for a level that is no number.
        """
        key = (type(wanted), wanted)
        known = self._numbers.get(key)
        return self._made(key, wanted) if known is None else known

    def numbers(self, wanted: tuple[Input, ...]) -> tuple[int, ...]:
        """Rows of several inputs, which many positions ask for together; raises as `number`."""
        key = (*wanted, *map(type, wanted))
        known = self._together.get(key)
        if known is None:
            known = self._together[key] = tuple(map(self.number, wanted))
        return known

    def numbers_of(
        self, key: tuple[Hashable, ...], wanted: Callable[[], tuple[Input, ...]]
    ) -> tuple[int, ...]:
        """Rows of what is *wanted* by all who come with an equal *key*; raises as `number`."""
        known = self._together.get(key)
        if known is None:
            known = self._together[key] = tuple(map(self.number, wanted()))
        return known

    def exposed(
        self, exposures: Sequence[Exposure | Strip]
    ) -> tuple[list[npt.NDArray[np.int64]], list[FloatArray]]:
        """Rows and amounts of exposures, in order and in pieces; raises as `number`."""
        index: list[npt.NDArray[np.int64]] = []
        amounts: list[FloatArray] = []
        numbers: list[int] = []
        weights: list[float] = []
        for piece in exposures:
            if isinstance(piece, Strip):
                if numbers:
                    index.append(np.array(numbers, dtype=np.int64))
                    amounts.append(np.array(weights, dtype=np.float64))
                    numbers, weights = [], []
                index.append(self._strip(piece.inputs))
                amounts.append(piece.amounts)
            else:
                numbers.append(self.number(piece.input))
                weights.append(piece.amount)
        if numbers:
            index.append(np.array(numbers, dtype=np.int64))
            amounts.append(np.array(weights, dtype=np.float64))
        return index, amounts

    def _strip(self, inputs: Inputs) -> npt.NDArray[np.int64]:
        known = self._strips.get(inputs)
        if known is None:
            known = np.array([self.number(one) for one in inputs.every], dtype=np.int64)
            self._strips[inputs] = known
        return known

    def _made(self, key: tuple[type, Input], wanted: Input) -> int:
        with self._making:
            if key not in self._numbers:
                factors = wanted.factors(self.quotes)
                self._check(factors)
                self._append(len(self._numbers), self._rows_of(wanted, factors))
                self._numbers[key] = len(self._numbers)
            return self._numbers[key]

    def _rows_of(self, wanted: Input, factors: tuple[str, ...]) -> list[FloatArray]:
        """
        A row on every axis.

        What no bump moves is the base all along the axis of bumps, and the last entry of the
        scenarios is the base: it is not calculated twice.
        """
        if len(self.axes) <= BUMPS or any(map(_is_bumped, factors)):
            return [wanted.row(axis) for axis in self.axes]
        first = wanted.row(self.axes[SCENARIOS])
        still = np.full(self.axes[BUMPS].width, first[-1])
        return [first, still, *(wanted.row(axis) for axis in self.axes[BUMPS + 1 :])]

    def matrix(self, axis: int) -> FloatArray:
        """Rows made so far on one of the axes, shape (at least as many, width)."""
        return self._matrices[axis]

    def _check(self, factors: tuple[str, ...]) -> None:
        for factor in factors:
            if factor in self._usable:
                continue
            if factor not in self.quotes.levels:
                raise ValuationError(
                    "E401",
                    f"the market snapshot has no {factor}",
                    datum=factor,
                    remedy=f"Deliver {factor} with the market data.",
                )
            if factor in self.without_history:
                raise ValuationError(
                    "E402",
                    f"{factor} has neither a history nor a proxy",
                    datum=factor,
                    remedy="Deliver its history, or name a proxy for it.",
                )
            floor = _floor(factor)
            least = min(axis.level(factor).min() for axis in self.axes)
            if least < floor or (least == 0.0 and factor.startswith(NEVER_ZERO)):
                raise ValuationError(
                    "E403",
                    f"{factor} has a level of {least:g}, which a price or volatility cannot have",
                    datum=factor,
                    remedy="Correct its quote or the shocks applied to it.",
                )
            if not all(np.isfinite(axis.level(factor)).all() for axis in self.axes):
                raise ValuationError(
                    "E403",
                    f"{factor} has a level that is not a finite number",
                    datum=factor,
                    remedy="Correct its quote or the shocks applied to it.",
                )
            self._usable.add(factor)

    def _append(self, number: int, rows: list[FloatArray]) -> None:
        if not self._matrices:
            self._matrices = [np.empty((64, axis.width)) for axis in self.axes]
        for i, row in enumerate(rows):
            if number == len(self._matrices[i]):
                self._matrices[i] = np.concatenate([self._matrices[i], self._matrices[i]])
            self._matrices[i][number] = row
