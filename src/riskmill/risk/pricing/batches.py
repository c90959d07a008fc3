"""
Positions made ready for a kernel: what they read as row numbers, what they are as arrays.

All positions of a batch share one pricer. A batch is valued along any of the axes of
its market rows, and asked for its greeks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from math import isfinite
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from riskmill.domain import FloatArray, Instrument, PositionTable
from riskmill.risk.pricing.arrays import ARRAYS, maker_on
from riskmill.risk.pricing.contracts import contracts
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
from riskmill.risk.pricing.inputs import Conversion, EscrowedSpot, Input
from riskmill.risk.pricing.kernels import Formula, Kernel, linear_kernel
from riskmill.risk.pricing.option_greeks import OptionQuestion
from riskmill.risk.pricing.pricers import YEARS, LinearPricer, OptionPricer, Pricer
from riskmill.risk.pricing.row_sums import NOTHING, Asked, RowSums, answered, ask, sum_rows
from riskmill.risk.pricing.terms import unusable

CashDividends: TypeAlias = tuple[tuple[float, float], ...]
"""Years to each ex-date and its cash."""
Greek: TypeAlias = tuple[str, list[str | None], FloatArray]
"""Measure; key of each position, none where it reports no such measure; its value."""


class Holding(NamedTuple):
    """A position as it is valued, or why its row is no contract."""

    position_id: str
    quantity: float
    contract: Instrument | ValuationError


class Batch(Protocol):
    """Positions of one pricer that can be valued."""

    @property
    def places(self) -> npt.NDArray[np.int64]:
        """Place of each of its positions among the holdings it was made from."""

    def values(self, axis: int) -> FloatArray:
        """Present values in reporting currency, shape (positions, width of the axis)."""

    @property
    def size(self) -> int:
        """Bytes of its arrays."""

    def sums(self, headline: int) -> RowSums:
        """What `row_sums.sum_rows` makes of the values along the scenarios, to the bit."""

    def values_on(self, matrix: FloatArray) -> FloatArray:
        """The same along scenarios of which *matrix* holds the market rows, the base last."""

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
    builder = _builder(pricer, rows, currency) if pricer else None
    refused = {}
    for place, (_, quantity, contract) in enumerate(holdings):
        try:
            if isinstance(contract, ValuationError):
                raise contract
            if pricer is None or builder is None:
                raise unusable("instrument", type(contract).__name__, "one that has a pricer")
            check(quantity, contract, pricer, rows.quotes.valuation_date)
            builder.add(place, quantity, contract)
        except ValuationError as refusal:
            refused[place] = refusal
        except WRONG_TYPES as cause:
            refused[place] = wrong_type(contract, cause)
    return (builder.batch() if builder and builder.places else None), refused


def prepare_columns(
    positions: PositionTable,
    start: int,
    stop: int,
    pricer: Pricer | None,
    rows: MarketRows,
    currency: str,
) -> Batch | None:
    """
    All of some rows of a table at once, exactly as `prepare` would make them of its contracts.

    None where their pricer does not read columns, and where one of them cannot be valued: to
    say why takes the rows one by one.
    """
    if not isinstance(pricer, OptionPricer) or pricer.columns is None:
        return None
    quantities = positions.numbers["quantity"][start:stop]
    found = pricer.columns(positions, start, stop, rows.quotes)
    if found is None or not np.isfinite(quantities).all():
        return None
    try:
        index = [
            rows.numbers_of(
                (pricer.inputs, currency, *key),
                partial(_row_inputs, positions, start + at, pricer, rows, currency),
            )
            for at, key in enumerate(found.keys)
        ]
    except ValuationError:
        return None
    return OptionBatch(
        pricer=pricer,
        rows=rows,
        places=np.arange(stop - start),
        index=np.array(index, dtype=np.int64),
        terms=found.terms,
        amounts=quantities * found.units,
        escrowed=np.zeros(stop - start, dtype=np.bool_),
        dividends=((),) * (stop - start),
        underlyings=found.underlyings,
        surfaces=found.surfaces,
    )


WRONG_TYPES = (TypeError, AttributeError, ValueError, OverflowError)
"""What a term raises that is not of the type its field says."""


def wrong_type(contract: object, cause: Exception) -> ValuationError:
    """The refusal of a contract with such a term."""
    return ValuationError(
        "E407",
        f"a term of this {type(contract).__name__} has the wrong type: {cause}",
        remedy="Give numbers as floats and dates as datetime.date.",
    )


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


class _Builder(Protocol):
    """Takes positions in one by one."""

    @property
    def places(self) -> list[int]:
        """Of the positions taken in."""

    def add(self, place: int, quantity: float, contract: Instrument) -> None:
        """Take a position in; raises `ValuationError` and stays as it was."""

    def batch(self) -> Batch:
        """What was taken in, of which there is something."""


def _builder(pricer: Pricer, rows: MarketRows, currency: str) -> _Builder:
    if isinstance(pricer, LinearPricer):
        return _LinearBuilder(pricer=pricer, rows=rows, currency=currency)
    return _OptionBuilder(pricer=pricer, rows=rows, currency=currency)


@dataclass(kw_only=True, slots=True)
class _LinearBuilder:
    """See `_Builder`."""

    pricer: LinearPricer
    rows: MarketRows
    currency: str
    """Reporting currency."""
    places: list[int] = field(default_factory=list)
    _underlyings: list[str | None] = field(default_factory=list)
    _quantities: list[float] = field(default_factory=list)
    _conversions: list[int] = field(default_factory=list)
    _lengths: list[int] = field(default_factory=list)
    _index: list[npt.NDArray[np.int64]] = field(default_factory=list)
    _weights: list[FloatArray] = field(default_factory=list)

    def add(self, place: int, quantity: float, contract: Instrument) -> None:
        """See `_Builder`."""
        conversion = self.rows.number(Conversion(contract.currency, self.currency))
        exposures = self.pricer.exposures(contract, self.rows.quotes)
        index, weights = self.rows.exposed(exposures)
        underlying = self.pricer.underlying(contract)
        self._index += index
        self._weights += weights
        self._lengths.append(sum(map(len, index)))
        self._conversions.append(conversion)
        self._quantities.append(quantity)
        self._underlyings.append(underlying)
        self.places.append(place)

    def batch(self) -> "LinearBatch":
        """See `_Builder`."""
        return LinearBatch(
            rows=self.rows,
            places=np.array(self.places, dtype=np.int64),
            starts=np.concatenate([[0], np.cumsum(self._lengths)]).astype(np.int64),
            index=np.concatenate([np.empty(0, dtype=np.int64), *self._index]),
            weights=np.concatenate([np.empty(0), *self._weights]),
            conversions=np.array(self._conversions, dtype=np.int64),
            quantities=np.array(self._quantities, dtype=np.float64),
            underlyings=self._underlyings,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class LinearBatch:
    """Positions whose values are sums of amounts times rows."""

    rows: MarketRows
    places: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    """Where the entries of each position start, and where those of the last end."""
    index: npt.NDArray[np.int64]
    """Row of each entry."""
    weights: FloatArray
    """Amount of each entry."""
    conversions: npt.NDArray[np.int64]
    """Row of each position's conversion into reporting currency."""
    quantities: FloatArray
    underlyings: list[str | None]
    """Key of each position's delta."""

    @property
    def size(self) -> int:
        """See `Batch`."""
        return sum(
            one.nbytes
            for one in (
                self.places,
                self.starts,
                self.index,
                self.weights,
                self.conversions,
                self.quantities,
            )
        )

    def values(self, axis: int) -> FloatArray:
        """See `Batch`."""
        return self.values_on(self.rows.matrix(axis))

    def values_on(self, matrix: FloatArray) -> FloatArray:
        """See `Batch`."""
        out = np.empty((len(self.places), matrix.shape[1]))
        self._fill(matrix, out, NOTHING)
        return out

    def sums(self, headline: int) -> RowSums:
        """See `Batch`."""
        if self.rows.path == ARRAYS:
            return sum_rows(self.values(SCENARIOS), headline)
        matrix = self.rows.matrix(SCENARIOS)
        asked = ask(len(self.places), matrix.shape[1], headline)
        self._fill(matrix, np.empty((1, matrix.shape[1])), asked)
        return answered(asked)

    def _fill(self, matrix: FloatArray, out: FloatArray, asked: Asked) -> None:
        kernel = maker_on(self.rows.path, linear_kernel)()
        kernel(
            matrix,
            self.starts,
            self.index,
            self.weights,
            self.conversions,
            self.quantities,
            out,
            asked,
        )

    def greeks(self) -> list[Greek]:
        """Delta, where the pricer names an underlying, and theta."""
        values = self.values(BUMPS)
        delta = 0.5 * (values[:, SPOT_UP] - values[:, SPOT_DOWN])
        theta = self.values(TOMORROW)[:, BASE] - values[:, BASE]
        return [("delta", self.underlyings, delta), ("theta", [""] * len(theta), theta)]


