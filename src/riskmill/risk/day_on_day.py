"""
From the run before to this one: P&L explained, VaR and ES explained, present value bridged.

docs/methodology/pnl_explain.md and docs/methodology/var_change.md define the parts.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import fsum

import numpy as np

from riskmill.domain import (
    Comparison,
    DayOnDay,
    Figure,
    FloatArray,
    Hierarchy,
    MarketSnapshot,
    PastDays,
    PnlVectors,
    PresentValueChange,
    RiskClass,
    RiskSpec,
    ScenarioSet,
    UsageError,
    VarChange,
    parse_factor,
)
from riskmill.risk.factor_moves import FIRST_ORDER, factors_of
from riskmill.risk.measures import MEASURES
from riskmill.risk.pnl_explain import pnl_explain
from riskmill.risk.settlement import Settled
from riskmill.risk.totals import Totals, book_totals, portfolio_totals
from riskmill.risk.valued import ValuedBlocks
from riskmill.risk.var_change import var_change_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Earlier:
    """The run before, and its positions valued again for this one."""

    run_id: str
    business_date: date
    measured_sha256: str
    """Digest of the task manifest under which its figures lie."""
    risk: RiskSpec
    """What it was asked for."""
    other_code: bool
    """Whether other code, or another processor level, made it."""
    hierarchy: Hierarchy
    snapshot: MarketSnapshot
    figures: tuple[Figure, ...]
    """As it reported them."""
    vectors: PnlVectors
    """Its headline P&L as it was stored."""
    past: PastDays | None
    """The days up to its own."""
    again: Sequence[ValuedBlocks]
    """Its positions valued once more under its headline scenarios; empty where it was made by
    the same code, so that they could only come out the same."""
    aged: Sequence[ValuedBlocks]
    """Its positions on its own market, seen from today, under `aged_scenarios`."""
    fresh: Sequence[ValuedBlocks]
    """Its positions on today's market under today's headline scenarios, in the same order."""
    settled: Sequence[Settled]
    """By segment, in the same order."""
    classes: tuple[str, ...]
    """Risk classes of the scenarios behind the headline ones of `aged_scenarios`."""


def aged_scenarios(
    headline: ScenarioSet, before: MarketSnapshot, after: MarketSnapshot
) -> ScenarioSet:
    """
    The headline set of the run before, and behind it one scenario a risk class.

    In such a scenario the factors of one class move to their quotes of *after*, as far as they
    are quoted on both days; its label is the class.
    """
    both = [name for name in before.quotes if name in after.quotes]
    class_of = {name: parse_factor(name).risk_class for name in both}
    moved = [one for one in RiskClass if one in class_of.values()]
    factors = tuple(sorted({*headline.factors, *both}))
    base = np.array([before.quotes[name] for name in factors])
    levels = np.repeat(base[:, np.newaxis], len(headline) + len(moved), axis=1)
    row = {name: number for number, name in enumerate(factors)}
    levels[[row[name] for name in headline.factors], : len(headline)] = headline.levels
    for column, one in enumerate(moved, start=len(headline)):
        for name in (name for name in both if class_of[name] is one):
            levels[row[name], column] = after.quotes[name]
    return ScenarioSet(
        name="aged",
        labels=(*headline.labels, *(one.value for one in moved)),
        factors=factors,
        levels=levels,
    )


def compare_days(
    earlier: Earlier,
    *,
    blocks: Sequence[ValuedBlocks],
    totals: Totals,
    vectors: PnlVectors,
    hierarchy: Hierarchy,
    snapshot: MarketSnapshot,
    figures: Sequence[Figure],
    history: Sequence[date],
    spec: RiskSpec,
) -> Comparison:
    """
    Compare a run with the one before it, portfolio by portfolio.

    *blocks*, *totals*, *vectors* and *figures* are this run's. A portfolio that was not there
    the day before had no positions. Raises `UsageError` where *earlier* does not fit.
    """
    days = _Days(earlier, snapshot, spec, scenarios=len(vectors.scenarios))
    moves = _moves_by_book(blocks, earlier.fresh)
    skipped = _unquoted(earlier.figures, earlier.snapshot, snapshot)
    known: dict[str, list[Figure]] = {}
    for figure in earlier.figures:
        if f"{figure.measure} {figure.key}" not in skipped:
            known.setdefault(figure.portfolio, []).append(figure)
    now = {(f.portfolio, f.measure, f.key): f.value for f in figures}
    portfolios = []
    for name, vector, value in zip(
        vectors.portfolios, vectors.values, totals.present_values.tolist(), strict=True
    ):
        books = {*hierarchy.books_of(name), *earlier.hierarchy.books_of(name)}
        own = _together([moves[book] for book in sorted(books) if book in moves])
        portfolios.append(days.told(name, vector, value, known.get(name, []), now, own))
    return Comparison(
        run_id=earlier.run_id,
        business_date=earlier.business_date,
        measured_sha256=earlier.measured_sha256,
        missed=tuple(
            day for day in history if earlier.business_date < day < snapshot.valuation_date
        ),
        other_code=earlier.other_code,
        other_risk=_headlines(earlier.risk) != _headlines(spec),
        settled=sum(one.ended_positions for one in earlier.settled),
        settled_value=fsum(one.ended for one in earlier.settled),
        unvalued=sum(one.unvalued_positions for one in earlier.settled),
        unvalued_value=fsum(one.unvalued for one in earlier.settled),
        skipped=tuple(sorted(skipped)),
        portfolios=tuple(portfolios),
    )


class _Days:
    """The sums of both days that every portfolio is told from."""

    def __init__(
        self, earlier: Earlier, snapshot: MarketSnapshot, spec: RiskSpec, *, scenarios: int
    ) -> None:
        then = len(earlier.vectors.scenarios)
        self._earlier, self._snapshot, self._spec = earlier, snapshot, spec
        self._before = {(f.portfolio, f.measure, f.key): f.value for f in earlier.figures}
        self._aged = _summed(earlier.aged, earlier.hierarchy, then + len(earlier.classes))
        self._fresh = _summed(earlier.fresh, earlier.hierarchy, scenarios)
        again = _summed(earlier.again, earlier.hierarchy, then) if earlier.again else None
        names, values = (
            (again.names, again.pnl)
            if again
            else (earlier.vectors.portfolios, earlier.vectors.values)
        )
        self._vectors = dict(zip(names, values, strict=True))

    def told(
        self,
        name: str,
        vector: FloatArray,
        value: float,
        figures: Sequence[Figure],
        now: Mapping[tuple[str, str, str], float],
        moves: "_Moves",
    ) -> DayOnDay:
        """One portfolio, from the day before to its *vector* and present *value* of today."""
        width = len(self._earlier.vectors.scenarios)
        aged_value, aged = _row(self._aged, name)
        fresh_value, fresh = _row(self._fresh, name)
        books = self._earlier.hierarchy.books_of(name)
        settled = [one for one in self._earlier.settled if one.book in books]
        left = fsum(one.left for one in settled)
        unvalued = fsum(one.unvalued for one in settled)
        before = self._before.get((name, "present_value", ""), 0.0)
        total = fsum((fresh_value, left, -before))
        steps = (self._vectors.get(name, np.zeros(width)), aged[:width], fresh, vector)
        return DayOnDay(
            portfolio=name,
            pnl=pnl_explain(
                figures,
                self._earlier.snapshot,
                self._snapshot,
                total,
                portfolio=name,
                # What is alive is in the aged value, whether today's market can value it or not.
                carry=fsum((aged_value, left, -unvalued, -before)),
            ),
            by_class=tuple(zip(self._earlier.classes, aged[width:].tolist(), strict=True)),
            present_value=_bridge(
                before, total, left - unvalued, unvalued, fresh_value, value, moves
            ),
            value_at_risk=self._change(steps, name, "value_at_risk", now),
            expected_shortfall=self._change(steps, name, "expected_shortfall", now),
        )

    def _change(
        self,
        steps: Sequence[FloatArray],
        name: str,
        measure: str,
        now: Mapping[tuple[str, str, str], float],
    ) -> VarChange:
        """The figure of the day before as reported, where it was at today's confidence."""
        confidence = headline_of(self._spec, measure)
        then = self._before.get((name, measure, confidence))
        return var_change_of(
            steps,
            confidence,
            before=then,
            after=now.get((name, measure, confidence)),
            measure=MEASURES[measure],
        )


