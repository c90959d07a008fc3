"""A run's figures at hand: looked up by portfolio, measure and key, and set in its currency."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from riskmill.domain import Portfolio, RiskResult
from riskmill.reporting.views.numbers import Number, compact, exposure, money, present

_FINE_BELOW = 10_000.0
_NOT_ADDITIVE = frozenset(
    {
        "value_at_risk", "expected_shortfall", "value_at_risk_lower", "value_at_risk_upper",
        "expected_shortfall_error", "incremental_var", "incremental_es", "parametric_var",
        "delta_gamma_var", "class_var", "class_es", "stressed_value_at_risk",
        "stressed_expected_shortfall",
    }
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """What every view reads; a missing figure is none, never a nought."""

    result: RiskResult
    figures: Mapping[tuple[str, str, str], float]
    """Value by portfolio, measure and key."""
    keys: Mapping[str, tuple[str, ...]]
    """Keys of each measure, in order of first appearance."""
    decimals: int
    """Of printed amounts: cents for a run of small amounts, none otherwise."""

    @property
    def currency(self) -> str:
        """The run's reporting currency."""
        return self.result.record.reporting_currency

    @property
    def firm(self) -> str:
        """Name of the top of the hierarchy."""
        return self.result.hierarchy.firm

    @property
    def book_is_empty(self) -> bool:
        """Whether the batch announces no position and brings none: nothing is held."""
        files = [file for file in self.result.record.inputs if file.dataset == "positions"]
        return bool(files) and not any(file.rows for file in files)

    def value(self, portfolio: str, measure: str, key: str = "") -> float | None:
        """A figure; of an additive measure, else the sum of its books' figures."""
        found = self.figures.get((portfolio, measure, key))
        if found is not None or measure in _NOT_ADDITIVE:
            return found
        books = self.result.hierarchy.books_of(portfolio)
        return total([self.figures.get((book, measure, key)) for book in books])

    def over_keys(self, portfolio: str, measure: str) -> float | None:
        """Sum of a measure over its keys, such as delta over all underlyings."""
        return total([self.value(portfolio, measure, key) for key in self.keys.get(measure, ())])

    def money(self, value: float | None) -> Number:
        """An amount in the reporting currency."""
        return money(value, self.currency, self.decimals)

    def exposure(self, value: float | None) -> Number:
        """A sensitivity in the reporting currency; a dash where there is no exposure."""
        return exposure(value, self.currency, self.decimals)

    def compact(self, value: float | None) -> Number:
        """An amount in the reporting currency, in millions or whatever suits it."""
        return compact(value, self.currency)

    def vector(self, portfolio: str) -> tuple[float, ...]:
        """P&L of a portfolio by scenario; empty where it has none."""
        vectors = self.result.vectors
        if portfolio not in vectors.portfolios:
            return ()
        row = vectors.values[vectors.portfolios.index(portfolio)]
        return tuple(float(pnl) for pnl in row)


def findings(result: RiskResult) -> Findings:
    """Index a result; figures that are not finite count as missing."""
    figures: dict[tuple[str, str, str], float] = {}
    keys: dict[str, dict[str, None]] = {}
    for figure in result.figures:
        keys.setdefault(figure.measure, {})[figure.key] = None
        if (value := present(figure.value)) is not None:
            figures[figure.portfolio, figure.measure, figure.key] = value
    largest = max((abs(v) for (_, m, _), v in figures.items() if m != "positions"), default=0.0)
    return Findings(
        result=result,
        figures=figures,
        keys={measure: tuple(found) for measure, found in keys.items()},
        decimals=0 if largest >= _FINE_BELOW else 2,
    )


def total(values: list[float | None]) -> float | None:
    """Exactly rounded sum of the values there are; none where there are none."""
    known = [value for value in values if value is not None]
    return math.fsum(known) if known else None


def tree(result: RiskResult) -> tuple[Portfolio, ...]:
    """Portfolios depth first, each above its parts, siblings in delivered order."""
    children: dict[str, list[Portfolio]] = {}
    for portfolio in result.hierarchy.portfolios:
        children.setdefault(portfolio.parent, []).append(portfolio)
    ordered: list[Portfolio] = []
    waiting = list(reversed(children.get("", [])))
    while waiting:
        ordered.append(waiting.pop())
        waiting.extend(reversed(children.get(ordered[-1].name, [])))
    return tuple(ordered)


def desks(result: RiskResult) -> tuple[str, ...]:
    """Names of the desks in tree order; of the firm's own parts where it has no desks."""
    ordered = tree(result)
    named = tuple(p.name for p in ordered if p.level == "desk")
    return named or tuple(p.name for p in ordered if p.parent == result.hierarchy.firm)