@dataclass(kw_only=True, slots=True)
class _OptionBuilder:
    """See `_Builder`."""

    pricer: OptionPricer
    rows: MarketRows
    currency: str
    """Reporting currency."""
    places: list[int] = field(default_factory=list)
    _index: list[tuple[int, ...]] = field(default_factory=list)
    _terms: list[tuple[float, ...]] = field(default_factory=list)
    _amounts: list[float] = field(default_factory=list)
    _keys: list[tuple[str | None, str | None]] = field(default_factory=list)
    _escrowed: list[bool] = field(default_factory=list)
    _dividends: list[CashDividends] = field(default_factory=list)

    def add(self, place: int, quantity: float, contract: Instrument) -> None:
        """See `_Builder`."""
        terms = self.pricer.terms(contract, self.rows.quotes.valuation_date)
        inputs = _option_inputs(contract, self.pricer, self.rows, self.currency)
        numbers = self.rows.numbers(inputs)
        amount = quantity * self.pricer.units(contract)
        keys = self.pricer.underlying(contract), self.pricer.surface(contract)
        cash = self.pricer.dividends(contract, self.rows.quotes) if self.pricer.dividends else ()
        self._index.append(numbers)
        self._terms.append(terms)
        self._amounts.append(amount)
        self._keys.append(keys)
        self._escrowed.append(isinstance(inputs[0], EscrowedSpot))
        self._dividends.append(cash)
        self.places.append(place)

    def batch(self) -> "OptionBatch":
        """See `_Builder`."""
        underlyings, surfaces = zip(*self._keys, strict=True)
        return OptionBatch(
            pricer=self.pricer,
            rows=self.rows,
            places=np.array(self.places, dtype=np.int64),
            index=np.array(self._index, dtype=np.int64),
            terms=np.array(self._terms, dtype=np.float64),
            amounts=np.array(self._amounts, dtype=np.float64),
            escrowed=np.array(self._escrowed, dtype=np.bool_),
            dividends=tuple(self._dividends),
            underlyings=list(underlyings),
            surfaces=list(surfaces),
        )