def _headlines(spec: RiskSpec) -> RiskSpec:
    """What decides VaR and ES; further figures that were asked for do not."""
    return replace(spec, by_risk_class=False, stressed=None)


def headline_of(spec: RiskSpec, measure: str) -> str:
    """Headline confidence of `value_at_risk` or `expected_shortfall`."""
    return spec.headline_var if measure == "value_at_risk" else spec.headline_es


def _bridge(
    before: float,
    pnl: float,
    paid: float,
    unvalued: float,
    fresh: float,
    after: float,
    moves: "_Moves",
) -> PresentValueChange:
    return PresentValueChange(
        before=before,
        pnl=pnl,
        paid=-paid,
        unvalued=-unvalued,
        new=moves.new,
        closed=-moves.closed,
        changed=fsum((after, -fresh, -moves.new, moves.closed)),
        after=after,
        new_positions=moves.new_positions,
        closed_positions=moves.closed_positions,
        changed_positions=moves.changed_positions,
    )


def _summed(blocks: Sequence[ValuedBlocks], hierarchy: Hierarchy, scenarios: int) -> Totals:
    """Sums of all portfolios; zero over so many *scenarios* where nothing was held."""
    return portfolio_totals(book_totals(blocks, hierarchy, scenarios=scenarios), hierarchy)


