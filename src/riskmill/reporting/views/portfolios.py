"""Risk by portfolio: the firm, its business lines, desks and books."""

from dataclasses import dataclass

from riskmill.domain import LEVELS, Portfolio
from riskmill.reporting.views import words
from riskmill.reporting.views.findings import Findings, tree
from riskmill.reporting.views.numbers import Number, confidence, count, percent, ratio


@dataclass(frozen=True, kw_only=True, slots=True)
class PortfolioRow:
    """One portfolio's risk."""

    portfolio: str
    level: str
    """In words."""
    depth: int
    """0 for the firm, 3 for a book."""
    positions: Number
    present_value: Number
    value_at_risk: tuple[Number, ...]
    """One a confidence, in the table's order."""
    expected_shortfall: tuple[Number, ...]
    """One a confidence, in the table's order."""
    headline_var: Number
    """VaR at the headline confidence."""
    headline_es: Number
    component_var: Number
    component_es: Number
    share: Number
    """Component ES in percent of the firm's ES."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PortfolioTable:
    """The tree of portfolios, each above its parts."""

    caption: str
    confidences: tuple[str, ...]
    """Headings of the VaR and of the ES columns."""
    component_var: str
    """Heading, with its confidence."""
    component_es: str
    """Heading, with its confidence."""
    rows: tuple[PortfolioRow, ...]
    empty: str


def portfolio_table(found: Findings) -> PortfolioTable:
    """Measure every portfolio at every confidence of the run."""
    result = found.result
    held = bool(found.value(found.firm, "positions"))
    return PortfolioTable(
        caption=(
            f"{found.currency}. VaR and ES: losses positive, not additive. "
            "Components add up to the firm's figure."
        ),
        confidences=tuple(confidence(level) for level in result.confidences),
        component_var=f"VaR {confidence(result.headline_var)}",
        component_es=f"ES {confidence(result.headline_es)}",
        rows=tuple(_row(found, portfolio) for portfolio in tree(result)) if held else (),
        empty="" if held else "No position was valued in this run, so no portfolio has any risk.",
    )


def _row(found: Findings, portfolio: Portfolio) -> PortfolioRow:
    result, name = found.result, portfolio.name
    component_es = found.value(name, "component_es", result.headline_es)
    whole = found.value(found.firm, "expected_shortfall", result.headline_es)
    return PortfolioRow(
        portfolio=name,
        level=words.LEVELS.get(portfolio.level, portfolio.level),
        depth=LEVELS.index(portfolio.level) if portfolio.level in LEVELS else 0,
        positions=count(found.value(name, "positions")),
        present_value=found.money(found.value(name, "present_value")),
        value_at_risk=_by_confidence(found, name, "value_at_risk"),
        expected_shortfall=_by_confidence(found, name, "expected_shortfall"),
        headline_var=found.money(found.value(name, "value_at_risk", result.headline_var)),
        headline_es=found.money(found.value(name, "expected_shortfall", result.headline_es)),
        component_var=found.money(found.value(name, "component_var", result.headline_var)),
        component_es=found.money(component_es),
        share=percent(ratio(component_es, whole)),
    )


def _by_confidence(found: Findings, name: str, measure: str) -> tuple[Number, ...]:
    levels = found.result.confidences
    return tuple(found.money(found.value(name, measure, level)) for level in levels)
