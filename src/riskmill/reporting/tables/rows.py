"""Rows of tables that no view has as such: each is a view's parts laid side by side."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from riskmill.reporting.report import Report
from riskmill.reporting.views.audit import Fact
from riskmill.reporting.views.backtests import BacktestRow, StatisticText
from riskmill.reporting.views.numbers import Number, fixed, money
from riskmill.reporting.views.quality import FailureGroup
from riskmill.reporting.views.tail import TailRow


@dataclass(frozen=True, kw_only=True, slots=True)
class VectorRow:
    """The firm's P&L in one scenario."""

    scenario: str
    pnl: Number


@dataclass(frozen=True, kw_only=True, slots=True)
class MoveRow:
    """How far one factor moved in one of the worst scenarios."""

    rank: Number
    scenario: str
    factor: str
    name: str
    move: Number


@dataclass(frozen=True, kw_only=True, slots=True)
class TestRow:
    """One backtest, each statistic and its p-value a figure of its own."""

    test: BacktestRow
    kupiec: Number
    kupiec_p: Number
    independence: Number
    independence_p: Number
    coverage: Number
    coverage_p: Number


@dataclass(frozen=True, kw_only=True, slots=True)
class FailureLine:
    """One failure under its code."""

    kind: str
    """`rejected`, `not valued` or `warning`."""
    code: str
    reason: str
    subject: str
    place: str
    column: str
    value: str
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ProxyLine:
    """A factor that takes another's value or shock, and why."""

    factor: str
    source: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FactLine:
    """Something stated about the run, under its topic."""

    topic: str
    label: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DetailLine:
    """One figure of one of the largest contributors."""

    rank: Number
    position_id: str
    measure: str
    key: str
    """Factor of a level; empty for what the position has one of."""
    figure: Number


@dataclass(frozen=True, kw_only=True, slots=True)
class VolatilityLine:
    """One quoted volatility."""

    surface: str
    expiry: str
    strike: str
    volatility: Number


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeLine:
    """One level or part of what changed since the run before."""

    table: str
    portfolio: str
    part: str
    amount: Number


@dataclass(frozen=True, kw_only=True, slots=True)
class DayLine:
    """One past day of the firm."""

    date: str
    value_at_risk: Number
    expected_shortfall: Number
    stated: Number
    pnl: Number
    actual: Number
    exception: str
    """`yes` where the hypothetical P&L lost more than VaR."""


def change_lines(report: Report) -> tuple[ChangeLine, ...]:
    """Every table of changes, figure by figure."""
    return tuple(
        ChangeLine(table=table.caption, portfolio=row.portfolio, part=part, amount=amount)
        for table in report.day_on_day.tables
        for row in table.rows
        for part, amount in zip(table.headings, row.figures, strict=True)
    )


def day_lines(report: Report) -> tuple[DayLine, ...]:
    """The firm's past days, oldest first."""
    view, currency = report.history, report.strip.currency
    return tuple(
        DayLine(
            date=date,
            value_at_risk=money(view.value_at_risk[day], currency),
            expected_shortfall=money(view.expected_shortfall[day], currency),
            stated=money(view.stated[day], currency),
            pnl=money(view.pnl[day], currency),
            actual=money(view.actual[day], currency),
            exception="yes" if day in view.exceptions else "",
        )
        for day, date in enumerate(view.dates)
    )


def detail_lines(report: Report) -> tuple[DetailLine, ...]:
    """Quantity, price, Greeks and factors of the largest contributors, by rank."""
    contributions = report.contributions
    return tuple(
        DetailLine(
            rank=one.rank, position_id=one.position_id, measure=measure, key=key, figure=figure
        )
        for one in (*contributions.top, *contributions.more)
        if one.detail
        for measure, key, figure in (
            ("Quantity", "", one.detail.quantity),
            ("Price of one unit", "", one.detail.price),
            *((greek.label, "", greek.figure) for greek in one.detail.greeks),
            *(("Reads", read.factor, read.level) for read in one.detail.factors),
        )
    )


def volatility_lines(report: Report) -> tuple[VolatilityLine, ...]:
    """Quoted volatilities of the surfaces that matter most; gaps are left out."""
    return tuple(
        VolatilityLine(
            surface=surface.name, expiry=smile.expiry, strike=strike, volatility=volatility
        )
        for surface in report.market.surfaces
        for smile in surface.smiles
        for strike, volatility in zip(surface.columns, smile.volatilities, strict=True)
        if volatility.value is not None
    )


def vector_rows(report: Report) -> tuple[VectorRow, ...]:
    """The P&L vector, oldest scenario first."""
    view = report.pnl
    return tuple(
        VectorRow(scenario=scenario, pnl=money(pnl, view.currency, 2))
        for scenario, pnl in zip(view.scenarios, view.values, strict=True)
    )


def move_rows(scenarios: Iterable[TailRow]) -> tuple[MoveRow, ...]:
    """The factor moves of each of the worst scenarios, the worst first."""
    return tuple(
        MoveRow(
            rank=rank_of(row),
            scenario=row.label,
            factor=move.factor,
            name=move.name,
            move=move.move,
        )
        for row in scenarios
        for move in row.moves
    )


def rank_of(row: TailRow) -> Number:
    """A rank as a figure."""
    return Number(value=float(row.rank), text=str(row.rank), unit="count")


def test_rows(report: Report) -> tuple[TestRow, ...]:
    """The backtests with their statistics taken apart."""
    return tuple(
        TestRow(
            test=row,
            kupiec=_plain(row.kupiec.statistic, 2),
            kupiec_p=_p_value(row.kupiec),
            independence=_plain(row.independence.statistic, 2),
            independence_p=_p_value(row.independence),
            coverage=_plain(row.conditional_coverage.statistic, 2),
            coverage_p=_p_value(row.conditional_coverage),
        )
        for row in report.backtests.rows
    )


def _p_value(test: StatisticText) -> Number:
    return _plain(test.p_value, 3)


def _plain(value: float, decimals: int) -> Number:
    return Number(value=value, text=fixed(value, decimals), unit="")


def failure_lines(report: Report) -> tuple[FailureLine, ...]:
    """The failures that the report shows: rejected rows, unpriced positions, then warnings."""
    view = report.quality
    kinds = (("rejected", view.rejected), ("not valued", view.unpriced), ("warning", view.warnings))
    return tuple(line for kind, groups in kinds for line in _failures(kind, groups))


def _failures(kind: str, groups: Iterable[FailureGroup]) -> Iterator[FailureLine]:
    for group in groups:
        for row in group.first:
            yield FailureLine(
                kind=kind,
                code=group.code,
                reason=group.reason,
                subject=row.subject,
                place=row.place,
                column=row.column,
                value=row.value,
                message=row.message,
            )


def proxy_lines(report: Report) -> tuple[ProxyLine, ...]:
    """The proxied factors that the report names, with whose value or shock each takes."""
    return tuple(
        ProxyLine(factor=name, source=group.source, reason=part.reason)
        for group in report.quality.proxied
        for part in group.reasons
        for name in part.names
    )


def fact_lines(report: Report) -> tuple[FactLine, ...]:
    """Run, scenarios, shocks and conventions as one list."""
    view = report.audit
    notes = tuple(Fact(label=str(n), text=note) for n, note in enumerate(view.notes, start=1))
    topics = (
        ("Run", view.run),
        ("Scenarios", view.scenarios),
        ("Shocks by risk class", view.shocks),
        ("Conventions", view.conventions),
        ("Notes", notes),
    )
    return tuple(
        FactLine(topic=topic, label=fact.label, text=fact.text)
        for topic, facts in topics
        for fact in facts
    )
