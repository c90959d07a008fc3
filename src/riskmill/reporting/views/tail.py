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
    ranked = sorted(found.result.tail, key=lambda scenario: scenario.rank)
    return TailView(
        caption=(
            f"P&L in {found.currency}, gains positive. Moves as shocked: log and relative "
            "changes in percent, rates and yields in basis points."
        ),
        against=f"Times VaR {confidence(found.result.headline_var)}",
        rows=tuple(tail_row(found, scenario) for scenario in ranked),
        empty="" if ranked else "There is no tail to show: no scenario was run.",
    )


def tail_row(found: Findings, scenario: TailScenario) -> TailRow:
    """One scenario with its driver and moves, against the headline VaR."""
    kinds = dict(found.result.record.shock_kinds)
    var = found.value(found.firm, "value_at_risk", found.result.headline_var)
    return TailRow(
        rank=scenario.rank,
        label=scenario.label,
        pnl=found.money(scenario.pnl),
        against_var=multiple(ratio(-scenario.pnl, var)),
        driver=scenario.driver,
        driver_pnl=found.money(scenario.driver_pnl),
        moves=tuple(
            FactorMove(factor=factor, name=words.factor_name(factor), move=move(factor, x, kinds))
            for factor, x in scenario.moves
        ),
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