def _row(totals: Totals, name: str) -> tuple[float, FloatArray]:
    """Present value and P&L of a portfolio; nothing for one that was not there."""
    if name not in totals.names:
        return 0.0, np.zeros(totals.pnl.shape[1])
    row = totals.names.index(name)
    return float(totals.present_values[row]), totals.pnl[row]


def _unquoted(
    figures: Sequence[Figure], before: MarketSnapshot, after: MarketSnapshot
) -> frozenset[str]:
    """Sensitivities to something that is not quoted on both days."""
    both = frozenset(before.quotes) & frozenset(after.quotes)
    skipped = set()
    for measure, key in {(f.measure, f.key) for f in figures if f.measure in FIRST_ORDER}:
        try:
            factors_of(measure, key, both)
        except UsageError:
            skipped.add(f"{measure} {key}")
    return frozenset(skipped)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Moves:
    """Positions that came, went and changed."""

    new: float = 0.0
    closed: float = 0.0
    new_positions: int = 0
    closed_positions: int = 0
    changed_positions: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Held:
    book: str
    value: float


def _moves_by_book(
    blocks: Sequence[ValuedBlocks], fresh: Sequence[ValuedBlocks]
) -> Mapping[str, _Moves]:
    """Book to what came and went in it, by position id; a position that changed its book did."""
    same = set(map(_content, blocks)) & set(map(_content, fresh))
    now = _held(block for block in blocks if _content(block) not in same)
    then = _held(block for block in fresh if _content(block) not in same)
    found: dict[str, list[_Moves]] = {}
    for id_, held in now.items():
        if id_ not in then:
            found.setdefault(held.book, []).append(_Moves(new=held.value, new_positions=1))
        elif then[id_] != held:
            found.setdefault(held.book, []).append(_Moves(changed_positions=1))
    for id_, held in then.items():
        if id_ not in now:
            found.setdefault(held.book, []).append(_Moves(closed=held.value, closed_positions=1))
    return {book: _together(moves) for book, moves in found.items()}


def _content(block: ValuedBlocks) -> tuple[object, ...]:
    return (block.books, tuple(block.position_ids.tolist()), block.position_values.tobytes())


def _held(blocks: Iterable[ValuedBlocks]) -> dict[str, _Held]:
    return {
        id_: _Held(book=book, value=value)
        for block in blocks
        for id_, value, book in zip(
            block.position_ids.tolist(),
            block.position_values.tolist(),
            np.repeat(np.array(block.books, dtype=object), block.counts).tolist(),
            strict=True,
        )
    }


def _together(moves: Collection[_Moves]) -> _Moves:
    return _Moves(
        new=fsum(one.new for one in moves),
        closed=fsum(one.closed for one in moves),
        new_positions=sum(one.new_positions for one in moves),
        closed_positions=sum(one.closed_positions for one in moves),
        changed_positions=sum(one.changed_positions for one in moves),
    )