def _row_inputs(
    positions: PositionTable, row: int, pricer: OptionPricer, rows: MarketRows, currency: str
) -> tuple[Input, ...]:
    (contract,) = contracts(positions, row, row + 1)
    return _option_inputs(contract, pricer, rows, currency)


def _option_inputs(
    contract: Instrument | ValuationError, pricer: OptionPricer, rows: MarketRows, currency: str
) -> tuple[Input, ...]:
    """What an option reads from the market, the conversion last."""
    if isinstance(contract, ValuationError):
        raise contract
    inputs = pricer.inputs(contract, rows.quotes)
    return (*inputs, Conversion(contract.currency, currency))


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionBatch:
    """Positions valued by one formula."""

    pricer: OptionPricer
    rows: MarketRows
    places: npt.NDArray[np.int64]
    index: npt.NDArray[np.int64]
    """Row of spot, volatility, rate, yield and conversion, shape (positions, 5)."""
    terms: FloatArray
    """What the formula takes beside the market, shape (positions, terms)."""
    amounts: FloatArray
    escrowed: npt.NDArray[np.bool_]
    """Whether what it takes for spot is less the cash dividends to come."""
    dividends: tuple[CashDividends, ...]
    """Of each position that may be exercised before they are paid."""
    underlyings: list[str | None]
    """Key of each position's delta and gamma."""
    surfaces: list[str | None]
    """Key of each position's vega."""

    @property
    def size(self) -> int:
        """See `Batch`."""
        return sum(one.nbytes for one in (self.places, self.index, self.terms, self.amounts))

    def values(self, axis: int) -> FloatArray:
        """See `Batch`."""
        return self._values(axis, self.terms)

    def values_on(self, matrix: FloatArray) -> FloatArray:
        """See `Batch`."""
        return self._filled(self.pricer.scenario_kernel, matrix, self.terms)

    def sums(self, headline: int) -> RowSums:
        """See `Batch`."""
        matrix = self.rows.matrix(SCENARIOS)
        if self.rows.path == ARRAYS or self._needs_lattice(matrix):
            return sum_rows(self.values(SCENARIOS), headline)
        asked = ask(len(self.places), matrix.shape[1], headline)
        room = np.empty((1, matrix.shape[1]))
        kernel = self.pricer.scenario_kernel(self.pricer.formula)
        kernel(matrix, self.index, self.terms, self.amounts, room, asked)
        return answered(asked)

    def greeks(self) -> list[Greek]:
        """Delta, gamma and vega, as the pricer finds them, and theta."""
        today = self.values(BUMPS)
        base = self.rows.matrix(BUMPS)[self.index, BASE]
        found = self.pricer.greeks(
            OptionQuestion(
                formula=self.pricer.formula,
                market=(base[:, 0], base[:, 1], base[:, 2], base[:, 3]),
                terms=tuple(self.terms.T),
                moves=self._spot_moves(base[:, 0]),
                amounts=self.amounts * base[:, 4],
                bumped=today,
            )
        )
        return [
            ("delta", self.underlyings, found.delta),
            ("gamma", self.underlyings, found.gamma),
            ("vega", self.surfaces, found.vega),
            ("theta", [""] * len(self.terms), self._tomorrow() - today[:, BASE]),
        ]

    def _spot_moves(self, base: FloatArray) -> FloatArray:
        """What the bump of the spot changes of what the formula takes for it."""
        bumped = self.rows.matrix(BUMPS)[self.index[:, 0], SPOT_UP] - base
        return np.where(self.escrowed, bumped, SPOT_BUMP * base)

    def _tomorrow(self) -> FloatArray:
        """Values seen from the next day, shape (positions,)."""
        later = self.terms.copy()
        later[:, self.pricer.times] -= 1.0 / DAYS_A_YEAR
        later[:, YEARS] = np.maximum(later[:, YEARS], self.pricer.least_years)
        return self._values(TOMORROW, later)[:, BASE]

    def _values(self, axis: int, terms: FloatArray) -> FloatArray:
        chosen = self.pricer.scenario_kernel
        if axis != SCENARIOS:
            chosen = self.pricer.precise_kernel or chosen
        return self._filled(chosen, self.rows.matrix(axis), terms)

    def _filled(
        self, chosen: Callable[[Formula], Kernel], matrix: FloatArray, terms: FloatArray
    ) -> FloatArray:
        out = np.empty((len(self.places), matrix.shape[1]))
        kernel = maker_on(self.rows.path, chosen)(self.pricer.formula)
        kernel(matrix, self.index, terms, self.amounts, out, NOTHING)
        if self._needs_lattice(matrix):
            self._by_lattice(matrix, terms, out)
        return out

    def _needs_lattice(self, matrix: FloatArray) -> bool:
        if not self.pricer.dividends:
            return False
        negative = bool((matrix[np.unique(self.index[:, 2:4])] < 0.0).any())
        return negative or any(self.dividends)

    def _by_lattice(self, matrix: FloatArray, terms: FloatArray, out: FloatArray) -> None:
        """Replace the values that a lattice gives (`early_exercise`)."""
        for i, cash in enumerate(self.dividends):
            market = matrix[self.index[i, :4]]
            columns = lattice_columns(market, terms[i, 2], cash)
            if columns.any():
                passed = self.terms[i, YEARS] - terms[i, YEARS]
                left = [(when - passed, amount) for when, amount in cash]
                prices = lattice_prices(market[:, columns], terms[i].tolist(), left)
                out[i, columns] = self.amounts[i] * matrix[self.index[i, 4], columns] * prices
