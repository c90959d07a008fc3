"""The way down: from the firm through lines, desks and books to single positions."""

from dataclasses import dataclass

from riskmill.domain import Portfolio
from riskmill.reporting.views import words
from riskmill.reporting.views.contributions import MOST
from riskmill.reporting.views.findings import Findings, tree


@dataclass(frozen=True, kw_only=True, slots=True)
class Branch:
    """One portfolio with what lies below it."""

    portfolio: str
    level: str
    """In words."""
    place: int
    """Place of its row in the table of portfolios."""
    branches: tuple["Branch", ...]
    """The portfolios below it; empty for a book."""
    positions: tuple[int, ...]
    """Ranks of a book's positions among the contributors."""
    remark: str
    """What is said of positions that are not shown; empty for other levels than books."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DrillDown:
    """The hierarchy as branches from the firm down."""

    caption: str
    top: tuple[Branch, ...]
    """The firm; empty where nothing was valued."""
    empty: str


def drill_down(found: Findings) -> DrillDown:
    """Hang every portfolio under its parent and every contributor under its book."""
    held = bool(found.value(found.firm, "positions"))
    portfolios = tree(found.result)
    ranks: dict[str, list[int]] = {}
    for rank, part in enumerate(found.result.contributions[:MOST], start=1):
        ranks.setdefault(part.book, []).append(rank)
    children: dict[str, list[Portfolio]] = {}
    for portfolio in portfolios:
        children.setdefault(portfolio.parent, []).append(portfolio)
    place = {portfolio.name: number for number, portfolio in enumerate(portfolios)}

    def branch(portfolio: Portfolio) -> Branch:
        own = ranks.get(portfolio.name, [])
        return Branch(
            portfolio=portfolio.name,
            level=words.LEVELS.get(portfolio.level, portfolio.level),
            place=place[portfolio.name],
            branches=tuple(branch(child) for child in children.get(portfolio.name, [])),
            positions=tuple(own),
            remark=_remark(found, portfolio, len(own)),
        )

    return DrillDown(
        caption=(
            "Open a portfolio to see what is in it, down to each of the largest contributors to "
            "ES: its price, Greeks, the factors it reads and its row as delivered. "
            f"Amounts in {found.currency}; VaR and ES losses positive, the rest gains positive."
        ),
        top=tuple(branch(top) for top in children.get("", [])) if held else (),
        empty="" if held else "No position was valued in this run, so there is nothing below.",
    )


def _remark(found: Findings, portfolio: Portfolio, shown: int) -> str:
    if portfolio.level != "book":
        return ""
    held = int(found.value(portfolio.name, "positions") or 0)
    if not held:
        return "This book holds no position that was valued."
    whole = words.quantity(held, "position")
    if not shown:
        return f"None of its {whole} is among the firm's largest contributors to ES."
    if shown < held:
        return (
            f"{shown:,} of its {whole}: those among the firm's {MOST:,} largest contributors to ES."
        )
    return ""
