"""The worst scenarios: what the firm lost, which book drove it, what the market did."""

from dataclasses import dataclass

from riskmill.domain import InputRejected, RiskClass, ShockKind, TailScenario, parse_factor
from riskmill.reporting.views import words
from riskmill.reporting.views.findings import Findings
from riskmill.reporting.views.numbers import SPACE, Number, confidence, multiple, ratio, signed


@dataclass(frozen=True, kw_only=True, slots=True)
class FactorMove:
    """How far a risk factor moved in a scenario."""

    factor: str
    """Id of the factor."""
    name: str
    """The factor as a desk calls it."""
    move: Number
    """In percent for relative and log shocks, bp for rates and yields, points for vols."""
    pnl: Number
    """What it cost the firm by itself, estimated from its sensitivities."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LosingPosition:
    """A position among those that lost most in a scenario."""

    position_id: str
    book: str
    pnl: Number
    rank: int | None
    """Its rank among the contributors, where the page has its detail."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TailRow:
    """One of the worst scenarios."""

    rank: int
    label: str
    """ISO date of the historical move, or number of the draw."""
    pnl: Number
    against_var: Number
    """The loss as a multiple of the headline VaR."""
    driver: str
    """Book with the largest loss."""
    driver_pnl: Number
    moves: tuple[FactorMove, ...]
    positions: tuple[LosingPosition, ...]
    note: str
    """What is special about the scenario, such as that its loss is VaR; empty for most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TailView:
    """The worst scenarios, the worst first."""

    caption: str
    against: str
    """Heading of the multiple."""
    rows: tuple[TailRow, ...]
    empty: str


def tail_view(found: Findings) -> TailView:
    """List the scenarios behind the tail with their driver and largest factor moves."""
    tail = () if found.book_is_empty else found.result.tail
    ranked = sorted(tail, key=lambda scenario: scenario.rank)
    why = "the book is empty" if found.book_is_empty else "no scenario was run"
    return TailView(
        caption=(
            f"P&L in {found.currency}, gains positive; of books and positions fully revalued, of "
            "a single factor move estimated from sensitivities. A surface stands under its node "
            "that moved most. Moves as shocked: log and relative changes in percent, rates in "
            "basis points."
        ),
        against=f"Times VaR {confidence(found.result.headline_var)}",
        rows=tuple(tail_row(found, scenario) for scenario in ranked),
        empty="" if ranked else f"There is no tail to show: {why}.",
    )


def tail_row(found: Findings, scenario: TailScenario) -> TailRow:
    """One scenario with its drivers, against the headline VaR."""
    level = found.result.headline_var
    var = found.value(found.firm, "value_at_risk", level)
    ranks = {
        part.position_id: rank for rank, part in enumerate(found.result.contributions, start=1)
    }
    return TailRow(
        rank=scenario.rank,
        label=scenario.label,
        pnl=found.money(scenario.pnl),
        against_var=multiple(ratio(-scenario.pnl, var)),
        driver=scenario.driver,
        driver_pnl=found.money(scenario.driver_pnl),
        moves=_moves(found, scenario),
        positions=tuple(
            LosingPosition(
                position_id=loss.position_id,
                book=loss.book,
                pnl=found.money(loss.pnl),
                rank=ranks.get(loss.position_id),
            )
            for loss in scenario.positions
        ),
        note=f"This loss is VaR {confidence(level)}." if var == -scenario.pnl else "",
    )


def _moves(found: Findings, scenario: TailScenario) -> tuple[FactorMove, ...]:
    kinds = dict(found.result.record.shock_kinds)
    costs = (*scenario.move_pnl, *(None for _ in scenario.moves))
    return tuple(
        FactorMove(
            factor=factor,
            name=words.factor_name(factor),
            move=move(factor, shock, kinds),
            pnl=found.money(cost),
        )
        for (factor, shock), cost in zip(scenario.moves, costs, strict=False)
    )


def move(factor: str, shock: float, kinds: dict[str, str]) -> Number:
    """A shock in the unit of its factor; *kinds* gives the shock kind by risk class."""
    risk_class = _risk_class(factor)
    if kinds.get(risk_class, ShockKind.RELATIVE) != ShockKind.ABSOLUTE:
        return _number(shock * 100, 2, "%")
    if risk_class in (RiskClass.RATES, RiskClass.YIELD):
        return _number(shock * 10_000, 1, "bp")
    if risk_class == RiskClass.VOLATILITY:
        return _number(shock * 100, 2, "vol pt")
    return Number(value=shock, text=signed(shock, 4), unit="level")


def _risk_class(factor: str) -> str:
    try:
        return parse_factor(factor).risk_class.value
    except InputRejected:
        return ""


def _number(value: float, decimals: int, unit: str) -> Number:
    return Number(value=value, text=f"{signed(value, decimals)}{SPACE}{unit}", unit=unit)
