"""
Positions made ready for a kernel: what they read as row numbers, what they are as arrays.

All positions of a batch share one pricer. A batch is valued along any of the axes of
its market rows, and asked for its greeks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from math import isfinite
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from riskmill.domain import FloatArray, Instrument
from riskmill.risk.pricing.arrays import maker_on
from riskmill.risk.pricing.curves import DAYS_A_YEAR
from riskmill.risk.pricing.early_exercise import lattice_columns, lattice_prices
from riskmill.risk.pricing.faults import ValuationError
from riskmill.risk.pricing.frames import (
    BASE,
    BUMPS,
    SCENARIOS,
    SPOT_BUMP,
    SPOT_DOWN,
    SPOT_UP,
    TOMORROW,
    MarketRows,
)
from riskmill.risk.pricing.greeks import OptionQuestion
from riskmill.risk.pricing.inputs import Conversion, EscrowedSpot
from riskmill.risk.pricing.kernels import linear_kernel
from riskmill.risk.pricing.pricers import YEARS, LinearPricer, OptionPricer, Pricer
from riskmill.risk.pricing.terms import unusable

Greek: TypeAlias = tuple[str, list[str | None], FloatArray]
"""Measure; key of each position, none where it reports no such measure; its value."""


class Holding(NamedTuple):
    """A position as it is valued, or why its row is no contract."""

    position_id: str
    quantity: float
    contract: Instrument | ValuationError


class Batch(Protocol):
    """Positions of one pricer; those that cannot be valued are left out when added."""

    @property
    def places(self) -> list[int]:
        """Place of each of its positions among the holdings it was made from."""

    def add(self, place: int, quantity: float, contract: Instrument) -> None:
        """Take a position in; raises `ValuationError` and leaves the batch as it was."""

    def values(self, axis: int) -> FloatArray:
        """Present values in reporting currency, shape (positions, width of the axis)."""

    def greeks(self) -> list[Greek]:
        """Sensitivities in reporting currency, in the units of `riskmill.domain.Figure`."""


def prepare(
    holdings: Sequence[Holding], pricer: Pricer | None, rows: MarketRows, currency: str
) -> tuple[Batch | None, dict[int, ValuationError]]:
    """
    Those of *holdings* that can be valued; for the places of the others, why not.

    There is no batch where none can be, as without a pricer: such holdings say themselves
    that their instrument is unknown.
    """
    batch: Batch | None = None
    refused = {}
    for place, (_, quantity, contract) in enumerate(holdings):
        try:
            if isinstance(contract, ValuationError):
                raise contract
            if pricer is None:
                raise unusable("instrument", type(contract).__name__, "one that has a pricer")
            check(quantity, contract, pricer, rows.quotes.valuation_date)
            batch = batch or _empty_batch(pricer, rows, currency)
            batch.add(place, quantity, contract)
        except ValuationError as refusal:
            refused[place] = refusal
        except WRONG_TYPES as cause:
            refused[place] = wrong_type(contract, cause)
    return (batch if batch and batch.places else None), refused


WRONG_TYPES = (TypeError, AttributeError, ValueError, OverflowError)
"""What a term raises that is not of the type its field says."""


def wrong_type(contract: object, cause: Exception) -> ValuationError:
    """The refusal of a contract with such a term."""
    return ValuationError(
        "E407",
        f"a term of this {type(contract).__name__} has the wrong type: {cause}",
        remedy="Give numbers as floats and dates as datetime.date.",
    )


def _empty_batch(pricer: Pricer, rows: MarketRows, currency: str) -> Batch:
    if isinstance(pricer, LinearPricer):
        return LinearBatch(pricer=pricer, rows=rows, currency=currency)
    return OptionBatch(pricer=pricer, rows=rows, currency=currency)


def check(quantity: float, contract: Instrument, pricer: Pricer, valuation_date: date) -> None:
    """Raise `ValuationError`: E405 for a contract that has ended, E407 for a bad quantity."""
    if not isfinite(quantity):
        raise unusable("quantity", quantity, "a finite number")
    ends = pricer.ends(contract)
    if ends is not None and ends < valuation_date:
        raise ValuationError(
            "E405",
            f"nothing is left of it after {ends}",
            datum=str(ends),
            remedy="Take expired and repaid positions out of the delivery.",
        )


@dataclass(kw_only=True, slots=True)
class LinearBatch:
    """Positions whose values are sums of amounts times rows."""

    pricer: LinearPricer
    rows: MarketRows
    currency: str
    """Reporting currency."""
    places: list[int] = field(default_factory=list)
    _contracts: list[Instrument] = field(default_factory=list)
    _quantities: list[float] = field(default_factory=list)
    _conversions: list[int] = field(default_factory=list)
    _starts: list[int] = field(default_factory=lambda: [0])
    _index: list[int] = field(default_factory=list)
    _weights: list[float] = field(default_factory=list)

    def add(self, place: int, quantity: float, contract: Instrument) -> None:
        """See `Batch`."""
        conversion = self.rows.number(Conversion(contract.currency, self.currency))
        exposures = self.pricer.exposures(contract, self.rows.quotes)
        index = [self.rows.number(exposure.input) for exposure in exposures]
        self._index += index
        self._weights += [exposure.amount for exposure in exposures]
        self._starts.append(len(self._index))
        self._conversions.append(conversion)
        self._quantities.append(quantity)
        self._contracts.append(contract)
        self.places.append(place)

    def values(self, axis: int) -> FloatArray:
        """See `Batch`."""
        matrix = self.rows.matrix(axis)
        out = np.empty((len(self.places), matrix.shape[1]))
        maker_on(self.rows.path, linear_kernel)()(
            matrix,
            np.array(self._starts, dtype=np.int64),
            np.array(self._index, dtype=np.int64),
            np.array(self._weights, dtype=np.float64),
            np.array(self._conversions, dtype=np.int64),
            np.array(self._quantities, dtype=np.float64),
            out,
        )
        return out

    def greeks(self) -> list[Greek]:
        """Delta, where the pricer names an underlying, and theta."""
        values = self.values(BUMPS)
        delta = 0.5 * (values[:, SPOT_UP] - values[:, SPOT_DOWN])
        theta = self.values(TOMORROW)[:, BASE] - values[:, BASE]
        keys = [self.pricer.underlying(contract) for contract in self._contracts]
        return [("delta", keys, delta), ("theta", [""] * len(theta), theta)]


@dataclass(kw_only=True, slots=True)
class OptionBatch:
    """Positions valued by one formula."""

    pricer: OptionPricer
    rows: MarketRows
    currency: str
    """Reporting currency."""
    places: list[int] = field(default_factory=list)
    _contracts: list[Instrument] = field(default_factory=list)
    _index: list[tuple[int, ...]] = field(default_factory=list)
    _terms: list[tuple[float, ...]] = field(default_factory=list)
    _amounts: list[float] = field(default_factory=list)
    _escrowed: list[bool] = field(default_factory=list)
    _dividends: list[tuple[tuple[float, float], ...]] = field(default_factory=list)

    def add(self, place: int, quantity: float, contract: Instrument) -> None:
        """See `Batch`."""
        terms = self.pricer.terms(contract, self.rows.quotes.valuation_date)
        inputs = self.pricer.inputs(contract, self.rows.quotes)
        conversion = Conversion(contract.currency, self.currency)
        numbers = self.rows.numbers((*inputs, conversion))
        amount = quantity * self.pricer.units(contract)
        cash = self.pricer.dividends(contract, self.rows.quotes) if self.pricer.dividends else ()
        self._index.append(numbers)
        self._terms.append(terms)
        self._amounts.append(amount)
        self._escrowed.append(isinstance(inputs.spot, EscrowedSpot))
        self._dividends.append(cash)
        self._contracts.append(contract)
        self.places.append(place)

    def values(self, axis: int) -> FloatArray:
        """See `Batch`."""
        return self._values(axis, self._term_columns())

    def greeks(self) -> list[Greek]:
        """Delta, gamma and vega, as the pricer finds them, and theta."""
        index, terms = self._index_columns(), self._term_columns()
        today = self._values(BUMPS, terms)
        base = self.rows.matrix(BUMPS)[index, BASE]
        found = self.pricer.greeks(
            OptionQuestion(
                formula=self.pricer.formula,
                market=(base[:, 0], base[:, 1], base[:, 2], base[:, 3]),
                terms=tuple(terms.T),
                moves=self._spot_moves(index, base[:, 0]),
                amounts=np.array(self._amounts) * base[:, 4],
                bumped=today,
            )
        )
        underlyings: list[str | None] = [
            self.pricer.underlying(contract) for contract in self._contracts
        ]
        surfaces: list[str | None] = [self.pricer.surface(contract) for contract in self._contracts]
        return [
            ("delta", underlyings, found.delta),
            ("gamma", underlyings, found.gamma),
            ("vega", surfaces, found.vega),
            ("theta", [""] * len(terms), self._tomorrow(terms) - today[:, BASE]),
        ]

    def _spot_moves(self, index: npt.NDArray[np.int64], base: FloatArray) -> FloatArray:
        """What the bump of the spot changes of what the formula takes for it."""
        bumped = self.rows.matrix(BUMPS)[index[:, 0], SPOT_UP] - base
        return np.where(self._escrowed, bumped, SPOT_BUMP * base)

    def _tomorrow(self, terms: FloatArray) -> FloatArray:
        """Values seen from the next day, shape (positions,)."""
        later = terms.copy()
        later[:, self.pricer.times] -= 1.0 / DAYS_A_YEAR
        later[:, YEARS] = np.maximum(later[:, YEARS], 0.0)
        return self._values(TOMORROW, later)[:, BASE]

    def _values(self, axis: int, terms: FloatArray) -> FloatArray:
        matrix = self.rows.matrix(axis)
        out = np.empty((len(self.places), matrix.shape[1]))
        chosen = self.pricer.scenario_kernel
        if axis != SCENARIOS:
            chosen = self.pricer.precise_kernel or chosen
        kernel = maker_on(self.rows.path, chosen)(self.pricer.formula)
        kernel(matrix, self._index_columns(), terms, np.array(self._amounts), out)
        if self.pricer.dividends:
            self._by_lattice(matrix, terms, out)
        return out

    def _by_lattice(self, matrix: FloatArray, terms: FloatArray, out: FloatArray) -> None:
        """Replace the values that a lattice gives (`early_exercise`)."""
        index = self._index_columns()
        negative = bool((matrix[np.unique(index[:, 2:4])] < 0.0).any())
        for i, cash in enumerate(self._dividends):
            if not (cash or negative):
                continue
            market = matrix[index[i, :4]]
            columns = lattice_columns(market, terms[i, 2], cash)
            if columns.any():
                passed = self._terms[i][YEARS] - terms[i, YEARS]
                left = [(when - passed, amount) for when, amount in cash]
                prices = lattice_prices(market[:, columns], terms[i].tolist(), left)
                out[i, columns] = self._amounts[i] * matrix[index[i, 4], columns] * prices

    def _index_columns(self) -> npt.NDArray[np.int64]:
        """Row of spot, volatility, rate, yield and conversion, shape (positions, 5)."""
        return np.array(self._index, dtype=np.int64).reshape(-1, 5)

    def _term_columns(self) -> FloatArray:
        """What the formula takes beside the market, shape (positions, terms)."""
        return np.array(self._terms, dtype=np.float64).reshape(len(self._terms), -1)
