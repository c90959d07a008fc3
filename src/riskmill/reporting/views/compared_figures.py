"""Figures of each portfolio in two runs, with their differences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from riskmill.domain import LEVELS, Portfolio, RiskResult
from riskmill.reporting.views import words
from riskmill.reporting.views.findings import tree
from riskmill.reporting.views.likeness import Likeness
from riskmill.reporting.views.numbers import (
    NONE_HELD,
    Number,
    count,
    money,
    share,
    signed,
)

Key = tuple[str, str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparedFigure:
    """One figure before and after."""

    measure: str
    key: str
    """Confidence; empty for a measure that has none."""
    label: str
    before: Number
    after: Number
    change: Number
    """After less before; without a value where the two are not of one kind, or one is missing."""
    percent: Number
    """Of the size before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparedPortfolio:
    """A portfolio of either run."""

    portfolio: str
    level: str
    """In words."""
    depth: int
    """0 for the firm, 3 for a book."""
    only: str
    """`before` or `after` where only one run has it; else empty."""
    positions: ComparedFigure
    figures: tuple[ComparedFigure, ...]
    """Present value, then VaR and ES at each common confidence."""

    def shown(self, like: Likeness) -> tuple["ComparedFigure | None", ...]:
        """Present value, VaR and ES that a table shows; none where there is no such figure."""
        wanted = (
            ("present_value", ""), ("value_at_risk", like.var), ("expected_shortfall", like.es)
        )  # fmt: skip
        found = {(figure.measure, figure.key): figure for figure in self.figures}
        return tuple(found.get(key) for key in wanted)


def compared_portfolios(
    before: RiskResult, after: RiskResult, like: Likeness
) -> tuple[ComparedPortfolio, ...]:
    """Every portfolio of the second run in its order, then those that only the first has."""
    old, new = (_values(result) for result in (before, after))
    names = {portfolio.name for portfolio in after.hierarchy.portfolios}
    earlier = {portfolio.name for portfolio in before.hierarchy.portfolios}
    gone = [portfolio for portfolio in tree(before) if portfolio.name not in names]
    rows = []
    for portfolio in (*tree(after), *gone):
        only = "" if portfolio.name in earlier & names else "before"
        only = "after" if only and portfolio.name in names else only
        rows.append(_row(portfolio, only, old, new, before, after, like))
    return tuple(rows)


def _values(result: RiskResult) -> Mapping[Key, float]:
    return {(f.portfolio, f.measure, f.key): f.value for f in result.figures}


def _row(
    portfolio: Portfolio,
    only: str,
    old: Mapping[Key, float],
    new: Mapping[Key, float],
    before: RiskResult,
    after: RiskResult,
    like: Likeness,
) -> ComparedPortfolio:
    name = portfolio.name
    currencies = before.record.reporting_currency, after.record.reporting_currency
    measures: Sequence[tuple[str, str, bool]] = [
        ("present_value", "", like.amounts),
        *(
            (measure, level, like.measures)
            for level in like.confidences
            for measure in ("value_at_risk", "expected_shortfall")
        ),
    ]
    figures = [
        _figure(
            measure, key, old.get((name, measure, key)), new.get((name, measure, key)),
            currencies, subtract,
        )
        for measure, key, subtract in measures
    ]  # fmt: skip
    return ComparedPortfolio(
        portfolio=name,
        level=words.LEVELS.get(portfolio.level, portfolio.level),
        depth=LEVELS.index(portfolio.level) if portfolio.level in LEVELS else 0,
        only=only,
        positions=_positions(old.get((name, "positions", "")), new.get((name, "positions", ""))),
        figures=tuple(figures),
    )


def _figure(
    measure: str,
    key: str,
    before: float | None,
    after: float | None,
    currencies: tuple[str, str],
    subtract: bool,
) -> ComparedFigure:
    known = subtract and before is not None and after is not None
    change = (after or 0.0) - (before or 0.0) if known else None
    label = "Present value" if measure == "present_value" else words.measure(measure, key)
    return ComparedFigure(
        measure=measure,
        key=key,
        label=label,
        before=money(before, currencies[0]),
        after=money(after, currencies[1]),
        change=_difference(change, currencies[1]),
        percent=share(change, before),
    )


def _positions(before: float | None, after: float | None) -> ComparedFigure:
    known = before is not None and after is not None
    change = (after or 0.0) - (before or 0.0) if known else None
    return ComparedFigure(
        measure="positions",
        key="",
        label="Positions",
        before=count(before),
        after=count(after),
        change=_difference(change, "count"),
        percent=share(change, before),
    )


def _difference(change: float | None, unit: str) -> Number:
    text = NONE_HELD if change is None else signed(change, 0)
    return Number(value=change, text=text, unit=unit)
